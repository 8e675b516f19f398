/// @file
/// deft::flat_map_lookup: what can be asked of a flat_map or flat_multimap. Use it through them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/flat_map_iterator.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"

namespace deft {

/// The reading half of flat_map (`Unique`) and flat_multimap: types, ends, size, lookup as in the standard;
/// positions, ranks and memory beyond it.
///
/// Keys live in one container in the order of `Compare`, values in another, at the same positions. An
/// iterator gives a pair of references, made on the spot: write `auto&& [key, value]` or `auto [key, value]`,
/// not `auto&`. A lookup takes a key, or under a transparent comparator (`std::less<>`) anything that
/// compares with one; it may be equivalent to several keys, of a flat_map too. Under any other comparator
/// what is not a key is converted to one before the search.
///
/// Threads: any number of readers at once, as for any const access; a change excludes everything else.
template <bool Unique, typename Key, typename T, typename Compare, typename KeyContainer,
          typename MappedContainer>
class flat_map_lookup {
  static_assert(!detail::bit_container<KeyContainer> && !detail::bit_container<MappedContainer>,
                "deft::flat_map, flat_multimap: std::vector<bool> is not a container of bools; name another "
                "one, as in flat_map<int, bool, std::less<int>, std::vector<int>, std::deque<bool>>");
  static_assert(std::is_same_v<Key, typename KeyContainer::value_type>,
                "deft::flat_map, flat_multimap: KeyContainer::value_type must be Key");
  static_assert(std::is_same_v<T, typename MappedContainer::value_type>,
                "deft::flat_map, flat_multimap: MappedContainer::value_type must be T");
  // By category: the concept would need values of a complete type.
  static_assert(detail::random_access_container<KeyContainer> &&
                    detail::random_access_container<MappedContainer>,
                "deft::flat_map, flat_multimap: both containers must have random-access iterators");

 protected:
  using engine_type = detail::flat_engine<Unique, Compare, KeyContainer, MappedContainer>;

 public:
  using key_type = Key;
  using mapped_type = T;
  using value_type = std::pair<key_type, mapped_type>;
  using key_compare = Compare;
  using reference = std::pair<const key_type&, mapped_type&>;
  using const_reference = std::pair<const key_type&, const mapped_type&>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using iterator =
      detail::flat_map_iterator<typename KeyContainer::const_iterator, typename MappedContainer::iterator>;
  using const_iterator = detail::flat_map_iterator<typename KeyContainer::const_iterator,
                                                   typename MappedContainer::const_iterator>;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;
  using key_container_type = KeyContainer;
  using mapped_container_type = MappedContainer;
  /// An aggregate of `keys` and `values`.
  using containers = detail::flat_columns<KeyContainer, MappedContainer>;

  /// Compares rows by their keys.
  class value_compare {
   public:
    /// Whether the key of `x` precedes that of `y`.
    /// @returns     What the map's comparator says.
    /// @throws      What it throws. @complexity As the comparator. @concurrency Concurrent reads.
    DEFT_TAGGED bool operator()(const_reference x, const_reference y) const {
      return static_cast<bool>(comp_(x.first, y.first));
    }

   private:
    friend flat_map_lookup;

    DEFT_TAGGED explicit value_compare(key_compare comp) : comp_(std::move(comp)) {}

    [[no_unique_address]] key_compare comp_;
  };

  /// The ends, as pairs of references, the key const.
  /// @returns     What the name says.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() noexcept { return row(0); }

  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept { return row(0); }

  [[nodiscard]] DEFT_TAGGED iterator end() noexcept { return row(size()); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept { return row(size()); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rbegin() noexcept { return reverse_iterator(end()); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rbegin() const noexcept {
    return const_reverse_iterator(end());
  }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rend() noexcept { return reverse_iterator(begin()); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rend() const noexcept {
    return const_reverse_iterator(begin());
  }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const noexcept { return begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const noexcept { return end(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crbegin() const noexcept { return rbegin(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crend() const noexcept { return rend(); }

  /// @}

  /// Size, comparators and the containers themselves; capacity() where both containers know theirs: how many
  /// rows fit without growth. memory_bytes() is the elements' memory, with unused capacity where the
  /// container tells it, without what elements own.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() and value_comp() what copying the comparator throws.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size() == 0; }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return keys().size(); }

  [[nodiscard]] DEFT_TAGGED size_type max_size() const noexcept {
    return std::min<size_type>(keys().max_size(), values().max_size());
  }

  [[nodiscard]] DEFT_TAGGED const key_container_type& keys() const noexcept { return engine_.columns.keys; }

  [[nodiscard]] DEFT_TAGGED const mapped_container_type& values() const noexcept {
    return engine_.columns.values;
  }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return engine_.comp; }

  [[nodiscard]] DEFT_TAGGED value_compare value_comp() const { return value_compare(engine_.comp); }

  [[nodiscard]] DEFT_TAGGED size_type capacity() const noexcept
    requires detail::reservable<KeyContainer> && detail::reservable<MappedContainer>
  {
    return std::min<size_type>(keys().capacity(), values().capacity());
  }

  [[nodiscard]] DEFT_TAGGED size_type memory_bytes() const noexcept {
    return room_of(keys()) * sizeof(Key) + room_of(values()) * sizeof(T);
  }

  /// @}

  /// Looks `x` up.
  /// @returns     The first row whose key is equivalent to `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator find(const key_type& x) { return row(engine_.find(x)); }

  [[nodiscard]] DEFT_TAGGED const_iterator find(const key_type& x) const { return row(engine_.find(x)); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED iterator find(const K& x) {
    return row(engine_.find(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator find(const K& x) const {
    return row(engine_.find(x));
  }

  /// @}

  /// Counts the keys equivalent to `x`.
  /// @returns     How many; of a flat_map 0 or 1, or more for a needle of another type.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons, however many there are. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED size_type count(const key_type& x) const { return count_of(x); }

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
  [[nodiscard]] DEFT_TAGGED bool contains(const key_type& x) const { return engine_.find(x) != size(); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED bool contains(const K& x) const {
    return engine_.find(x) != size();
  }

  /// @}

  /// Where the keys that are not before `x` begin.
  /// @returns     The first row whose key does not precede `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator lower_bound(const key_type& x) { return row(engine_.lower(x)); }

  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const key_type& x) const {
    return row(engine_.lower(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED iterator lower_bound(const K& x) {
    return row(engine_.lower(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const K& x) const {
    return row(engine_.lower(x));
  }

  /// @}

  /// Where the keys that are after `x` begin.
  /// @returns     The first row whose key `x` precedes, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator upper_bound(const key_type& x) { return row(engine_.upper(x)); }

  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const key_type& x) const {
    return row(engine_.upper(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED iterator upper_bound(const K& x) {
    return row(engine_.upper(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const K& x) const {
    return row(engine_.upper(x));
  }

  /// @}

  /// The run of rows whose keys are equivalent to `x`.
  /// @returns     {lower_bound(x), upper_bound(x)}.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::pair<iterator, iterator> equal_range(const key_type& x) {
    return between(*this, engine_.equal(x));
  }

  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const key_type& x) const {
    return between(*this, engine_.equal(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED std::pair<iterator, iterator> equal_range(const K& x) {
    return between(*this, engine_.equal(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const K& x) const {
    return between(*this, engine_.equal(x));
  }

  /// @}

  /// The position of lower_bound(x): Python's `bisect_left`.
  /// @returns     The number of keys that precede `x`, whether or not `x` is there.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t rank(const key_type& x) const { return engine_.lower(x); }

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
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator nth(std::size_t i) noexcept {
    DEFT_PRECONDITION(i <= size(), "flat map: nth(i) is outside [0, size()]");
    return row(i);
  }

  [[nodiscard]] DEFT_TAGGED const_iterator nth(std::size_t i) const noexcept {
    DEFT_PRECONDITION(i <= size(), "flat map: nth(i) is outside [0, size()]");
    return row(i);
  }

  /// @}

  /// From an iterator to a position: the inverse of nth.
  /// @returns     The position of `position` in the map.
  /// @pre         `position` is in [begin(), end()], else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t index_of(const_iterator position) const noexcept {
    const auto distance = detail::flat_map_access::key(position) - keys().begin();
    DEFT_PRECONDITION(distance >= 0 && static_cast<std::size_t>(distance) <= size() &&
                          detail::flat_map_access::mapped(position) - values().begin() == distance,
                      "flat map: the iterator is not one of this map");
    return static_cast<std::size_t>(distance);
  }

 protected:
  flat_map_lookup() = default;

  template <typename = detail::flags, typename... Args>
    requires std::constructible_from<engine_type, Args...>
  DEFT_TAGGED explicit flat_map_lookup(std::in_place_t /*tag*/, Args&&... args)
      : engine_(std::forward<Args>(args)...) {}

  flat_map_lookup(const flat_map_lookup&) = default;
  flat_map_lookup(flat_map_lookup&&) = default;
  flat_map_lookup& operator=(const flat_map_lookup&) = default;
  flat_map_lookup& operator=(flat_map_lookup&&) = default;
  ~flat_map_lookup() = default;

  /// The iterator to position `i`.
  /// @{
  DEFT_TAGGED iterator row(std::size_t i) noexcept {
    return detail::flat_map_access::make<iterator>(std::as_const(engine_.columns.keys).begin() + distance(i),
                                                   engine_.columns.values.begin() + distance(i));
  }

  DEFT_TAGGED const_iterator row(std::size_t i) const noexcept {
    return detail::flat_map_access::make<const_iterator>(keys().begin() + distance(i),
                                                         values().begin() + distance(i));
  }

  /// @}

 private:
  DEFT_TAGGED static difference_type distance(std::size_t i) noexcept {
    return static_cast<difference_type>(i);
  }

  template <typename Container>
  DEFT_TAGGED static size_type room_of(const Container& c) noexcept {
    if constexpr (detail::reservable<Container>) {
      return c.capacity();
    } else {
      return c.size();
    }
  }

  template <typename Map>
  DEFT_TAGGED static auto between(Map& map, std::pair<std::size_t, std::size_t> positions) noexcept {
    return std::pair(map.row(positions.first), map.row(positions.second));
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
