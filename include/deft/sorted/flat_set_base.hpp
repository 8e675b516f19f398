/// @file
/// deft::flat_set_base: how a flat_set or flat_multiset is made, and what changes it. Use it through them.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/sorted_array.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_set_lookup.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// The changing half of flat_set (`Unique`) and flat_multiset, as far as it is the same in both:
/// constructors, bulk insertion, removal, and the container's going out and in.
///
/// `sorted_tag` is sorted_unique_t or sorted_equivalent_t. Bulk insertion is stable: equals keep the order in
/// which they come, after those already here, and of a flat_set's the first stays.
template <bool Unique, typename Key, typename Compare, typename KeyContainer>
class flat_set_base : public flat_set_lookup<Unique, Key, Compare, KeyContainer> {
  using base = flat_set_lookup<Unique, Key, Compare, KeyContainer>;
  using columns = typename base::engine_type::columns_type;

 protected:
  using base::engine_;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;
  using sorted_tag = std::conditional_t<Unique, sorted_unique_t, sorted_equivalent_t>;

  /// An empty set with this comparator.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1). @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED explicit flat_set_base(const Compare& comp) : base(std::in_place, comp) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED explicit flat_set_base(const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, Compare()) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {}

  /// @}

  /// Takes over a container of keys, or copies it under an allocator, and sorts it. Equals keep their order;
  /// of a flat_set's the first stays.
  /// @throws      What comparisons, moves and copies throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED explicit flat_set_base(KeyContainer keys, const Compare& comp = Compare())
      : base(std::in_place, comp, std::move(keys)) {
    engine_.adopt();
  }

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(const KeyContainer& keys, const Alloc& alloc)
      : flat_set_base(keys, Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(const KeyContainer& keys, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp, keys) {
    engine_.adopt();
  }

  /// @}

  /// The same for a container that is sorted already, a flat_set's without equals.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What copying the comparator throws; under an allocator also std::bad_alloc and what copies
  ///              throw.
  /// @complexity  O(1), O(n) under an allocator. @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag, KeyContainer keys, const Compare& comp = Compare())
      : base(std::in_place, comp, std::move(keys)) {
    engine_.adopt_sorted();
  }

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag tag, const KeyContainer& keys, const Alloc& alloc)
      : flat_set_base(tag, keys, Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag, const KeyContainer& keys, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp, keys) {
    engine_.adopt_sorted();
  }

  /// @}

  /// The elements of a range, sorted. Equals keep their order; of a flat_set's the first stays.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It, typename = detail::flags>
  DEFT_TAGGED flat_set_base(It first, It last, const Compare& comp = Compare()) : base(std::in_place, comp) {
    fill(engine_.columns, std::move(first), std::move(last));
    engine_.adopt();
  }

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_set_base(It first, It last, const Alloc& alloc)
      : flat_set_base(std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_set_base(It first, It last, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    fill(engine_.columns, std::move(first), std::move(last));
    engine_.adopt();
  }

  template <detail::range_of<Key> R, typename = detail::flags>
  DEFT_TAGGED flat_set_base(from_range_t tag, R&& range)
      : flat_set_base(tag, std::forward<R>(range), Compare()) {}

  template <detail::range_of<Key> R, typename = detail::flags>
  DEFT_TAGGED flat_set_base(from_range_t, R&& range, const Compare& comp) : base(std::in_place, comp) {
    fill_from(engine_.columns, range);
    engine_.adopt();
  }

  template <detail::range_of<Key> R, detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(from_range_t tag, R&& range, const Alloc& alloc)
      : flat_set_base(tag, std::forward<R>(range), Compare(), alloc) {}

  template <detail::range_of<Key> R, detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(from_range_t, R&& range, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    fill_from(engine_.columns, range);
    engine_.adopt();
  }

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(std::initializer_list<Key> keys, const Alloc& alloc)
      : flat_set_base(keys.begin(), keys.end(), Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(std::initializer_list<Key> keys, const Compare& comp, const Alloc& alloc)
      : flat_set_base(keys.begin(), keys.end(), comp, alloc) {}

  /// @}

  /// The elements of a range that is sorted already, a flat_set's without equals.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It, typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag, It first, It last, const Compare& comp = Compare())
      : base(std::in_place, comp) {
    fill(engine_.columns, std::move(first), std::move(last));
    engine_.adopt_sorted();
  }

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag tag, It first, It last, const Alloc& alloc)
      : flat_set_base(tag, std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag, It first, It last, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    fill(engine_.columns, std::move(first), std::move(last));
    engine_.adopt_sorted();
  }

  template <typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag tag, std::initializer_list<Key> keys, const Compare& comp = Compare())
      : flat_set_base(tag, keys.begin(), keys.end(), comp) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag tag, std::initializer_list<Key> keys, const Alloc& alloc)
      : flat_set_base(tag, keys.begin(), keys.end(), Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_set_base(sorted_tag tag, std::initializer_list<Key> keys, const Compare& comp,
                            const Alloc& alloc)
      : flat_set_base(tag, keys.begin(), keys.end(), comp, alloc) {}

  /// @}

  /// Inserts a range, which may lie in this set: one sort of it, one merge.
  /// @throws      std::length_error beyond max_size(); what reading, allocating, copying and comparing throw.
  /// @guarantee   As insert(key); the batch is built aside, and all comparisons precede the first move.
  /// @complexity  For m keys: O(m log m) comparisons to sort them (m - 1 if sorted), O(m log(n/m + 1)) to
  ///              place them, O(n + m) moves.
  /// @invalidates Everything, as a container's insert does. @concurrency Exclusive access to *this.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(It first, It last) {
    columns batch = engine_.empty_columns();
    fill(batch, std::move(first), std::move(last));
    engine_.insert_batch(batch, false);
  }

  DEFT_TAGGED void insert(std::initializer_list<Key> keys) { insert(keys.begin(), keys.end()); }

  template <detail::range_of<Key> R>
  DEFT_TAGGED void insert_range(R&& range) {
    columns batch = engine_.empty_columns();
    fill_from(batch, range);
    engine_.insert_batch(batch, false);
  }

  /// @}

  /// The same for a range that is sorted already, into a flat_set without equals: saves the sort.
  /// @pre         As said; checked in O(m) at level `debug`.
  /// @throws      As insert_range(range). @guarantee As insert_range(range).
  /// @complexity  O(m log(n/m + 1)) comparisons, O(n + m) moves.
  /// @invalidates Everything, as a container's insert does. @concurrency Exclusive access to *this.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(sorted_tag, It first, It last) {
    columns batch = engine_.empty_columns();
    fill(batch, std::move(first), std::move(last));
    engine_.insert_batch(batch, true);
  }

  DEFT_TAGGED void insert(sorted_tag tag, std::initializer_list<Key> keys) {
    insert(tag, keys.begin(), keys.end());
  }

  template <detail::range_of<Key> R>
  DEFT_TAGGED void insert_range(sorted_tag, R&& range) {
    columns batch = engine_.empty_columns();
    fill_from(batch, range);
    engine_.insert_batch(batch, true);
  }

  /// @}

  /// Removes the key at `position`.
  /// @returns     Iterator to the key after it.
  /// @pre         `position` is in [begin(), end()), else traps.
  /// @throws      Nothing if Key's moves do not; std::bad_alloc where keys are rebuilt aside (see insert).
  /// @guarantee   As insert(key).
  /// @complexity  O(n) moves. @invalidates As the container's erase. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator position) {
    const std::size_t i = this->index_of(position);
    DEFT_PRECONDITION(i < this->size(), "flat set: erase(end())");
    engine_.erase(i, i + 1);
    return this->at(i);
  }

  /// Removes the keys of [first, last).
  /// @returns     Iterator to the key after them.
  /// @pre         [first, last) is a range of this set, else traps.
  /// @throws      Nothing if Key's moves do not; std::bad_alloc where keys are rebuilt aside (see insert).
  /// @guarantee   As insert(key).
  /// @complexity  O(n) moves. @invalidates As the container's erase. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator first, const_iterator last) {
    const std::size_t i = this->index_of(first);
    const std::size_t j = this->index_of(last);
    DEFT_PRECONDITION(i <= j, "flat set: erase(first, last) with first after last");
    engine_.erase(i, j);
    return this->at(i);
  }

  /// Removes every key equivalent to `x`, which may be one of them.
  /// @returns     How many.
  /// @throws      What comparisons throw; else nothing if Key's moves do not. @guarantee As erase(position).
  /// @complexity  O(log n) comparisons, O(n) moves. @invalidates As the container's erase.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED size_type erase(const Key& x) { return erase_equals(x); }

  template <typename K>
    requires detail::transparent_comparator<Compare> && (!std::convertible_to<K &&, const_iterator>)
  DEFT_TAGGED size_type erase(K&& x) {
    return erase_equals(x);
  }

  /// @}

  /// Removes the keys for which `drop(key)` holds, asked once each, in order, before anything changes.
  /// @returns     How many.
  /// @throws      What `drop` throws, std::bad_alloc (a bit per key). @guarantee As erase(position).
  /// @complexity  O(n). @invalidates As the container's erase. @concurrency Exclusive access to *this.
  template <std::predicate<const Key&> Predicate>
  DEFT_TAGGED size_type erase_if(Predicate drop) {
    return engine_.erase_where(
        [&](std::size_t i) { return static_cast<bool>(std::invoke(drop, *this->at(i))); });
  }

  /// Makes room for `n` keys in total, or gives unused room back, where the container can.
  /// @throws      std::length_error beyond max_size(), std::bad_alloc. @guarantee As insert(key).
  /// @complexity  O(n). @invalidates Everything where the keys move. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED void reserve(size_type n)
    requires detail::reservable<KeyContainer>
  {
    if (n > this->capacity()) reallocate([n](KeyContainer& keys) { keys.reserve(n); }, n);
  }

  DEFT_TAGGED void shrink_to_fit()
    requires detail::reservable<KeyContainer>
  {
    if (this->size() != this->capacity())
      reallocate([](KeyContainer& keys) { keys.shrink_to_fit(); }, this->size());
  }

  /// @}

  /// Removes everything.
  /// @throws      Nothing. @complexity O(n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept { engine_.clear(); }

  /// Hands out the container; the set is empty afterwards.
  /// @returns     The keys, sorted.
  /// @throws      What moving the container throws. @complexity O(1). @concurrency Exclusive access to *this.
  /// @invalidates What moving the container invalidates: of a std::vector nothing.
  [[nodiscard]] DEFT_TAGGED KeyContainer extract() && { return engine_.extract().keys; }

  /// Takes a container in place of the keys.
  /// @pre         `keys` is sorted by the comparator, a flat_set's without equals; checked in O(n) at level
  ///              `debug`.
  /// @throws      What assigning the container throws: of a std::vector nothing, unless the allocators differ
  ///              and do not propagate. @guarantee Basic: the set may be empty.
  /// @complexity  O(1), O(n) moves for such allocators. @invalidates Everything.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED void replace(KeyContainer&& keys) { engine_.replace(std::move(keys)); }

 protected:
  using base::base;
  flat_set_base() = default;

  /// Exchanges keys and comparators, as both classes' swap().
  DEFT_TAGGED void swap_with(flat_set_base& other) noexcept(std::is_nothrow_swappable_v<KeyContainer> &&
                                                            std::is_nothrow_swappable_v<Compare>) {
    DEFT_PRECONDITION(swaps(this->keys(), other.keys()), "swap of flat sets with unequal allocators");
    engine_.swap(other.engine_);
  }

  /// As both classes' assignment of a list.
  DEFT_TAGGED void assign(std::initializer_list<Key> keys) {
    columns next = engine_.empty_columns();
    fill(next, keys.begin(), keys.end());
    typename base::engine_type sorted(engine_.comp, std::move(next.keys));
    sorted.adopt();
    engine_.replace(std::move(sorted.columns.keys));
  }

  /// Fills empty columns that nobody else sees, at once where the length can be known beforehand.
  template <typename It, typename Sentinel>
  DEFT_TAGGED static void fill(columns& to, It first, Sentinel last) {
    if constexpr (makes_container<It, Sentinel>) {
      // Not insert() at the end: of that g++ 12 warns at -O2 that it might overflow.
      KeyContainer keys = container_of(to.keys, first, last);
      to.keys.swap(keys);
    } else {
      for (; first != last; ++first) base::engine_type::append(to, std::forward_as_tuple(*first));
    }
  }

  template <typename R>
  DEFT_TAGGED static void fill_from(columns& to, R& range) {
    if constexpr (!makes_container<std::ranges::iterator_t<R>, std::ranges::sentinel_t<R>> &&
                  detail::reservable<KeyContainer> && std::ranges::sized_range<R>) {
      to.keys.reserve(static_cast<size_type>(std::ranges::size(range)));
    }
    fill(to, std::ranges::begin(range), std::ranges::end(range));
  }

 private:
  template <typename It, typename Sentinel>
  static constexpr bool makes_container = std::is_same_v<It, Sentinel> && requires {
    requires std::derived_from<typename std::iterator_traits<It>::iterator_category,
                               std::forward_iterator_tag>;
  };

  template <typename It>
  DEFT_TAGGED static KeyContainer container_of(const KeyContainer& like, It first, It last) {
    if constexpr (requires { KeyContainer(first, last, like.get_allocator()); }) {
      return KeyContainer(first, last, like.get_allocator());
    } else {
      return KeyContainer(first, last);
    }
  }

  DEFT_TAGGED static bool swaps(const KeyContainer& a, const KeyContainer& b) noexcept {
    if constexpr (requires { a.get_allocator(); }) {
      using traits = std::allocator_traits<typename KeyContainer::allocator_type>;
      return traits::propagate_on_container_swap::value || a.get_allocator() == b.get_allocator();
    }
    return true;
  }

  template <typename K>
  DEFT_TAGGED size_type erase_equals(const K& x) {
    const auto [first, last] = engine_.equal(x);
    engine_.erase(first, last);
    return last - first;
  }

  /// `by_container` where it is strong; else deft's own, which keeps a sorted prefix where a move throws.
  template <typename ByContainer>
  DEFT_TAGGED void reallocate(ByContainer by_container, size_type capacity) {
    if constexpr (std::is_nothrow_move_constructible_v<Key> || std::is_copy_constructible_v<Key>) {
      by_container(engine_.columns.keys);
    } else {
      detail::reallocate(engine_.columns.keys, capacity);
    }
  }
};

}  // namespace deft
