/// @file
/// Equality and hash of packed records by their bytes.
///
/// Bytes are canonical: what is absent and spare bits are zero, so that equal values have equal bytes. Except
/// for floating-point numbers, which are kept bit by bit: they compare as numbers where bytes differ or a NaN
/// is among them, and are hashed with -0.0 as 0.0 and every NaN the same.
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

// Where words of `Width` bytes begin in Size bytes: side by side, but the last overlaps the one before it
// instead of being shorter.
template <std::size_t Size, std::size_t Width>
inline constexpr std::size_t word_count = (Size + Width - 1) / Width;

inline namespace DEFT_TAG {

template <std::size_t Size, std::size_t Width>
[[nodiscard, gnu::always_inline]] inline constexpr std::size_t word_begin(std::size_t i) noexcept {
  return Size < Width ? 0 : std::min(Width * i, Size - Width);
}

}  // namespace DEFT_TAG

/// What is known of a layout's floating-point numbers: where they are, and which words hold something else.
template <typename Layout, std::size_t Size>
struct float_places {
  // At the first byte of a number its size, else 0.
  static constexpr std::array<unsigned char, Size> sizes = [] {
    std::array<unsigned char, Size> all{};
    Layout::mark_floats(all.data());
    return all;
  }();

  // All ones for bytes that are compared as they are.
  static constexpr std::array<std::uint64_t, word_count<Size, 8>> masks = [] {
    std::array<bool, Size> floats{};
    for (std::size_t i = 0; i < Size; ++i) {
      for (std::size_t j = 0; j < sizes[i]; ++j) floats[i + j] = true;
    }
    std::array<std::uint64_t, word_count<Size, 8>> all{};
    for (std::size_t word = 0; word < all.size(); ++word) {
      for (std::size_t i = 0; i < std::min<std::size_t>(Size, 8); ++i) {
        if (!floats[word_begin<Size, 8>(word) + i]) all[word] |= std::uint64_t{0xff} << (8 * i);
      }
    }
    return all;
  }();

  static constexpr std::size_t bytes = [] {
    std::size_t sum = 0;
    for (const unsigned char size : sizes) sum += size;
    return sum;
  }();
};

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

// Vectors of the compiler's own, which every machine has or makes up: half the instructions of 8-byte words.
using bits_16 [[gnu::vector_size(16)]] = std::int64_t;
using doubles_16 [[gnu::vector_size(16)]] = double;
using floats_16 [[gnu::vector_size(16)]] = float;

inline namespace DEFT_TAG {

template <typename Vector>
[[nodiscard, gnu::always_inline]] inline Vector load_vector(const std::byte* from) noexcept {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline bits_16 difference_of(const std::byte* a,
                                                               const std::byte* b) noexcept {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ((load_vector<bits_16>(a + word_begin<Size, 16>(I)) ^
             load_vector<bits_16>(b + word_begin<Size, 16>(I))) |
            ...);
  }(std::make_index_sequence<word_count<Size, 16>>());
}

template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_bytes(const std::byte* a,
                                                                   const std::byte* b) noexcept {
  if (!std::is_constant_evaluated()) {
    if constexpr (Size > 128) {
      return std::memcmp(a, b, Size) == 0;
    } else if constexpr (Size >= 16) {
      const bits_16 difference = difference_of<Size>(a, b);
      return (difference[0] | difference[1]) == 0;
    }
  }
  constexpr std::size_t length = std::min<std::size_t>(Size, 8);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ((load_bytes<length>(a + word_begin<Size, 8>(I)) ^
             load_bytes<length>(b + word_begin<Size, 8>(I))) |
            ...) == 0;
  }(std::make_index_sequence<word_count<Size, 8>>());
}

// All ones in lanes of the I-th 16 bytes that are NaNs.
template <typename Places, std::size_t I>
[[nodiscard, gnu::always_inline]] inline bits_16 nans_of(const std::byte* from) noexcept {
  constexpr auto lane = [](std::size_t i, unsigned char size) { return Places::sizes[16 * I + i] == size; };
  bits_16 nans{};
  if constexpr (lane(0, 8) || lane(8, 8)) {
    const auto x = load_vector<doubles_16>(from + 16 * I);
    nans |= (bits_16)(x != x) & bits_16{lane(0, 8) ? -1 : 0, lane(8, 8) ? -1 : 0};
  }
  if constexpr (lane(0, 4) || lane(4, 4) || lane(8, 4) || lane(12, 4)) {
    const auto x = load_vector<floats_16>(from + 16 * I);
    constexpr std::int64_t low = 0xffffffff;
    nans |= (bits_16)(x != x) & bits_16{(lane(0, 4) ? low : 0) | (lane(4, 4) ? ~low : 0),
                                        (lane(8, 4) ? low : 0) | (lane(12, 4) ? ~low : 0)};
  }
  return nans;
}

// Whether all floating-point numbers lie in lanes of whole vectors, on machines on which nans_of counts them
// right.
template <typename Places, std::size_t Size>
consteval bool floats_lie_in_lanes() {
  if (std::endian::native != std::endian::little) return false;
  for (std::size_t i = 0; i < Size; ++i) {
    if (Places::sizes[i] != 0 && (i % Places::sizes[i] != 0 || i >= Size / 16 * 16)) return false;
  }
  return true;
}

template <typename Layout, std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_values(const std::byte* a,
                                                                    const std::byte* b) noexcept {
  if constexpr (!Layout::has_floats) {
    return same_bytes<Size>(a, b);
  } else {
    using places = float_places<Layout, Size>;
    if constexpr (Size >= 16 && Size <= 128) {
      if constexpr (floats_lie_in_lanes<places, Size>()) {
        // The same bytes without a NaN are equal; other bytes may still be, where zeros differ in their sign.
        if (!std::is_constant_evaluated()) {
          const bits_16 different = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return difference_of<Size>(a, b) | (nans_of<places, I>(a) | ...);
          }(std::make_index_sequence<Size / 16>());
          if ((different[0] | different[1]) == 0) return true;
        }
      }
    }
    constexpr std::size_t length = std::min<std::size_t>(Size, 8);
    const std::uint64_t difference = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (
          ((load_bytes<length>(a + word_begin<Size, 8>(I)) ^ load_bytes<length>(b + word_begin<Size, 8>(I))) &
           places::masks[I]) |
          ...);
    }(std::make_index_sequence<word_count<Size, 8>>());
    return difference == 0 && Layout::equal_floats(a, b);
  }
}

/// Hashes words: products of pairs of words, each word under a key of its own and the seed. For a small,
/// constant number of words, which XXH3, called through hash_bytes, cannot know of.
template <std::size_t N, typename Word>
[[nodiscard, gnu::always_inline]] inline constexpr std::uint64_t hash_words(const Word& word,
                                                                            std::uint64_t seed) noexcept {
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15u;
  const std::uint64_t other_seed = std::rotl(seed, 32) ^ 0xd6e8feb86659fd93u;
  const std::uint64_t sum = [&]<std::size_t... Pair>(std::index_sequence<Pair...>) {
    return (fold_product(word(2 * Pair) ^ (seed + (2 * Pair + 1) * step),
                         (2 * Pair + 1 < N ? word(std::min(2 * Pair + 1, N - 1)) : 0) ^
                             (other_seed + (2 * Pair + 2) * step)) +
            ...);
  }(std::make_index_sequence<(N + 1) / 2>());
  return fold_product(sum ^ 0xa0761d6478bd642fu, seed ^ 0xe7037ed1a0b428dbu ^ N);
}

template <typename Layout, std::size_t Size>
[[nodiscard]] constexpr std::uint64_t hash_packed(const std::byte* bytes, std::uint64_t seed) noexcept {
  constexpr std::size_t length = std::min<std::size_t>(Size, 8);
  constexpr std::size_t count = word_count<Size, 8>;
  if constexpr (!Layout::has_floats) {
    const auto word = [bytes](std::size_t i) {
      return load_bytes<length>(bytes + (Size < 8 ? 0 : std::min(8 * i, Size - 8)));
    };
    return hash_words<count>(word, seed);
  } else {
    // What is no floating-point number, and behind it the settled numbers.
    using places = float_places<Layout, Size>;
    constexpr std::size_t plain = [] {
      std::size_t n = 0;
      for (const std::uint64_t mask : places::masks) n += mask != 0 ? 1 : 0;
      return n;
    }();
    std::array<std::uint64_t, plain + (places::bytes + 7) / 8> words{};
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::size_t at = 0;
      ((places::masks[I] != 0
            ? static_cast<void>(words[at++] =
                                    load_bytes<length>(bytes + word_begin<Size, 8>(I)) & places::masks[I])
            : static_cast<void>(0)),
       ...);
    }(std::make_index_sequence<count>());
    bit_writer to{words.data() + plain};
    Layout::put_floats(bytes, to);
    return hash_words<words.size()>([&words](std::size_t i) { return words[i]; }, seed);
  }
}

}  // namespace DEFT_TAG

}  // namespace deft::detail
