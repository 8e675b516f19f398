/// @file
/// From what std::pair<Key, T> is made of to what its two halves are made of.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

template <typename T>
inline constexpr bool is_std_pair = false;

template <typename T, typename U>
inline constexpr bool is_std_pair<std::pair<T, U>> = true;

/// Takes the arguments of a constructor of std::pair<Key, T> apart, so that key and value are made where they
/// belong, and a key can be looked up before anything is made. Only where they cannot be taken apart is a
/// pair made of them, and that taken apart.
template <typename Key, typename T>
class flat_map_parts {
  using pair = std::pair<Key, T>;

  template <typename KeyPart, typename ValuePart>
  static constexpr bool make_both =
      std::is_constructible_v<Key, KeyPart> && std::is_constructible_v<T, ValuePart>;

  template <typename Pair>
  using first_of = decltype(std::get<0>(std::declval<Pair>()));
  template <typename Pair>
  using second_of = decltype(std::get<1>(std::declval<Pair>()));

 public:
  /// @returns use(part for the key, part for the value).
  template <typename Use, typename... Args>
  DEFT_TAGGED static decltype(auto) of(Use use, Args&&... args) {
    if constexpr (sizeof...(Args) == 2 && make_both_of<Args...>()) {
      return use(std::forward<Args>(args)...);
    } else if constexpr (sizeof...(Args) == 1) {
      return of_one(use, std::forward<Args>(args)...);
    } else {
      return of_pair(use, pair(std::forward<Args>(args)...));
    }
  }

 private:
  template <typename... Args>
  DEFT_TAGGED static constexpr bool make_both_of() noexcept {
    if constexpr (sizeof...(Args) == 2) return make_both<Args...>;
    return false;
  }

  template <typename Use, typename Row>
  DEFT_TAGGED static decltype(auto) of_one(Use& use, Row&& row) {
    if constexpr (is_std_pair<std::remove_cvref_t<Row>>) {
      if constexpr (make_both<first_of<Row>, second_of<Row>>) {
        // Two halves of one argument: what moves one of them leaves the other.
        return use(std::get<0>(std::forward<Row>(row)), std::get<1>(std::forward<Row>(row)));
      } else {
        return of_pair(use, pair(std::forward<Row>(row)));
      }
    } else {
      return of_pair(use, pair(std::forward<Row>(row)));
    }
  }

  template <typename Use>
  DEFT_TAGGED static decltype(auto) of_pair(Use& use, pair&& row) {
    return use(std::move(row.first), std::move(row.second));
  }
};

}  // namespace deft::detail
