// Compiled once per instruction set by Highway's foreach_target, all in this translation unit and at the
// build's own flags. Only Highway's headers are used: its run-time dispatch would make every consumer link
// libhwy.

// Highway 1.0.3 refuses a baseline of AVX3_DL (-march=native on recent machines); deft needs nothing beyond
// AVX3.
#define HWY_DISABLED_TARGETS HWY_AVX3_DL
// Debug assertions are out of line, in libhwy.
#define HWY_IS_DEBUG_BUILD 0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sorted/bisect_kernels_simd.cpp"
#include <type_traits>

#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "sorted/bisect_kernels.hpp"
#include "sorted/bisect_narrow.hpp"

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
HWY_BEFORE_NAMESPACE();

namespace deft::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Comparing a cache line's worth of keys all at once replaces the last three to six steps.
template <typename Key>
inline constexpr std::size_t block_size = keys_per_line<Key>;

/// How many keys of the `block_size` at `block` lie before the needle.
template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto count_before(const Key* block, Key needle) noexcept -> std::size_t {
  const hn::CappedTag<Key, block_size<Key>> lanes;
  const auto sought = hn::Set(lanes, needle);
  std::size_t before = 0;
  for (std::size_t i = 0; i < block_size<Key>; i += hn::Lanes(lanes)) {
    const auto keys = hn::LoadU(lanes, block + i);
    if constexpr (std::is_same_v<Side, left_of>) {
      before += hn::CountTrue(lanes, hn::Lt(keys, sought));
    } else {
      before += hn::Lanes(lanes) - hn::CountTrue(lanes, hn::Lt(sought, keys));
    }
  }
  return before;
}

/// Finishes a search that was narrowed to `position` in an array of `size >= block_size` keys. The block is
/// moved back where it would cross the end: the keys before `position` that it then covers lie before the
/// needle.
template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto finish(const Key* first, std::size_t size, const Key* position, Key needle) noexcept
    -> std::size_t {
  const std::size_t start = HWY_MIN(static_cast<std::size_t>(position - first), size - block_size<Key>);
  return start + count_before<Side>(first + start, needle);
}

template <typename Side, typename Key>
HWY_ATTR auto search(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t {
  const Key* const first = static_cast<const Key*>(keys);
  if (size < block_size<Key>) {
    if (size == 0) return 0;
    const Key* const position = narrow<1, Side>(first, size, needle);
    return static_cast<std::size_t>(position - first) + Side::test(load(position), needle);
  }
  std::size_t left = size;
  const Key* const position = narrow<block_size<Key>, Side>(first, left, needle);
  return finish<Side>(first, size, position, needle);
}

template <typename Side, typename Key, std::size_t... Index>
HWY_ATTR void search_batch(const Key* first, std::size_t size, const Key* needles, std::size_t* out,
                           std::index_sequence<Index...> indices) noexcept {
  const Key* positions[batch_width];
  std::size_t left = size;
  narrow_batch<block_size<Key>, Side>(first, left, needles, positions, indices);
  ((out[Index] = finish<Side>(first, size, positions[Index], load(needles + Index))), ...);
}

template <typename Side, typename Key>
HWY_ATTR void search_wide_batch(const Key* first, std::size_t size, const Key* needles,
                                std::size_t* out) noexcept {
  const Key* positions[wide_batch_width];
  std::size_t left = size;
  narrow_wide_batch<block_size<Key>, Side>(first, left, needles, positions);
  for (std::size_t i = 0; i < wide_batch_width; ++i) {
    out[i] = finish<Side>(first, size, positions[i], load(needles + i));
  }
}

template <typename Side, typename Key>
HWY_ATTR void search_many(const void* keys, std::size_t size, const void* needles, std::size_t count,
                          std::size_t* out) noexcept {
  const Key* const first = static_cast<const Key*>(keys);
  const Key* const sought = static_cast<const Key*>(needles);
  if (count < batch_width || size < block_size<Key>) {
    for (std::size_t i = 0; i < count; ++i) out[i] = search<Side, Key>(keys, size, load(sought + i));
  } else if (count < wide_batch_width || size <= wide_above_bytes / sizeof(Key)) {
    for (std::size_t done = 0; done < count; done += batch_width) {
      const std::size_t start = batch_start(done, count, batch_width);
      search_batch<Side>(first, size, sought + start, out + start, std::make_index_sequence<batch_width>{});
    }
  } else {
    for (std::size_t done = 0; done < count; done += wide_batch_width) {
      const std::size_t start = batch_start(done, count, wide_batch_width);
      search_wide_batch<Side>(first, size, sought + start, out + start);
    }
  }
}

template <typename Key>
inline constexpr bisect_kernels<Key> kernels{&search<left_of, Key>, &search<right_of, Key>,
                                             &search_many<left_of, Key>, &search_many<right_of, Key>};

}  // namespace deft::detail::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace deft::detail {

// A build whose own flags demand AVX-512 has no AVX2 path left.
#if HWY_TARGETS & HWY_AVX2
namespace for_avx2 = N_AVX2;
#else
namespace for_avx2 = N_AVX3;
#endif

template <typename Key>
constinit const bisect_kernels<Key> simd_bisect_kernels<Key>::avx2 = for_avx2::kernels<Key>;
template <typename Key>
constinit const bisect_kernels<Key> simd_bisect_kernels<Key>::avx512 = N_AVX3::kernels<Key>;

#define DEFT_INSTANTIATE(key) template struct simd_bisect_kernels<key>;
DEFT_FOR_EACH_KEY(DEFT_INSTANTIATE)

}  // namespace deft::detail
#endif
