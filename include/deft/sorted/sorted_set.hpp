/// @file
/// deft::sorted_set: a std::set in a counted B+-tree, with positions.
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
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/frozen.hpp"
#include "deft/sorted/sorted_keys_base.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// A set that stays in order under insertions and removals, and knows positions: std::set's interface and
/// Python's SortedSet's (`[i]`, rank, bisect, slices, irange).
///
/// Use it for keys that come and go one by one in any order, at any size. Do *not* use it for keys that are
/// read only, or change in batches: flat_set is smaller and faster to read, and freeze() makes one of this.
/// For a dozen keys flat_set is as good.
///
/// Memory per key: about 10 to 11 bytes for 8-byte keys that came in random order, 9 for keys that came in
/// order or in bulk; std::set has 40 to 48. Keys larger than 256 bytes, and those whose move may throw, are
/// kept in boxes (an allocation each).
///
/// Layout: a B+-tree whose inner nodes count what is below them (see detail/tree_node.hpp).
///
///     inner node     [separators | counts, added up | children]      32 children
///                      |              |              |
///     leaves         [k k k k ..] <-> [k k k ..] <-> [k k k k k ..]   about a KiB of keys each, in order
///
/// Differences from std::set: keys move inside the tree, so every insertion and removal invalidates
/// iterators, pointers and references (write `it = set.erase(it)`); there are no node handles; iterators are
/// bidirectional and all const. Needles of another type are converted once, before the search. It has
/// positions (`nth`, `[i]`, `rank`), ranges in bulk (`insert_many`, `erase_range`, `split_at`, `concat`),
/// chunks(), freeze(), and the operators of set_algebra.hpp.
///
/// Every insertion and removal, of ranges too, happens as a whole or not at all, whatever throws. At level
/// `debug` stale and foreign iterators are diagnosed, and NaN among the keys. A comparator that is not a
/// strict weak order (NaN under `<`) makes the order and the answers unspecified, but touches no memory
/// outside the set.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename Key, typename Compare = std::less<Key>, typename Allocator = std::allocator<Key>>
class sorted_set : public sorted_keys_base<true, Key, Compare, Allocator> {
  using base = sorted_keys_base<true, Key, Compare, Allocator>;
  using base::engine_;
  using typename base::element;

  template <typename K>
  static constexpr bool makes_key =
      detail::transparent_comparator<Compare> && std::is_constructible_v<Key, K> &&
      !std::is_convertible_v<K, typename base::const_iterator>;

  using flat_type = flat_set<Key, Compare, std::vector<Key, Allocator>>;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;
  /// What freeze() makes.
  using frozen_type = frozen<flat_type>;

  /// An empty set, with this comparator or a default one.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1), no allocation. @concurrency Independent.
  /// @{
  DEFT_TAGGED sorted_set() : sorted_set(Compare()) {}

  DEFT_TAGGED explicit sorted_set(const Compare& comp, const Allocator& alloc = Allocator())
      : base(std::in_place, comp, alloc) {}

  DEFT_TAGGED explicit sorted_set(const Allocator& alloc) : sorted_set(Compare(), alloc) {}

  /// @}

  /// The keys of a range, sorted. Of equal keys the first stays.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_set(It first, It last, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_set(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), false);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_set(It first, It last, const Allocator& alloc)
      : sorted_set(std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::range_of<Key> R>
  DEFT_TAGGED sorted_set(from_range_t /*tag*/, R&& range, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_set(comp, alloc) {
    this->insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  template <detail::range_of<Key> R>
  DEFT_TAGGED sorted_set(from_range_t tag, R&& range, const Allocator& alloc)
      : sorted_set(tag, std::forward<R>(range), Compare(), alloc) {}

  DEFT_TAGGED sorted_set(std::initializer_list<Key> keys, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_set(keys.begin(), keys.end(), comp, alloc) {}

  DEFT_TAGGED sorted_set(std::initializer_list<Key> keys, const Allocator& alloc)
      : sorted_set(keys.begin(), keys.end(), Compare(), alloc) {}

  /// @}

  /// The keys of a range that is sorted already, without equals.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_set(sorted_unique_t /*tag*/, It first, It last, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_set(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), true);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_set(sorted_unique_t tag, It first, It last, const Allocator& alloc)
      : sorted_set(tag, std::move(first), std::move(last), Compare(), alloc) {}

  DEFT_TAGGED sorted_set(sorted_unique_t tag, std::initializer_list<Key> keys,
                         const Compare& comp = Compare(), const Allocator& alloc = Allocator())
      : sorted_set(tag, keys.begin(), keys.end(), comp, alloc) {}

  DEFT_TAGGED sorted_set(sorted_unique_t tag, std::initializer_list<Key> keys, const Allocator& alloc)
      : sorted_set(tag, keys.begin(), keys.end(), Compare(), alloc) {}

  /// @}

  /// A copy; under an allocator where one is given.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED sorted_set(const sorted_set& other) = default;

  DEFT_TAGGED sorted_set(const sorted_set& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, other.engine_, alloc) {}

  /// @}

  /// Takes the keys of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator throws; to another allocator also std::bad_alloc and
  ///              what moving keys throws, which may leave `other` empty.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  DEFT_TAGGED sorted_set(sorted_set&& other) = default;

  DEFT_TAGGED sorted_set(sorted_set&& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, std::move(other.engine_), alloc) {}

  /// @}

  DEFT_TAGGED ~sorted_set() = default;

  /// Replaces keys and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  DEFT_TAGGED sorted_set& operator=(const sorted_set& other) = default;

  /// Takes the keys of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      What copying and assigning the comparator throw; where the allocators differ and stay, also
  ///              std::bad_alloc and what moving keys throws.
  /// @guarantee   Strong for *this if assigning the comparator does not throw.
  /// @complexity  O(1), and O(n) to free what was there; O(n) moves where the allocators differ and stay.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  DEFT_TAGGED sorted_set& operator=(sorted_set&& other) = default;

  /// Replaces the keys; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED sorted_set& operator=(std::initializer_list<Key> keys) {
    this->assign(keys);
    return *this;
  }

  using base::insert;

  /// Inserts a key unless there is an equivalent one; `key` may refer into this set. What is not a Key
  /// (under a transparent comparator) becomes one only when it is inserted, and has to be equivalent to the
  /// key that it becomes.
  /// @returns     Iterator to the key that is there, and whether it is the new one.
  /// @throws      std::length_error at max_size(); what allocation, copies, conversion and comparisons throw.
  /// @guarantee   Strong; `key` is moved from only if inserted.
  /// @complexity  O(log n) comparisons, amortised moves in one leaf or two.
  /// @invalidates Everything; nothing if not inserted. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED std::pair<iterator, bool> insert(const Key& key) { return insert_key(key); }

  DEFT_TAGGED std::pair<iterator, bool> insert(Key&& key) { return insert_key(std::move(key)); }

  template <typename K>
    requires makes_key<K>
  DEFT_TAGGED std::pair<iterator, bool> insert(K&& key) {
    return insert_key(std::forward<K>(key));
  }

  /// @}

  /// insert(Key(args...)). The key is built first, unless `args` is one Key.
  /// @returns     Iterator to the key that is there, and whether it is the new one.
  /// @throws      As insert(key). @guarantee Strong. @complexity As insert(key).
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED std::pair<iterator, bool> emplace(Args&&... args) {
    if constexpr (detail::is_only<Key, Args...>) {
      return insert_key(std::forward<Args>(args)...);
    } else {
      element made(engine_.allocator(), std::forward<Args>(args)...);
      const auto [place, fresh] =
          engine_.try_insert(std::as_const(made).key(), [&made]() noexcept { return std::move(made); });
      return {this->template at<iterator>(place), fresh};
    }
  }

  /// The same with a hint where the key belongs: just before `hint`.
  /// @returns     Iterator to the key that is there.
  /// @pre         `hint` is a valid iterator of this set; checked at level `debug`.
  /// @throws      As insert(key). @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as insert(key).
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator hint, const Key& key) { return this->insert_near(hint, key); }

  DEFT_TAGGED iterator insert(const_iterator hint, Key&& key) {
    return this->insert_near(hint, std::move(key));
  }

  template <typename K>
    requires makes_key<K>
  DEFT_TAGGED iterator insert(const_iterator hint, K&& key) {
    return this->insert_near(hint, std::forward<K>(key));
  }

  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    return this->emplace_near(hint, std::forward<Args>(args)...);
  }

  /// @}

  /// Takes the tail off: the keys from position `i` on.
  /// @returns     A set of them, with the same comparator and allocator.
  /// @pre         i <= size(), else traps.
  /// @throws      std::bad_alloc; what copying the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), and O(n) at most to count and link.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED sorted_set split_at(size_type i) {
    DEFT_PRECONDITION(i <= this->size(), "sorted_set: split_at(i) is outside [0, size()]");
    return sorted_set(std::in_place, engine_.split_at(i));
  }

  /// Takes all keys of `other`, which come after those here, and is empty afterwards.
  /// @pre         They do; the allocators are equal; `other` is another set. Else traps.
  /// @throws      std::bad_alloc; what the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), one comparison. @invalidates Everything in both.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED void concat(sorted_set&& other) { this->append(other); }

  /// Moves here the keys of `other` that are not here yet; the others stay there.
  /// @throws      What the comparator throws; std::bad_alloc. @guarantee Strong if the allocators are equal,
  /// else basic.
  /// @complexity  O(m log n) comparisons for m keys of `other`, O(n + m) moves at most.
  /// @invalidates Everything in both. @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void merge(sorted_set& other) { this->merge_with(other); }

  DEFT_TAGGED void merge(sorted_set&& other) { this->merge_with(other); }

  /// @}

  /// Exchanges keys and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators throws.
  /// @complexity  O(1). @invalidates end(); all other iterators follow their keys.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(sorted_set& other) noexcept(std::is_nothrow_swappable_v<Compare>) {
    this->swap_with(other);
  }

  DEFT_TAGGED friend void swap(sorted_set& a, sorted_set& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

  /// @}

  /// The keys in arrays, read-only, with an index: several times as fast to search as the tree, and to
  /// iterate. `freeze() &&` moves them out and leaves the set empty.
  /// @returns     A deft::frozen of a flat_set.
  /// @throws      What copying, or moving, throws; std::bad_alloc.
  /// @guarantee   Strong; of `freeze() &&` basic: empty.
  /// @complexity  O(n). @invalidates Nothing; of `freeze() &&` everything.
  /// @concurrency Concurrent reads; of `freeze() &&` exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED frozen_type freeze() const&
    requires std::is_copy_constructible_v<Key>
  {
    return detail::frozen_of<flat_type, false, sorted_unique_t>(engine_);
  }

  [[nodiscard]] DEFT_TAGGED frozen_type freeze() && {
    const detail::tree_emptied<typename base::engine_type> at_the_end{engine_};
    return detail::frozen_of<flat_type, true, sorted_unique_t>(engine_);
  }

  /// @}

  /// Compares key by key, by their own `==` and `<=>` (or `<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares, then the lengths.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const sorted_set& a, const sorted_set& b)
    requires requires(const Key& x) { static_cast<bool>(x == x); }
  {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  }

  DEFT_TAGGED friend auto operator<=>(const sorted_set& a, const sorted_set& b)
    requires detail::synth_comparable<Key>
  {
    return std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const Key& x, const Key& y) { return detail::synth_three_way(x, y); });
  }

  /// @}

 private:
  DEFT_TAGGED sorted_set(std::in_place_t tag, typename base::engine_type&& engine)
      : base(tag, std::move(engine)) {}

  template <typename K>
  DEFT_TAGGED std::pair<iterator, bool> insert_key(K&& key) {
    const auto [place, fresh] = engine_.try_insert(
        std::as_const(key), [&] { return element(engine_.allocator(), std::forward<K>(key)); });
    return {this->template at<iterator>(place), fresh};
  }
};

namespace pmr {

/// sorted_set on a std::pmr::memory_resource.
template <typename Key, typename Compare = std::less<Key>>
using sorted_set = deft::sorted_set<Key, Compare, std::pmr::polymorphic_allocator<Key>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/sorted_set-inl.hpp"
