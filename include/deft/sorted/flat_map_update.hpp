/// @file
/// deft::flat_map_update: what changes a flat_map or flat_multimap. Use it through them.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/flat_map_parts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_map_lookup.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// The changing half of flat_map (`Unique`) and flat_multimap, as far as it is the same in both: insertion,
/// removal, and the containers' going out and in.
///
/// Insertion is stable, in batches too: equal keys keep the order in which they come, after those already
/// here, and of a flat_map's the first stays. Arguments may refer to keys and values of the map itself.
/// `sorted_tag` is sorted_unique_t or sorted_equivalent_t.
///
/// "Strong", in what follows, is unless a move of keys or values throws and they cannot be copied; then it is
/// basic: the rows before the place of change remain, in order.
template <bool Unique, typename Key, typename T, typename Compare, typename KeyContainer,
          typename MappedContainer>
class flat_map_update : public flat_map_lookup<Unique, Key, T, Compare, KeyContainer, MappedContainer> {
  using base = flat_map_lookup<Unique, Key, T, Compare, KeyContainer, MappedContainer>;
  using parts = detail::flat_map_parts<Key, T>;

 protected:
  using base::engine_;
  using typename base::engine_type;

 public:
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::containers;
  using typename base::iterator;
  using typename base::size_type;
  using typename base::value_type;
  using sorted_tag = std::conditional_t<Unique, sorted_unique_t, sorted_equivalent_t>;
  /// What an insertion without a hint returns: a flat_map's an iterator to the row with that key and whether
  /// it is new, a flat_multimap's an iterator to the new row.
  using insert_result = std::conditional_t<Unique, std::pair<iterator, bool>, iterator>;

  /// Inserts a row made from what a std::pair<Key, T> is made from; a flat_map only if its key is not there.
  /// If it is, and is given as a Key, nothing is made and nothing moved from.
  /// @returns     An insert_result.
  /// @throws      std::length_error at max_size(); what allocation, making the row and comparisons throw.
  /// @guarantee   Strong. A throwing comparison changes nothing.
  /// @complexity  O(log n) comparisons (one at the end), O(n) moves.
  /// @invalidates What the containers' insert invalidates; of std::vector from the place on, all on growth.
  /// @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<value_type, Args...>
  DEFT_TAGGED insert_result emplace(Args&&... args) {
    return result(place_row(std::forward<Args>(args)...));
  }

  DEFT_TAGGED insert_result insert(const value_type& row) { return emplace(row); }

  DEFT_TAGGED insert_result insert(value_type&& row) { return emplace(std::move(row)); }

  template <typename Row>
    requires std::is_constructible_v<value_type, Row>
  DEFT_TAGGED insert_result insert(Row&& row) {
    return emplace(std::forward<Row>(row));
  }

  /// @}

  /// The same as close before `hint` as the order allows.
  /// @returns     Iterator to the new row, or to a flat_map's with that key.
  /// @pre         `hint` is in [begin(), end()], else traps.
  /// @throws      As emplace. @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); O(n) moves.
  /// @invalidates As emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<value_type, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    return this->row(place_row_near(this->index_of(hint), std::forward<Args>(args)...).at);
  }

  DEFT_TAGGED iterator insert(const_iterator hint, const value_type& row) { return emplace_hint(hint, row); }

  DEFT_TAGGED iterator insert(const_iterator hint, value_type&& row) {
    return emplace_hint(hint, std::move(row));
  }

  template <typename Row>
    requires std::is_constructible_v<value_type, Row>
  DEFT_TAGGED iterator insert(const_iterator hint, Row&& row) {
    return emplace_hint(hint, std::forward<Row>(row));
  }

  /// @}

  /// Inserts a range, which may lie in this map: one sort of it, one merge.
  /// @throws      std::length_error beyond max_size(); what reading, allocating, copying and comparing throw.
  /// @guarantee   Strong: the batch is built aside, and all comparisons precede the first move.
  /// @complexity  For m rows: O(m log m) comparisons to sort them (m - 1 if sorted), O(m log(n/m + 1)) to
  ///              place them, O(n + m) moves.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  template <detail::range_of<value_type> R>
  DEFT_TAGGED void insert_range(R&& range) {
    insert_batch(std::forward<R>(range), false);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(It first, It last) {
    insert_batch(std::move(first), std::move(last), false);
  }

  DEFT_TAGGED void insert(std::initializer_list<value_type> rows) {
    insert_batch(rows.begin(), rows.end(), false);
  }

  /// @}

  /// The same for a range that is sorted by key already, a flat_map's without equals: saves the sort.
  /// @pre         As said; checked in O(m) at level `debug`.
  /// @throws      As insert_range. @guarantee Strong.
  /// @complexity  O(m log(n/m + 1)) comparisons, O(n + m) moves.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  template <detail::range_of<value_type> R>
  DEFT_TAGGED void insert_range(sorted_tag /*tag*/, R&& range) {
    insert_batch(std::forward<R>(range), true);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(sorted_tag /*tag*/, It first, It last) {
    insert_batch(std::move(first), std::move(last), true);
  }

  DEFT_TAGGED void insert(sorted_tag /*tag*/, std::initializer_list<value_type> rows) {
    insert_batch(rows.begin(), rows.end(), true);
  }

  /// @}

  /// Removes the row at `position`.
  /// @returns     Iterator to the row after it.
  /// @pre         `position` is in [begin(), end()), else traps.
  /// @throws      Nothing if moves do not; std::bad_alloc where rows are rebuilt aside. @guarantee Strong.
  /// @complexity  O(n) moves. @invalidates What the containers' erase invalidates.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator erase(iterator position) { return erase(const_iterator(position)); }

  DEFT_TAGGED iterator erase(const_iterator position) {
    const std::size_t i = this->index_of(position);
    DEFT_PRECONDITION(i < this->size(), "flat map: erase(end())");
    engine_.erase(i, i + 1);
    return this->row(i);
  }

  /// @}

  /// Removes the rows of [first, last).
  /// @returns     Iterator to the row after them.
  /// @pre         [first, last) is a range of this map, else traps.
  /// @throws      As erase(position). @guarantee Strong.
  /// @complexity  O(n) moves. @invalidates What the containers' erase invalidates.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator first, const_iterator last) {
    const std::size_t i = this->index_of(first);
    const std::size_t j = this->index_of(last);
    DEFT_PRECONDITION(i <= j, "flat map: erase(first, last) with first after last");
    engine_.erase(i, j);
    return this->row(i);
  }

  /// Removes every row whose key is equivalent to `x`, which may be one of the keys.
  /// @returns     How many.
  /// @throws      What comparisons throw; else as erase(position). @guarantee Strong.
  /// @complexity  O(log n) comparisons, O(n) moves. @invalidates What the containers' erase invalidates.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED size_type erase(const Key& x) { return erase_equals(x); }

  template <typename K>
    requires detail::transparent_comparator<Compare> &&
             (!std::convertible_to<K &&, iterator> && !std::convertible_to<K &&, const_iterator>)
  DEFT_TAGGED size_type erase(K&& x) {
    return erase_equals(x);
  }

  /// @}

  /// Removes the rows for which `drop(row)` holds, asked once each with a const_reference, in order, before
  /// anything changes.
  /// @returns     How many.
  /// @throws      What `drop` throws; std::bad_alloc (a bit per row). @guarantee Strong.
  /// @complexity  O(n). @invalidates What the containers' erase invalidates.
  /// @concurrency Exclusive access to *this.
  template <std::predicate<const_reference> Predicate>
  DEFT_TAGGED size_type erase_if(Predicate drop) {
    const_iterator next = this->cbegin();
    return engine_.erase_where([&](std::size_t) { return static_cast<bool>(std::invoke(drop, *next++)); });
  }

  /// Removes everything.
  /// @throws      Nothing. @complexity O(n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept { engine_.clear(); }

  /// Makes room for `n` rows in total, where both containers can.
  /// @throws      std::length_error beyond max_size(), std::bad_alloc.
  /// @guarantee   Strong, or empty where moves throw and there are no copies.
  /// @complexity  O(n). @invalidates Everything on growth. @concurrency Exclusive access to *this.
  DEFT_TAGGED void reserve(size_type n)
    requires detail::reservable<KeyContainer> && detail::reservable<MappedContainer>
  {
    constexpr bool may_lose =
        !std::is_nothrow_move_constructible_v<Key> && !std::is_copy_constructible_v<Key>;
    constexpr bool may_lose_values =
        !std::is_nothrow_move_constructible_v<T> && !std::is_copy_constructible_v<T>;
    detail::truncate_columns_unless_dismissed guard(engine_.columns,
                                                    may_lose || may_lose_values ? 0 : this->size());
    engine_.columns.keys.reserve(n);
    engine_.columns.values.reserve(n);
    guard.dismiss();
  }

  /// Hands out the containers; the map is empty afterwards, whatever happens.
  /// @returns     The keys, sorted, and the values.
  /// @throws      What moving the containers throws: of std::vector nothing.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  /// @invalidates What moving the containers invalidates: of std::vector nothing.
  [[nodiscard]] DEFT_TAGGED containers extract() && { return engine_.extract(); }

  /// Takes containers in place of the rows.
  /// @pre         There are as many keys as values, else traps; the keys are sorted by the comparator, a
  ///              flat_map's without equals: checked in O(n) at level `debug`.
  /// @throws      What assigning the containers throws: of std::vector nothing, unless the allocators differ
  ///              and do not propagate. @guarantee Basic: the map may be empty.
  /// @complexity  O(1), O(n) moves for such allocators. @invalidates Everything.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED void replace(KeyContainer&& keys, MappedContainer&& values) {
    DEFT_PRECONDITION(keys.size() == values.size(),
                      "flat map: replace with other numbers of keys and values");
    engine_.replace(std::move(keys), std::move(values));
  }

 protected:
  using base::base;
  flat_map_update() = default;

  /// Appends a range to columns that nobody else sees.
  template <typename It, typename Sentinel>
  DEFT_TAGGED static void append(containers& to, It first, Sentinel last) {
    if constexpr (std::sized_sentinel_for<Sentinel, It>) make_room(to, static_cast<size_type>(last - first));
    for (; first != last; ++first) {
      parts::of(
          [&to]<typename KeyPart, typename ValuePart>(KeyPart&& key, ValuePart&& value) {
            engine_type::append(to, std::forward_as_tuple(std::forward<KeyPart>(key)),
                                std::forward_as_tuple(std::forward<ValuePart>(value)));
          },
          *first);
    }
  }

  template <typename R>
  DEFT_TAGGED static void append_range(containers& to, R& range) {
    if constexpr (std::ranges::sized_range<R>)
      make_room(to, static_cast<size_type>(std::ranges::size(range)));
    append(to, std::ranges::begin(range), std::ranges::end(range));
  }

 private:
  DEFT_TAGGED static void make_room(containers& to, size_type n) {
    if constexpr (detail::reservable<KeyContainer>) to.keys.reserve(n);
    if constexpr (detail::reservable<MappedContainer>) to.values.reserve(n);
  }

  template <typename R>
  DEFT_TAGGED void insert_batch(R&& range, bool sorted) {
    containers batch = engine_.empty_columns();
    append_range(batch, range);
    engine_.insert_batch(batch, sorted);
  }

  template <typename It>
  DEFT_TAGGED void insert_batch(It first, It last, bool sorted) {
    containers batch = engine_.empty_columns();
    append(batch, std::move(first), std::move(last));
    engine_.insert_batch(batch, sorted);
  }

  DEFT_TAGGED insert_result result(detail::flat_place place) noexcept {
    if constexpr (Unique) {
      return {this->row(place.at), !place.present};
    } else {
      return this->row(place.at);
    }
  }

  template <typename KeyPart>
  static constexpr bool is_key = std::is_same_v<std::remove_const_t<std::remove_reference_t<KeyPart>>, Key>;

  template <typename... Args>
  DEFT_TAGGED detail::flat_place place_row(Args&&... args) {
    engine_type& engine = engine_;
    return parts::of(
        [&engine]<typename KeyPart, typename ValuePart>(KeyPart&& key, ValuePart&& value) {
          auto key_arguments = std::forward_as_tuple(std::forward<KeyPart>(key));
          auto value_arguments = std::forward_as_tuple(std::forward<ValuePart>(value));
          if constexpr (is_key<KeyPart>) {
            const detail::flat_place place = engine.place_for(std::as_const(key));
            if (!place.present)
              engine.insert_at(place.at, std::move(key_arguments), std::move(value_arguments));
            return place;
          } else {
            return engine.emplace(std::move(key_arguments), std::move(value_arguments));
          }
        },
        std::forward<Args>(args)...);
  }

  template <typename... Args>
  DEFT_TAGGED detail::flat_place place_row_near(std::size_t hint, Args&&... args) {
    engine_type& engine = engine_;
    return parts::of(
        [&engine, hint]<typename KeyPart, typename ValuePart>(KeyPart&& key, ValuePart&& value) {
          auto key_arguments = std::forward_as_tuple(std::forward<KeyPart>(key));
          auto value_arguments = std::forward_as_tuple(std::forward<ValuePart>(value));
          if constexpr (is_key<KeyPart>) {
            const detail::flat_place place = engine.place_for(hint, std::as_const(key));
            if (!place.present)
              engine.insert_at(place.at, std::move(key_arguments), std::move(value_arguments));
            return place;
          } else {
            return engine.emplace_near(hint, std::move(key_arguments), std::move(value_arguments));
          }
        },
        std::forward<Args>(args)...);
  }

  template <typename K>
  DEFT_TAGGED size_type erase_equals(const K& x) {
    const auto [first, last] = engine_.equal(x);
    engine_.erase(first, last);
    return last - first;
  }
};

}  // namespace deft
