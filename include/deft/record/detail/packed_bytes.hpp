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
using bytes_16 [[gnu::vector_size(16)]] = char;
using doubles_16 [[gnu::vector_size(16)]] = double;
using floats_16 [[gnu::vector_size(16)]] = float;

/// 16 bytes with floating-point numbers of `size` bytes in some of their lanes.
struct float_window {
  std::size_t at;
  std::size_t size;
  unsigned lanes;  // a bit for each lane with such a number
};

/// Such windows over all numbers of a layout, where they fit. Numbers that lie side by side fill windows, the
/// last of which overlaps the one before it; other windows have neighbours in them, which do not count.
template <typename Places>
struct float_windows {
  static constexpr std::size_t bytes = Places::sizes.size();

  /// @returns The number of windows; none if a number is in none.
  DEFT_TAGGED static constexpr std::size_t fill(float_window* to) noexcept {
    std::size_t made = 0;
    for (std::size_t begin = 0, end = 0; begin < bytes; begin = end) {
      const std::size_t size = Places::sizes[begin];
      end = begin + std::max<std::size_t>(size, 1);
      if (size == 0) continue;
      while (end < bytes && Places::sizes[end] == size) end += size;
      for (std::size_t first = begin; first < end; first += 16) {
        std::size_t at = end - begin >= 16 ? std::min(first, end - 16) : begin;
        while (at + 16 > bytes && at >= size) at -= size;
        if (at + 16 > bytes) return 0;
        unsigned lanes = 0;
        for (std::size_t i = at; i < at + 16; i += size) {
          if (i >= begin && i < end) lanes |= 1u << ((i - at) / size);
        }
        if (to != nullptr) to[made] = {at, size, lanes};
        ++made;
      }
    }
    return made;
  }

  static constexpr std::size_t count = fill(nullptr);
  static constexpr std::array<float_window, count> all = [] {
    std::array<float_window, count> windows{};
    fill(windows.data());
    return windows;
  }();
};

inline namespace DEFT_TAG {

template <typename Vector>
[[nodiscard, gnu::always_inline]] inline Vector load_vector(const std::byte* from) noexcept {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

// Not 0 if any bit is set.
[[nodiscard, gnu::always_inline]] inline std::uint64_t any_of(bits_16 bits) noexcept {
#ifdef __SSE2__
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128((bytes_16)((bytes_16)bits == bytes_16{}))) ^
         0xffffu;
#else
  return static_cast<std::uint64_t>(bits[0] | bits[1]);
#endif
}

template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr std::uint64_t word_difference(
    const std::byte* a, const std::byte* b) noexcept {
  return load_bytes<Size>(a) ^ load_bytes<Size>(b);
}

// Whether bytes differ, at least 16: those behind whole vectors as a word where they fit into one, which is
// loaded and compared beside the vectors.
template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline bool same_vectors(const std::byte* a, const std::byte* b) noexcept {
  constexpr bool has_word = Size % 16 != 0 && Size % 16 <= 8;
  const bits_16 difference = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ((load_vector<bits_16>(a + word_begin<Size, 16>(I)) ^
             load_vector<bits_16>(b + word_begin<Size, 16>(I))) |
            ...);
  }(std::make_index_sequence<word_count<Size, 16> - (has_word ? 1 : 0)>());
  if constexpr (has_word) {
    return (any_of(difference) | word_difference<8>(a + Size - 8, b + Size - 8)) == 0;
  } else {
    return any_of(difference) == 0;
  }
}

template <std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_bytes(const std::byte* a,
                                                                   const std::byte* b) noexcept {
  if (!std::is_constant_evaluated()) {
    if constexpr (Size > 128) {
      return std::memcmp(a, b, Size) == 0;
    } else if constexpr (Size >= 16) {
      return same_vectors<Size>(a, b);
    }
  }
  constexpr std::size_t length = std::min<std::size_t>(Size, 8);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return ((load_bytes<length>(a + word_begin<Size, 8>(I)) ^
             load_bytes<length>(b + word_begin<Size, 8>(I))) |
            ...) == 0;
  }(std::make_index_sequence<word_count<Size, 8>>());
}

// Bits of lanes that are true, of a comparison of numbers of `Size` bytes.
template <std::size_t Size, typename Lanes>
[[nodiscard, gnu::always_inline]] inline unsigned lanes_of(Lanes lanes) noexcept {
#ifdef __SSE2__
  if constexpr (Size == 8) {
    return static_cast<unsigned>(__builtin_ia32_movmskpd((doubles_16)lanes));
  } else {
    return static_cast<unsigned>(__builtin_ia32_movmskps((floats_16)lanes));
  }
#else
  unsigned bits = 0;
  for (unsigned i = 0; i < 16 / Size; ++i) bits |= (lanes[i] != 0 ? 1u : 0u) << i;
  return bits;
#endif
}

// Whether numbers of a window are unequal. Windows are not joined as vectors: g++ 12, which knows of no
// 64-bit comparisons in SSE2, compares once more what it joins.
template <float_window Window>
[[nodiscard, gnu::always_inline]] inline unsigned unequal_floats(const std::byte* a,
                                                                 const std::byte* b) noexcept {
  using vector = std::conditional_t<Window.size == 8, doubles_16, floats_16>;
  const unsigned unequal =
      lanes_of<Window.size>(load_vector<vector>(a + Window.at) != load_vector<vector>(b + Window.at));
  return unequal & Window.lanes;
}

// Without a branch: whether numbers are NaNs or zeros of either sign, and whether records are equal, is
// mostly not to be foretold.
template <typename Layout, std::size_t Size>
[[nodiscard, gnu::always_inline]] inline constexpr bool same_values(const std::byte* a,
                                                                    const std::byte* b) noexcept {
  if constexpr (!Layout::has_floats) {
    return same_bytes<Size>(a, b);
  } else {
    using places = float_places<Layout, Size>;
    using windows = float_windows<places>;
    constexpr std::size_t length = std::min<std::size_t>(Size, 8);
    const std::uint64_t difference = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return ((word_difference<length>(a + word_begin<Size, 8>(I), b + word_begin<Size, 8>(I)) &
               places::masks[I]) |
              ...);
    }(std::make_index_sequence<word_count<Size, 8>>());
    if constexpr (windows::count > 0 && windows::count <= 16) {
      if (!std::is_constant_evaluated()) {
        const unsigned unequal = [&]<std::size_t... I>(std::index_sequence<I...>) {
          return (unequal_floats<windows::all[I]>(a, b) | ...);
        }(std::make_index_sequence<windows::count>());
        return (difference | unequal) == 0;
      }
    }
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
