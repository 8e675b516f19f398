/// @file
/// How a field is named in angle brackets: `&T::x`, its name in quotes, or its index.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft::detail {

template <std::size_t N>
consteval std::size_t index_of_name(const std::array<std::string_view, N>& names, std::string_view name) {
  std::size_t i = 0;
  while (i < N && names[i] != name) ++i;
  return i;
}

/// Whether Key may name a field. Anything else is no overload of get, and not an error yet.
template <auto Key>
inline constexpr bool is_field_key =
    is_field_pointer<Key> || std::is_integral_v<std::remove_const_t<decltype(Key)>> ||
    is_fixed_string<std::remove_const_t<decltype(Key)>>;

/// The index of the field of T that Key names.
template <typename T, auto Key>
consteval std::size_t field_key() {
  using key_type = std::remove_const_t<decltype(Key)>;
  if constexpr (is_fixed_string<key_type>) {
    constexpr std::size_t index = detail::index_of_name(field_names_of<T>, Key.view());
    static_assert(index < field_count<T>, "deft: the schema has no field of this name");
    return index < field_count<T> ? index : 0;
  } else if constexpr (std::is_integral_v<key_type>) {
    static_assert(std::size_t{Key} < field_count<T>, "deft: the schema has no field of this index");
    return Key;
  } else {
    static_assert(std::is_same_v<member_class<Key>, T>, "deft: this is a field of another struct");
    if constexpr (std::is_same_v<member_class<Key>, T>) {
      return field_index<Key>;
    } else {
      return 0;
    }
  }
}

template <std::size_t N>
consteval bool are_distinct(const std::array<std::size_t, N>& indices) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (indices[i] == indices[j]) return false;
    }
  }
  return true;
}

}  // namespace deft::detail
