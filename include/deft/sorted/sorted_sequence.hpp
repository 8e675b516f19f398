/// @file
/// deft::sorted_sequence: the common base of deft's contiguous sorted containers. Use it through them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/bisect.hpp"
#include "deft/sorted/detail/needles.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/sorted_storage.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// What contiguous sorted containers share: lookup by value and by position, slices, removal by position,
/// storage.
///
/// Positions are std::size_t, counted from 0. Searches of numbers in ascending order run deft's bisect
/// kernels.
///
/// Threads: any number of readers at once, as for any const access; a change excludes everything else.
template <typename T, typename Compare, typename Allocator>
class sorted_sequence {
 public:
  using container_type = std::vector<T, Allocator>;
  using key_type = T;
  using value_type = T;
  using key_compare = Compare;
  using value_compare = Compare;
  using allocator_type = Allocator;
  using reference = const T&;
  using const_reference = const T&;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using iterator = typename container_type::const_iterator;
  using const_iterator = iterator;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = reverse_iterator;

  /// Ends, size and storage, as std::vector's; memory_bytes() is the array's heap memory, unused capacity
  /// included, without what the elements own.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() what copying the comparator throws.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return storage_.items.begin(); }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return storage_.items.end(); }

  [[nodiscard]] DEFT_TAGGED iterator cbegin() const noexcept { return storage_.items.begin(); }

  [[nodiscard]] DEFT_TAGGED iterator cend() const noexcept { return storage_.items.end(); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rbegin() const noexcept { return storage_.items.rbegin(); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rend() const noexcept { return storage_.items.rend(); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator crbegin() const noexcept { return storage_.items.rbegin(); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator crend() const noexcept { return storage_.items.rend(); }

  [[nodiscard]] DEFT_TAGGED const T* data() const noexcept { return storage_.items.data(); }

  [[nodiscard]] DEFT_TAGGED std::span<const T> as_span() const noexcept {
    return {storage_.items.data(), storage_.items.size()};
  }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return storage_.items.empty(); }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return storage_.items.size(); }

  [[nodiscard]] DEFT_TAGGED size_type max_size() const noexcept { return storage_.items.max_size(); }

  [[nodiscard]] DEFT_TAGGED size_type capacity() const noexcept { return storage_.items.capacity(); }

  [[nodiscard]] DEFT_TAGGED size_type memory_bytes() const noexcept {
    return storage_.items.capacity() * sizeof(T);
  }

  [[nodiscard]] DEFT_TAGGED allocator_type get_allocator() const noexcept {
    return storage_.items.get_allocator();
  }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return storage_.comp; }

  [[nodiscard]] DEFT_TAGGED value_compare value_comp() const { return storage_.comp; }

  /// @}

  /// Python's `bisect_left`: all elements before the position precede `x`, none after does.
  ///
  /// @returns     A position in [0, size()].
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::size_t bisect_left(const Needle& x) const {
    return deft::bisect_left(as_span(), needle(x), storage_.comparator());
  }

  /// Python's `bisect_right`: no element before the position is above `x`, all after it are.
  ///
  /// @returns     A position in [0, size()].
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::size_t bisect_right(const Needle& x) const {
    return deft::bisect_right(as_span(), needle(x), storage_.comparator());
  }

  /// bisect_left by its other name.
  ///
  /// @returns     The number of elements that precede `x`, whether or not `x` is there.
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::size_t rank(const Needle& x) const {
    return bisect_left(x);
  }

  /// Python's `index`.
  ///
  /// @returns     The position of the first element equivalent to `x`.
  /// @throws      std::out_of_range if there is none; what the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::size_t index(const Needle& x) const {
    const auto& key = needle(x);
    const std::size_t i = bisect_left(key);
    if (!equivalent_at(i, key))
      detail::throw_out_of_range("deft: index(x): the value is not in the sequence");
    return i;
  }

  /// Python's `in`.
  ///
  /// @returns     Whether an element is equivalent to `x`.
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  [[nodiscard]] DEFT_TAGGED bool contains(const Needle& x) const {
    const auto& key = needle(x);
    return equivalent_at(bisect_left(key), key);
  }

  /// Counts the equals of `x`.
  ///
  /// @returns     How many elements are equivalent to `x`.
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons, however many there are.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::size_t count(const Needle& x) const {
    const auto [first, last] = equal_positions(x);
    return last - first;
  }

  /// Looks `x` up.
  ///
  /// @returns     The first element equivalent to `x`, or end().
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED iterator find(const Needle& x) const {
    const auto& key = needle(x);
    const std::size_t i = bisect_left(key);
    return equivalent_at(i, key) ? iterator_at(i) : end();
  }

  /// bisect_left as an iterator.
  ///
  /// @returns     The first element that does not precede `x`, or end().
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED iterator lower_bound(const Needle& x) const {
    return iterator_at(bisect_left(x));
  }

  /// bisect_right as an iterator.
  ///
  /// @returns     The first element that `x` precedes, or end().
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED iterator upper_bound(const Needle& x) const {
    return iterator_at(bisect_right(x));
  }

  /// The run of equals of `x`.
  ///
  /// @returns     {lower_bound(x), upper_bound(x)}.
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED std::pair<iterator, iterator> equal_range(const Needle& x) const {
    const auto [first, last] = equal_positions(x);
    return {iterator_at(first), iterator_at(last)};
  }

  /// The elements between two values, both ends included unless told; empty when `hi` precedes `lo`.
  ///
  /// @returns     A span into the sequence.
  /// @throws      What the comparator throws.
  /// @complexity  O(log n) comparisons.
  /// @concurrency Concurrent reads.
  template <typename Low = T, typename High = T>
    requires sorted_needle<Low, T, Compare> && sorted_needle<High, T, Compare>
  DEFT_TAGGED std::span<const T> irange(const Low& lo, const High& hi, inclusive ends = {}) const {
    const std::size_t first = ends.lo ? bisect_left(lo) : bisect_right(lo);
    const std::size_t last = ends.hi ? bisect_right(hi) : bisect_left(hi);
    return islice(first, last);
  }

  /// The elements at [first, last), positions clamped as in Python's `[first:last]`.
  ///
  /// @returns     A span into the sequence, empty if first >= last.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED std::span<const T> islice(std::size_t first,
                                        std::size_t last = static_cast<std::size_t>(-1)) const noexcept {
    const std::span<const T> all = as_span();
    last = std::min(last, all.size());
    return first < last ? all.subspan(first, last - first) : std::span<const T>{};
  }

  /// Python's `[i]`, without negative positions.
  ///
  /// @returns     The element at position `i`.
  /// @pre         i < size(), else traps.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED const T& operator[](std::size_t i) const noexcept {
    const std::span<const T> all = as_span();
    DEFT_PRECONDITION(i < all.size(), "sorted sequence: [i] is outside [0, size())");
    return all.data()[i];  // SAFETY: i < size(), checked above.
  }

  /// `[i]` checked by an exception.
  ///
  /// @returns     The element at position `i`.
  /// @throws      std::out_of_range unless i < size().
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED const T& at(std::size_t i) const {
    const std::span<const T> all = as_span();
    if (i >= all.size()) detail::throw_out_of_range("deft: at(i): i is outside [0, size())");
    return all.data()[i];  // SAFETY: i < size(), checked above.
  }

  /// From a position to an iterator.
  ///
  /// @returns     An iterator to position `i`; `nth(size())` is end().
  /// @pre         i <= size(), else traps.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED iterator nth(std::size_t i) const noexcept {
    DEFT_PRECONDITION(i <= as_span().size(), "sorted sequence: nth(i) is outside [0, size()]");
    return iterator_at(i);
  }

  /// From an iterator to a position: the inverse of nth.
  ///
  /// @returns     The position of `position` in the sequence.
  /// @pre         `position` is in [begin(), end()], else traps.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED std::size_t index_of(iterator position) const noexcept {
    const auto distance = position - begin();
    DEFT_PRECONDITION(distance >= 0 && static_cast<std::size_t>(distance) <= as_span().size(),
                      "sorted sequence: the iterator is not one of this sequence");
    return static_cast<std::size_t>(distance);
  }

  /// The first element.
  ///
  /// @returns     The least element.
  /// @pre         Not empty, else traps.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED const T& front() const noexcept {
    DEFT_PRECONDITION(!as_span().empty(), "sorted sequence: front() of an empty sequence");
    return *as_span().data();
  }

  /// The last element.
  ///
  /// @returns     The greatest element.
  /// @pre         Not empty, else traps.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Concurrent reads.
  DEFT_TAGGED const T& back() const noexcept {
    const std::span<const T> all = as_span();
    DEFT_PRECONDITION(!all.empty(), "sorted sequence: back() of an empty sequence");
    return all.data()[all.size() - 1];
  }

  /// Removes the elements at [first, last), positions clamped as in Python's `del v[first:last]`.
  /// @returns     How many.
  /// @throws      Nothing if T's moves do not. @guarantee As erase(position).
  /// @complexity  O(n) moves. @invalidates From `first` on. @concurrency Exclusive access to *this.
  DEFT_TAGGED size_type erase_range(size_type first, size_type last = static_cast<size_type>(-1)) {
    last = std::min(last, size());
    if (first >= last) return 0;
    const changing slack(storage_.items);
    detail::erase_at(storage_.items, first, last);
    return last - first;
  }

  /// Removes the elements for which `drop(element)` holds, asked once each, in order, before anything
  /// changes.
  /// @returns     How many.
  /// @throws      What `drop` throws, std::bad_alloc (a bit per element). @guarantee As erase(position).
  /// @complexity  O(n). @invalidates From the first one on. @concurrency Exclusive access to *this.
  template <std::predicate<const T&> Predicate>
  DEFT_TAGGED size_type erase_if(Predicate drop) {
    const changing slack(storage_.items);
    return detail::erase_where(storage_.items, drop);
  }

  /// Removes the element at position `i`, as Python's `pop(i)`.
  /// @returns     The element.
  /// @pre         i < size(), else traps.
  /// @throws      As erase(position). @guarantee As erase(position).
  /// @complexity  O(n) moves. @invalidates From `i` on. @concurrency Exclusive access to *this.
  DEFT_TAGGED T pop(size_type i) {
    DEFT_PRECONDITION(i < size(), "sorted_vector: pop(i) is outside [0, size())");
    const changing slack(storage_.items);
    return detail::pop_at(storage_.items, i);
  }

  /// Removes everything; keeps the capacity.
  /// @throws      Nothing. @complexity O(n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept {
    const changing slack(storage_.items);
    storage_.items.clear();
  }

  /// Makes room for `n` elements in total.
  /// @throws      std::length_error beyond max_size(), std::bad_alloc. @guarantee As insert(value).
  /// @complexity  O(n). @invalidates Everything on growth. @concurrency Exclusive access to *this.
  DEFT_TAGGED void reserve(size_type n) {
    if (n > max_size()) detail::throw_length_error("deft: sorted_vector::reserve beyond max_size()");
    if (n <= capacity()) return;
    const changing slack(storage_.items);
    detail::reallocate(storage_.items, n);
  }

  /// Gives unused capacity back.
  /// @throws      std::bad_alloc. @guarantee As insert(value).
  /// @complexity  O(n). @invalidates Everything unless full. @concurrency Exclusive access to *this.
  DEFT_TAGGED void shrink_to_fit() {
    if (size() == capacity()) return;
    const changing slack(storage_.items);
    detail::reallocate(storage_.items, size());
  }

 protected:
  using storage_type = detail::sorted_storage<T, Compare, Allocator>;
  using changing = typename storage_type::changing;

  sorted_sequence() = default;

  template <typename... Args>
    requires(sizeof...(Args) > 1)
  DEFT_TAGGED explicit sorted_sequence(Args&&... args) : storage_(std::forward<Args>(args)...) {}

  ~sorted_sequence() = default;
  sorted_sequence(const sorted_sequence&) = default;
  sorted_sequence(sorted_sequence&&) = default;
  sorted_sequence& operator=(const sorted_sequence&) = default;
  sorted_sequence& operator=(sorted_sequence&&) = default;

  /// `x` as the comparator wants it.
  template <typename Needle>
  DEFT_TAGGED static decltype(auto) needle(const Needle& x) {
    return detail::as_needle<T, Compare>(x);
  }

  /// The bounds of the run equivalent to `x`.
  template <typename Needle>
  DEFT_TAGGED std::pair<std::size_t, std::size_t> equal_positions(const Needle& x) const {
    const auto& key = needle(x);
    const std::size_t first = bisect_left(key);
    // Most runs are empty or short: look at one element before searching again.
    if (!equivalent_at(first, key)) return {first, first};
    return {first, bisect_right(key)};
  }

  DEFT_TAGGED iterator iterator_at(std::size_t i) const noexcept {
    return begin() + static_cast<std::ptrdiff_t>(i);
  }

 private:
  template <typename Needle>
  DEFT_TAGGED bool equivalent_at(std::size_t i, const Needle& key) const {
    const std::span<const T> all = as_span();
    return i != all.size() && !static_cast<bool>(std::invoke(storage_.comp, key, all.data()[i]));
  }

 protected:
  storage_type storage_;
};

}  // namespace deft
