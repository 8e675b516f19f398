#include "deft/view/any_value.hpp"

#include <cmath>
#include <compare>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>

namespace deft {

namespace {

template <typename T>
inline constexpr bool is_bytes = std::is_same_v<T, std::string>;

/// Exactly: a double beyond 2^53 is not rounded to, nor is an integer.
bool equals_double(std::int64_t number, double other) noexcept {
  return other >= -0x1p63 && other < 0x1p63 && static_cast<std::int64_t>(other) == number &&
         std::trunc(other) == other;
}

bool equals_double(std::uint64_t number, double other) noexcept {
  return other >= 0 && other < 0x1p64 && static_cast<std::uint64_t>(other) == number &&
         std::trunc(other) == other;
}

struct equal_values {
  bool operator()(double a, double b) const noexcept { return a == b; }

  template <typename A, typename B>
  bool operator()(const A& a, const B& b) const noexcept {
    if constexpr (is_bytes<A> || is_bytes<B>) {
      if constexpr (std::is_same_v<A, B>) return a == b;
      return false;
    } else if constexpr (std::is_same_v<A, double>) {
      return (*this)(b, a);
    } else if constexpr (std::is_same_v<A, bool>) {
      return (*this)(static_cast<std::uint64_t>(a), b);
    } else if constexpr (std::is_same_v<B, bool>) {
      return (*this)(a, static_cast<std::uint64_t>(b));
    } else if constexpr (std::is_same_v<B, double>) {
      return equals_double(a, b);
    } else if constexpr (std::is_same_v<A, B>) {
      return a == b;
    } else if constexpr (std::is_signed_v<A>) {
      return a >= 0 && static_cast<std::uint64_t>(a) == b;
    } else {
      return (*this)(b, a);
    }
  }
};

}  // namespace

std::string_view any_value::bytes() const {
  const auto* const held = std::get_if<std::string>(&value_);
  if (held == nullptr) detail::throw_invalid_argument("deft: any_value: bytes() of a number");
  return *held;
}

bool any_value::equals(const any_value& other) const noexcept {
  return std::visit(equal_values(), value_, other.value_);
}

double any_value::as_double() const {
  return std::visit(
      [](const auto& held) -> double {
        if constexpr (is_bytes<std::decay_t<decltype(held)>>) {
          detail::throw_invalid_argument("deft: any_value: bytes are no number");
        } else {
          return static_cast<double>(held);
        }
      },
      value_);
}

std::int64_t any_value::as_signed() const {
  const std::int64_t found = std::visit(
      [](const auto& held) -> std::int64_t {
        using held_type = std::decay_t<decltype(held)>;
        if constexpr (is_bytes<held_type>) {
          detail::throw_invalid_argument("deft: any_value: bytes are no number");
        } else if constexpr (std::is_same_v<held_type, double>) {
          if (!(held >= -0x1p63 && held < 0x1p63)) out_of_range();
          return static_cast<std::int64_t>(held);
        } else {
          return static_cast<std::int64_t>(held);
        }
      },
      value_);
  if (!(any_value(found) == *this)) out_of_range();
  return found;
}

std::uint64_t any_value::as_unsigned() const {
  const std::uint64_t found = std::visit(
      [](const auto& held) -> std::uint64_t {
        using held_type = std::decay_t<decltype(held)>;
        if constexpr (is_bytes<held_type>) {
          detail::throw_invalid_argument("deft: any_value: bytes are no number");
        } else if constexpr (std::is_same_v<held_type, double>) {
          if (!(held >= 0 && held < 0x1p64)) out_of_range();
          return static_cast<std::uint64_t>(held);
        } else {
          return static_cast<std::uint64_t>(held);
        }
      },
      value_);
  if (!(any_value(found) == *this)) out_of_range();
  return found;
}

void any_value::out_of_range() {
  detail::throw_invalid_argument("deft: any_value: the type asked for cannot hold the value");
}

}  // namespace deft
