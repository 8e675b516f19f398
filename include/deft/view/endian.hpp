/// @file
/// deft::le, deft::be and deft::unaligned: numbers as files and networks have them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft {

namespace detail {

template <typename T>
concept plain_number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool> &&
                       !std::is_same_v<T, long double> && !std::is_const_v<T>;

template <std::size_t Size>
using endian_word =
    std::conditional_t<Size == 1, std::uint8_t,
                       std::conditional_t<Size == 2, std::uint16_t,
                                          std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>>;

inline namespace DEFT_TAG {

/// Compilers make one instruction of it.
template <typename Word>
[[nodiscard]] constexpr Word swapped_bytes(Word word) noexcept {
  if constexpr (sizeof(Word) == 1) {
    return word;
  } else if constexpr (sizeof(Word) == 2) {
    return __builtin_bswap16(word);
  } else if constexpr (sizeof(Word) == 4) {
    return __builtin_bswap32(word);
  } else {
    return __builtin_bswap64(word);
  }
}

}  // namespace DEFT_TAG

}  // namespace detail

/// A number of type T whose bytes lie in the order `Order`, at any address: use the aliases le<T>, be<T> and
/// unaligned<T> (the machine's own order). Reads, compares and assigns as T does, and stands in structs that
/// mirror a file's records or a packet, and in `cast_view<le<float>>(bytes)`.
///
/// Of all ways to read numbers out of bytes this is the one that is right on every machine, at every address,
/// and under every aliasing rule; on little-endian machines le<T> costs what T costs.
///
/// Memory: sizeof(T), alignment 1. Threads: as sizeof(T) bytes.
template <typename T, std::endian Order>
class endian_number {
  static_assert(
      detail::plain_number<T>,
      "deft::le<T>, be<T>, unaligned<T>: T is an arithmetic type, neither bool, long double nor const");
  using word = detail::endian_word<sizeof(T)>;

 public:
  using value_type = T;

  /// Uninitialised, as a T is; `{}` is 0.
  endian_number() noexcept = default;

  /// The number.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr endian_number(T value) noexcept : bytes_(stored(value)) {}

  /// Writes the number.
  /// @returns     *this.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  DEFT_TAGGED constexpr endian_number& operator=(T value) noexcept {
    bytes_ = stored(value);
    return *this;
  }

  /// The number.
  /// @returns     It, in the machine's order.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T value() const noexcept {
    return std::bit_cast<T>(ordered(std::bit_cast<word>(bytes_)));
  }

  [[nodiscard]] DEFT_TAGGED constexpr operator T() const noexcept { return value(); }

  /// @}

  /// As those of T.
  /// @returns     *this.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED constexpr endian_number& operator+=(T other) noexcept {
    return *this = static_cast<T>(value() + other);
  }

  DEFT_TAGGED constexpr endian_number& operator-=(T other) noexcept {
    return *this = static_cast<T>(value() - other);
  }

  DEFT_TAGGED constexpr endian_number& operator*=(T other) noexcept {
    return *this = static_cast<T>(value() * other);
  }

  /// @}

  /// The bytes.
  /// @returns     As they lie in memory.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr const std::array<std::byte, sizeof(T)>& bytes() const noexcept {
    return bytes_;
  }

 private:
  DEFT_TAGGED static constexpr word ordered(word w) noexcept {
    return Order == std::endian::native ? w : detail::swapped_bytes(w);
  }

  DEFT_TAGGED static constexpr std::array<std::byte, sizeof(T)> stored(T value) noexcept {
    return std::bit_cast<std::array<std::byte, sizeof(T)>>(ordered(std::bit_cast<word>(value)));
  }

  std::array<std::byte, sizeof(T)> bytes_;
};

/// Least significant byte first, most significant byte first, and as this machine has it.
template <typename T>
using le = endian_number<T, std::endian::little>;
template <typename T>
using be = endian_number<T, std::endian::big>;
template <typename T>
using unaligned = endian_number<T, std::endian::native>;

}  // namespace deft
