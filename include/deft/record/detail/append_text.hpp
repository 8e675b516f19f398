/// @file
/// Writes values of fields as text: `{ts=1, venue=3, cond=none, buy=true, price=2.5}`.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/codec.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/enum_names.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft::detail {

/// In double quotes; quotes, backslashes and control characters escaped as in C.
void append_quoted(std::string& text, std::string_view value);

struct append_text {
  std::string& text;

  template <typename T>
  DEFT_TAGGED void value(const T& x) const {
    if constexpr (is_bounded_enum<T>) {
      enumerator(x);
    } else if constexpr (is_bounded<T>) {
      value(x.value());
    } else if constexpr (is_bit<T>) {
      text += static_cast<bool>(x) ? "true" : "false";
    } else if constexpr (std::is_enum_v<T>) {
      number(+static_cast<std::underlying_type_t<T>>(x));
    } else if constexpr (std::is_same_v<T, char>) {
      number(static_cast<int>(x));
    } else if constexpr (std::is_arithmetic_v<T>) {
      number(x);
    } else if constexpr (is_optional<T>) {
      if (x.has_value()) {
        value(*x);
      } else {
        text += "none";
      }
    } else if constexpr (is_fixed_string<T>) {
      append_quoted(text, x.view());
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      append_quoted(text, x);
    } else if constexpr (chrono_time_point<T>) {
      value(x.time_since_epoch().count());
    } else if constexpr (chrono_duration<T>) {
      value(x.count());
    } else if constexpr (is_std_array<T> || is_sequence<T>) {
      text += '[';
      const char* separator = "";
      for (const auto& element : x) {
        text += separator;
        value(element);
        separator = ", ";
      }
      text += ']';
    } else if constexpr (is_plain_class<T>) {
      detail::visit_fields(
          x, [this](const auto&... fields) { this->named(field_names_of<T>.data(), fields...); });
    } else {
      static_assert(is_plain_class<T>, "deft: no way is known to write a field of this type as text");
    }
  }

  /// `{name=value, ...}`
  template <typename... T>
  DEFT_TAGGED void named([[maybe_unused]] const std::string_view* names, const T&... values) const {
    text += '{';
    [[maybe_unused]] std::size_t i = 0;
    (name(names, i++, values), ...);
    text += '}';
  }

 private:
  template <typename T>
  DEFT_TAGGED void enumerator(T x) const {
    if constexpr (enumerators_of<T> <= 256) {
      if (const std::string_view name = deft::enum_name(x); !name.empty()) {
        text += name;
        return;
      }
    }
    value(x.value());
  }

  template <typename T>
  DEFT_TAGGED void name(const std::string_view* names, std::size_t i, const T& x) const {
    if (i > 0) text += ", ";
    text += names[i];
    text += '=';
    value(x);
  }

  template <typename T>
  DEFT_TAGGED void number(T x) const {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, x);
    text.append(digits, end.ptr);
  }
};

}  // namespace deft::detail
