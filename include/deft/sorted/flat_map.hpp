/// @file
/// deft::flat_map: C++23's std::flat_map, with positions and ranks.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory_resource>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_map_base.hpp"
#include "deft/sorted/insertion_by_key.hpp"

namespace deft {

/// A map in two arrays: the keys, sorted and unique, and their values. std::flat_map as C++23 words it, for
/// C++20: the base classes document the functions that flat_multimap has too.
///
/// Use it when reading outweighs single insertions: searches and iteration run at the speed of an array, and
/// a batch costs one sort of it and one merge. Do *not* insert rows one by one in random order into a large
/// one: each moves half of them.
///
/// Memory per row: sizeof(Key) + sizeof(T), plus the containers' unused capacity. Layout: the comparator (no
/// space if empty), KeyContainer, MappedContainer, which extract() hands out and replace() takes back; either
/// may be any sequence container with random-access iterators (std::deque too).
///
/// Beyond std::flat_map: nth(), index_of(), rank(), reserve(), capacity(), memory_bytes(), a member
/// erase_if(). What std::flat_map may answer by emptying itself, a throwing comparator, copy, or allocation,
/// changes nothing here. A moved-from map is empty and keeps its comparator.
///
/// A comparator that is not a strict weak order (NaN under `<`) makes the order and the answers unspecified,
/// but touches no memory outside the map.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename Key, typename T, typename Compare = std::less<Key>,
          typename KeyContainer = std::vector<Key>, typename MappedContainer = std::vector<T>>
class flat_map
    : public flat_map_base<true, Key, T, Compare, KeyContainer, MappedContainer>,
      public insertion_by_key<flat_map<Key, T, Compare, KeyContainer, MappedContainer>,
                              flat_map_base<true, Key, T, Compare, KeyContainer, MappedContainer>, T> {
  using base = flat_map_base<true, Key, T, Compare, KeyContainer, MappedContainer>;
  friend insertion_by_key<flat_map, base, T>;
  using base::engine_;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::key_type;
  using typename base::mapped_type;
  using typename base::value_type;

  using base::base;

  /// An empty map.
  /// @throws      What the comparator's constructor throws.
  /// @complexity  O(1). @concurrency Independent.
  flat_map() = default;

  // Not inherited: g++ 12 uses the deduction guides for lists only where the class itself takes one.

  /// These rows, sorted by key. Of equal keys the first stays.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  DEFT_TAGGED flat_map(std::initializer_list<value_type> rows, const Compare& comp = Compare())
      : base(rows.begin(), rows.end(), comp) {}

  /// Replaces the rows; keeps the comparator. Of equal keys the first stays.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @guarantee   Strong where assigning the containers does not throw.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED flat_map& operator=(std::initializer_list<value_type> rows) {
    this->take_rows(rows);
    return *this;
  }

  /// The value of the key `x`, which is inserted with a value-initialised one if it is not there.
  /// @returns     A reference to it.
  /// @throws      As try_emplace. @guarantee Strong. @complexity As try_emplace.
  /// @invalidates As try_emplace, if `x` is new. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED mapped_type& operator[](const key_type& x) { return this->try_emplace(x).first->second; }

  DEFT_TAGGED mapped_type& operator[](key_type&& x) { return this->try_emplace(std::move(x)).first->second; }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  DEFT_TAGGED mapped_type& operator[](K&& x) {
    return this->try_emplace(std::forward<K>(x)).first->second;
  }

  /// @}

  /// The value of the key `x`.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range if it is not there; what the comparator throws.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED mapped_type& at(const key_type& x) { return value(*this, existing(x)); }

  DEFT_TAGGED const mapped_type& at(const key_type& x) const { return value(*this, existing(x)); }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  DEFT_TAGGED mapped_type& at(const K& x) {
    return value(*this, existing(x));
  }

  template <typename K>
    requires detail::transparent_comparator<Compare>
  DEFT_TAGGED const mapped_type& at(const K& x) const {
    return value(*this, existing(x));
  }

  /// @}

  /// a.swap(b). (Here and not in the base class: std::swap would fit better there.)
  /// @throws      As a.swap(b). @guarantee As a.swap(b). @complexity O(1). @invalidates Nothing.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED friend void swap(flat_map& a, flat_map& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

 private:
  template <typename Map>
  DEFT_TAGGED static auto& value(Map& map, std::size_t i) noexcept {
    return map.engine_.columns.values.begin()[static_cast<typename MappedContainer::difference_type>(i)];
  }

  template <typename K>
  DEFT_TAGGED std::size_t existing(const K& x) const {
    const std::size_t i = engine_.find(x);
    if (i == this->size()) detail::throw_out_of_range("deft: flat_map::at(key): there is no such key");
    return i;
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place(K&& x, Args&&... arguments) {
    return insert_unless_present(engine_.place_for(std::as_const(x)), std::forward<K>(x),
                                 std::forward<Args>(arguments)...);
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place_near(const_iterator hint, K&& x, Args&&... arguments) {
    return insert_unless_present(engine_.place_for(this->index_of(hint), std::as_const(x)),
                                 std::forward<K>(x), std::forward<Args>(arguments)...);
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> insert_unless_present(detail::flat_place place, K&& x,
                                                              Args&&... arguments) {
    if (!place.present) {
      engine_.insert_at(place.at, std::forward_as_tuple(std::forward<K>(x)),
                        std::forward_as_tuple(std::forward<Args>(arguments)...));
    }
    return {this->row(place.at), !place.present};
  }
};

namespace pmr {

/// flat_map on a std::pmr::memory_resource.
template <typename Key, typename T, typename Compare = std::less<Key>>
using flat_map = deft::flat_map<Key, T, Compare, std::pmr::vector<Key>, std::pmr::vector<T>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/flat_map-inl.hpp"
