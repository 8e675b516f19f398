/// @file
/// deft::flat_multiset: C++23's std::flat_multiset, with positions and ranks.
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

/// A multiset in one sorted container, std::vector unless told: C++23's `std::flat_multiset`, word for word,
/// in C++20. Equals keep the order in which they were inserted, in batches too.
///
/// When to use it, what it has beyond std, memory, guarantees and threads: as flat_set. Where an `i`-th
/// element or slices matter more than the standard's interface, take sorted_vector.
template <typename Key, typename Compare = std::less<Key>, typename KeyContainer = std::vector<Key>>
class flat_multiset : public flat_set_base<false, Key, Compare, KeyContainer> {
  using base = flat_set_base<false, Key, Compare, KeyContainer>;

 protected:
  using base::engine_;

 public:
  using typename base::const_iterator;
  using typename base::iterator;

  using base::base;

  /// An empty set.
  /// @throws      What the comparator's and the container's constructors throw.
  /// @complexity  O(1). @concurrency Independent.
  flat_multiset() = default;

  /// The keys of a list, sorted; see the inherited constructor from a range.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  DEFT_TAGGED flat_multiset(std::initializer_list<Key> keys,
                            const std::type_identity_t<Compare>& comp = Compare())
      : base(keys.begin(), keys.end(), comp) {}

  /// A copy; under an allocator where one is given.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  flat_multiset(const flat_multiset& other) = default;

  template <detail::allocator_for<KeyContainer> Alloc>
  DEFT_TAGGED flat_multiset(const flat_multiset& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, other.engine_) {}

  /// @}

  /// Takes the keys of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator and moving the container throw; under an allocator
  /// std::bad_alloc
  ///              and what moving keys throws. `other` is then empty too.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  flat_multiset(flat_multiset&& other) = default;

  template <detail::allocator_for<KeyContainer> Alloc>
  DEFT_TAGGED flat_multiset(flat_multiset&& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, std::move(other.engine_)) {}

  /// @}

  ~flat_multiset() = default;

  /// Replaces keys and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  flat_multiset& operator=(const flat_multiset& other) = default;

  /// Takes the keys of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      What copying and assigning the comparator and assigning the container throw; `other` is
  /// then
  ///              empty.
  /// @guarantee   Strong for *this if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(1); O(n) moves for unequal allocators that do not propagate.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  flat_multiset& operator=(flat_multiset&& other) = default;

  /// Replaces the keys; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED flat_multiset& operator=(std::initializer_list<Key> keys) {
    this->assign(keys);
    return *this;
  }

  using base::insert;

  /// Inserts a key after its equals; `key` may be one of this set's.
  ///
  /// @returns     Iterator to the new key.
  /// @throws      std::length_error at max_size(); what allocation, copies and comparisons throw.
  /// @guarantee   Strong if Key's moves do not throw or Key is copyable; else basic: a throwing move leaves a
  ///              sorted prefix. A throwing comparison changes nothing.
  /// @complexity  O(log n) comparisons (one at the end), O(n) moves, at most one allocation.
  /// @invalidates Everything, as a container's insert does.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const Key& key) { return emplace(key); }

  DEFT_TAGGED iterator insert(Key&& key) { return emplace(std::move(key)); }

  /// @}

  /// insert(Key(args...)), built once, in the container's allocator.
  /// @returns     Iterator to the new key.
  /// @throws      As insert(key). @guarantee As insert(key). @complexity As insert(key).
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED iterator emplace(Args&&... args) {
    return this->at(engine_.emplace(std::forward_as_tuple(std::forward<Args>(args)...)).at);
  }

  /// Inserts a key as close before `hint` as the order allows.
  /// @returns     Iterator to the new key.
  /// @pre         `hint` is in [begin(), end()], else traps.
  /// @throws      As insert(key). @guarantee As insert(key).
  /// @complexity  Two comparisons if the hint is right, else O(log n); O(n) moves.
  /// @invalidates As insert(key). @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator hint, const Key& key) { return emplace_hint(hint, key); }

  DEFT_TAGGED iterator insert(const_iterator hint, Key&& key) { return emplace_hint(hint, std::move(key)); }

  template <typename... Args>
    requires std::is_constructible_v<Key, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    const std::size_t wanted = this->index_of(hint);
    return this->at(engine_.emplace_near(wanted, std::forward_as_tuple(std::forward<Args>(args)...)).at);
  }

  /// @}

  /// Exchanges keys and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators and containers throws. @guarantee Basic: both may be empty then.
  /// @complexity  O(1). @invalidates What swapping the containers invalidates: of std::vectors nothing.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(flat_multiset& other) noexcept(std::is_nothrow_swappable_v<KeyContainer> &&
                                                       std::is_nothrow_swappable_v<Compare>) {
    this->swap_with(other);
  }

  DEFT_TAGGED friend void swap(flat_multiset& a, flat_multiset& b) noexcept(noexcept(a.swap(b))) {
    a.swap(b);
  }

  /// @}

  /// Compares key by key, by their own `==` and `<=>` (or `<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares, then the lengths.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const flat_multiset& a, const flat_multiset& b)
    requires requires(const Key& x) { static_cast<bool>(x == x); }
  {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

  DEFT_TAGGED friend auto operator<=>(const flat_multiset& a, const flat_multiset& b)
    requires detail::synth_comparable<Key>
  {
    return std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const Key& x, const Key& y) { return detail::synth_three_way(x, y); });
  }

  /// @}
};

namespace pmr {

/// flat_multiset on a std::pmr::memory_resource.
template <typename Key, typename Compare = std::less<Key>>
using flat_multiset =
    deft::flat_multiset<Key, Compare, std::vector<Key, std::pmr::polymorphic_allocator<Key>>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/flat_multiset-inl.hpp"
