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
#include "deft/sorted/insertion_by_key.hpp"
#include "deft/sorted/sorted_tree_base.hpp"

namespace deft {

/// The insertions of a sorted_map, row by row. Arguments may refer to keys and values of the map itself.
template <typename Key, typename T, typename Compare, typename Allocator>
class sorted_map_update : public sorted_tree_base<true, Key, T, Compare, Allocator>,
                          public insertion_by_key<sorted_map_update<Key, T, Compare, Allocator>,
                                                  sorted_tree_base<true, Key, T, Compare, Allocator>, T> {
  using base = sorted_tree_base<true, Key, T, Compare, Allocator>;
  friend insertion_by_key<sorted_map_update, base, T>;

 protected:
  using base::engine_;
  using typename base::element;
  using typename base::parts;

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
          const auto [place, fresh] = this->insert_made(x, make);
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
        [this, hint](const auto& x, auto make) {
          return base::template at<iterator>(this->insert_made_near(hint, x, make).first);
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

  /// Removes the row at `position`, as the inherited function does: an iterator is not taken for a key.
  /// @returns     Iterator to the row after it.
  /// @pre         `position` is in [begin(), end()), else traps.
  /// @throws      Nothing. @complexity O(log n). @invalidates Everything.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(iterator position) { return base::erase(const_iterator(position)); }

 protected:
  // Not inherited: clang gives inherited constructors, and implicit members, no tag.
  template <typename... Args>
    requires(sizeof...(Args) != 0)
  DEFT_TAGGED explicit sorted_map_update(std::in_place_t tag, Args&&... args)
      : base(tag, std::forward<Args>(args)...) {}

  DEFT_TAGGED sorted_map_update(const sorted_map_update&) = default;
  DEFT_TAGGED sorted_map_update(sorted_map_update&&) = default;
  DEFT_TAGGED sorted_map_update& operator=(const sorted_map_update&) = default;
  DEFT_TAGGED sorted_map_update& operator=(sorted_map_update&&) = default;
  DEFT_TAGGED ~sorted_map_update() = default;

 private:
  template <typename K, typename... Args>
  DEFT_TAGGED element made(K&& x, Args&&... arguments) {
    return element(engine_.allocator(), std::piecewise_construct, std::forward_as_tuple(std::forward<K>(x)),
                   std::forward_as_tuple(std::forward<Args>(arguments)...));
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place(K&& x, Args&&... arguments) {
    const auto [place, fresh] = this->insert_made(
        std::as_const(x), [&] { return made(std::forward<K>(x), std::forward<Args>(arguments)...); });
    return {base::template at<iterator>(place), fresh};
  }

  template <typename K, typename... Args>
  DEFT_TAGGED std::pair<iterator, bool> place_near(const_iterator hint, K&& x, Args&&... arguments) {
    const auto [place, fresh] = this->insert_made_near(
        hint, std::as_const(x), [&] { return made(std::forward<K>(x), std::forward<Args>(arguments)...); });
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
};

}  // namespace deft
