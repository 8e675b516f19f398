/// @file
/// deft::view: contiguous elements that belong to somebody else.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/bytes.hpp"
#include "deft/view/detail/view_concepts.hpp"
#include "deft/view/slice.hpp"
#include "deft/view/strided_view.hpp"

namespace deft {

/// Contiguous elements of somebody else: a pointer and a size. Use it for parameters and for parts of
/// arrays; `view<const T>` reads, `view<T>` also writes. Python's memoryview with a type.
///
/// Not an owner: what it shows must outlive it (`shared_view` keeps its owner alive). A view of a temporary
/// does not compile; `borrow(temporary)` says it on purpose, within one expression.
///
/// Differs from std::span: single elements are checked, also in release builds (a failed check names itself
/// and aborts; DEFT_HARDENING=none leaves it out); `slice` follows Python's rules; temporaries are refused;
/// `==` compares elements. Loops over a view's own bound cost what they cost over a pointer. Loops over
/// somebody else's bound check each element, which compilers of today do not hoist: take `first(n)` once, or
/// use the bulk operations of bulk.hpp.
///
/// Memory: two words. Threads: as the elements themselves.
template <typename T>
class view {
  static_assert(std::is_object_v<T> && !std::is_abstract_v<T>, "deft::view<T>: T is the type of an object");

 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using pointer = T*;
  using reference = T&;
  using iterator = T*;
  using reverse_iterator = std::reverse_iterator<T*>;

  /// No elements.
  /// @complexity  O(1). @concurrency Safe.
  constexpr view() noexcept = default;

  /// The elements at [data, data + size).
  /// @pre         They exist; a null pointer has none.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr view(T* data, std::size_t size) noexcept : data_(data), size_(size) {
    DEFT_PRECONDITION(data != nullptr || size == 0, "view: elements behind a null pointer");
  }

  /// The elements of a container or an array, which must outlive the view.
  /// @throws      What the container's data() and size() throw.
  /// @complexity  O(1). @concurrency Reads the container.
  template <typename Range>
    requires detail::shows_elements<Range&, T> && detail::owns_elements<Range>
  DEFT_TAGGED constexpr view(Range& container DEFT_LIFETIMEBOUND)
      : view(std::ranges::data(container), static_cast<std::size_t>(std::ranges::size(container))) {}

  /// What another view or std::span shows.
  /// @throws      What its data() and size() throw.
  /// @complexity  O(1). @concurrency Reads the range.
  template <typename Range>
    requires(!std::is_same_v<std::remove_cvref_t<Range>, view>) && detail::shows_elements<Range, T> &&
            (!detail::owns_elements<Range>)
  DEFT_TAGGED constexpr view(Range&& range)
      : view(std::ranges::data(range), static_cast<std::size_t>(std::ranges::size(range))) {}

  /// Not of a temporary, whose elements die with the expression: keep it in a variable, or say borrow().
  template <typename Range, typename Mistake = detail::a_view_of_a_temporary_would_dangle_use_borrow>
    requires detail::shows_elements<Range&, T> && detail::temporary_owner<Range>
  view(Range&&) = delete;

  /// Address, number of elements, bytes.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T* data() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size_bytes() const noexcept { return size_ * sizeof(T); }

  [[nodiscard]] DEFT_TAGGED constexpr bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED static constexpr std::ptrdiff_t stride() noexcept { return 1; }

  /// @}

  /// Iterators are pointers.
  /// @returns     The position.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr iterator begin() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED constexpr iterator end() const noexcept { return data_ + size_; }

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
    DEFT_PRECONDITION(i < size_, "view: [i] is outside");
    return data_[i];
  }

  /// Element i, Python's: -1 is the last.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range outside.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr T& at(std::ptrdiff_t i) const {
    return data_[detail::position_in(i, size_, "view: at(i) is outside")];
  }

  /// The first and the last element.
  /// @returns     A reference to it.
  /// @pre         Not empty, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T& front() const noexcept {
    DEFT_PRECONDITION(size_ != 0, "view: front() of an empty view");
    return data_[0];
  }

  [[nodiscard]] DEFT_TAGGED constexpr T& back() const noexcept {
    DEFT_PRECONDITION(size_ != 0, "view: back() of an empty view");
    return data_[size_ - 1];
  }

  /// @}

  /// Parts, all of which must be there: one check, then loops over the part's own bound need none.
  /// @returns     The first or last `count` elements; `count` of them from `first` on.
  /// @pre         They lie inside, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr view first(std::size_t count) const noexcept {
    DEFT_PRECONDITION(count <= size_, "view: first(count) with count beyond size()");
    return view(unchecked(), data_, count);
  }

  [[nodiscard]] DEFT_TAGGED constexpr view last(std::size_t count) const noexcept {
    DEFT_PRECONDITION(count <= size_, "view: last(count) with count beyond size()");
    return view(unchecked(), data_ + (size_ - count), count);
  }

  [[nodiscard]] DEFT_TAGGED constexpr view subview(std::size_t first, std::size_t count) const noexcept {
    DEFT_PRECONDITION(count <= size_ && first <= size_ - count,
                      "view: subview(first, count) reaches outside");
    return view(unchecked(), data_ + first, count);
  }

  /// @}

  /// Python's `v[start:stop]`: negative positions count from the end, those outside are cut off, `{}` is
  /// None.
  /// @returns     The part.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr view slice(slice_bound start, slice_bound stop = {}) const noexcept {
    const detail::resolved_slice part = detail::resolve(start, stop, size_);
    return view(unchecked(), data_ + part.first, part.count);
  }

  /// Python's `v[start:stop:step]`: `v.slice({}, {}, -1)` is the view backwards.
  /// @returns     The elements.
  /// @pre         step is not 0, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<T> slice(slice_bound start, slice_bound stop,
                                                            std::ptrdiff_t step) const noexcept {
    DEFT_PRECONDITION(step != 0, "view: slice(start, stop, step) with a step of 0");
    const detail::resolved_slice part = detail::resolve(start, stop, step, size_);
    return strided_view<T>(data_ + part.first, part.count, step);
  }

  /// The same for a step known at compile time, which makes loops faster: `v.slice<4>()`.
  /// @returns     The elements.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <std::ptrdiff_t Step>
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<T, Step> slice(slice_bound start = {},
                                                                  slice_bound stop = {}) const noexcept {
    static_assert(Step != 0, "deft::view: slice<Step>() with a step of 0");
    const detail::resolved_slice part = detail::resolve(start, stop, Step, size_);
    return strided_view<T, Step>(data_ + part.first, part.count);
  }

  /// The elements from the last to the first.
  /// @returns     The view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr strided_view<T, -1> reversed() const noexcept { return slice<-1>(); }

  /// One member of each element, where these are structs: `ticks.column<&tick::price>()`.
  /// @returns     The members, in order.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <auto Member>
    requires std::is_member_object_pointer_v<decltype(Member)> && std::is_class_v<value_type>
  [[nodiscard]] DEFT_TAGGED constexpr auto column() const noexcept {
    using member = std::remove_reference_t<decltype(std::declval<T&>().*Member)>;
    static_assert(sizeof(T) % sizeof(member) == 0,
                  "deft::view: column<&T::x>() of a member whose size does not divide the size of T");
    constexpr auto step = static_cast<std::ptrdiff_t>(sizeof(T) / sizeof(member));
    return strided_view<member, step>(size_ == 0 ? nullptr : &(data_->*Member), size_);
  }

  /// The elements, for reading only.
  /// @returns     The view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr view<const T> to_readonly() const noexcept { return {data_, size_}; }

  /// The same as a std::span.
  /// @returns     The span.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::span<T> as_span() const noexcept { return {data_, size_}; }

  /// A copy of the elements: Python's tolist().
  /// @returns     The copy.
  /// @throws      std::bad_alloc; what copying throws.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::vector<value_type> tolist() const {
    return std::vector<value_type>(begin(), end());
  }

  /// A copy of the elements' bytes: Python's tobytes().
  /// @returns     The bytes.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::vector<std::byte> tobytes() const
    requires std::is_trivially_copyable_v<T>
  {
    const auto bytes = std::as_bytes(as_span());
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }

  /// The bytes as hexadecimal digits. As Python's hex(sep, bytes_per_sep): a separator between groups of
  /// `group` bytes counted from the end, or from the beginning where `group` is negative.
  /// @returns     Two digits a byte.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::string hex(std::string_view separator = {}, std::ptrdiff_t group = 1) const
    requires std::is_trivially_copyable_v<T>
  {
    return detail::hex_of(std::as_bytes(as_span()), separator, group);
  }

 private:
  struct unchecked {};

  DEFT_TAGGED constexpr view(unchecked, T* data, std::size_t size) noexcept : data_(data), size_(size) {}

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

template <typename T>
view(T*, std::size_t) -> view<T>;

template <std::ranges::contiguous_range Range>
view(Range&&) -> view<std::remove_reference_t<std::ranges::range_reference_t<Range>>>;

inline namespace DEFT_TAG {

/// A view of something that may be a temporary: of what a function returns, say. It is valid until the end
/// of the full expression, no longer: pass it to a function, do not store it.
/// @returns     The view.
/// @throws      What the range's data() and size() throw.
/// @complexity  O(1). @concurrency Reads the range.
template <std::ranges::contiguous_range Range>
  requires std::ranges::sized_range<Range>
[[nodiscard]] constexpr auto borrow(Range&& range) {
  using element = std::remove_reference_t<std::ranges::range_reference_t<Range&>>;
  return view<element>(std::ranges::data(range), static_cast<std::size_t>(std::ranges::size(range)));
}

/// The bytes of the elements, for reading, and for reading and writing.
/// @returns     size_bytes() bytes.
/// @complexity  O(1). @concurrency Concurrent reads.
/// @{
template <typename T>
  requires std::is_trivially_copyable_v<T>
[[nodiscard]] view<const std::byte> as_bytes(view<T> v) noexcept {
  return {reinterpret_cast<const std::byte*>(v.data()), v.size_bytes()};
}

template <typename T>
  requires std::is_trivially_copyable_v<T> && (!std::is_const_v<T>)
[[nodiscard]] view<std::byte> as_writable_bytes(view<T> v) noexcept {
  return {reinterpret_cast<std::byte*>(v.data()), v.size_bytes()};
}

/// @}

}  // namespace DEFT_TAG

}  // namespace deft

template <typename T>
inline constexpr bool std::ranges::enable_borrowed_range<deft::view<T>> = true;

template <typename T>
inline constexpr bool std::ranges::enable_view<deft::view<T>> = true;
