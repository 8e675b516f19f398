#include "sorted/bisect_kernels.hpp"

#include "deft/sorted/bisect.hpp"

#include "sorted/bisect_narrow.hpp"

namespace deft::detail {

#if DEFT_HAS_HIGHWAY
#define DEFT_DECLARE(key) extern template struct simd_bisect_kernels<key>;
DEFT_FOR_EACH_KEY(DEFT_DECLARE)
#endif

namespace {

/// Finishes a search that was narrowed to one key.
template <typename Side, typename Key>
[[gnu::always_inline]] inline auto finish(const Key* first, const Key* position, Key needle) noexcept
    -> std::size_t {
  return static_cast<std::size_t>(position - first) + Side::test(load(position), needle);
}

template <typename Side, typename Key>
auto search(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t {
  if (size == 0) return 0;
  const Key* const first = static_cast<const Key*>(keys);
  const Key* const position = narrow<1, Side>(first, size, needle);
  return finish<Side>(first, position, needle);
}

template <typename Side, typename Key, std::size_t... Index>
void search_batch(const Key* first, std::size_t size, const Key* needles, std::size_t* out,
                  std::index_sequence<Index...> indices) noexcept {
  const Key* positions[batch_width];
  narrow_batch<1, Side>(first, size, needles, positions, indices);
  ((out[Index] = finish<Side>(first, positions[Index], load(needles + Index))), ...);
}

template <typename Side, typename Key>
void search_wide_batch(const Key* first, std::size_t size, const Key* needles, std::size_t* out) noexcept {
  const Key* positions[wide_batch_width];
  narrow_wide_batch<1, Side>(first, size, needles, positions);
  for (std::size_t i = 0; i < wide_batch_width; ++i) {
    out[i] = finish<Side>(first, positions[i], load(needles + i));
  }
}

template <typename Side, typename Key>
void search_many(const void* keys, std::size_t size, const void* needles, std::size_t count,
                 std::size_t* out) noexcept {
  const Key* const first = static_cast<const Key*>(keys);
  const Key* const sought = static_cast<const Key*>(needles);
  if (count < batch_width || size == 0) {
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
constexpr bisect_kernels<Key> portable{&search<left_of, Key>, &search<right_of, Key>,
                                       &search_many<left_of, Key>, &search_many<right_of, Key>};

}  // namespace

template <typename Key>
auto bisect_kernels_for(isa path) noexcept -> const bisect_kernels<Key>& {
#if DEFT_HAS_HIGHWAY
  if (path == isa::avx512) return simd_bisect_kernels<Key>::avx512;
  if (path == isa::avx2) return simd_bisect_kernels<Key>::avx2;
#else
  static_cast<void>(path);
#endif
  return portable<Key>;
}

template <typename Key>
auto bisect_left_kernel(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t {
  return bisect_kernels_for<Key>(active_isa()).left(keys, size, needle);
}

template <typename Key>
auto bisect_right_kernel(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t {
  return bisect_kernels_for<Key>(active_isa()).right(keys, size, needle);
}

template <typename Key>
void bisect_left_many_kernel(const void* keys, std::size_t size, const void* needles, std::size_t count,
                             std::size_t* out) noexcept {
  bisect_kernels_for<Key>(active_isa()).left_many(keys, size, needles, count, out);
}

template <typename Key>
void bisect_right_many_kernel(const void* keys, std::size_t size, const void* needles, std::size_t count,
                              std::size_t* out) noexcept {
  bisect_kernels_for<Key>(active_isa()).right_many(keys, size, needles, count, out);
}

// clang-format off
#define DEFT_INSTANTIATE(key)                                                                                    \
  template auto bisect_kernels_for<key>(isa) noexcept -> const bisect_kernels<key>&;                             \
  template auto bisect_left_kernel(const void*, std::size_t, key) noexcept -> std::size_t;                       \
  template auto bisect_right_kernel(const void*, std::size_t, key) noexcept -> std::size_t;                      \
  template void bisect_left_many_kernel<key>(const void*, std::size_t, const void*, std::size_t, std::size_t*) noexcept;  \
  template void bisect_right_many_kernel<key>(const void*, std::size_t, const void*, std::size_t, std::size_t*) noexcept;
DEFT_FOR_EACH_KEY(DEFT_INSTANTIATE)
// clang-format on

}  // namespace deft::detail
