/// @file
/// deft::any_value: an element whose type is known at run time only.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/errors.hpp"

namespace deft {

/// What an element of an any_view is for Python: a bool, an int, a float or bytes. Signed formats give
/// std::int64_t, unsigned ones std::uint64_t, `c` and `s` the bytes as a std::string.
///
/// Values compare as Python's do: 1 == 1.0 == true, exactly, and never equal to bytes; NaN equals nothing.
///
/// Memory: a std::variant. Threads: a plain value.
class any_value {
 public:
  using variant_type = std::variant<bool, std::int64_t, std::uint64_t, double, std::string>;

  /// False.
  /// @complexity  O(1). @concurrency Safe.
  any_value() noexcept = default;

  /// A number or bytes.
  /// @throws      std::bad_alloc, of bytes.
  /// @complexity  O(1); O(size) of bytes. @concurrency Safe.
  /// @{
  template <typename Number>
    requires std::is_arithmetic_v<Number>
  DEFT_TAGGED any_value(Number number) noexcept : value_(from_number(number)) {}

  DEFT_TAGGED any_value(std::string bytes) noexcept : value_(std::move(bytes)) {}

  DEFT_TAGGED any_value(const char* bytes) : value_(std::string(bytes)) {}

  /// @}

  /// The value as a variant.
  /// @returns     It.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const variant_type& variant() const noexcept { return value_; }

  /// The value as a number of type T.
  /// @returns     It.
  /// @throws      std::invalid_argument if a T cannot hold it exactly (a floating-point T: nearly), or it is
  ///              bytes.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <typename T>
    requires std::is_arithmetic_v<T>
  [[nodiscard]] DEFT_TAGGED T as() const {
    if constexpr (std::is_same_v<T, bool>) {
      if (const bool* const truth = std::get_if<bool>(&value_)) return *truth;
      detail::throw_invalid_argument("deft: any_value: as<bool>() of what is no bool");
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(as_double());
    } else if constexpr (std::is_signed_v<T>) {
      const std::int64_t number = as_signed();
      if (static_cast<std::int64_t>(static_cast<T>(number)) != number) out_of_range();
      return static_cast<T>(number);
    } else {
      const std::uint64_t number = as_unsigned();
      if (static_cast<std::uint64_t>(static_cast<T>(number)) != number) out_of_range();
      return static_cast<T>(number);
    }
  }

  /// The bytes of a value that is bytes.
  /// @returns     They.
  /// @throws      std::invalid_argument if it is a number.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] std::string_view bytes() const;

  /// Compares as Python does.
  /// @returns     Whether the values are equal.
  /// @complexity  O(1); O(size) of bytes. @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED friend bool operator==(const any_value& a, const any_value& b) noexcept {
    return a.equals(b);
  }

 private:
  template <typename Number>
  DEFT_TAGGED static variant_type from_number(Number number) noexcept {
    if constexpr (std::is_same_v<Number, bool>) {
      return number;
    } else if constexpr (std::is_floating_point_v<Number>) {
      return static_cast<double>(number);
    } else if constexpr (std::is_signed_v<Number>) {
      return static_cast<std::int64_t>(number);
    } else {
      return static_cast<std::uint64_t>(number);
    }
  }

  [[nodiscard]] bool equals(const any_value& other) const noexcept;
  [[nodiscard]] double as_double() const;
  [[nodiscard]] std::int64_t as_signed() const;
  [[nodiscard]] std::uint64_t as_unsigned() const;
  [[noreturn, gnu::cold]] static void out_of_range();

  variant_type value_;
};

}  // namespace deft
