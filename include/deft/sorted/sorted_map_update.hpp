/// @file
/// deft::sorted_map_update: how single rows get into a sorted_map. Use it through that.
#pragma once

#include <concepts>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_map_parts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/tree_iterator.hpp"
#include "deft/sorted/sorted_tree_base.hpp"

namespace deft {

/// The insertions of a sorted_map, row by row. Arguments may refer to keys and values of the map itself.
template <typename Key, typename T, typename Compare, typename Allocator>
class sorted_map_update : public sorted_tree_base<true, Key, T, Compare, Allocator> {
  using base = sorted_tree_base<true, Key, T, Compare, Allocator>;

 protected:
  using base::engine_;
  using typename base::element;
  using typename base::parts;

 private:
  template <typename K>
  static constexpr bool is_iterator = std::is_convertible_v<K, typename base::const_iterator> ||
                                      std::is_convertible_v<K, typename base::iterator>;
  template <typename K>
  static constexpr bool is_other_key =
      detail::transparent_comparator<Compare> && std::is_constructible_v<Key, K> && !is_iterator<K>;
  template <typename M>
  static constexpr bool is_value = std::is_assignable_v<T&, M> && std::is_constructible_v<T, M>;

 public:
  using mapped_type = T;
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::key_type;
  using typename base::value_type;

  using base::erase;
  using base::insert;

  /// Inserts a row made from what a std::pair<const Key, T> is made from, if its key is not there. If it is,
  /// and is given as a Key, nothing is made and nothing moved from.
  /// @returns     Iterator to the row with that key, and whether it is new.
  /// @throws      std::length_error at max_size(); what allocation, making the row and comparisons throw.
  /// @guarantee   Strong.
  /// @complexity  O(log n) comparisons, amortised moves in one leaf or two.
  /// @invalidates Everything; nothing if not inserted. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<value_type, Args...>
  DEFT_TAGGED std::pair<iterator, bool> emplace(Args&&... args) {
    return with_row(
        [this](const auto& x, auto make) {
          const auto [place, fresh] = engine_.try_insert(x, make);
          return std::pair(base::template at<iterator>(place), fresh);
        },
        std::forward<Args>(args)...);
  }

  DEFT_TAGGED std::pair<iterator, bool> insert(const value_type& row) { return emplace(row); }

  DEFT_TAGGED std::pair<iterator, bool> insert(value_type&& row) { return emplace(std::move(row)); }

  template <typename Row>
    requires std::is_constructible_v<value_type, Row>
  DEFT_TAGGED std::pair<iterator, bool> insert(Row&& row) {
    return emplace(std::forward<Row>(row));
  }

  /// @}

  /// The same with a hint where the key belongs: just before `hint`.
  /// @returns     Iterator to the row with that key.
  /// @pre         `hint` is a valid iterator of this map; checked at level `debug`.
  /// @throws      As emplace. @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as emplace.
  /// @invalidates As emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<value_type, Args...>
  DEFT_TAGGED iterator emplace_hint(const_iterator hint, Args&&... args) {
    return with_row(
        [this, place = this->place_of(hint)](const auto& x, auto make) {
          return base::template at<iterator>(engine_.try_insert_hint(place, x, make).first);
        },
        std::forward<Args>(args)...);
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

  /// Inserts the key `x` with a value made from `arguments`, unless it is there; then nothing is made, and
  /// nothing moved from. A needle of another type (under a transparent comparator) becomes a Key only if it
  /// is inserted.
  /// @returns     Iterator to the row with that key, and whether it is new.
  /// @pre         A needle of another type makes a Key that is found where the needle is.
  /// @throws      std::length_error at max_size(); what allocation, making key and value and comparisons
  ///              throw.
  /// @guarantee   Strong. @complexity O(log n) comparisons, amortised moves in one leaf or two.
  /// @invalidates Everything; nothing if not inserted. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(const key_type& x, Args&&... arguments) {
    return place(x, std::forward<Args>(arguments)...);
  }

  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(key_type&& x, Args&&... arguments) {
    return place(std::move(x), std::forward<Args>(arguments)...);
  }

  template <typename K, typename... Args>
    requires is_other_key<K> && std::is_constructible_v<T, Args...>
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(K&& x, Args&&... arguments) {
    return place(std::forward<K>(x), std::forward<Args>(arguments)...);
  }

  /// @}

  /// try_emplace with the place looked for at `hint` first.
  /// @returns     Iterator to the row with that key.
  /// @pre         `hint` is a valid iterator of this map; checked at level `debug`.
  /// @throws      As try_emplace. @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as try_emplace.
  /// @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, const key_type& x, Args&&... arguments) {
    return place_near(hint, x, std::forward<Args>(arguments)...).first;
  }

  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, key_type&& x, Args&&... arguments) {
    return place_near(hint, std::move(x), std::forward<Args>(arguments)...).first;
  }

  template <typename K, typename... Args>
    requires is_other_key<K> && std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, K&& x, Args&&... arguments) {
    return place_near(hint, std::forward<K>(x), std::forward<Args>(arguments)...).first;
  }

  /// @}

  /// try_emplace(x, object); if the key is there, `object` is assigned to its value.
  /// @returns     Iterator to the row with that key, and whether it is new.
  /// @pre         As try_emplace.
  /// @throws      As try_emplace, and what the assignment throws. @guarantee Strong, of an assignment its
  ///              own.
  /// @complexity  As try_emplace. @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename M>
    requires is_value<M>
  DEFT_TAGGED std::pair<iterator, bool> insert_or_assign(const key_type& x, M&& object) {
    return assigned(place(x, std::forward<M>(object)), std::forward<M>(object));
  }

  template <typename M>
    requires is_value<M>
  DEFT_TAGGED std::pair<iterator, bool> insert_or_assign(key_type&& x, M&& object) {
    return assigned(place(std::move(x), std::forward<M>(object)), std::forward<M>(object));
  }

  template <typename K, typename M>
    requires is_other_key<K> && is_value<M>
  DEFT_TAGGED std::pair<iterator, bool> insert_or_assign(K&& x, M&& object) {
    return assigned(place(std::forward<K>(x), std::forward<M>(object)), std::forward<M>(object));
  }

  /// @}

  /// insert_or_assign with the place looked for at `hint` first.
  /// @returns     Iterator to the row with that key.
  /// @pre         `hint` is a valid iterator of this map; checked at level `debug`.
  /// @throws      As insert_or_assign. @guarantee As insert_or_assign.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as try_emplace.
  /// @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename M>
    requires is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, const key_type& x, M&& object) {
    return assigned(place_near(hint, x, std::forward<M>(object)), std::forward<M>(object)).first;
  }

  template <typename M>
    requires is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, key_type&& x, M&& object) {
    return assigned(place_near(hint, std::move(x), std::forward<M>(object)), std::forward<M>(object)).first;
  }

  template <typename K, typename M>
    requires is_other_key<K> && is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, K&& x, M&& object) {
    return assigned(place_near(hint, std::forward<K>(x), std::forward<M>(object)), std::forward<M>(object))
        .first;
  }

  /// @}

  /// Removes the row at `position`, as the inherited function does: an iterator is not taken for a key.
  /// @returns     Iterator to the row after it.
  /// @pre         `position` is in [begin(), end()), else traps.
  /// @throws      Nothing. @complexity O(log n). @invalidates Everything.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(iterator position) { return base::erase(const_iterator(position)); }

 protected:
  using base::base;

 private:
  template <typename K, typename... Args>
  DEFT_TAGGED element made(K&& x, Args&&... arguments) {
    return element(engine_.allocator(), std::piecewise_construct, std::forward_as_tuple(std::forward<K>(x)),
                   std::forward_as_tuple(std::forward<Args>(arguments)...));
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place(K&& x, Args&&... arguments) {
    const auto [place, fresh] = engine_.try_insert(
        std::as_const(x), [&] { return made(std::forward<K>(x), std::forward<Args>(arguments)...); });
    return {base::template at<iterator>(place), fresh};
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place_near(const_iterator hint, K&& x, Args&&... arguments) {
    const auto [place, fresh] = engine_.try_insert_hint(this->place_of(hint), std::as_const(x), [&] {
      return made(std::forward<K>(x), std::forward<Args>(arguments)...);
    });
    return {base::template at<iterator>(place), fresh};
  }

  /// Calls put(key, make) with the key of the row that `args` make: as they give it, if that is a Key, so
  /// that nothing is made in vain.
  template <typename Put, typename... Args>
  DEFT_TAGGED auto with_row(Put put, Args&&... args) {
    return parts::of(
        [this, &put]<typename KeyPart, typename ValuePart>(KeyPart&& key, ValuePart&& value) {
          if constexpr (std::is_same_v<std::remove_cvref_t<KeyPart>, Key>) {
            return put(std::as_const(key),
                       [&] { return made(std::forward<KeyPart>(key), std::forward<ValuePart>(value)); });
          } else {
            element row = made(std::forward<KeyPart>(key), std::forward<ValuePart>(value));
            return put(std::as_const(row).key(), [&row]() noexcept { return std::move(row); });
          }
        },
        std::forward<Args>(args)...);
  }

  // `object` has been moved from if, and only if, the row is new.
  template <typename M>
  DEFT_TAGGED static std::pair<iterator, bool> assigned(std::pair<iterator, bool> placed, M&& object) {
    if (!placed.second) placed.first->second = std::forward<M>(object);
    return placed;
  }
};

}  // namespace deft
