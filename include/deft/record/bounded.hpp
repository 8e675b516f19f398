/// @file
/// Values of a declared domain: integers between two bounds, and enumerators up to a last one.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/detail/domain.hpp"

namespace deft {

/// An integer of [Lowest, Highest], both included: `bounded<int, 0, 19> venue = 3;`
///
/// Use it where the domain of a number is known: packed and record_vector then store what the domain needs,
/// and whatever is stored has been checked. Not a type for arithmetic: it converts to T, and what is computed
/// there is a T, checked again when it is stored.
///
/// A value outside the domain throws std::out_of_range and changes nothing; in constant evaluation it does
/// not compile. Floating-point numbers and bools do not convert to it.
///
/// `c ? b : 5` does not compile, as b converts to an int and 5 to a bounded: write `c ? b.value() : 5` or
/// `c ? b : venue(5)`.
///
/// Memory: storage_type, the narrowest integer type that holds the domain. Bits in a packed:
/// ceil(log2(Highest - Lowest + 1)). Threads: as for an int.
template <typename T, T Lowest, T Highest>
class bounded {
  static_assert(
      std::is_integral_v<T> && !std::is_same_v<T, bool>,
      "deft::bounded: the type is an integer type other than bool (for an enum, deft::bounded_enum)");
  static_assert(!(Highest < Lowest), "deft::bounded: the lowest value is above the highest");

 public:
  using value_type = T;
  /// The narrowest integer type that holds every value: unsigned where none is negative.
  using storage_type = detail::narrowest_integer<T, Lowest, Highest>;

  static constexpr T lowest = Lowest;
  static constexpr T highest = Highest;
  /// How many bits tell the values apart.
  static constexpr unsigned bits = static_cast<unsigned>(
      std::bit_width(static_cast<std::uint64_t>(Highest) - static_cast<std::uint64_t>(Lowest)));

  /// Zero, or the lowest value where zero is outside the domain.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr bounded() noexcept
      : value_(static_cast<storage_type>(Lowest <= T{} && T{} <= Highest ? T{} : Lowest)) {}

  /// The value of an integer of any type.
  /// @throws      std::out_of_range if it is outside the domain. @guarantee Strong.
  /// @complexity  O(1). @concurrency Safe.
  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  DEFT_TAGGED constexpr bounded(V value)  // NOLINT(google-explicit-constructor)
      : value_(static_cast<storage_type>(value)) {
    if (!contains(value)) detail::throw_outside_domain(value, Lowest, Highest);
  }

  /// The value of another domain.
  /// @throws      std::out_of_range if it is outside this one. @guarantee Strong.
  /// @complexity  O(1). @concurrency Safe.
  template <typename U, U OtherLowest, U OtherHighest>
  DEFT_TAGGED constexpr bounded(  // NOLINT(google-explicit-constructor)
      bounded<U, OtherLowest, OtherHighest> other)
      : bounded(other.value()) {}

  // A fraction or a truth value is no number of a domain: convert it first.
  template <typename V>
    requires(std::is_floating_point_v<V> || std::is_same_v<V, bool>)
  bounded(V) = delete;

  /// A value that is known to be in the domain: for deft's own tables and records.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr bounded(detail::unchecked, storage_type value) noexcept : value_(value) {}

  /// Whether the domain has `value`.
  /// @returns     True if a bounded may be made of it.
  /// @complexity  O(1). @concurrency Safe.
  template <typename V>
    requires std::is_integral_v<V>
  [[nodiscard]] DEFT_TAGGED static constexpr bool contains(V value) noexcept {
    return std::cmp_greater_equal(+value, +Lowest) && std::cmp_less_equal(+value, +Highest);
  }

  /// The value, unless it is outside the domain.
  /// @returns     nullopt for a value outside. @complexity O(1). @concurrency Safe.
  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  [[nodiscard]] DEFT_TAGGED static constexpr std::optional<bounded> try_from(V value) noexcept {
    if (!contains(value)) return std::nullopt;
    return bounded(detail::unchecked{}, static_cast<storage_type>(value));
  }

  /// The value of the domain that is nearest to `value`.
  /// @returns     Lowest or Highest for a value outside. @complexity O(1). @concurrency Safe.
  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  [[nodiscard]] DEFT_TAGGED static constexpr bounded clamped(V value) noexcept {
    if (std::cmp_less(+value, +Lowest)) return {detail::unchecked{}, static_cast<storage_type>(Lowest)};
    if (std::cmp_greater(+value, +Highest)) return {detail::unchecked{}, static_cast<storage_type>(Highest)};
    return {detail::unchecked{}, static_cast<storage_type>(value)};
  }

  /// The value. Comparisons, arithmetic and output are those of T.
  /// @returns     The value. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED constexpr operator T() const noexcept {  // NOLINT(google-explicit-constructor)
    return static_cast<T>(value_);
  }

  [[nodiscard]] DEFT_TAGGED constexpr T value() const noexcept { return static_cast<T>(value_); }

  /// @}

  /// Adds, subtracts, multiplies and counts, checked; by integers and by values of any domain.
  /// @returns     *this; what it was, for the postfix forms.
  /// @throws      std::out_of_range if the result is outside the domain. @guarantee Strong.
  /// @complexity  O(1). @concurrency Exclusive access.
  /// @{
  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  DEFT_TAGGED constexpr bounded& operator+=(V amount) {
    T sum{};
    if (__builtin_add_overflow(value(), amount, &sum) || !contains(sum)) outside();
    value_ = static_cast<storage_type>(sum);
    return *this;
  }

  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  DEFT_TAGGED constexpr bounded& operator-=(V amount) {
    T difference{};
    if (__builtin_sub_overflow(value(), amount, &difference) || !contains(difference)) outside();
    value_ = static_cast<storage_type>(difference);
    return *this;
  }

  template <typename V>
    requires(std::is_integral_v<V> && !std::is_same_v<V, bool>)
  DEFT_TAGGED constexpr bounded& operator*=(V factor) {
    T product{};
    if (__builtin_mul_overflow(value(), factor, &product) || !contains(product)) {
      detail::throw_outside_domain("deft::bounded: a product", Lowest, Highest);
    }
    value_ = static_cast<storage_type>(product);
    return *this;
  }

  template <typename U, U OtherLowest, U OtherHighest>
  DEFT_TAGGED constexpr bounded& operator+=(bounded<U, OtherLowest, OtherHighest> amount) {
    return *this += amount.value();
  }

  template <typename U, U OtherLowest, U OtherHighest>
  DEFT_TAGGED constexpr bounded& operator-=(bounded<U, OtherLowest, OtherHighest> amount) {
    return *this -= amount.value();
  }

  template <typename U, U OtherLowest, U OtherHighest>
  DEFT_TAGGED constexpr bounded& operator*=(bounded<U, OtherLowest, OtherHighest> factor) {
    return *this *= factor.value();
  }

  DEFT_TAGGED constexpr bounded& operator++() { return *this += 1; }

  DEFT_TAGGED constexpr bounded& operator--() { return *this -= 1; }

  DEFT_TAGGED constexpr bounded operator++(int) {
    const bounded before = *this;
    ++*this;
    return before;
  }

  DEFT_TAGGED constexpr bounded operator--(int) {
    const bounded before = *this;
    --*this;
    return before;
  }

  /// @}

 private:
  [[noreturn]] DEFT_TAGGED static constexpr void outside() {
    detail::throw_outside_domain("deft::bounded: a sum or difference", Lowest, Highest);
  }

  storage_type value_;
};

/// An enumerator of E from the one of value 0 to Last, both included: `bounded_enum<side, side::sell>`.
///
/// Use it where an enum's values count from 0 without holes: a packed then stores ceil(log2(Last + 1)) bits
/// of it. The language does not tell the last enumerator, so the declaration has to.
///
/// A value outside the domain, which a cast can make, throws std::out_of_range and changes nothing; in
/// constant evaluation it does not compile.
///
/// Memory: the narrowest unsigned integer type that holds Last. Threads: as for an enum.
template <typename E, E Last>
class bounded_enum {
  static_assert(std::is_enum_v<E>, "deft::bounded_enum: the type is an enum (for an integer, deft::bounded)");
  static_assert(static_cast<std::underlying_type_t<E>>(Last) >= 0,
                "deft::bounded_enum: the last enumerator is not negative");

  using code = detail::enum_code<E>;

 public:
  using value_type = E;
  using storage_type = detail::narrowest_integer<std::uint64_t, 0, static_cast<std::uint64_t>(Last)>;

  static constexpr E lowest = E{};
  static constexpr E highest = Last;
  /// How many bits tell the values apart.
  static constexpr unsigned bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(Last)));

  /// The enumerator of value 0.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr bounded_enum() noexcept : value_{} {}

  /// @throws      std::out_of_range if `value` is outside the domain. @guarantee Strong.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr bounded_enum(E value)  // NOLINT(google-explicit-constructor)
      : value_(static_cast<storage_type>(value)) {
    if (!contains(value)) {
      detail::throw_outside_domain(static_cast<code>(value), code{}, static_cast<code>(Last));
    }
  }

  /// A value that is known to be in the domain: for deft's own tables and records.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr bounded_enum(detail::unchecked, storage_type value) noexcept : value_(value) {}

  /// Whether the domain has `value`.
  /// @returns     True if a bounded_enum may be made of it.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr bool contains(E value) noexcept {
    const auto number = static_cast<code>(value);
    return number >= code{} && number <= static_cast<code>(Last);
  }

  /// The value, unless it is outside the domain.
  /// @returns     nullopt for a value outside. @complexity O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr std::optional<bounded_enum> try_from(E value) noexcept {
    if (!contains(value)) return std::nullopt;
    return bounded_enum(detail::unchecked{}, static_cast<storage_type>(value));
  }

  /// The enumerator.
  /// @returns     The value. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED constexpr operator E() const noexcept {  // NOLINT(google-explicit-constructor)
    return static_cast<E>(value_);
  }

  [[nodiscard]] DEFT_TAGGED constexpr E value() const noexcept { return static_cast<E>(value_); }

  /// @}

 private:
  storage_type value_;
};

namespace detail {

template <typename T>
inline constexpr bool is_bounded_integer = false;
template <typename T, T Lowest, T Highest>
inline constexpr bool is_bounded_integer<bounded<T, Lowest, Highest>> = true;
template <typename T>
inline constexpr bool is_bounded_enum = false;
template <typename E, E Last>
inline constexpr bool is_bounded_enum<bounded_enum<E, Last>> = true;
template <typename T>
inline constexpr bool is_bounded = is_bounded_integer<T> || is_bounded_enum<T>;

}  // namespace detail

}  // namespace deft

// What a bounded and another number are compared as, where the language finds both conversions equal. Without
// it no algorithm of std::ranges would look for an int among bounded values.
template <typename T, T Lowest, T Highest, typename V>
  requires std::is_arithmetic_v<V>
struct std::common_type<deft::bounded<T, Lowest, Highest>, V> : std::common_type<T, V> {};

template <typename V, typename T, T Lowest, T Highest>
  requires std::is_arithmetic_v<V>
struct std::common_type<V, deft::bounded<T, Lowest, Highest>> : std::common_type<V, T> {};

template <typename T, T Lowest, T Highest, typename U, U OtherLowest, U OtherHighest>
  requires(!std::is_same_v<deft::bounded<T, Lowest, Highest>, deft::bounded<U, OtherLowest, OtherHighest>>)
struct std::common_type<deft::bounded<T, Lowest, Highest>, deft::bounded<U, OtherLowest, OtherHighest>>
    : std::common_type<T, U> {};

/// The hash of the value.
template <typename T, T Lowest, T Highest>
struct std::hash<deft::bounded<T, Lowest, Highest>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(deft::bounded<T, Lowest, Highest> x) const noexcept {
    return std::hash<T>{}(x.value());
  }
};

/// The hash of the value.
template <typename E, E Last>
struct std::hash<deft::bounded_enum<E, Last>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(deft::bounded_enum<E, Last> x) const noexcept {
    return std::hash<E>{}(x.value());
  }
};
