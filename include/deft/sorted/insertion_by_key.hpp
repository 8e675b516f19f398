/// @file
/// deft::insertion_by_key: try_emplace and insert_or_assign of flat_map and sorted_map. Use it through them.
#pragma once

#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"

namespace deft {

/// The insertions of a map with unique keys that take the key and what becomes its value one by one.
/// `Map` has place(key, arguments...) and place_near(hint, key, arguments...), which insert unless the key is
/// there, and say where it is and whether it is new. `Base` is a base class of it, complete here, for its
/// types.
template <typename Map, typename Base, typename T>
class insertion_by_key {
  using key_type = typename Base::key_type;
  using iterator = typename Base::iterator;
  using const_iterator = typename Base::const_iterator;
  template <typename K>
  static constexpr bool is_other_key =
      detail::transparent_comparator<typename Base::key_compare> && std::is_constructible_v<key_type, K>;
  template <typename K>
  static constexpr bool is_iterator =
      std::is_convertible_v<K, const_iterator> || std::is_convertible_v<K, iterator>;
  template <typename M>
  static constexpr bool is_value = std::is_assignable_v<T&, M> && std::is_constructible_v<T, M>;

 public:
  /// Inserts the key `x` with a value made from `arguments`, unless it is there; then nothing is made, and
  /// nothing moved from. A needle of another type (under a transparent comparator) becomes a Key only if it
  /// is inserted.
  /// @returns     Iterator to the row with that key, and whether it is new.
  /// @pre         A needle of another type makes a Key that is found where the needle is.
  /// @throws      std::length_error at max_size(); what allocation, making key and value and comparisons
  ///              throw.
  /// @guarantee   Strong, as far as the map's insert is.
  /// @complexity  O(log n) comparisons, and the moves of one insertion.
  /// @invalidates What one insertion invalidates; nothing if not inserted.
  /// @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(const key_type& x, Args&&... arguments) {
    return self().place(x, std::forward<Args>(arguments)...);
  }

  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(key_type&& x, Args&&... arguments) {
    return self().place(std::move(x), std::forward<Args>(arguments)...);
  }

  template <typename K, typename... Args>
    requires is_other_key<K> && std::is_constructible_v<T, Args...> && (!is_iterator<K>)
  DEFT_TAGGED std::pair<iterator, bool> try_emplace(K&& x, Args&&... arguments) {
    return self().place(std::forward<K>(x), std::forward<Args>(arguments)...);
  }

  /// @}

  /// try_emplace with the place looked for at `hint` first.
  /// @returns     Iterator to the row with that key.
  /// @pre         `hint` is a valid iterator of this map; checked as by insert(hint, row).
  /// @throws      As try_emplace. @guarantee Strong.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as without.
  /// @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, const key_type& x, Args&&... arguments) {
    return self().place_near(hint, x, std::forward<Args>(arguments)...).first;
  }

  template <typename... Args>
    requires std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, key_type&& x, Args&&... arguments) {
    return self().place_near(hint, std::move(x), std::forward<Args>(arguments)...).first;
  }

  template <typename K, typename... Args>
    requires is_other_key<K> && std::is_constructible_v<T, Args...>
  DEFT_TAGGED iterator try_emplace(const_iterator hint, K&& x, Args&&... arguments) {
    return self().place_near(hint, std::forward<K>(x), std::forward<Args>(arguments)...).first;
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
    return assigned(self().place(x, std::forward<M>(object)), std::forward<M>(object));
  }

  template <typename M>
    requires is_value<M>
  DEFT_TAGGED std::pair<iterator, bool> insert_or_assign(key_type&& x, M&& object) {
    return assigned(self().place(std::move(x), std::forward<M>(object)), std::forward<M>(object));
  }

  template <typename K, typename M>
    requires is_other_key<K> && is_value<M>
  DEFT_TAGGED std::pair<iterator, bool> insert_or_assign(K&& x, M&& object) {
    return assigned(self().place(std::forward<K>(x), std::forward<M>(object)), std::forward<M>(object));
  }

  /// @}

  /// insert_or_assign with the place looked for at `hint` first.
  /// @returns     Iterator to the row with that key.
  /// @pre         `hint` is a valid iterator of this map; checked as by insert(hint, row).
  /// @throws      As insert_or_assign. @guarantee As insert_or_assign.
  /// @complexity  Two comparisons if the hint is right, else O(log n); moves as without.
  /// @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  template <typename M>
    requires is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, const key_type& x, M&& object) {
    return assigned(self().place_near(hint, x, std::forward<M>(object)), std::forward<M>(object)).first;
  }

  template <typename M>
    requires is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, key_type&& x, M&& object) {
    return assigned(self().place_near(hint, std::move(x), std::forward<M>(object)), std::forward<M>(object))
        .first;
  }

  template <typename K, typename M>
    requires is_other_key<K> && is_value<M>
  DEFT_TAGGED iterator insert_or_assign(const_iterator hint, K&& x, M&& object) {
    return assigned(self().place_near(hint, std::forward<K>(x), std::forward<M>(object)),
                    std::forward<M>(object))
        .first;
  }

  /// @}

 private:
  DEFT_TAGGED Map& self() noexcept { return static_cast<Map&>(*this); }

  // `object` has been moved from if, and only if, the row is new.
  template <typename M>
  DEFT_TAGGED static std::pair<iterator, bool> assigned(std::pair<iterator, bool> placed, M&& object) {
    if (!placed.second) placed.first->second = std::forward<M>(object);
    return placed;
  }
};

}  // namespace deft
