/// @file
/// Bytes and bits of packed records: loads and stores that are one instruction at run time and plain loops in
/// constant evaluation, and the words in which the bits of a field are put together.
///
/// Bits are numbered from the lowest of the first byte, on machines of either byte order.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

inline namespace DEFT_TAG {

/// Reads a T whose bytes lie at `from`, at any address.
template <typename T>
[[gnu::always_inline]] inline constexpr T load_value(const std::byte* from) noexcept {
  if (std::is_constant_evaluated()) {
    std::array<std::byte, sizeof(T)> bytes{};
    std::copy_n(from, sizeof(T), bytes.begin());
    return std::bit_cast<T>(bytes);
  }
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  return std::bit_cast<T>(bytes);
}

/// Writes the bytes of a T to `to`.
template <typename T>
[[gnu::always_inline]] inline constexpr void store_value(std::byte* to, const T& value) noexcept {
  if (std::is_constant_evaluated()) {
    const auto bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
    std::copy_n(bytes.begin(), sizeof(T), to);
  } else {
    std::memcpy(to, &value, sizeof(T));
  }
}

/// The `Size` bytes at `from`, at most 8, as a number: the first is the lowest.
template <std::size_t Size>
[[gnu::always_inline]] inline constexpr std::uint64_t load_bytes(const std::byte* from) noexcept {
  static_assert(Size <= 8);
  std::uint64_t word = 0;
  if (std::is_constant_evaluated() || std::endian::native != std::endian::little) {
    for (std::size_t i = 0; i < Size; ++i) word |= static_cast<std::uint64_t>(from[i]) << (8 * i);
  } else if constexpr (Size > 0) {
    std::memcpy(&word, from, Size);
  }
  return word;
}

/// Writes the lowest `Size` bytes of `word`.
template <std::size_t Size>
[[gnu::always_inline]] inline constexpr void store_bytes(std::byte* to, std::uint64_t word) noexcept {
  static_assert(Size <= 8);
  if (std::is_constant_evaluated() || std::endian::native != std::endian::little) {
    for (std::size_t i = 0; i < Size; ++i) to[i] = static_cast<std::byte>(word >> (8 * i));
  } else if constexpr (Size > 0) {
    std::memcpy(to, &word, Size);
  }
}

[[gnu::always_inline]] inline constexpr std::uint64_t low_bits(std::size_t width) noexcept {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

/// `Width` bits, at most 64, from bit `Bit` of the `Size` bytes at `from`. One 8-byte load where there are 8
/// bytes: it is moved back from the end so as to read nothing behind it.
template <std::size_t Size, std::size_t Bit, std::size_t Width>
[[gnu::always_inline]] inline constexpr std::uint64_t load_bits(const std::byte* from) noexcept {
  static_assert(Bit + Width <= 8 * Size && Width <= 64);
  constexpr std::size_t window = std::min<std::size_t>(Size, 8);
  constexpr std::size_t byte = std::min(Bit / 8, Size - window);
  constexpr std::size_t shift = Bit - 8 * byte;
  if constexpr (Width == 0) {
    return 0;
  } else if constexpr (shift + Width <= 64) {
    return (load_bytes<window>(from + byte) >> shift) & low_bits(Width);
  } else {
    constexpr std::size_t low = 64 - shift;
    return (load_bytes<8>(from + byte) >> shift) | (load_bits<Size, Bit + low, Width - low>(from) << low);
  }
}

/// Writes `Width` bits and leaves their neighbours as they are. Reads and writes at most 8 bytes around them.
template <std::size_t Size, std::size_t Bit, std::size_t Width>
[[gnu::always_inline]] inline constexpr void store_bits(std::byte* to, std::uint64_t bits) noexcept {
  static_assert(Bit + Width <= 8 * Size && Width <= 64);
  constexpr std::size_t window = std::min<std::size_t>(Size, 8);
  constexpr std::size_t byte = std::min(Bit / 8, Size - window);
  constexpr std::size_t shift = Bit - 8 * byte;
  if constexpr (Width == 0) {
    return;
  } else if constexpr (shift + Width <= 64) {
    const std::uint64_t word = load_bytes<window>(to + byte);
    store_bytes<window>(to + byte, (word & ~(low_bits(Width) << shift)) | (bits << shift));
  } else {
    constexpr std::size_t low = 64 - shift;
    store_bits<Size, Bit, low>(to, bits & low_bits(low));
    store_bits<Size, Bit + low, Width - low>(to, bits >> low);
  }
}

}  // namespace DEFT_TAG

/// Puts bits one behind the other into words that were zero.
struct bit_writer {
  std::uint64_t* words;
  std::size_t at = 0;

  /// @pre         `bits` has no bit above `width`.
  [[gnu::always_inline]] DEFT_TAGGED inline constexpr void put(std::uint64_t bits,
                                                               std::size_t width) noexcept {
    if (width == 0) return;
    const std::size_t shift = at % 64;
    words[at / 64] |= bits << shift;
    if (shift + width > 64) words[at / 64 + 1] |= bits >> (64 - shift);
    at += width;
  }

  /// Makes the next bits zero.
  [[gnu::always_inline]] DEFT_TAGGED inline constexpr void clear(std::size_t width) noexcept {
    for (std::size_t from = at; from < at + width;) {
      const std::size_t shift = from % 64;
      const std::size_t size = std::min(at + width - from, 64 - shift);
      words[from / 64] &= ~(low_bits(size) << shift);
      from += size;
    }
  }
};

/// Takes them out again.
struct bit_reader {
  const std::uint64_t* words;
  std::size_t at = 0;

  [[gnu::always_inline]] DEFT_TAGGED inline constexpr std::uint64_t take(std::size_t width) noexcept {
    if (width == 0) return 0;
    const std::size_t shift = at % 64;
    std::uint64_t bits = words[at / 64] >> shift;
    if (shift + width > 64) bits |= words[at / 64 + 1] << (64 - shift);
    at += width;
    return bits & low_bits(width);
  }
};

/// Words for `Bits` bits.
template <std::size_t Bits>
using bit_words = std::array<std::uint64_t, Bits == 0 ? 1 : (Bits + 63) / 64>;

inline namespace DEFT_TAG {

/// The bits [Bit, Bit + Width) of `Size` bytes, any number of them, in words.
template <std::size_t Size, std::size_t Bit, std::size_t Width>
[[gnu::always_inline]] inline constexpr bit_words<Width> load_words(const std::byte* from) noexcept {
  bit_words<Width> words{};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((words[I] = load_bits<Size, Bit + 64 * I, std::min<std::size_t>(Width - 64 * I, 64)>(from)), ...);
  }(std::make_index_sequence<(Width + 63) / 64>());
  return words;
}

/// Writes such words, and leaves the neighbours of the bits as they are.
template <std::size_t Size, std::size_t Bit, std::size_t Width>
[[gnu::always_inline]] inline constexpr void store_words(std::byte* to,
                                                         const bit_words<Width>& words) noexcept {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (store_bits<Size, Bit + 64 * I, std::min<std::size_t>(Width - 64 * I, 64)>(to, words[I]), ...);
  }(std::make_index_sequence<(Width + 63) / 64>());
}

}  // namespace DEFT_TAG

}  // namespace deft::detail
