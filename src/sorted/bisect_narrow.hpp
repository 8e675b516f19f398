/// @file
/// The part of every search kernel that is plain code: narrowing a sorted array down to a few keys without
/// branches.
///
/// Everything here is force-inlined into the kernels, which differ in the instruction set they are compiled
/// for and in how they search the last few keys. Whatever the comparisons say (NaN, unsorted input), a
/// position never leaves the array: each step adds at most what it takes off the size.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

namespace deft::detail {

struct left_of {
  template <typename Key>
  [[gnu::always_inline]] static auto test(Key key, Key needle) noexcept -> bool {
    return key < needle;
  }
};

struct right_of {
  template <typename Key>
  [[gnu::always_inline]] static auto test(Key key, Key needle) noexcept -> bool {
    return !(needle < key);
  }
};

/// The array's element type may be another one of the same representation, which only memcpy may read.
template <typename Key>
[[gnu::always_inline]] inline auto load(const Key* key) noexcept -> Key {
  Key value;
  std::memcpy(&value, key, sizeof(Key));
  return value;
}

/// `step` if the key lies before the needle, else 0. As a mask, because g++ 12 -O2 turns `? :` into a branch.
template <typename Side, typename Key>
[[gnu::always_inline]] inline auto advance_if(const Key* key, Key needle, std::size_t step) noexcept
    -> std::size_t {
  return step & -static_cast<std::size_t>(Side::test(load(key), needle));
}

template <typename Key>
inline constexpr std::size_t keys_per_line = 64 / sizeof(Key);

/// Narrows to at most `Stop` keys, of which `size` is set to the number.
///
/// Beyond the cache a step waits for its key, while a branch predictor that guesses right half of the time
/// runs ahead of it: plain branch-free search takes up to 2.4 times as long as std::lower_bound there. So
/// large arrays are halved while the four keys are fetched of which the step after the next will need one.
/// Where the cache is fast enough, quartering (three independent comparisons) has half as many dependent
/// loads. Tried, and slower at some size: halving alone; fetching for one step, or for three; quarters that
/// fetch; eighths; powers of two; branches down to the size of a cache, with and without fetching; fetching
/// into L2 only.
template <std::size_t Stop, typename Side, typename Key>
[[gnu::always_inline]] inline auto narrow(const Key* first, std::size_t& size, Key needle) noexcept
    -> const Key* {
  constexpr std::size_t fetch_above = 131072 / sizeof(Key);
  constexpr std::size_t quarter_above = 2 * (Stop > 4 ? Stop : 4) - 1;
  const Key* position = first;
  std::size_t left = size;
  if (left > fetch_above) {
    while (left > 2 * keys_per_line<Key>) {
      const std::size_t half = left / 2;
      left -= half;
      const std::size_t quarter = left / 2;
      const Key* const probe = position + (left - quarter) / 2 - 1;
      __builtin_prefetch(probe);
      __builtin_prefetch(probe + quarter);
      __builtin_prefetch(probe + half);
      __builtin_prefetch(probe + half + quarter);
      position += advance_if<Side>(position + half - 1, needle, half);
    }
  }
  while (left > quarter_above) {
    const std::size_t quarter = left / 4;
    std::size_t before = 0;
    before += Side::test(load(position + quarter - 1), needle);
    before += Side::test(load(position + 2 * quarter - 1), needle);
    before += Side::test(load(position + 3 * quarter - 1), needle);
    position += before * quarter;
    left -= 3 * quarter;
  }
  while (left > Stop) {
    const std::size_t half = left / 2;
    left -= half;
    position += advance_if<Side>(position + half - 1, needle, half);
  }
  size = left;
  return position;
}

/// Searches interleaved in the cache: as many as the registers hold.
inline constexpr std::size_t batch_width = 16;

/// Searches interleaved beyond the cache: as many as hide a miss behind the others' work.
inline constexpr std::size_t wide_batch_width = 128;

/// Arrays of more bytes than this are searched in wide batches: roughly one core's L2.
inline constexpr std::size_t wide_above_bytes = 1 << 20;

/// Narrows `batch_width` searches at once, which hides each one's wait behind the others' work. A fold and
/// not a loop: -O2 does not unroll one early enough to keep the positions in registers, which is worth 1.5x.
template <std::size_t Stop, typename Side, typename Key, std::size_t... Index>
[[gnu::always_inline]] inline void narrow_batch(const Key* first, std::size_t& size, const Key* needles,
                                                const Key* (&positions)[batch_width],
                                                std::index_sequence<Index...>) noexcept {
  std::size_t left = size;
  ((positions[Index] = first), ...);
  while (left > Stop) {
    const std::size_t half = left / 2;
    left -= half;
    const std::size_t next = left > 1 ? left / 2 - 1 : 0;
    ((positions[Index] += advance_if<Side>(positions[Index] + half - 1, load(needles + Index), half),
      __builtin_prefetch(positions[Index] + next)),
     ...);
  }
  size = left;
}

/// The same for `wide_batch_width` searches. Keys are fetched into L2 only, which keeps more misses in flight
/// than L1 does: 1.6 times as fast at 1e7 keys.
template <std::size_t Stop, typename Side, typename Key>
[[gnu::always_inline]] inline void narrow_wide_batch(const Key* first, std::size_t& size, const Key* needles,
                                                     const Key* (&positions)[wide_batch_width]) noexcept {
  std::size_t left = size;
  for (const Key*& position : positions) position = first;
  while (left > Stop) {
    const std::size_t half = left / 2;
    left -= half;
    const std::size_t next = left > 1 ? left / 2 - 1 : 0;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < wide_batch_width; ++i) {
      positions[i] += advance_if<Side>(positions[i] + half - 1, load(needles + i), half);
      __builtin_prefetch(positions[i] + next, 0, 2);
    }
  }
  size = left;
}

/// Where the batch begins that comes after `done` of `count >= width` needles. The last one overlaps the one
/// before it: searching a few needles twice is cheaper than searching them one by one.
[[gnu::always_inline]] inline auto batch_start(std::size_t done, std::size_t count,
                                               std::size_t width) noexcept -> std::size_t {
  return done + width <= count ? done : count - width;
}

}  // namespace deft::detail
