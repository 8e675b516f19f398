/// @file
/// deft::any_view: memory with a format, shape and strides known at run time: Python's memoryview.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/view/any_value.hpp"
#include "deft/view/detail/any_parts.hpp"
#include "deft/view/nd_view.hpp"
#include "deft/view/shared_view.hpp"
#include "deft/view/slice.hpp"
#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// Memory with a format (as Python's `struct` writes them), a shape and strides, all known at run time only.
/// For code between deft and what hands arrays over: files, Python's buffers, user interfaces. It does
/// whatever memoryview does, as memoryview does it; beyond that it slices in all dimensions, reads formats
/// with a byte order (`<d`, `>H`), and keeps a shared owner alive.
///
/// Mistakes in indices, formats, shapes and casts come from data and throw: std::out_of_range where Python
/// has IndexError, and for values that a format cannot hold; std::invalid_argument where it has TypeError,
/// ValueError or NotImplementedError. Nothing is changed then.
///
/// Not for loops over elements: `as<T>()`, `as_strided<T>()` and `as_nd<T, R>()` give typed views.
///
/// Made of a view it is not an owner; made of a shared_view it keeps the owner until `release()` or the end
/// of its own life.
///
/// Memory: the format, and three words per dimension on the heap. Threads: as the elements themselves.
class any_view {
 public:
  /// No bytes.
  /// @throws      std::bad_alloc. @complexity O(1). @concurrency Safe.
  any_view();

  /// The elements of a view: read-only if T is const.
  /// @throws      std::bad_alloc.
  /// @complexity  O(1). @concurrency Safe.
  /// @{
  template <detail::format_element T>
  DEFT_TAGGED any_view(view<T> v)
      : any_view(detail::any_parts::of<T>(v.data(), {{v.size(), sizeof(T)}}), shared_buffer()) {}

  template <detail::format_element T, std::ptrdiff_t Stride>
  DEFT_TAGGED any_view(strided_view<T, Stride> v)
      : any_view(detail::any_parts::of<T>(v.data(),
                                          {{v.size(), detail::times(v.stride(), detail::size_in_bytes<T>)}}),
                 shared_buffer()) {}

  template <detail::format_element T, std::size_t Rank>
  DEFT_TAGGED any_view(const nd_view<T, Rank>& v) : any_view(parts_of(v), shared_buffer()) {}

  template <detail::format_element T>
  DEFT_TAGGED any_view(const shared_view<T>& v)
      : any_view(detail::any_parts::of<const T>(v.data(), {{v.size(), sizeof(T)}}), v.buffer()) {}

  /// @}

  /// Elements of any format within `memory`, the first one at `offset`; strides are in bytes, and without
  /// them the elements are contiguous, the last dimension's neighbours first.
  /// @returns     The view.
  /// @throws      std::invalid_argument if the format is none, or an element would lie outside of `memory`;
  ///              std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Safe.
  /// @{
  [[nodiscard]] static any_view over(view<const std::byte> memory, std::string_view format,
                                     std::span<const std::size_t> shape,
                                     std::span<const std::ptrdiff_t> strides = {}, std::size_t offset = 0);

  [[nodiscard]] static any_view over(view<std::byte> memory, std::string_view format,
                                     std::span<const std::size_t> shape,
                                     std::span<const std::ptrdiff_t> strides = {}, std::size_t offset = 0);

  [[nodiscard]] static any_view over(const shared_buffer& memory, std::string_view format,
                                     std::span<const std::size_t> shape,
                                     std::span<const std::ptrdiff_t> strides = {}, std::size_t offset = 0);

  /// @}

  /// What a foreign buffer describes, PEP 3118's words: any format with its item size, suboffsets (negative:
  /// none). Formats that deft does not know show as bytes: they can be sliced, copied and cast, but their
  /// elements have no value.
  /// @returns     The view.
  /// @pre         The elements exist and stay as long as `owner` lives: nothing can be checked.
  /// @throws      std::invalid_argument if there are not as many strides (or suboffsets, if any) as
  ///              dimensions, or if an item size is 0 or differs from that of a format known; std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Safe.
  [[nodiscard]] static any_view of_buffer(void* data, std::string_view format, std::size_t itemsize,
                                          std::span<const std::size_t> shape,
                                          std::span<const std::ptrdiff_t> strides,
                                          std::span<const std::ptrdiff_t> suboffsets, bool readonly,
                                          shared_buffer owner = {});

  /// memoryview's attributes. Extents, strides and suboffsets: one per dimension, the latter in bytes; a
  /// suboffset is -1 where there is none.
  /// @returns     What the name says.
  /// @throws      std::invalid_argument after release(); std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::string_view format() const;
  [[nodiscard]] std::size_t itemsize() const;
  [[nodiscard]] std::size_t ndim() const;
  [[nodiscard]] std::vector<std::size_t> shape() const;
  [[nodiscard]] std::vector<std::ptrdiff_t> strides() const;
  [[nodiscard]] std::vector<std::ptrdiff_t> suboffsets() const;
  [[nodiscard]] std::size_t nbytes() const;
  [[nodiscard]] std::size_t count_elements() const;
  [[nodiscard]] bool readonly() const;
  [[nodiscard]] bool c_contiguous() const;
  [[nodiscard]] bool f_contiguous() const;
  [[nodiscard]] bool contiguous() const;
  [[nodiscard]] bool has_suboffsets() const;
  [[nodiscard]] void* data() const;
  [[nodiscard]] const shared_buffer& owner() const;

  /// @}

  /// Python's len(): the extent of the first dimension.
  /// @returns     It.
  /// @throws      std::invalid_argument without dimensions, or after release().
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] std::size_t size() const;

  /// The element at these positions, one per dimension, -1 is the last: Python's `m[i, j]`; none for a view
  /// without dimensions.
  /// @returns     Its value.
  /// @throws      std::out_of_range outside; std::invalid_argument for another number of positions, a format
  ///              whose elements have no value, or after release().
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] any_value get(std::span<const std::ptrdiff_t> positions) const;

  template <std::convertible_to<std::ptrdiff_t>... Positions>
  [[nodiscard]] DEFT_TAGGED any_value get(Positions... positions) const {
    const std::array<std::ptrdiff_t, sizeof...(Positions)> asked{static_cast<std::ptrdiff_t>(positions)...};
    return get(std::span<const std::ptrdiff_t>(asked));
  }

  /// @}

  /// Writes the element at these positions: Python's `m[i, j] = value`.
  /// @throws      std::out_of_range outside, and for a number that the format cannot hold;
  ///              std::invalid_argument as above, if the view is read-only, and for a value of another kind.
  /// @guarantee   Strong.
  /// @complexity  O(dimensions). @concurrency Exclusive access to the element.
  void set(std::span<const std::ptrdiff_t> positions, const any_value& value) const;

  /// @overload
  DEFT_TAGGED void set(std::initializer_list<std::ptrdiff_t> positions, const any_value& value) const {
    set(std::span<const std::ptrdiff_t>(positions.begin(), positions.size()), value);
  }

  /// Python's `m[start:stop:step]`, of the first dimension.
  /// @returns     The part, which shares the owner.
  /// @throws      std::invalid_argument for a step of 0, without dimensions, after release(); std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  [[nodiscard]] any_view slice(slice_bound start, slice_bound stop = {}, std::ptrdiff_t step = 1) const;

  /// numpy's `m[...]`: for each dimension a position (which takes the dimension away), a `deft::slice` or
  /// `full_extent`; one `ellipsis`, any number of `new_axis`. Dimensions not spoken of are whole.
  /// @returns     The part, which shares the owner.
  /// @throws      std::out_of_range for a position outside; std::invalid_argument for a step of 0, more keys
  ///              than dimensions, two ellipses, a position in a dimension behind a suboffset, after
  ///              release(); std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  [[nodiscard]] any_view at(std::span<const detail::any_key> keys) const;

  /// @overload
  template <std::convertible_to<detail::any_key>... Keys>
  [[nodiscard]] DEFT_TAGGED any_view at(const Keys&... keys) const {
    const std::array<detail::any_key, sizeof...(Keys)> asked{detail::any_key(keys)...};
    return at(std::span<const detail::any_key>(asked));
  }

  /// The dimensions in reverse order, and the first one from the end.
  /// @returns     The view, which shares the owner.
  /// @throws      std::invalid_argument with suboffsets (transposed) or without dimensions (reversed), after
  ///              release(); std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] any_view transposed() const;
  [[nodiscard]] any_view reversed() const;

  /// @}

  /// Python's `m[...] = other`: assigns other's elements, as if from a copy of them.
  /// @throws      std::invalid_argument if the view is read-only, or formats or shapes differ, after
  ///              release(); std::bad_alloc.
  /// @guarantee   Strong.
  /// @complexity  O(elements). @concurrency Exclusive access to the elements.
  void assign(const any_view& other) const;

  /// Python's cast: the same bytes in another format and shape. As there, one of the formats is that of
  /// bytes (`B`, `b`, `c`), the view is c_contiguous(), and with a shape one of the two has one dimension.
  /// Formats with a byte order are accepted, too.
  /// @returns     The view, which shares the owner.
  /// @throws      std::invalid_argument if that is not so, or sizes do not match; std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] any_view cast(std::string_view format) const;
  [[nodiscard]] any_view cast(std::string_view format, std::span<const std::size_t> shape) const;

  [[nodiscard]] DEFT_TAGGED any_view cast(std::string_view format,
                                          std::initializer_list<std::size_t> shape) const {
    return cast(format, std::span<const std::size_t>(shape.begin(), shape.size()));
  }

  /// @}

  /// The same, for reading only.
  /// @returns     The view, which shares the owner.
  /// @throws      std::invalid_argument after release(); std::bad_alloc.
  /// @complexity  O(dimensions). @concurrency Concurrent reads.
  [[nodiscard]] any_view to_readonly() const;

  /// Copies: the bytes of the elements in C's order, Fortran's, or as they lie ('C', 'F', 'A'); these as
  /// hexadecimal digits (see view::hex); the values in C's order, without nesting.
  /// @returns     What the name says.
  /// @throws      std::invalid_argument for another order, for values of a format that has none, after
  ///              release(); std::bad_alloc.
  /// @complexity  O(elements). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::vector<std::byte> tobytes(char order = 'C') const;
  [[nodiscard]] std::string hex(std::string_view separator = {}, std::ptrdiff_t group = 1) const;
  [[nodiscard]] std::vector<any_value> tolist() const;

  /// @}

  /// Sequence methods of one dimension: how many elements equal `value`, whether one does, and the first one
  /// of [start, stop) that does.
  /// @returns     What the name says.
  /// @throws      std::out_of_range if index() finds none (Python's ValueError); std::invalid_argument for
  ///              another number of dimensions, a format whose elements have no value, after release().
  /// @complexity  O(elements). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::size_t count(const any_value& value) const;
  [[nodiscard]] bool contains(const any_value& value) const;
  [[nodiscard]] std::size_t index(const any_value& value, slice_bound start = {},
                                  slice_bound stop = {}) const;

  /// @}

  /// Whether shapes and all values are equal, whatever the formats, as memoryview compares: values of formats
  /// unknown equal nothing, and a released view only itself.
  /// @returns     What the name says.
  /// @throws      std::bad_alloc.
  /// @complexity  O(elements). @concurrency Reads both.
  [[nodiscard]] friend bool operator==(const any_view& a, const any_view& b) { return a.equals(b); }

  /// The hash of the bytes: as that of tobytes().
  /// @returns     The hash; it changes with the seed.
  /// @throws      std::invalid_argument unless the view is read-only and its format that of bytes, as in
  ///              Python; std::bad_alloc.
  /// @complexity  O(elements). @concurrency Concurrent reads.
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed = hash_seed()) const;

  /// Lets go of the memory and its owner. Whatever is asked afterwards throws; release() again does nothing.
  /// @complexity  O(1), and freeing what the owner keeps. @concurrency Exclusive access to *this.
  void release() noexcept;

  /// Whether release() was called.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED bool released() const noexcept { return parts_.released; }

  /// The elements in a typed view: the format must be that of T, the dimensions must fit, and T be const if
  /// the view is read-only. Valid as long as the memory. Bytes that were not made as bools are looked at,
  /// each must be 0 or 1, and T be const bool: whoever writes the bytes could write what is no bool.
  /// @returns     The view.
  /// @throws      std::invalid_argument if not, or an element is not aligned, after release().
  /// @complexity  O(dimensions); O(elements) for bytes as bools. @concurrency Concurrent reads.
  /// @{
  template <detail::format_element T>
  [[nodiscard]] DEFT_TAGGED view<T> as() const {
    require_typed(detail::format_of<std::remove_const_t<T>>, sizeof(T), alignof(T), std::is_const_v<T>, 1);
    if (!parts_.c_contiguous())
      detail::throw_invalid_argument("deft: any_view: as<T>() of elements with gaps");
    return view<T>(static_cast<T*>(parts_.data), parts_.dims[0].extent);
  }

  template <detail::format_element T>
  [[nodiscard]] DEFT_TAGGED strided_view<T> as_strided() const {
    return as_nd<T, 1>().as_strided();
  }

  template <detail::format_element T, std::size_t Rank>
  [[nodiscard]] DEFT_TAGGED nd_view<T, Rank> as_nd() const {
    require_typed(detail::format_of<std::remove_const_t<T>>, sizeof(T), alignof(T), std::is_const_v<T>, Rank);
    std::array<std::size_t, Rank> extents{};
    std::array<std::ptrdiff_t, Rank> strides{};
    for (std::size_t d = 0; d < Rank; ++d) {
      extents[d] = parts_.dims[d].extent;
      strides[d] = parts_.dims[d].stride / detail::size_in_bytes<T>;
    }
    return nd_view<T, Rank>(static_cast<T*>(parts_.data), extents, strides);
  }

  /// @}

 private:
  any_view(detail::any_parts parts, shared_buffer owner) noexcept;

  template <typename T, std::size_t Rank>
  DEFT_TAGGED static detail::any_parts parts_of(const nd_view<T, Rank>& v) {
    std::vector<detail::any_dimension> dims(Rank);
    for (std::size_t d = 0; d < Rank; ++d) {
      dims[d] = {v.extent(d), detail::times(v.stride(d), detail::size_in_bytes<T>)};
    }
    return detail::any_parts::of<T>(v.data(), std::move(dims));
  }

  [[nodiscard]] bool equals(const any_view& other) const;
  void require() const;
  void require_typed(char code, std::size_t size, std::size_t alignment, bool reads, std::size_t rank) const;
  void require_bools(bool reads) const;
  [[nodiscard]] std::byte* element(std::span<const std::ptrdiff_t> positions) const;

  detail::any_parts parts_;
  shared_buffer owner_;
};

}  // namespace deft
