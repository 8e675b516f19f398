/// @file
/// Runs of bits in the blocks of tables: bitmaps and bit-packed columns.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// The 64 bits of word `i`, the least significant first, on machines of either byte order.
///
/// Columns of bits are read and written by whole aligned words, which never reach beyond the column: 64 rows
/// are 64 bits, times the bits of a value.
[[nodiscard]] DEFT_TAGGED inline std::uint64_t load_word(const std::byte* words, std::size_t i) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, words + 8 * i, 8);
  } else {
    for (unsigned b = 0; b < 8; ++b) word |= std::to_integer<std::uint64_t>(words[8 * i + b]) << (8 * b);
  }
  return word;
}

DEFT_TAGGED inline void store_word(std::byte* words, std::size_t i, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(words + 8 * i, &word, 8);
  } else {
    for (unsigned b = 0; b < 8; ++b) words[8 * i + b] = static_cast<std::byte>(word >> (8 * b));
  }
}

[[nodiscard]] DEFT_TAGGED inline bool load_bit(const std::byte* bits, std::size_t i) noexcept {
  return ((std::to_integer<unsigned>(bits[i / 8]) >> (i % 8)) & 1U) != 0;
}

DEFT_TAGGED inline void store_bit(std::byte* bits, std::size_t i, bool value) noexcept {
  const auto others = std::to_integer<unsigned>(bits[i / 8]) & ~(1U << (i % 8));
  bits[i / 8] = static_cast<std::byte>(others | (static_cast<unsigned>(value) << (i % 8)));
}

/// Sets a bit that is zero.
DEFT_TAGGED inline void append_bit(std::byte* bits, std::size_t i, bool value) noexcept {
  bits[i / 8] |= static_cast<std::byte>(static_cast<unsigned>(value) << (i % 8));
}

[[nodiscard]] DEFT_TAGGED constexpr std::uint64_t low_ones(std::size_t count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// `count` bits (1 to 64) from bit `first` on.
[[nodiscard]] DEFT_TAGGED inline std::uint64_t load_bits(const std::byte* words, std::size_t first,
                                                         std::size_t count) noexcept {
  const std::size_t i = first / 64;
  const auto shift = static_cast<unsigned>(first % 64);
  std::uint64_t value = load_word(words, i) >> shift;
  if (shift + count > 64) value |= load_word(words, i + 1) << (64 - shift);
  return value & low_ones(count);
}

/// Writes `count` bits (1 to 64); those of `value` above them are zero.
DEFT_TAGGED inline void store_bits(std::byte* words, std::size_t first, std::size_t count,
                                   std::uint64_t value) noexcept {
  const std::size_t i = first / 64;
  const auto shift = static_cast<unsigned>(first % 64);
  const std::uint64_t mask = low_ones(count);
  store_word(words, i, (load_word(words, i) & ~(mask << shift)) | (value << shift));
  if (shift + count > 64) {
    store_word(words, i + 1, (load_word(words, i + 1) & ~(mask >> (64 - shift))) | (value >> (64 - shift)));
  }
}

/// Copies bits; the two runs may overlap.
DEFT_TAGGED inline void move_bits(std::byte* to, std::size_t to_first, const std::byte* from,
                                  std::size_t from_first, std::size_t count) noexcept {
  if (to_first % 64 == 0 && from_first % 64 == 0) {
    const std::size_t whole = count / 64;
    const bool after = to == from && to_first > from_first;
    // A tail that lies before the words in the order of copying is kept aside.
    const std::uint64_t tail =
        count % 64 != 0 ? load_bits(from, from_first + 64 * whole, count % 64) : std::uint64_t{0};
    if (after && count % 64 != 0) store_bits(to, to_first + 64 * whole, count % 64, tail);
    if (whole != 0) std::memmove(to + to_first / 8, from + from_first / 8, 8 * whole);
    if (!after && count % 64 != 0) store_bits(to, to_first + 64 * whole, count % 64, tail);
    return;
  }
  if (to == from && to_first > from_first) {
    for (std::size_t left = count; left != 0;) {
      const std::size_t n = left < 64 ? left : 64;
      left -= n;
      store_bits(to, to_first + left, n, load_bits(from, from_first + left, n));
    }
    return;
  }
  for (std::size_t done = 0; done != count;) {
    // Up to the next whole word of the target, so that all later ones are written whole.
    const std::size_t room = 64 - (to_first + done) % 64;
    const std::size_t n = count - done < room ? count - done : room;
    store_bits(to, to_first + done, n, load_bits(from, from_first + done, n));
    done += n;
  }
}

DEFT_TAGGED inline void clear_bits(std::byte* words, std::size_t first, std::size_t count) noexcept {
  for (std::size_t done = 0; done != count;) {
    const std::size_t at = first + done;
    if (at % 64 == 0 && count - done >= 64) {
      const std::size_t whole = (count - done) / 64;
      std::memset(words + at / 8, 0, 8 * whole);
      done += 64 * whole;
      continue;
    }
    const std::size_t room = 64 - at % 64;
    const std::size_t n = count - done < room ? count - done : room;
    store_bits(words, at, n, 0);
    done += n;
  }
}

}  // namespace deft::detail
