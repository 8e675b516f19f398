/// @file
/// deft::flat_set: C++23's std::flat_set, with positions and ranks.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <memory_resource>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/synth_three_way.hpp"
#include "deft/sorted/flat_set_base.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// A set in one sorted container, std::vector unless told: C++23's `std::flat_set`, word for word, in C++20.
///
/// Use it where reading outweighs single insertions: searches and iteration run at the speed of an array, and
/// a batch is inserted at the price of a sort of the batch and one merge. Do *not* insert keys one by one in
/// random order into a large one: each moves half of them.
///
/// Beyond std: positions (`nth`, `index_of`, `rank`), `as_span`, `reserve`, `memory_bytes`, the operators of
/// set_algebra.hpp. Bulk insertion is stable, and the first of equals wins. Where std::flat_set may be
/// emptied by an exception, this one stays as it was if Key's moves do not throw or Key is copyable, else a
/// sorted prefix remains; a comparator that throws changes nothing. `DEFT_HARDENING` checks iterators and
/// sorted input. The comparator of a moved-from set is still there.
///
/// Memory per key: sizeof(Key), plus the container's unused capacity. Layout: the comparator (no space if
/// empty) and the container, which extract() hands out and replace() takes back. Every change invalidates
/// iterators as the container's insert and erase do.
///
/// A comparator that is not a strict weak order (NaN under `<` is the common one) makes the order and the
/// answers unspecified, but touches no memory outside the set.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename Key, typename Compare = std::less<Key>, typename KeyContainer = std::vector<Key>>
class flat_set : public flat_set_base<true, Key, Compare, KeyContainer> {
  using base = flat_set_base<true, Key, Compare, KeyContainer>;

 protected:
  using base::engine_;

 public:
  using typename base::const_iterator;
  using typename base::iterator;

  using base::base;

  /// An empty set.
  /// @throws      What the comparator's and the container's constructors throw.
  /// @complexity  O(1). @concurrency Independent.
  flat_set() = default;

  /// The keys of a list, sorted; see the inherited constructor from a range.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  DEFT_TAGGED flat_set(std::initializer_list<Key> keys, const std::type_identity_t<Compare>& comp = Compare())
      : base(keys.begin(), keys.end(), comp) {}

  /// A copy; under an allocator where one is given.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  flat_set(const flat_set& other) = default;

  template <detail::allocator_for<KeyContainer> Alloc>
  DEFT_TAGGED flat_set(const flat_set& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, other.engine_) {}

  /// @}

  /// Takes the keys of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator and moving the container throw; under an allocator
  /// std::bad_alloc
  ///              and what moving keys throws. `other` is then empty too.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  flat_set(flat_set&& other) = default;

  template <detail::allocator_for<KeyContainer> Alloc>
  DEFT_TAGGED flat_set(flat_set&& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, std::move(other.engine_)) {}

  /// @}

  ~flat_set() = default;

  /// Replaces keys and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  flat_set& operator=(const flat_set& other) = default;

  /// Takes the keys of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      What copying and assigning the comparator and assigning the container throw; `other` is
  /// then
  ///              empty.
  /// @guarantee   Strong for *this if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(1); O(n) moves for unequal allocators that do not propagate.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  flat_set& operator=(flat_set&& other) = default;

  /// Replaces the keys; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED flat_set& operator=(std::initializer_list<Key> keys) {
    this->assign(keys);
    return *this;
  }

  using base::insert;

  /// Inserts a key unless there is an equivalent one; `key` may refer into this set. What is not a Key
  /// (under a transparent comparator) becomes one only when it is inserted, and has to be equivalent to the
  /// key that it becomes.
  ///
  /// @returns     Iterator to the key that is there, and whether it is the new one.
  /// @throws      std::length_error at max_size(); what allocation, copies, conversion and comparisons throw.
  /// @guarantee   Strong if Key's moves do not throw or Key is copyable; else basic: a throwing move leaves a
  ///              sorted prefix. A throwing comparison changes nothing. `key` is moved from only if inserted.
  /// @complexity  O(log n) comparisons (one at the end), O(n) moves, at most one allocation.
  /// @invalidates Everything, as a container's insert does; nothing if not inserted.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED std::pair<iterator, bool> insert(const Key& key) { return insert_key(key); }

  DEFT_TAGGED std::pair<iterator, bool> insert(Key&& key) { return insert_key(std::move(key)); }

  template <typename K>
    requires detail::transparent_comparator<Compare> && std::is_constructible_v<Key, K>
  DEFT_TAGGED std::pair<iterator, bool> insert(K&& key) {
    return insert_key(std::forward<K>(key));
  }

  /// @}

  /// insert(Key(args...)). The key is built first, in the container's allocator, unless `args` is one Key.
  /// @returns     Iterator to the key that is there, and whether it is the new one.
  /// @throws      As insert(key). @guarantee As insert(key). @complexity As insert(key).
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED std::pair<iterator, bool> emplace(Args&&... args) {
    if constexpr (detail::is_only<Key, Args...>) {
      return insert_key(std::forward<Args>(args)...);
    } else {
      const detail::flat_place place = engine_.emplace(std::forward_as_tuple(std::forward<Args>(args)...));
      return {this->at(place.at), !place.present};
    }
  }

  /// The same with a hint where the key belongs: just before `hint`.
  /// @returns     Iterator to the key that is there.
  /// @pre         `hint` is in [begin(), end()], else traps.
  /// @throws      As insert(key). @guarantee As insert(key).
  /// @complexity  Two comparisons if the hint is right, else O(log n); O(n) moves.
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator hint, const Key& key) { return insert_near(hint, key); }

  DEFT_TAGGED iterator insert(const_iterator hint, Key&& key) { return insert_near(hint, std::move(key)); }

  template <typename K>
    requires detail::transparent_comparator<Compare> && std::is_constructible_v<Key, K>
  DEFT_TAGGED iterator insert(const_iterator hint, K&& key) {
    return insert_near(hint, std::forward<K>(key));
  }

  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    if constexpr (detail::is_only<Key, Args...>) {
      return insert_near(hint, std::forward<Args>(args)...);
    } else {
      const std::size_t wanted = this->index_of(hint);
      return this->at(engine_.emplace_near(wanted, std::forward_as_tuple(std::forward<Args>(args)...)).at);
    }
  }

  /// @}

  /// Exchanges keys and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators and containers throws. @guarantee Basic: both may be empty then.
  /// @complexity  O(1). @invalidates What swapping the containers invalidates: of std::vectors nothing.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(flat_set& other) noexcept(std::is_nothrow_swappable_v<KeyContainer> &&
                                                  std::is_nothrow_swappable_v<Compare>) {
    this->swap_with(other);
  }

  DEFT_TAGGED friend void swap(flat_set& a, flat_set& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

  /// @}

  /// Compares key by key, by their own `==` and `<=>` (or `<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares, then the lengths.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const flat_set& a, const flat_set& b)
    requires requires(const Key& x) { static_cast<bool>(x == x); }
  {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

  DEFT_TAGGED friend auto operator<=>(const flat_set& a, const flat_set& b)
    requires detail::synth_comparable<Key>
  {
    return std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const Key& x, const Key& y) { return detail::synth_three_way(x, y); });
  }

  /// @}

 private:
  template <typename K>
  DEFT_TAGGED std::pair<iterator, bool> insert_key(K&& key) {
    const detail::flat_place place = engine_.place_for(std::as_const(key));
    if (!place.present) engine_.insert_at(place.at, std::forward_as_tuple(std::forward<K>(key)));
    return {this->at(place.at), !place.present};
  }

  template <typename K>
  DEFT_TAGGED iterator insert_near(const_iterator hint, K&& key) {
    const detail::flat_place place = engine_.place_for(this->index_of(hint), std::as_const(key));
    if (!place.present) engine_.insert_at(place.at, std::forward_as_tuple(std::forward<K>(key)));
    return this->at(place.at);
  }
};

namespace pmr {

/// flat_set on a std::pmr::memory_resource.
template <typename Key, typename Compare = std::less<Key>>
using flat_set = deft::flat_set<Key, Compare, std::vector<Key, std::pmr::polymorphic_allocator<Key>>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/flat_set-inl.hpp"
