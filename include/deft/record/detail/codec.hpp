/// @file
/// How each type of field is stored in a packed record: so many whole bytes, and so many bits.
///
/// codec<F, Aligned> has
///   bytes, align, bits     what a value takes; align counts in aligned records only
///   has_floats             whether bytes of it are floating-point numbers, which compare not by their bytes
///   has_invalid            whether some bits are no value
///   encode(value, bytes, writer), decode(bytes, reader)
///   valid(bytes, reader)   whether bytes and bits of unknown origin are what encode would have written
///   equal_floats(a, b)     compares the numbers
///   put_floats(bytes, writer)  such bits of the numbers that equal ones have equal bits
///   mark_floats(sizes)     writes the size of each number at its first byte
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/bit_words.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft::detail {

// By their members, so that <chrono> need not be included.
template <typename T>
concept chrono_duration = std::is_trivially_copyable_v<T> && requires(const T& x) {
  typename T::rep;
  typename T::period;
  { x.count() } -> std::same_as<typename T::rep>;
};
template <typename T>
concept chrono_time_point = std::is_trivially_copyable_v<T> && requires(const T& x) {
  typename T::clock;
  typename T::duration;
  { x.time_since_epoch() } -> std::same_as<typename T::duration>;
};

template <typename T>
struct number_inside {
  using type = T;
};

template <chrono_duration T>
struct number_inside<T> {
  using type = typename T::rep;
};

template <chrono_time_point T>
struct number_inside<T> {
  using type = typename T::duration::rep;
};

/// The number that a chrono type is made of; T itself otherwise.
template <typename T>
using number_in = typename number_inside<T>::type;

template <typename T>
inline constexpr bool is_bit = std::is_same_v<T, bool>;
template <typename T>
  requires std::is_enum_v<T>
inline constexpr bool is_bit<T> = std::is_same_v<std::underlying_type_t<T>, bool>;

/// Whether every number of the underlying type is a value of the enum: not of `enum e { a, b };`, whose
/// values end with the bits of b.
template <typename T>
inline constexpr bool has_all_numbers = false;
template <typename T>
  requires std::is_enum_v<T>
inline constexpr bool has_all_numbers<T> = requires { T{0}; };

/// Stored by all its bytes, each value of which is one.
template <typename T>
inline constexpr bool is_whole =
    !is_bit<T> && !is_bounded<T> &&
    ((std::is_arithmetic_v<number_in<T>> && !std::is_same_v<number_in<T>, long double>) ||
     has_all_numbers<T> || is_wide_integer<T> || is_fixed_string<T>);

template <typename T>
inline constexpr bool is_float = std::is_floating_point_v<number_in<T>>;

template <typename F, bool Aligned>
struct codec {
  static_assert(
      !is_string_like<F>,
      "deft::packed: a string has no fixed size; use deft::fixed_string<N>, or a record_vector, which "
      "stores strings as offsets and bytes");
  static_assert(!std::is_pointer_v<F> && !std::is_member_pointer_v<F>,
                "deft::packed: a pointer is no value to be stored in bytes");
  static_assert(!std::is_same_v<F, long double>,
                "deft::packed: a long double has padding, which has no value; use a double");
  static_assert(!is_sequence<F> && !std::is_same_v<F, std::string>,
                "deft::packed: a vector or span has no fixed size; use a std::array");
  static_assert(
      !std::is_enum_v<F>,
      "deft::packed: an enum without an underlying type does not have all values of its bytes; write "
      "`enum e : int`, or use a deft::bounded_enum");
  static_assert(!std::is_union_v<F>, "deft::packed: nobody knows which member of a union is the value");
  static_assert(std::is_pointer_v<F> || std::is_member_pointer_v<F> || std::is_same_v<F, long double> ||
                    std::is_union_v<F> || std::is_enum_v<F> || is_sequence<F> || is_string_like<F>,
                "deft::packed: no way is known to store this type; use numbers, bools, enums, deft::bounded, "
                "std::chrono's times, deft::fixed_string, std::optional, std::array and structs of them");
  static constexpr std::size_t bytes = 0;
  static constexpr std::size_t align = 1;
  static constexpr std::size_t bits = 0;
  static constexpr bool has_floats = false;
  static constexpr bool has_invalid = false;
};

struct bits_only {
  static constexpr std::size_t bytes = 0;
  static constexpr std::size_t align = 1;
  static constexpr bool has_floats = false;
};

template <typename F, bool Aligned>
  requires is_bit<F>
struct codec<F, Aligned> : bits_only {
  static constexpr std::size_t bits = 1;
  static constexpr bool has_invalid = false;

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(F value, std::byte*,
                                                                  bit_writer& to) noexcept {
    to.put(static_cast<bool>(value) ? 1 : 0, 1);
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr F decode(const std::byte*, bit_reader& from) noexcept {
    return static_cast<F>(from.take(1) != 0);
  }
};

template <typename F, bool Aligned>
  requires is_bounded<F>
struct codec<F, Aligned> : bits_only {
  static constexpr std::size_t bits = F::bits;
  static constexpr std::uint64_t lowest = static_cast<std::uint64_t>(F::lowest);
  static constexpr std::uint64_t last_code = static_cast<std::uint64_t>(F::highest) - lowest;
  static constexpr bool has_invalid = last_code != low_bits(bits);

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(F value, std::byte*,
                                                                  bit_writer& to) noexcept {
    to.put(static_cast<std::uint64_t>(value.value()) - lowest, bits);
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr F decode(const std::byte*, bit_reader& from) noexcept {
    return F(unchecked{}, static_cast<typename F::storage_type>(from.take(bits) + lowest));
  }

  DEFT_TAGGED static constexpr bool valid(const std::byte*, bit_reader& from) noexcept {
    return from.take(bits) <= last_code;
  }
};

template <typename F, bool Aligned>
  requires is_whole<F>
struct codec<F, Aligned> {
  static constexpr std::size_t bytes = sizeof(F);
  static constexpr std::size_t align = alignof(F);
  static constexpr std::size_t bits = 0;
  static constexpr bool has_floats = is_float<F>;
  static constexpr bool has_invalid = false;

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(const F& value, std::byte* to,
                                                                  bit_writer&) noexcept {
    store_value(to, value);
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr F decode(const std::byte* from, bit_reader&) noexcept {
    return load_value<F>(from);
  }

  DEFT_TAGGED static constexpr bool equal_floats(const std::byte* a, const std::byte* b) noexcept {
    using number = number_in<F>;
    return load_value<number>(a) == load_value<number>(b);
  }

  // The bits of a number such that equal numbers have equal bits, and all NaNs the same.
  [[gnu::always_inline]] DEFT_TAGGED static constexpr void put_floats(const std::byte* from,
                                                                      bit_writer& to) noexcept {
    constexpr std::size_t width = 8 * sizeof(F);
    constexpr std::uint64_t sign = std::uint64_t{1} << (width - 1);
    constexpr std::uint64_t infinity = sizeof(F) == 8 ? 0x7ff0000000000000u : 0x7f800000u;
    std::uint64_t number = load_value<std::conditional_t<sizeof(F) == 8, std::uint64_t, std::uint32_t>>(from);
    const std::uint64_t magnitude = number & ~sign;
    number = magnitude == 0 ? 0 : number;
    number = magnitude > infinity ? infinity + 1 : number;
    to.put(number, width);
  }

  DEFT_TAGGED static constexpr void mark_floats(unsigned char* sizes) noexcept { *sizes = sizeof(F); }
};

template <typename X, bool Aligned>
struct codec<std::optional<X>, Aligned> {
  using value_codec = codec<X, Aligned>;
  static constexpr std::size_t bytes = value_codec::bytes;
  static constexpr std::size_t align = value_codec::align;
  static constexpr std::size_t bits = 1 + value_codec::bits;
  static constexpr bool has_floats = value_codec::has_floats;
  static constexpr bool has_invalid = true;  // what is absent is zero

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(const std::optional<X>& value,
                                                                  std::byte* to,
                                                                  bit_writer& bits_to) noexcept {
    bits_to.put(value.has_value() ? 1 : 0, 1);
    if (value.has_value()) {
      value_codec::encode(*value, to, bits_to);
    } else {
      std::fill_n(to, bytes, std::byte{});
      bits_to.at += value_codec::bits;
    }
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr std::optional<X> decode(
      const std::byte* from, bit_reader& bits_from) noexcept {
    // What is absent is zero, which is a value, too: without a branch, which would often be guessed wrong.
    const bool present = bits_from.take(1) != 0;
    const X decoded = value_codec::decode(from, bits_from);
    std::optional<X> value;
    if (present) value.emplace(decoded);
    return value;
  }

  DEFT_TAGGED static constexpr bool valid(const std::byte* from, bit_reader& bits_from) noexcept {
    if (bits_from.take(1) != 0) {
      if constexpr (value_codec::has_invalid) {
        return value_codec::valid(from, bits_from);
      } else {
        bits_from.at += value_codec::bits;
        return true;
      }
    }
    bool zero = true;
    for (std::size_t i = 0; i < bytes; ++i) zero = zero && from[i] == std::byte{};
    for (std::size_t left = value_codec::bits; left > 0;) {
      const std::size_t width = std::min<std::size_t>(left, 64);
      zero = bits_from.take(width) == 0 && zero;
      left -= width;
    }
    return zero;
  }

  // Presence is compared with the bits, and what is absent is 0.0 on both sides.
  DEFT_TAGGED static constexpr bool equal_floats(const std::byte* a, const std::byte* b) noexcept {
    return value_codec::equal_floats(a, b);
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void put_floats(const std::byte* from,
                                                                      bit_writer& to) noexcept {
    value_codec::put_floats(from, to);
  }

  DEFT_TAGGED static constexpr void mark_floats(unsigned char* sizes) noexcept {
    value_codec::mark_floats(sizes);
  }
};

template <typename X, std::size_t N, bool Aligned>
struct codec<std::array<X, N>, Aligned> {
  static_assert(N > 0, "deft::packed: an empty array has nothing to store");
  using value_codec = codec<X, Aligned>;
  static constexpr std::size_t bytes = N * value_codec::bytes;
  static constexpr std::size_t align = value_codec::align;
  static constexpr std::size_t bits = N * value_codec::bits;
  static constexpr bool has_floats = value_codec::has_floats;
  static constexpr bool has_invalid = value_codec::has_invalid;
  static constexpr std::size_t stride = value_codec::bytes;

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(const std::array<X, N>& values,
                                                                  std::byte* to,
                                                                  bit_writer& bits_to) noexcept {
    if constexpr (is_whole<X>) {
      store_value(to, values);
    } else {
      for (std::size_t i = 0; i < N; ++i) value_codec::encode(values[i], to + i * stride, bits_to);
    }
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr std::array<X, N> decode(
      const std::byte* from, bit_reader& bits_from) noexcept {
    if constexpr (is_whole<X>) {
      return load_value<std::array<X, N>>(from);
    } else {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        // In braces, so that the elements are decoded in order.
        return std::array<X, N>{value_codec::decode(from + I * stride, bits_from)...};
      }(std::make_index_sequence<N>());
    }
  }

  DEFT_TAGGED static constexpr bool valid(const std::byte* from, bit_reader& bits_from) noexcept {
    bool all = true;
    for (std::size_t i = 0; i < N; ++i) all = value_codec::valid(from + i * stride, bits_from) && all;
    return all;
  }

  DEFT_TAGGED static constexpr bool equal_floats(const std::byte* a, const std::byte* b) noexcept {
    bool all = true;
    for (std::size_t i = 0; i < N; ++i) all &= value_codec::equal_floats(a + i * stride, b + i * stride);
    return all;
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void put_floats(const std::byte* from,
                                                                      bit_writer& to) noexcept {
    for (std::size_t i = 0; i < N; ++i) value_codec::put_floats(from + i * stride, to);
  }

  DEFT_TAGGED static constexpr void mark_floats(unsigned char* sizes) noexcept {
    for (std::size_t i = 0; i < N; ++i) value_codec::mark_floats(sizes + i * stride);
  }
};

}  // namespace deft::detail
