/// @file
/// Equality and hash of packed records by their bytes.
///
/// Bytes are canonical: what is absent and spare bits are zero, so that equal values have equal bytes. Except
/// for floating-point numbers, which are kept bit by bit: their bytes are left out of the comparison and
/// compared as numbers, and settled (-0.0 to 0.0, NaNs to one) before they are hashed.
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
#include "deft/core/hash.hpp"
#include "deft/record/detail/bit_words.hpp"

namespace deft::detail {

// Where the words of Size bytes begin: side by side, but the last overlaps the one before it instead of
// being shorter.
template <std::size_t Size>
inline constexpr std::size_t word_count = (Size + 7) / 8;
template <std::size_t Size>
consteval std::size_t word_begin(std::size_t i) {
  return Size < 8 ? 0 : std::min(8 * i, Size - 8);
}

// All ones for bytes that are compared as they are.
template <typename Layout, std::size_t Size>
consteval std::array<std::uint64_t, word_count<Size>> plain_byte_masks() {
  bool floats[Size]{};
  Layout::mark_floats(floats);
  std::array<std::uint64_t, word_count<Size>> masks{};
  for (std::size_t word = 0; word < masks.size(); ++word) {
    for (std::size_t i = 0; i < std::min<std::size_t>(Size, 8); ++i) {
      if (!floats[word_begin<Size>(word) + i]) masks[word] |= std::uint64_t{0xff} << (8 * i);
    }
  }
  return masks;
}

// The halves of the product of 64-bit numbers, folded: both depend on all bits of both.
DEFT_TAGGED constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
#ifdef __SIZEOF_INT128__
  const uint128 product = static_cast<uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
  const std::uint64_t low = (a & 0xffffffffu) * (b & 0xffffffffu);
  const std::uint64_t middle = (a >> 32) * (b & 0xffffffffu) + (low >> 32);
  const std::uint64_t other = (a & 0xffffffffu) * (b >> 32) + (middle & 0xffffffffu);
  return a * b ^ ((a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32));
#endif
}

inline namespace DEFT_TAG {

template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_bytes(const std::byte* a, const std::byte* b) noexcept {
  constexpr std::size_t length = std::min<std::size_t>(Size, 8);
  if constexpr (Size > 128) {
    if (!std::is_constant_evaluated()) return std::memcmp(a, b, Size) == 0;
  }
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ((load_bytes<length>(a + word_begin<Size>(I)) ^ load_bytes<length>(b + word_begin<Size>(I))) | ...) == 0;
  }(std::make_index_sequence<word_count<Size>>());
}

template <typename Layout, std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_values(const std::byte* a, const std::byte* b) noexcept {
  if constexpr (!Layout::has_floats) {
    return same_bytes<Size>(a, b);
  } else {
    constexpr std::size_t length = std::min<std::size_t>(Size, 8);
    constexpr auto masks = plain_byte_masks<Layout, Size>();
    const std::uint64_t difference = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (((load_bytes<length>(a + word_begin<Size>(I)) ^ load_bytes<length>(b + word_begin<Size>(I))) &
               masks[I]) |
              ...);
    }(std::make_index_sequence<word_count<Size>>());
    return difference == 0 && Layout::equal_floats(a, b);
  }
}

/// Hashes Size bytes: products of pairs of words, each word under a key of its own and the seed. For few
/// bytes of a constant number, which XXH3, called through hash_bytes, cannot know of.
template <std::size_t Size>
[[nodiscard]] constexpr std::uint64_t hash_few_bytes(const std::byte* bytes, std::uint64_t seed) noexcept {
  constexpr std::size_t words = word_count<Size>;
  constexpr std::size_t length = std::min<std::size_t>(Size, 8);
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15u;
  const std::uint64_t other_seed = std::rotl(seed, 32) ^ 0xd6e8feb86659fd93u;
  const std::uint64_t sum = [&]<std::size_t... Pair>(std::index_sequence<Pair...>) {
    return (fold_product(
                load_bytes<length>(bytes + word_begin<Size>(2 * Pair)) ^ (seed + (2 * Pair + 1) * step),
                (2 * Pair + 1 < words ? load_bytes<length>(bytes + word_begin<Size>(std::min(2 * Pair + 1, words - 1)))
                                      : std::uint64_t{Size}) ^
                    (other_seed + (2 * Pair + 2) * step)) +
            ...);
  }(std::make_index_sequence<(words + 1) / 2>());
  return fold_product(sum ^ 0xa0761d6478bd642fu, seed ^ 0xe7037ed1a0b428dbu ^ Size);
}

template <typename Layout, std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr std::uint64_t hash_packed(const std::byte* bytes,
                                                                             std::uint64_t seed) noexcept {
  if constexpr (Layout::has_floats) {
    std::array<std::byte, Size> settled{};
    std::copy_n(bytes, Size, settled.begin());
    Layout::settle_floats(settled.data());
    return hash_few_bytes<Size>(settled.data(), seed);
  } else {
    return hash_few_bytes<Size>(bytes, seed);
  }
}

}  // namespace DEFT_TAG

}  // namespace deft::detail
