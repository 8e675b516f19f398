/// @file
/// The names of the enumerators of a bounded_enum, as the compiler spells them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/field_name.hpp"

namespace deft {

namespace detail {

// A value that no enumerator has is spelt as a cast of a number.
consteval std::string_view name_or_nothing(std::string_view identifier) {
  const char first = identifier.empty() ? '0' : identifier.front();
  return (first >= '0' && first <= '9') || first == '-' ? std::string_view() : identifier;
}

template <typename E, std::size_t... I>
consteval std::array<std::string_view, sizeof...(I)> spell_enumerators(std::index_sequence<I...>) {
  return {name_or_nothing(last_identifier(spell<static_cast<E>(I)>().text))...};
}

template <typename Enum>
inline constexpr std::size_t enumerators_of = static_cast<std::size_t>(Enum::highest) + 1;

template <typename Enum>
inline constexpr auto names_of_enumerators =
    spell_enumerators<typename Enum::value_type>(std::make_index_sequence<enumerators_of<Enum>>());

}  // namespace detail

inline namespace DEFT_TAG {

/// The names of a bounded_enum's values, from the one of value 0 on; empty for a value without an enumerator.
/// @returns     An array as long as the domain, which has at most 256 values.
/// @complexity  At compile time. @concurrency Safe.
template <typename Enum>
[[nodiscard]] consteval auto enum_names() noexcept
    -> std::array<std::string_view, detail::enumerators_of<Enum>> {
  static_assert(detail::is_bounded_enum<Enum>, "deft::enum_names: the type is a deft::bounded_enum");
  static_assert(detail::enumerators_of<Enum> <= 256, "deft::enum_names: the enum has at most 256 values");
  return detail::names_of_enumerators<Enum>;
}

/// The name of an enumerator.
/// @returns     Empty for a value without an enumerator. @complexity O(1). @concurrency Safe.
template <typename E, E Last>
[[nodiscard]] constexpr std::string_view enum_name(bounded_enum<E, Last> value) noexcept {
  return detail::names_of_enumerators<bounded_enum<E, Last>>[static_cast<std::size_t>(value.value())];
}

}  // namespace DEFT_TAG

}  // namespace deft
