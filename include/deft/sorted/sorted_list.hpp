/// @file
/// deft::sorted_list: a std::multiset in a counted B+-tree, with positions.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/synth_three_way.hpp"
#include "deft/sorted/detail/tree_freeze.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/frozen.hpp"
#include "deft/sorted/sorted_keys_base.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// A sequence that stays in order under insertions and removals, equals included, and knows positions:
/// std::multiset's interface and Python's SortedList's (`[i]`, rank, bisect, slices, irange, pop).
///
/// Use it for elements that come and go one by one in any order, at any size; for running medians and other
/// order statistics. Do *not* use it for elements that are read only, or change in batches: sorted_vector and
/// flat_multiset are smaller and faster to read, and freeze() makes one of this. For a dozen elements they
/// are as good.
///
/// Memory per element: about 10 to 11 bytes for 8-byte elements that came in random order, 9 for such that
/// came in order or in bulk; std::multiset has 40 to 48. Elements larger than 256 bytes, and those whose move
/// may throw, are kept in boxes (an allocation each).
///
/// Layout: a B+-tree whose inner nodes count what is below them (see detail/tree_node.hpp).
///
///     inner node     [separators | counts, added up | children]      32 children
///                      |              |              |
///     leaves         [x x x x ..] <-> [x x x ..] <-> [x x x x x ..]   about a KiB of elements each, in order
///
/// Differences from std::multiset: elements move inside the tree, so every insertion and removal invalidates
/// iterators, pointers and references (write `it = list.erase(it)`); there are no node handles; iterators are
/// bidirectional and all const. From Python's SortedList: positions are not negative, remove(x) is its
/// `discard` (and says whether there was one), and erase(x) removes all equals of `x`. Needles of another
/// type are converted once, before the search.
///
/// Insertion is stable: an element goes behind its equals, in bulk too. Every insertion and removal, of
/// ranges too, happens as a whole or not at all, whatever throws. At level `debug` stale and foreign
/// iterators are diagnosed, and NaN among the elements. A comparator that is not a strict weak order (NaN
/// under `<`) makes the order and the answers unspecified, but touches no memory outside the list.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename T, typename Compare = std::less<T>, typename Allocator = std::allocator<T>>
class sorted_list : public sorted_keys_base<false, T, Compare, Allocator> {
  using base = sorted_keys_base<false, T, Compare, Allocator>;
  using base::engine_;
  using typename base::element;

  template <typename K>
  static constexpr bool makes_element =
      detail::transparent_comparator<Compare> && std::is_constructible_v<T, K> &&
      !std::is_convertible_v<K, typename base::const_iterator>;

  using flat_type = flat_multiset<T, Compare, std::vector<T, Allocator>>;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;
  /// What freeze() makes.
  using frozen_type = frozen<flat_type>;

  /// An empty list, with this comparator or a default one.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1), no allocation. @concurrency Independent.
  /// @{
  DEFT_TAGGED sorted_list() : sorted_list(Compare()) {}

  DEFT_TAGGED explicit sorted_list(const Compare& comp, const Allocator& alloc = Allocator())
      : base(std::in_place, comp, alloc) {}

  DEFT_TAGGED explicit sorted_list(const Allocator& alloc) : sorted_list(Compare(), alloc) {}

  /// @}

  /// The elements of a range, sorted. Equals keep their order.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_list(It first, It last, const Compare& comp = Compare(),
                          const Allocator& alloc = Allocator())
      : sorted_list(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), false);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_list(It first, It last, const Allocator& alloc)
      : sorted_list(std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::range_of<T> R>
  DEFT_TAGGED sorted_list(from_range_t /*tag*/, R&& range, const Compare& comp = Compare(),
                          const Allocator& alloc = Allocator())
      : sorted_list(comp, alloc) {
    this->insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  template <detail::range_of<T> R>
  DEFT_TAGGED sorted_list(from_range_t tag, R&& range, const Allocator& alloc)
      : sorted_list(tag, std::forward<R>(range), Compare(), alloc) {}

  DEFT_TAGGED sorted_list(std::initializer_list<T> elements, const Compare& comp = Compare(),
                          const Allocator& alloc = Allocator())
      : sorted_list(elements.begin(), elements.end(), comp, alloc) {}

  DEFT_TAGGED sorted_list(std::initializer_list<T> elements, const Allocator& alloc)
      : sorted_list(elements.begin(), elements.end(), Compare(), alloc) {}

  /// @}

  /// The elements of a range that is sorted already.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_list(sorted_equivalent_t /*tag*/, It first, It last, const Compare& comp = Compare(),
                          const Allocator& alloc = Allocator())
      : sorted_list(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), true);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_list(sorted_equivalent_t tag, It first, It last, const Allocator& alloc)
      : sorted_list(tag, std::move(first), std::move(last), Compare(), alloc) {}

  DEFT_TAGGED sorted_list(sorted_equivalent_t tag, std::initializer_list<T> elements,
                          const Compare& comp = Compare(), const Allocator& alloc = Allocator())
      : sorted_list(tag, elements.begin(), elements.end(), comp, alloc) {}

  DEFT_TAGGED sorted_list(sorted_equivalent_t tag, std::initializer_list<T> elements, const Allocator& alloc)
      : sorted_list(tag, elements.begin(), elements.end(), Compare(), alloc) {}

  /// @}

  /// A copy; under an allocator where one is given.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED sorted_list(const sorted_list& other) = default;

  DEFT_TAGGED sorted_list(const sorted_list& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, other.engine_, alloc) {}

  /// @}

  /// Takes the elements of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator throws; to another allocator also std::bad_alloc and
  ///              what moving elements throws, which may leave `other` empty.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  DEFT_TAGGED sorted_list(sorted_list&& other) = default;

  DEFT_TAGGED sorted_list(sorted_list&& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, std::move(other.engine_), alloc) {}

  /// @}

  DEFT_TAGGED ~sorted_list() = default;

  /// Replaces elements and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  DEFT_TAGGED sorted_list& operator=(const sorted_list& other) = default;

  /// Takes the elements of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      What copying and assigning the comparator throw; where the allocators differ and stay, also
  ///              std::bad_alloc and what moving elements throws.
  /// @guarantee   Strong for *this if assigning the comparator does not throw.
  /// @complexity  O(1), and O(n) to free what was there; O(n) moves where the allocators differ and stay.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  DEFT_TAGGED sorted_list& operator=(sorted_list&& other) = default;

  /// Replaces the elements; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED sorted_list& operator=(std::initializer_list<T> elements) {
    this->assign(elements);
    return *this;
  }

  using base::insert;

  /// Inserts an element behind its equals; `x` may refer into this list. What is not a T (under a transparent
  /// comparator) is made one first.
  /// @returns     Iterator to the new element.
  /// @throws      std::length_error at max_size(); what allocation, copies, conversion and comparisons throw.
  /// @guarantee   Strong.
  /// @complexity  O(log n) comparisons, amortised moves in one leaf or two.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const T& x) { return insert_element(x); }

  DEFT_TAGGED iterator insert(T&& x) { return insert_element(std::move(x)); }

  template <typename K>
    requires makes_element<K>
  DEFT_TAGGED iterator insert(K&& x) {
    return emplace(std::forward<K>(x));
  }

  /// @}

  /// insert(T(args...)). The element is built first, unless `args` is one T.
  /// @returns     Iterator to the new element.
  /// @throws      As insert(x). @guarantee Strong. @complexity As insert(x).
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator emplace(Args&&... args) {
    if constexpr (detail::is_only<T, Args...>) {
      return insert_element(std::forward<Args>(args)...);
    } else {
      element made(engine_.allocator(), std::forward<Args>(args)...);
      return this->template at<iterator>(
          engine_.try_insert(std::as_const(made).key(), [&made]() noexcept { return std::move(made); })
              .first);
    }
  }

  /// The same as close before `hint` as the order allows.
  /// @returns     Iterator to the new element.
  /// @pre         `hint` is a valid iterator of this list; checked at level `debug`.
  /// @throws      As insert(x). @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as insert(x).
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator hint, const T& x) { return this->insert_near(hint, x); }

  DEFT_TAGGED iterator insert(const_iterator hint, T&& x) { return this->insert_near(hint, std::move(x)); }

  template <typename K>
    requires makes_element<K>
  DEFT_TAGGED iterator insert(const_iterator hint, K&& x) {
    return this->emplace_near(hint, std::forward<K>(x));
  }

  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    return this->emplace_near(hint, std::forward<Args>(args)...);
  }

  /// @}

  /// Removes the first element equivalent to `x`, which may be it: Python's `discard`.
  /// @returns     Whether there was one.
  /// @throws      What the comparator and the conversion throw. @guarantee Strong.
  /// @complexity  O(log n) comparisons, amortised moves in one leaf or two.
  /// @invalidates Everything if there was one. @concurrency Exclusive access to *this.
  template <typename Needle = T>
    requires sorted_needle<Needle, T, Compare>
  DEFT_TAGGED bool remove(const Needle& x) {
    const detail::tree_place place = engine_.find(this->needle(x));
    if (this->is_end(place)) return false;
    engine_.erase(place);
    return true;
  }

  /// Takes the tail off: the elements from position `i` on.
  /// @returns     A list of them, with the same comparator and allocator.
  /// @pre         i <= size(), else traps.
  /// @throws      std::bad_alloc; what copying the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), and O(n) at most to count and link.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED sorted_list split_at(size_type i) {
    DEFT_PRECONDITION(i <= this->size(), "sorted_list: split_at(i) is outside [0, size()]");
    return sorted_list(std::in_place, engine_.split_at(i));
  }

  /// Takes all elements of `other`, which come after those here, and is empty afterwards.
  /// @pre         They do; the allocators are equal; `other` is another list. Else traps.
  /// @throws      std::bad_alloc; what the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), one comparison. @invalidates Everything in both.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED void concat(sorted_list&& other) { this->append(other); }

  /// Moves all elements of `other` here, behind their equals.
  /// @throws      What the comparator throws; std::bad_alloc. @guarantee Strong if the allocators are equal,
  /// else basic.
  /// @complexity  O(m log n) comparisons for m elements of `other`, O(n + m) moves at most.
  /// @invalidates Everything in both. @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void merge(sorted_list& other) { this->merge_with(other); }

  DEFT_TAGGED void merge(sorted_list&& other) { this->merge_with(other); }

  /// @}

  /// Exchanges elements and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators throws.
  /// @complexity  O(1). @invalidates end(); all other iterators follow their elements.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(sorted_list& other) noexcept(std::is_nothrow_swappable_v<Compare>) {
    this->swap_with(other);
  }

  DEFT_TAGGED friend void swap(sorted_list& a, sorted_list& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

  /// @}

  /// The elements in arrays, read-only, with an index: several times as fast to search as the tree, and to
  /// iterate. `freeze() &&` moves them out and leaves the list empty.
  /// @returns     A deft::frozen of a flat_multiset.
  /// @throws      What copying, or moving, throws; std::bad_alloc.
  /// @guarantee   Strong; of `freeze() &&` basic: empty.
  /// @complexity  O(n). @invalidates Nothing; of `freeze() &&` everything.
  /// @concurrency Concurrent reads; of `freeze() &&` exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED frozen_type freeze() const&
    requires std::is_copy_constructible_v<T>
  {
    return detail::frozen_of<flat_type, false, sorted_equivalent_t>(engine_);
  }

  [[nodiscard]] DEFT_TAGGED frozen_type freeze() && {
    const detail::tree_emptied<typename base::engine_type> at_the_end{engine_};
    return detail::frozen_of<flat_type, true, sorted_equivalent_t>(engine_);
  }

  /// @}

  /// Compares element by element, by their own `==` and `<=>` (or `<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares, then the lengths.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const sorted_list& a, const sorted_list& b)
    requires requires(const T& x) { static_cast<bool>(x == x); }
  {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  }

  DEFT_TAGGED friend auto operator<=>(const sorted_list& a, const sorted_list& b)
    requires detail::synth_comparable<T>
  {
    return std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const T& x, const T& y) { return detail::synth_three_way(x, y); });
  }

  /// @}

 private:
  DEFT_TAGGED sorted_list(std::in_place_t tag, typename base::engine_type&& engine)
      : base(tag, std::move(engine)) {}

  template <typename K>
  DEFT_TAGGED iterator insert_element(K&& x) {
    return this->template at<iterator>(
        engine_.try_insert(std::as_const(x), [&] { return element(engine_.allocator(), std::forward<K>(x)); })
            .first);
  }
};

/// sorted_list by the standard's name for such a thing.
template <typename T, typename Compare = std::less<T>, typename Allocator = std::allocator<T>>
using sorted_multiset = sorted_list<T, Compare, Allocator>;

namespace pmr {

/// sorted_list on a std::pmr::memory_resource.
/// @{
template <typename T, typename Compare = std::less<T>>
using sorted_list = deft::sorted_list<T, Compare, std::pmr::polymorphic_allocator<T>>;

template <typename T, typename Compare = std::less<T>>
using sorted_multiset = sorted_list<T, Compare>;
/// @}

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/sorted_list-inl.hpp"
