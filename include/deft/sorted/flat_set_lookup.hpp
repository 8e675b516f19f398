/// @file
/// deft::flat_set_lookup: what can be asked of a flat_set or flat_multiset. Use it through them.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"

namespace deft {

namespace detail {

struct set_access;

}  // namespace detail

/// The reading half of flat_set (`Unique`) and flat_multiset: types, ends, size, lookup as in the standard;
/// positions, ranks, spans and memory beyond it.
///
/// Keys live in one `KeyContainer` in the order of `Compare`; iterators are its const iterators. A lookup
/// takes a key, or under a transparent comparator (`std::less<>`) anything that compares with one; it may be
/// equivalent to several keys, of a flat_set too. Under any other comparator what is not a key is converted
/// to one before the search.
///
/// Threads: any number of readers at once, as for any const access; a change excludes everything else.
template <bool Unique, typename Key, typename Compare, typename KeyContainer>
class flat_set_lookup {
  static_assert(!detail::bit_container<KeyContainer>,
                "deft::flat_set<bool>, flat_multiset<bool>: std::vector<bool> is not a container of bools; "
                "name another one, as in flat_set<bool, std::less<bool>, std::deque<bool>>");
  static_assert(std::is_same_v<Key, typename KeyContainer::value_type>,
                "deft::flat_set, flat_multiset: KeyContainer::value_type must be Key");
  static_assert(std::random_access_iterator<typename KeyContainer::const_iterator>,
                "deft::flat_set, flat_multiset: KeyContainer must have random-access iterators");

 public:
  using key_type = Key;
  using value_type = Key;
  using key_compare = Compare;
  using value_compare = Compare;
  using reference = value_type&;
  using const_reference = const value_type&;
  using size_type = typename KeyContainer::size_type;
  using difference_type = typename KeyContainer::difference_type;
  using iterator = typename KeyContainer::const_iterator;
  using const_iterator = iterator;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = reverse_iterator;
  using container_type = KeyContainer;

  /// Ends, size, comparator and storage; capacity and memory where the container knows them, memory_bytes()
  /// with unused capacity and without what the keys own, as_span() where the container is contiguous.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() and value_comp() what copying the comparator throws.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept { return keys().begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept { return keys().end(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const noexcept { return keys().begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const noexcept { return keys().end(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rbegin() const noexcept {
    return const_reverse_iterator(end());
  }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rend() const noexcept {
    return const_reverse_iterator(begin());
  }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crbegin() const noexcept { return rbegin(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crend() const noexcept { return rend(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size() == 0; }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return keys().size(); }

  [[nodiscard]] DEFT_TAGGED size_type max_size() const noexcept { return keys().max_size(); }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return engine_.comp; }

  [[nodiscard]] DEFT_TAGGED value_compare value_comp() const { return engine_.comp; }

  [[nodiscard]] DEFT_TAGGED size_type capacity() const noexcept
    requires detail::reservable<KeyContainer>
  {
    return keys().capacity();
  }

  [[nodiscard]] DEFT_TAGGED size_type memory_bytes() const noexcept
    requires detail::reservable<KeyContainer>
  {
    return keys().capacity() * sizeof(Key);
  }

  [[nodiscard]] DEFT_TAGGED std::span<const Key> as_span() const noexcept
    requires std::contiguous_iterator<const_iterator>
  {
    return {std::to_address(begin()), size()};
  }

  /// @}

  /// Looks `x` up.
  /// @returns     The first key equivalent to `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator find(const Key& x) const { return at(engine_.find(x)); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator find(const K& x) const {
    return at(engine_.find(x));
  }

  /// @}

  /// Counts the keys equivalent to `x`.
  /// @returns     How many; of a flat_set 0 or 1, or more for a needle of another type.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons, however many there are. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED size_type count(const Key& x) const { return count_of(x); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED size_type count(const K& x) const {
    return count_of(x);
  }

  /// @}

  /// Python's `in`.
  /// @returns     Whether a key is equivalent to `x`.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED bool contains(const Key& x) const { return engine_.find(x) != size(); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED bool contains(const K& x) const {
    return engine_.find(x) != size();
  }

  /// @}

  /// Where the keys that are not before `x` begin.
  /// @returns     The first key that does not precede `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const Key& x) const { return at(engine_.lower(x)); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const K& x) const {
    return at(engine_.lower(x));
  }

  /// @}

  /// Where the keys that are after `x` begin.
  /// @returns     The first key that `x` precedes, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const Key& x) const { return at(engine_.upper(x)); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const K& x) const {
    return at(engine_.upper(x));
  }

  /// @}

  /// The run of keys equivalent to `x`.
  /// @returns     {lower_bound(x), upper_bound(x)}.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const Key& x) const {
    return between(engine_.equal(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const K& x) const {
    return between(engine_.equal(x));
  }

  /// @}

  /// The position of lower_bound(x): Python's `bisect_left`.
  /// @returns     The number of keys that precede `x`, whether or not `x` is there.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t rank(const Key& x) const { return engine_.lower(x); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED std::size_t rank(const K& x) const {
    return engine_.lower(x);
  }

  /// @}

  /// From a position to an iterator.
  /// @returns     An iterator to position `i`; `nth(size())` is end().
  /// @pre         i <= size(), else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const_iterator nth(std::size_t i) const noexcept {
    DEFT_PRECONDITION(i <= size(), "flat set: nth(i) is outside [0, size()]");
    return at(i);
  }

  /// From an iterator to a position: the inverse of nth.
  /// @returns     The position of `position` in the set.
  /// @pre         `position` is in [begin(), end()], else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t index_of(const_iterator position) const noexcept {
    const auto distance = position - begin();
    DEFT_PRECONDITION(distance >= 0 && static_cast<std::size_t>(distance) <= size(),
                      "flat set: the iterator is not one of this set");
    return static_cast<std::size_t>(distance);
  }

 protected:
  using engine_type = detail::flat_engine<Unique, Compare, KeyContainer>;

  flat_set_lookup() = default;

  template <typename = detail::flags, typename... Args>
    requires std::constructible_from<engine_type, Args...>
  DEFT_TAGGED explicit flat_set_lookup(std::in_place_t, Args&&... args)
      : engine_(std::forward<Args>(args)...) {}

  flat_set_lookup(const flat_set_lookup&) = default;
  flat_set_lookup(flat_set_lookup&&) = default;
  flat_set_lookup& operator=(const flat_set_lookup&) = default;
  flat_set_lookup& operator=(flat_set_lookup&&) = default;
  ~flat_set_lookup() = default;

  DEFT_TAGGED const KeyContainer& keys() const noexcept { return engine_.columns.keys; }

  DEFT_TAGGED const_iterator at(std::size_t i) const noexcept {
    return begin() + static_cast<difference_type>(i);
  }

 private:
  friend struct detail::set_access;

  DEFT_TAGGED std::pair<const_iterator, const_iterator> between(
      std::pair<std::size_t, std::size_t> positions) const noexcept {
    return {at(positions.first), at(positions.second)};
  }

  template <typename K>
  DEFT_TAGGED size_type count_of(const K& x) const {
    const auto [first, last] = engine_.equal(x);
    return last - first;
  }

 protected:
  engine_type engine_;
};

}  // namespace deft
