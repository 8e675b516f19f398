/// @file
/// What values of a declared domain are checked with.
#pragma once

#include <cstdint>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// Says that a value is known to be of its domain.
struct unchecked {};

/// An integer of any type, for messages.
struct shown_integer {
  template <typename T>
  DEFT_TAGGED constexpr shown_integer(T value) noexcept  // NOLINT(google-explicit-constructor)
      : bits(static_cast<std::uint64_t>(value)), is_signed(std::is_signed_v<T>) {}

  std::uint64_t bits;
  bool is_signed;
};

/// Throws std::out_of_range("deft::bounded: VALUE is not of [LOWEST, HIGHEST]"), or reports it and aborts
/// where exceptions are disabled in the library's build. No constant expression: a literal outside the domain
/// does not compile where a constant is needed.
[[noreturn, gnu::cold]] void throw_outside_domain(shown_integer value, shown_integer lowest,
                                                  shown_integer highest);

/// The same of a value that is described: "WHAT is not of [LOWEST, HIGHEST]".
[[noreturn, gnu::cold]] void throw_outside_domain(const char* what, shown_integer lowest,
                                                  shown_integer highest);

template <typename T, T Lowest, T Highest>
consteval auto choose_narrowest() {
  if constexpr (Lowest < T{}) {
    constexpr auto low = static_cast<std::int64_t>(Lowest);
    constexpr auto high = static_cast<std::int64_t>(Highest);
    if constexpr (low >= INT8_MIN && high <= INT8_MAX) {
      return std::int8_t{};
    } else if constexpr (low >= INT16_MIN && high <= INT16_MAX) {
      return std::int16_t{};
    } else if constexpr (low >= INT32_MIN && high <= INT32_MAX) {
      return std::int32_t{};
    } else {
      return std::int64_t{};
    }
  } else {
    constexpr auto high = static_cast<std::uint64_t>(Highest);
    if constexpr (high <= UINT8_MAX) {
      return std::uint8_t{};
    } else if constexpr (high <= UINT16_MAX) {
      return std::uint16_t{};
    } else if constexpr (high <= UINT32_MAX) {
      return std::uint32_t{};
    } else {
      return std::uint64_t{};
    }
  }
}

/// The narrowest integer type that holds [Lowest, Highest]; unsigned where nothing is negative.
template <typename T, T Lowest, T Highest>
using narrowest_integer = decltype(choose_narrowest<T, Lowest, Highest>());

template <typename E>
struct enum_code_type {
  using type = std::int64_t;
};

template <typename E>
  requires std::is_unsigned_v<std::underlying_type_t<E>>
struct enum_code_type<E> {
  using type = std::uint64_t;
};

/// The 64-bit integer that the values of E are compared as.
template <typename E>
using enum_code = typename enum_code_type<E>::type;

}  // namespace deft::detail
