/// @file
/// deft::sorted_vector: one contiguous sorted sequence with duplicates.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_array.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"
#include "deft/sorted/detail/sorted_storage.hpp"
#include "deft/sorted/sorted_sequence.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// A std::vector that stays sorted: std::multiset's interface and Python's (bisect, insort, `[i]`, slices).
///
/// Use it when reading outweighs single insertions: searches and iteration run at the speed of an array, a
/// slice is a std::span, and update() takes a batch at the price of a sort of the batch and one merge. Do
/// *not* insert elements one by one in random order into a large one: each moves half of them (100,000 64-bit
/// keys: about 5 us).
///
/// Memory per element: sizeof(T), plus the vector's unused capacity. Layout: the comparator (no space if
/// empty) and one std::vector<T, Allocator>, which extract() hands out and replace() takes back.
///
/// Differences from std::multiset: elements move, so every change invalidates (see each function); there are
/// no node handles; iterators are random access and contiguous. From std::flat_multiset: a throwing
/// comparator leaves the sequence as it was, and so does any failure where T's moves do not throw; bulk
/// insertion is stable. As in both, a `const_iterator` is the only iterator: elements cannot be changed in
/// place.
///
/// T may be move-only, over-aligned, without default constructor, and without assignment (changes in the
/// middle then rebuild the array). `bool` is refused: std::vector<bool> is not contiguous.
///
/// A comparator that is not a strict weak order (NaN under `<` is the common one) makes the order and the
/// answers unspecified, but touches no memory outside the sequence.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename T, typename Compare = std::less<T>, typename Allocator = std::allocator<T>>
class sorted_vector : public sorted_sequence<T, Compare, Allocator> {
  static_assert(!std::is_same_v<T, bool>,
                "deft::sorted_vector<bool>: std::vector<bool> is not contiguous; "
                "use sorted_vector<unsigned char>");
  static_assert(std::is_object_v<T> && !std::is_const_v<T>,
                "deft::sorted_vector<T>: T must be a non-const object type");
  using base = sorted_sequence<T, Compare, Allocator>;
  using staged = typename base::storage_type::staged;
  using changing = typename base::storage_type::changing;
  using base::storage_;

 public:
  using typename base::allocator_type;
  using typename base::const_iterator;
  using typename base::container_type;
  using typename base::iterator;
  using typename base::size_type;

  using base::size;

  /// An empty sequence.
  /// @throws      What the comparator's constructor throws.
  /// @complexity  O(1). @concurrency Independent.
  /// @{
  DEFT_TAGGED sorted_vector()
    requires std::default_initializable<Compare>
  = default;

  DEFT_TAGGED explicit sorted_vector(const Compare& comp, const Allocator& alloc = Allocator())
      : base(comp, alloc) {}

  DEFT_TAGGED explicit sorted_vector(const Allocator& alloc) : base(Compare(), alloc) {}

  /// @}

  /// Takes over a vector and sorts it; equals keep their order.
  /// @throws      What comparisons and moves throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  DEFT_TAGGED explicit sorted_vector(container_type items, const Compare& comp = Compare())
      : base(comp, std::move(items)) {
    const changing slack(storage_.items);
    detail::sort_batch(storage_.items, storage_.comp);
  }

  /// Takes over a vector that is sorted already.
  /// @pre         `items` is sorted by `comp`; checked in O(n) at level `debug`.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1). @concurrency Independent.
  DEFT_TAGGED sorted_vector(sorted_equivalent_t, container_type items, const Compare& comp = Compare())
      : base(comp, std::move(items)) {
    check_sorted(storage_.items);
  }

  /// The elements of a range, sorted; equals keep their order.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <std::input_iterator It>
  DEFT_TAGGED sorted_vector(It first, It last, const Compare& comp = Compare(),
                            const Allocator& alloc = Allocator())
      : base(comp, alloc) {
    const changing slack(storage_.items);
    storage_.append(storage_.items, std::ranges::subrange(std::move(first), std::move(last)));
    detail::sort_batch(storage_.items, storage_.comp);
  }

  template <std::input_iterator It>
  DEFT_TAGGED sorted_vector(It first, It last, const Allocator& alloc)
      : sorted_vector(std::move(first), std::move(last), Compare(), alloc) {}

  template <std::ranges::input_range R>
  DEFT_TAGGED sorted_vector(from_range_t, R&& range, const Compare& comp = Compare(),
                            const Allocator& alloc = Allocator())
      : base(comp, alloc) {
    const changing slack(storage_.items);
    storage_.append(storage_.items, std::forward<R>(range));
    detail::sort_batch(storage_.items, storage_.comp);
  }

  template <std::ranges::input_range R>
  DEFT_TAGGED sorted_vector(from_range_t, R&& range, const Allocator& alloc)
      : sorted_vector(from_range, std::forward<R>(range), Compare(), alloc) {}

  DEFT_TAGGED sorted_vector(std::initializer_list<T> items, const Compare& comp = Compare(),
                            const Allocator& alloc = Allocator())
      : sorted_vector(items.begin(), items.end(), comp, alloc) {}

  DEFT_TAGGED sorted_vector(std::initializer_list<T> items, const Allocator& alloc)
      : sorted_vector(items.begin(), items.end(), Compare(), alloc) {}

  /// @}

  /// The elements of a range that is sorted already.
  /// @pre         The range is sorted by `comp`; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <std::input_iterator It>
  DEFT_TAGGED sorted_vector(sorted_equivalent_t, It first, It last, const Compare& comp = Compare(),
                            const Allocator& alloc = Allocator())
      : base(comp, alloc) {
    const changing slack(storage_.items);
    storage_.append(storage_.items, std::ranges::subrange(std::move(first), std::move(last)));
    check_sorted(storage_.items);
  }

  DEFT_TAGGED sorted_vector(sorted_equivalent_t, std::initializer_list<T> items,
                            const Compare& comp = Compare(), const Allocator& alloc = Allocator())
      : sorted_vector(sorted_equivalent, items.begin(), items.end(), comp, alloc) {}

  /// @}

  /// A copy, under `alloc` or the allocator that the traits select.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  sorted_vector(const sorted_vector& other) = default;

  DEFT_TAGGED sorted_vector(const sorted_vector& other, const std::type_identity_t<Allocator>& alloc)
      : base(other.storage_, alloc) {}

  /// @}

  /// Takes the elements of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator throws, which changes nothing; with another allocator
  ///              std::bad_alloc and what moving elements throws, which leaves `other` empty.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  sorted_vector(sorted_vector&& other) = default;

  DEFT_TAGGED sorted_vector(sorted_vector&& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::move(other.storage_), alloc) {}

  /// @}

  ~sorted_vector() = default;

  /// Replaces elements and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  sorted_vector& operator=(const sorted_vector& other) = default;

  /// Takes the elements of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      Nothing if the allocator propagates or is always equal and the comparator's copies do not
  /// throw;
  ///              else std::bad_alloc and what moving elements throws.
  /// @guarantee   Strong for *this, as copy assignment; `other` may be empty.
  /// @complexity  O(1); O(n) moves for unequal allocators that do not propagate.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  sorted_vector& operator=(sorted_vector&& other) = default;

  /// Replaces the elements; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED sorted_vector& operator=(std::initializer_list<T> items) {
    container_type next = storage_.batch_of(std::ranges::subrange(items.begin(), items.end()));
    detail::sort_batch(next, storage_.comp);
    const changing slack(storage_.items);
    storage_.items.swap(next);
    return *this;
  }

  /// Inserts `value` after its equals, keeping the order. `value` may be an element of this sequence.
  ///
  /// @returns     Iterator to the new element.
  /// @throws      std::length_error at max_size(); what allocation, copies and comparisons throw.
  /// @guarantee   Strong if T's moves do not throw or T is copyable with a throwing move constructor; else
  /// basic:
  ///              a throwing move leaves a sorted prefix. A throwing comparison changes nothing.
  /// @complexity  O(log n) comparisons (one at the end), O(n) moves, at most one allocation.
  /// @invalidates From the insertion point on; everything on growth.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator insert(const T& value) { return emplace(value); }

  /// @overload
  DEFT_TAGGED iterator insert(T&& value) { return emplace(std::move(value)); }

  /// insert(T(args...)), built once, in the container's allocator.
  /// @returns     Iterator to the new element.
  /// @throws      As insert(value). @guarantee As insert(value). @complexity As insert(value).
  /// @invalidates From the insertion point on; everything on growth. @concurrency Exclusive access to *this.
  template <typename... Args>
  DEFT_TAGGED iterator emplace(Args&&... args) {
    staged element(storage_.items, std::forward<Args>(args)...);
    return insert_staged(storage_.position_right(element.get()), element);
  }

  /// Inserts `value` as close before `hint` as the order allows.
  /// @returns     Iterator to the new element.
  /// @pre         `hint` is in [begin(), end()], else traps.
  /// @throws      As insert(value). @guarantee As insert(value).
  /// @complexity  Two comparisons if the hint is right, else O(log n); O(n) moves.
  /// @invalidates From the insertion point on; everything on growth. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator hint, const T& value) { return emplace_hint(hint, value); }

  DEFT_TAGGED iterator insert(const_iterator hint, T&& value) { return emplace_hint(hint, std::move(value)); }

  template <typename... Args>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    const size_type wanted = this->index_of(hint);
    staged element(storage_.items, std::forward<Args>(args)...);
    return insert_staged(storage_.position_near(wanted, element.get()), element);
  }

  /// @}

  /// Python's `insort_left`: inserts before the equals. insort and insort_right insert after them, as insert
  /// does.
  /// @returns     Iterator to the new element.
  /// @throws      As insert(value). @guarantee As insert(value). @complexity As insert(value).
  /// @invalidates From the insertion point on; everything on growth. @concurrency Exclusive access to *this.
  /// @{
  template <typename V = T>
    requires std::convertible_to<V&&, T>
  DEFT_TAGGED iterator insort_left(V&& value) {
    staged element(storage_.items, std::forward<V>(value));
    return insert_staged(this->bisect_left(element.get()), element);
  }

  template <typename V = T>
    requires std::convertible_to<V&&, T>
  DEFT_TAGGED iterator insort_right(V&& value) {
    return emplace(std::forward<V>(value));
  }

  template <typename V = T>
    requires std::convertible_to<V&&, T>
  DEFT_TAGGED iterator insort(V&& value) {
    return emplace(std::forward<V>(value));
  }

  /// @}

  /// Inserts a range: equals in the order in which they come, after those already here. The range may lie in
  /// this sequence. For a batch this is the fast way: one sort of the batch, one merge. `update` is the name
  /// in Python's sortedcontainers.
  ///
  /// @throws      std::length_error beyond max_size(); what reading, allocating, copying and comparing throw.
  /// @guarantee   As insert(value); the batch is built aside, and all comparisons precede the first move.
  /// @complexity  For m new elements: O(m log m) comparisons to sort them (m - 1 if sorted), O(m log(n/m +
  /// 1))
  ///              to place them, O(n + m) moves, none before the first new element. Scratch memory (an index
  ///              per new element and the sort's buffer) comes from the global heap.
  /// @invalidates From the first new element on; everything on growth.
  /// @concurrency Exclusive access to *this.
  /// @{
  template <std::ranges::input_range R>
    requires std::convertible_to<std::ranges::range_reference_t<R>, T>
  DEFT_TAGGED void insert_range(R&& range) {
    container_type batch = storage_.batch_of(std::forward<R>(range));
    detail::sort_batch(batch, storage_.comp);
    storage_.insert_batch(batch);
  }

  template <std::ranges::input_range R>
    requires std::convertible_to<std::ranges::range_reference_t<R>, T>
  DEFT_TAGGED void update(R&& range) {
    insert_range(std::forward<R>(range));
  }

  DEFT_TAGGED void update(std::initializer_list<T> items) { insert_range(items); }

  template <std::input_iterator It>
  DEFT_TAGGED void insert(It first, It last) {
    insert_range(std::ranges::subrange(std::move(first), std::move(last)));
  }

  DEFT_TAGGED void insert(std::initializer_list<T> items) { insert_range(items); }

  /// @}

  /// insert_range of what is sorted already: saves the sort.
  /// @pre         The range is sorted by the comparator; checked in O(m) at level `debug`.
  /// @throws      As insert_range. @guarantee As insert_range.
  /// @complexity  O(m log(n/m + 1)) comparisons, O(n + m) moves.
  /// @invalidates As insert_range. @concurrency Exclusive access to *this.
  /// @{
  template <std::ranges::input_range R>
    requires std::convertible_to<std::ranges::range_reference_t<R>, T>
  DEFT_TAGGED void insert_range(sorted_equivalent_t, R&& range) {
    container_type batch = storage_.batch_of(std::forward<R>(range));
    check_sorted(batch);
    storage_.insert_batch(batch);
  }

  template <std::input_iterator It>
  DEFT_TAGGED void insert(sorted_equivalent_t, It first, It last) {
    insert_range(sorted_equivalent, std::ranges::subrange(std::move(first), std::move(last)));
  }

  DEFT_TAGGED void insert(sorted_equivalent_t, std::initializer_list<T> items) {
    insert_range(sorted_equivalent, items);
  }

  /// @}

  /// Moves all elements of `source` here, after their equals; `source` is empty afterwards. Merging a
  /// sequence with itself does nothing. `source` may have another comparator; it is sorted anew where the
  /// orders differ.
  ///
  /// @throws      std::length_error beyond max_size(); what allocations, comparisons and copies throw.
  /// @guarantee   Strong for both where insert(value) is; else basic: *this keeps a sorted prefix, `source`
  /// is empty.
  /// @complexity  m - 1 comparisons to look at the order, O(m log(n/m + 1)) to place; O(n + m) moves.
  /// @invalidates Everything in `source`; here, as insert_range. @concurrency Exclusive access to both.
  /// @{
  template <typename OtherCompare>
  DEFT_TAGGED void merge(sorted_vector<T, OtherCompare, Allocator>& source) {
    if (static_cast<const void*>(this) == static_cast<const void*>(&source)) return;
    const changing slack(storage_.items);
    const changing slack_of_source(source.storage_.items);
    detail::ordered_batch<container_type> batch{source.storage_.items};
    if (!detail::is_sorted_by(source.storage_.items, storage_.comp))
      batch.order = detail::stable_order(source.storage_.items, storage_.comp);
    detail::merge_batch(storage_.items, batch, storage_.comp);
    source.storage_.items.clear();
  }

  template <typename OtherCompare>
  DEFT_TAGGED void merge(sorted_vector<T, OtherCompare, Allocator>&& source) {
    merge(source);
  }

  /// @}

  /// Removes the element at `position`.
  /// @returns     Iterator to the element after it.
  /// @pre         `position` is in [begin(), end()), else traps.
  /// @throws      Nothing if T's moves do not; std::bad_alloc where T is rebuilt aside (see insert).
  /// @guarantee   As insert(value).
  /// @complexity  O(n) moves. @invalidates From `position` on. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator position) {
    const size_type i = this->index_of(position);
    DEFT_PRECONDITION(i < size(), "sorted_vector: erase(end())");
    const changing slack(storage_.items);
    detail::erase_at(storage_.items, i, i + 1);
    return this->iterator_at(i);
  }

  /// Removes the elements of [first, last).
  /// @returns     Iterator to the element after them.
  /// @pre         [first, last) is a range of this sequence, else traps.
  /// @throws      Nothing if T's moves do not; std::bad_alloc where T is rebuilt aside (see insert).
  /// @guarantee   As insert(value).
  /// @complexity  O(n) moves. @invalidates From `first` on. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator first, const_iterator last) {
    const size_type i = this->index_of(first);
    const size_type j = this->index_of(last);
    DEFT_PRECONDITION(i <= j, "sorted_vector: erase(first, last) with first after last");
    const changing slack(storage_.items);
    detail::erase_at(storage_.items, i, j);
    return this->iterator_at(i);
  }

  /// Removes every element equivalent to `x`, which may be one of them.
  /// @returns     How many.
  /// @throws      What comparisons throw; else nothing if T's moves do not. @guarantee As erase(position).
  /// @complexity  O(log n) comparisons, O(n) moves. @invalidates From the first one on.
  /// @concurrency Exclusive access to *this.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare> && (!std::convertible_to<const Needle&, const_iterator>)
  DEFT_TAGGED size_type erase(const Needle& x) {
    const auto [first, last] = this->equal_positions(x);
    const changing slack(storage_.items);
    detail::erase_at(storage_.items, first, last);
    return last - first;
  }

  /// Hands out the vector; the sequence is empty afterwards.
  /// @returns     The elements, sorted.
  /// @throws      Nothing. @complexity O(1). @invalidates Nothing: iterators now refer into the result.
  /// @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED container_type extract() && noexcept {
    changing::open(storage_.items);  // nobody keeps its books outside
    container_type out(std::move(storage_.items));
    storage_.items.clear();
    return out;
  }

  /// Takes a sorted vector in place of the elements.
  /// @pre         `items` is sorted by the comparator; checked in O(n) at level `debug`.
  /// @throws      Nothing unless the allocators differ and do not propagate; then std::bad_alloc, what moves
  /// throw.
  /// @guarantee   Strong for *this.
  /// @complexity  O(1), O(n) moves for such allocators. @invalidates Everything. @concurrency Exclusive
  /// access to *this.
  DEFT_TAGGED void replace(container_type&& items) {
    check_sorted(items);
    storage_.take_items(items);
  }

  /// Exchanges elements and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators throws. @guarantee Strong.
  /// @complexity  O(1). @invalidates Nothing: iterators follow their elements. @concurrency Exclusive access
  /// to both.
  /// @{
  DEFT_TAGGED void swap(sorted_vector& other) noexcept(std::is_nothrow_swappable_v<Compare>) {
    storage_.swap(other.storage_);
  }

  DEFT_TAGGED friend void swap(sorted_vector& a, sorted_vector& b) noexcept(noexcept(a.swap(b))) {
    a.swap(b);
  }

  /// @}

  /// Compares element by element, by their own `==` and `<=>` (`<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const sorted_vector& a, const sorted_vector& b)
    requires std::equality_comparable<T>
  {
    return a.storage_.items == b.storage_.items;
  }

  DEFT_TAGGED friend auto operator<=>(const sorted_vector& a, const sorted_vector& b)
    requires requires(const T& x) { static_cast<bool>(x < x); }
  {
    return a.storage_.items <=> b.storage_.items;
  }

  /// @}

 private:
  template <typename, typename, typename>
  friend class sorted_vector;

  DEFT_TAGGED iterator insert_staged(size_type i, staged& element) {
    const changing slack(storage_.items);
    detail::insert_at(storage_.items, i, element.get());
    return this->iterator_at(i);
  }

  DEFT_TAGGED void check_sorted([[maybe_unused]] const container_type& items) const {
    DEFT_DEBUG_CHECK(storage_.is_sorted(items), "sorted_vector: input said to be sorted is not");
  }
};

namespace pmr {

/// sorted_vector on a std::pmr::memory_resource.
template <typename T, typename Compare = std::less<T>>
using sorted_vector = deft::sorted_vector<T, Compare, std::pmr::polymorphic_allocator<T>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/sorted_vector-inl.hpp"
