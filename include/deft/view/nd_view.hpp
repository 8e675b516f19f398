/// @file
/// deft::nd_view: an array of several dimensions that belongs to somebody else.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/bulk.hpp"
#include "deft/view/detail/nd_slicing.hpp"
#include "deft/view/detail/view_concepts.hpp"
#include "deft/view/slice.hpp"
#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// An array of `Rank` dimensions: a pointer, extents, and strides in elements, of any sign. What numpy's
/// ndarray and std::mdspan with layout_stride show; slices as numpy has them: integers, slices with steps,
/// `full_extent`, `ellipsis`, `new_axis`, negative positions.
///
/// `m(i, j)` is checked in each dimension; the bulk operations (for_each, transform, copy, fill, equal, ==)
/// compare extents once and walk the dimensions in order, a contiguous array as one run.
///
/// Memory: 1 + 2 * Rank words. Threads: as the elements themselves. Not an owner.
template <typename T, std::size_t Rank>
class nd_view {
  static_assert(Rank > 0, "deft::nd_view<T, Rank>: an array has at least one dimension");

 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using extents_type = std::array<std::size_t, Rank>;
  using strides_type = std::array<std::ptrdiff_t, Rank>;

  /// No elements.
  /// @complexity  O(1). @concurrency Safe.
  constexpr nd_view() noexcept = default;

  /// The elements of `data` in rows: the last dimension is the one whose neighbours are neighbours in memory.
  /// @pre         data.size() is the product of the extents, else traps.
  /// @complexity  O(Rank). @concurrency Safe.
  DEFT_TAGGED constexpr nd_view(view<T> data, extents_type extents) noexcept
      : data_(data.data()), extents_(extents), strides_(detail::row_major(extents)) {
    std::size_t count = 0;
    DEFT_PRECONDITION(detail::product(extents, count) && count == data.size(),
                      "nd_view: the product of the extents is not the number of elements");
  }

  /// Elements at these distances.
  /// @pre         They exist.
  /// @complexity  O(Rank). @concurrency Safe.
  DEFT_TAGGED constexpr nd_view(T* data, extents_type extents, strides_type strides) noexcept
      : data_(data), extents_(extents), strides_(strides) {}

  /// The same elements for reading.
  /// @complexity  O(Rank). @concurrency Safe.
  template <typename U>
    requires detail::elements_convert_to<U, T> && (!std::is_same_v<U, T>)
  DEFT_TAGGED constexpr nd_view(nd_view<U, Rank> other) noexcept
      : data_(other.data()), extents_(other.extents()), strides_(other.strides()) {}

  /// A view of one dimension.
  /// @complexity  O(1). @concurrency Safe.
  template <typename U, std::ptrdiff_t Stride>
    requires detail::elements_convert_to<U, T> && (Rank == 1)
  DEFT_TAGGED constexpr nd_view(strided_view<U, Stride> other) noexcept
      : data_(other.data()), extents_{other.size()}, strides_{other.stride()} {}

  /// What an mdspan shows: anything with data_handle(), extent(d), stride(d) and rank().
  /// @throws      What these throw.
  /// @complexity  O(Rank). @concurrency Safe.
  template <detail::shows_as_mdspan<T, Rank> Mdspan>
  DEFT_TAGGED constexpr explicit nd_view(const Mdspan& m) : data_(m.data_handle()) {
    for (std::size_t d = 0; d < Rank; ++d) {
      extents_[d] = static_cast<std::size_t>(m.extent(static_cast<typename Mdspan::rank_type>(d)));
      strides_[d] = static_cast<std::ptrdiff_t>(m.stride(static_cast<typename Mdspan::rank_type>(d)));
    }
  }

  /// The same as an mdspan with layout_stride.
  /// @returns     Mdspan(data(), mapping), where the mapping is of these extents and strides.
  /// @pre         No stride is negative, else traps: mdspan has none.
  /// @throws      What making the mapping throws.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <typename Mdspan>
  [[nodiscard]] DEFT_TAGGED constexpr Mdspan to_mdspan() const {
    static_assert(Mdspan::rank() == Rank, "deft::nd_view: to_mdspan() of another rank");
    using index = typename Mdspan::index_type;
    std::array<index, Rank> extents{};
    std::array<index, Rank> strides{};
    for (std::size_t d = 0; d < Rank; ++d) {
      DEFT_PRECONDITION(strides_[d] >= 0, "nd_view: to_mdspan() of a negative stride");
      extents[d] = static_cast<index>(extents_[d]);
      strides[d] = static_cast<index>(strides_[d]);
    }
    using mapping = typename Mdspan::mapping_type;
    return Mdspan(data_, mapping(typename Mdspan::extents_type(extents), strides));
  }

  /// Address of the first element, extents, strides in elements, number of elements, number of dimensions.
  /// @returns     What the name says.
  /// @pre         d < Rank, else traps.
  /// @complexity  O(1); size() and empty() O(Rank). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T* data() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED constexpr const extents_type& extents() const noexcept { return extents_; }

  [[nodiscard]] DEFT_TAGGED constexpr const strides_type& strides() const noexcept { return strides_; }

  [[nodiscard]] DEFT_TAGGED constexpr std::size_t extent(std::size_t d) const noexcept {
    DEFT_PRECONDITION(d < Rank, "nd_view: extent(d) of a dimension that is none");
    return extents_[d];
  }

  [[nodiscard]] DEFT_TAGGED constexpr std::ptrdiff_t stride(std::size_t d) const noexcept {
    DEFT_PRECONDITION(d < Rank, "nd_view: stride(d) of a dimension that is none");
    return strides_[d];
  }

  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size() const noexcept {
    std::size_t count = 1;
    for (const std::size_t extent : extents_) count *= extent;
    return count;
  }

  [[nodiscard]] DEFT_TAGGED constexpr bool empty() const noexcept { return size() == 0; }

  [[nodiscard]] DEFT_TAGGED static constexpr std::size_t rank() noexcept { return Rank; }

  /// @}

  /// Whether the elements lie one behind the other, the last dimension's neighbours first (as in C), or the
  /// first one's (as in Fortran).
  /// @returns     What the name says.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr bool c_contiguous() const noexcept {
    return detail::contiguous_rows(extents_, strides_);
  }

  [[nodiscard]] DEFT_TAGGED constexpr bool f_contiguous() const noexcept {
    return transposed().c_contiguous();
  }

  /// @}

  /// The element at these positions.
  /// @returns     A reference to it.
  /// @pre         Each is below its extent, else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <std::convertible_to<std::size_t>... Positions>
  [[nodiscard]] DEFT_TAGGED constexpr T& operator()(Positions... positions) const noexcept {
    static_assert(sizeof...(Positions) == Rank,
                  "deft::nd_view: m(i, j, ...) takes one position per dimension");
    return element({static_cast<std::size_t>(positions)...});
  }

#if defined(__cpp_multidimensional_subscript)
  /// The same, from C++23 on.
  /// @returns     A reference to it.
  /// @pre         Each is below its extent, else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <std::convertible_to<std::size_t>... Positions>
    requires(sizeof...(Positions) == Rank && Rank > 1)
  [[nodiscard]] DEFT_TAGGED constexpr T& operator[](Positions... positions) const noexcept {
    return element({static_cast<std::size_t>(positions)...});
  }
#endif

  /// The element at these positions, Python's: -1 is the last.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range outside.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <std::convertible_to<std::ptrdiff_t>... Positions>
  [[nodiscard]] DEFT_TAGGED constexpr T& at(Positions... positions) const {
    static_assert(sizeof...(Positions) == Rank,
                  "deft::nd_view: at(i, j, ...) takes one position per dimension");
    const strides_type asked{static_cast<std::ptrdiff_t>(positions)...};
    std::ptrdiff_t offset = 0;
    for (std::size_t d = 0; d < Rank; ++d) {
      const std::size_t i = detail::position_in(asked[d], extents_[d], "nd_view: at(i, j, ...) is outside");
      offset += static_cast<std::ptrdiff_t>(i) * strides_[d];
    }
    return data_[offset];
  }

  /// The array at position i of the first dimension, with one dimension less; of one dimension the element.
  /// @returns     A view, or a reference.
  /// @pre         i < extent(0), else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr decltype(auto) operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < extents_[0], "nd_view: [i] is outside");
    T* const first = data_ + static_cast<std::ptrdiff_t>(i) * strides_[0];
    if constexpr (Rank == 1) {
      return static_cast<T&>(*first);
    } else {
      return nd_view<T, Rank - 1>(first, detail::without_first(extents_), detail::without_first(strides_));
    }
  }

  /// numpy's `m[...]`: for each dimension a position (which takes the dimension away), a `deft::slice` or
  /// `full_extent`; one `ellipsis` for as many whole dimensions as are left; `new_axis` for a further one.
  /// Dimensions not spoken of are whole. `m.slice(0, deft::slice{{}, {}, -1})`, `m.slice(ellipsis, 2)`.
  /// @returns     A view of as many dimensions as remain; a reference to the element if none does.
  /// @pre         Positions lie inside (-1 is the last), no step is 0; else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <detail::nd_key... Keys>
  [[nodiscard]] DEFT_TAGGED constexpr decltype(auto) slice(const Keys&... keys) const noexcept {
    static_assert((std::size_t{0} + ... + detail::keys_dimension<Keys>) <= Rank,
                  "deft::nd_view: slice() speaks of more dimensions than there are");
    static_assert((std::size_t{0} + ... + (std::is_same_v<Keys, ellipsis_t> ? 1U : 0U)) <= 1,
                  "deft::nd_view: slice() with more than one ellipsis");
    constexpr std::size_t rank = Rank - (std::size_t{0} + ... + (std::is_integral_v<Keys> ? 1U : 0U)) +
                                 (std::size_t{0} + ... + (std::is_same_v<Keys, new_axis_t> ? 1U : 0U));
    constexpr std::size_t spoken = (std::size_t{0} + ... + detail::keys_dimension<Keys>);
    detail::nd_slicing<T, Rank, rank> found{data_, extents_, strides_};
    (found.take(keys, Rank - spoken), ...);
    found.take_rest();
    if constexpr (rank == 0) {
      return static_cast<T&>(*found.data);
    } else {
      return nd_view<T, rank>(found.data, found.extents, found.strides);
    }
  }

  /// The dimensions in another order: `axes[d]` is the one that becomes dimension d. Without `axes`, from the
  /// last to the first.
  /// @returns     The view.
  /// @pre         Each dimension is there once, else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr nd_view permuted(extents_type axes) const noexcept {
    nd_view found = *this;
    std::array<bool, Rank> seen{};
    for (std::size_t d = 0; d < Rank; ++d) {
      DEFT_PRECONDITION(axes[d] < Rank && !seen[axes[d]], "nd_view: permuted(axes) is no permutation");
      seen[axes[d]] = true;
      found.extents_[d] = extents_[axes[d]];
      found.strides_[d] = strides_[axes[d]];
    }
    return found;
  }

  [[nodiscard]] DEFT_TAGGED constexpr nd_view transposed() const noexcept {
    nd_view found = *this;
    for (std::size_t d = 0; d < Rank; ++d) {
      found.extents_[d] = extents_[Rank - 1 - d];
      found.strides_[d] = strides_[Rank - 1 - d];
    }
    return found;
  }

  /// @}

  /// The same elements, in order, in other dimensions.
  /// @returns     The view.
  /// @pre         c_contiguous(), and the number of elements is the same; else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  template <std::size_t NewRank>
  [[nodiscard]] DEFT_TAGGED constexpr nd_view<T, NewRank> reshaped(
      std::array<std::size_t, NewRank> extents) const noexcept {
    return nd_view<T, NewRank>(flat(), extents);
  }

  /// All elements as one contiguous view.
  /// @returns     The view.
  /// @pre         c_contiguous(), else traps.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr view<T> flat() const noexcept {
    DEFT_PRECONDITION(c_contiguous(), "nd_view: flat() of elements that are not contiguous");
    return {data_, size()};
  }

  /// The elements of one dimension.
  /// @returns     The view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<T> as_strided() const noexcept
    requires(Rank == 1)
  {
    return strided_view<T>(data_, extents_[0], strides_[0]);
  }

  /// The elements, for reading only.
  /// @returns     The view.
  /// @complexity  O(Rank). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr nd_view<const T, Rank> to_readonly() const noexcept {
    return nd_view<const T, Rank>(data_, extents_, strides_);
  }

  /// A copy of the elements, the last dimension's neighbours side by side.
  /// @returns     The copy.
  /// @throws      std::bad_alloc; what copying throws.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::vector<value_type> tolist() const;

 private:
  DEFT_TAGGED constexpr T& element(extents_type positions) const noexcept {
    std::ptrdiff_t offset = 0;
    for (std::size_t d = 0; d < Rank; ++d) {
      DEFT_PRECONDITION(positions[d] < extents_[d], "nd_view: m(i, j, ...) is outside");
      offset += static_cast<std::ptrdiff_t>(positions[d]) * strides_[d];
    }
    return data_[offset];
  }

  T* data_ = nullptr;
  extents_type extents_{};
  strides_type strides_{};
};

template <typename T, std::size_t Rank>
nd_view(view<T>, std::array<std::size_t, Rank>) -> nd_view<T, Rank>;

template <typename T, std::size_t Rank>
nd_view(T*, std::array<std::size_t, Rank>, std::array<std::ptrdiff_t, Rank>) -> nd_view<T, Rank>;

}  // namespace deft

#include "deft/view/nd_bulk.hpp"  // IWYU pragma: export
