/// @file
/// deft::strided_view: elements at equal distances, backwards too.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/bytes.hpp"
#include "deft/view/detail/strided_iterator.hpp"
#include "deft/view/detail/view_concepts.hpp"
#include "deft/view/slice.hpp"

namespace deft {

/// Elements at equal distances in memory: every fourth, a column of a matrix, a member of each struct of an
/// array, or all of them backwards. What `view::slice(start, stop, step)` gives.
///
/// `Stride` is the distance in elements, if known at compile time: where loops are vectorised (-O3) those
/// over a static stride take a quarter to a half of the time that those over one known at run time only take.
/// A negative stride goes backwards; the pointer is at the first element of the view, which lies behind the
/// others then. A stride of 0 shows one element many times.
///
/// Checks as view has them; not an owner.
///
/// Memory: two words, three with a stride known at run time. Threads: as the elements themselves.
template <typename T, std::ptrdiff_t Stride>
class strided_view {
  static_assert(std::is_object_v<T> && !std::is_abstract_v<T>,
                "deft::strided_view<T>: T is the type of an object");
  static constexpr bool is_static = Stride != dynamic_stride;

 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using pointer = T*;
  using reference = T&;
  using iterator = detail::strided_iterator<T, Stride>;
  using reverse_iterator = std::reverse_iterator<iterator>;

  /// No elements.
  /// @complexity  O(1). @concurrency Safe.
  constexpr strided_view() noexcept = default;

  /// `size` elements from `*first` on.
  /// @pre         They exist.
  /// @complexity  O(1). @concurrency Safe.
  /// @{
  DEFT_TAGGED constexpr strided_view(T* first, std::size_t size) noexcept
    requires is_static
      : data_(first), size_(size) {}

  DEFT_TAGGED constexpr strided_view(T* first, std::size_t size, std::ptrdiff_t stride) noexcept
    requires(!is_static)
      : data_(first), size_(size), stride_(stride) {}

  /// @}

  /// The same elements for reading, or with a stride known at run time.
  /// @complexity  O(1). @concurrency Safe.
  template <typename U, std::ptrdiff_t Other>
    requires detail::elements_convert_to<U, T> && (Other == Stride || !is_static) &&
                 (!std::is_same_v<strided_view<U, Other>, strided_view>)
  DEFT_TAGGED constexpr strided_view(strided_view<U, Other> other) noexcept
      : data_(other.data()), size_(other.size()), stride_(other.stride()) {}

  /// @overload
  template <typename U>
    requires detail::elements_convert_to<U, T> && (Stride == 1 || !is_static)
  DEFT_TAGGED constexpr strided_view(view<U> other) noexcept
      : data_(other.data()), size_(other.size()), stride_(std::ptrdiff_t{1}) {}

  /// Address of the first element, number of elements, distance between neighbours in elements.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T* data() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED constexpr bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED constexpr std::ptrdiff_t stride() const noexcept { return stride_.value(); }

  /// @}

  /// Random-access iterators.
  /// @returns     The position.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr iterator begin() const noexcept { return {data_, 0, stride_}; }

  [[nodiscard]] DEFT_TAGGED constexpr iterator end() const noexcept {
    return {data_, static_cast<std::ptrdiff_t>(size_), stride_};
  }

  [[nodiscard]] DEFT_TAGGED constexpr reverse_iterator rbegin() const noexcept {
    return reverse_iterator(end());
  }

  [[nodiscard]] DEFT_TAGGED constexpr reverse_iterator rend() const noexcept {
    return reverse_iterator(begin());
  }

  /// @}

  /// Element i.
  /// @returns     A reference to it.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr T& operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "strided_view: [i] is outside");
    return *at_offset(i);
  }

  /// Element i, Python's: -1 is the last.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range outside.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr T& at(std::ptrdiff_t i) const {
    return *at_offset(detail::position_in(i, size_, "strided_view: at(i) is outside"));
  }

  /// The first and the last element.
  /// @returns     A reference to it.
  /// @pre         Not empty, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T& front() const noexcept {
    DEFT_PRECONDITION(size_ != 0, "strided_view: front() of an empty view");
    return *data_;
  }

  [[nodiscard]] DEFT_TAGGED constexpr T& back() const noexcept {
    DEFT_PRECONDITION(size_ != 0, "strided_view: back() of an empty view");
    return *at_offset(size_ - 1);
  }

  /// @}

  /// Parts, all of which must be there.
  /// @returns     The first or last `count` elements; `count` of them from `first` on.
  /// @pre         They lie inside, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr strided_view first(std::size_t count) const noexcept {
    DEFT_PRECONDITION(count <= size_, "strided_view: first(count) with count beyond size()");
    return part(0, count);
  }

  [[nodiscard]] DEFT_TAGGED constexpr strided_view last(std::size_t count) const noexcept {
    DEFT_PRECONDITION(count <= size_, "strided_view: last(count) with count beyond size()");
    return part(size_ - count, count);
  }

  [[nodiscard]] DEFT_TAGGED constexpr strided_view subview(std::size_t first,
                                                           std::size_t count) const noexcept {
    DEFT_PRECONDITION(first <= size_ && count <= size_ - first,
                      "strided_view: subview(first, count) reaches outside");
    return part(first, count);
  }

  /// @}

  /// Python's `v[start:stop]`.
  /// @returns     The part.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view slice(slice_bound start,
                                                         slice_bound stop = {}) const noexcept {
    const detail::resolved_slice found = detail::resolve(start, stop, size_);
    return part(found.first, found.count);
  }

  /// Python's `v[start:stop:step]`.
  /// @returns     The elements.
  /// @pre         step is not 0, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<T> slice(slice_bound start, slice_bound stop,
                                                            std::ptrdiff_t step) const noexcept {
    DEFT_PRECONDITION(step != 0, "strided_view: slice(start, stop, step) with a step of 0");
    const detail::resolved_slice found = detail::resolve(start, stop, step, size_);
    return strided_view<T>(part(found.first, 0).data(), found.count, detail::times(stride(), step));
  }

  /// The elements from the last to the first.
  /// @returns     The view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr auto reversed() const noexcept {
    T* const last = size_ == 0 ? data_ : at_offset(size_ - 1);
    if constexpr (is_static) {
      return strided_view<T, -Stride>(last, size_);
    } else {
      return strided_view<T>(last, size_, detail::times(stride(), -1));
    }
  }

  /// The elements, for reading only.
  /// @returns     The view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<const T, Stride> to_readonly() const noexcept {
    return *this;
  }

  /// A copy of the elements: Python's tolist().
  /// @returns     The copy.
  /// @throws      std::bad_alloc; what copying throws.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::vector<value_type> tolist() const {
    std::vector<value_type> copy;
    copy.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i) copy.push_back(*at_offset(i));
    return copy;
  }

  /// A copy of the elements' bytes, one element behind the other: Python's tobytes().
  /// @returns     The bytes.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::vector<std::byte> tobytes() const
    requires std::is_trivially_copyable_v<T>
  {
    std::vector<std::byte> bytes;
    bytes.reserve(size_ * sizeof(T));
    for (std::size_t i = 0; i < size_; ++i) {
      const auto* const from = reinterpret_cast<const std::byte*>(at_offset(i));
      bytes.insert(bytes.end(), from, from + sizeof(T));
    }
    return bytes;
  }

  /// Those bytes as hexadecimal digits; view::hex explains the parameters.
  /// @returns     Two digits a byte.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::string hex(std::string_view separator = {}, std::ptrdiff_t group = 1) const
    requires std::is_trivially_copyable_v<T>
  {
    return detail::hex_of(tobytes(), separator, group);
  }

 private:
  DEFT_TAGGED constexpr T* at_offset(std::size_t i) const noexcept {
    return data_ + static_cast<std::ptrdiff_t>(i) * stride_.value();
  }

  DEFT_TAGGED constexpr strided_view part(std::size_t first, std::size_t count) const noexcept {
    strided_view found = *this;
    // Behind the last element lies memory of somebody else, or none: an empty part stays where it was.
    if (first < size_) found.data_ = at_offset(first);
    found.size_ = count;
    return found;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  [[no_unique_address]] detail::stride_of<Stride> stride_{};
};

template <typename T>
strided_view(T*, std::size_t, std::ptrdiff_t) -> strided_view<T>;

template <typename T>
strided_view(view<T>) -> strided_view<T, 1>;

}  // namespace deft

template <typename T, std::ptrdiff_t Stride>
inline constexpr bool std::ranges::enable_borrowed_range<deft::strided_view<T, Stride>> = true;

template <typename T, std::ptrdiff_t Stride>
inline constexpr bool std::ranges::enable_view<deft::strided_view<T, Stride>> = true;
