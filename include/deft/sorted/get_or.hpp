/// @file
/// deft::get_or and deft::get_or_emplace: Python's dict.get and defaultdict over any map.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft {

namespace detail {

/// A lookup takes such a needle as it is: it is a key, or the map compares others with its keys.
template <typename Map, typename Needle>
concept needle_as_it_is =
    std::same_as<std::remove_cvref_t<Needle>, typename Map::key_type> ||
    requires { typename Map::key_compare::is_transparent; } ||
    (requires { typename Map::hasher::is_transparent; } &&
     requires { typename Map::key_equal::is_transparent; });

}  // namespace detail

inline namespace DEFT_TAG {

/// Python's `map.get(key, fallback)`: never inserts. For std::map, std::unordered_map, deft::flat_map and
/// whatever has their find().
/// @returns     A copy of the value of `key`, or `fallback` as one.
/// @throws      What the lookup, copying the value and converting `fallback` throw.
/// @complexity  As map.find(key). @concurrency Concurrent reads.
template <typename Map, typename Needle = typename Map::key_type,
          typename Fallback = typename Map::mapped_type>
  requires std::constructible_from<typename Map::mapped_type, Fallback>
[[nodiscard]] typename Map::mapped_type get_or(const Map& map, const Needle& key, Fallback&& fallback) {
  const auto found = map.find(key);
  if (found == map.end()) return typename Map::mapped_type(std::forward<Fallback>(fallback));
  return found->second;
}

/// Python's `defaultdict`: inserts `factory()` under `key` if that is not there. The factory is called only
/// then, before anything changes, and may use the map itself; should it insert the key, that value stays.
/// What is not a key and cannot be compared with one is converted to one, once.
/// @returns     A reference to the value of `key`.
/// @throws      What the lookup, the factory and the insertion throw. @guarantee As map.try_emplace, strong.
/// @complexity  One lookup, and map.try_emplace if the key is not there.
/// @invalidates As map.try_emplace, if the key is new. @concurrency Exclusive access to `map`.
template <typename Map, typename Needle = typename Map::key_type, std::invocable Factory>
  requires std::constructible_from<typename Map::mapped_type, std::invoke_result_t<Factory>>
typename Map::mapped_type& get_or_emplace(Map& map, Needle&& key, Factory&& factory) {
  using key_type = typename Map::key_type;
  if constexpr (!detail::needle_as_it_is<Map, Needle>) {
    return deft::get_or_emplace(map, key_type(std::forward<Needle>(key)), std::forward<Factory>(factory));
  } else {
    if (const auto found = map.find(key); found != map.end()) return found->second;
    decltype(auto) value = std::invoke(std::forward<Factory>(factory));
    using value_type = std::invoke_result_t<Factory>;
    if constexpr (requires { map.try_emplace(std::forward<Needle>(key), std::declval<value_type>()); }) {
      return map.try_emplace(std::forward<Needle>(key), std::forward<value_type>(value)).first->second;
    } else {
      return map.try_emplace(key_type(std::forward<Needle>(key)), std::forward<value_type>(value))
          .first->second;
    }
  }
}

}  // namespace DEFT_TAG
}  // namespace deft
