// Which kernels the counted trees use, and those for machines without vector instructions that help.
#include "sorted/tree_kernels.hpp"

#include "sorted/quarter_search.hpp"

namespace deft::detail {

#if DEFT_HAS_HIGHWAY
#define DEFT_DECLARE(key) extern template struct simd_tree_kernels<key>;
DEFT_FOR_EACH_TREE_KEY(DEFT_DECLARE)
#endif

namespace portable_trees {
namespace {

template <typename Key>
struct sought {
  Key needle;

  explicit sought(Key x) noexcept : needle(x) {}
};

template <bool PassesEqual, typename Key>
[[gnu::always_inline]] inline auto child_slot(tree_node* node, const sought<Key>& x) noexcept -> std::size_t {
  const Key* const all = separators<Key>(node) + 1;
  return count_passed<tree_fanout - 1>(node->count - std::size_t{1}, [&](std::size_t i) {
    return is_passed<PassesEqual>(load(all + i), x.needle);
  });
}

template <bool PassesEqual, typename Key>
[[gnu::always_inline]] inline auto in_segment(const Key* keys, const sought<Key>& x,
                                              std::size_t count) noexcept -> std::size_t {
  return count_passed<tree_segment<Key>>(
      count, [&](std::size_t i) { return is_passed<PassesEqual>(load(keys + i), x.needle); });
}

[[gnu::always_inline]] inline auto child_of_position(tree_node* node, std::uint32_t position) noexcept
    -> std::size_t {
  const std::uint32_t* const counts = static_cast<tree_inner*>(node)->counts;
  return count_passed<tree_fanout - 1>(node->count - std::size_t{1},
                                       [&](std::size_t i) { return counts[i] <= position; });
}

template <typename Key>
[[gnu::always_inline]] inline void insert_key(tree_node* leaf, std::size_t slot, Key key) noexcept {
  Key* const to = leaf_keys<Key>(leaf) + slot;
  std::memmove(to + 1, to, (leaf->count - slot) * sizeof(Key));
  std::memcpy(to, &key, sizeof(Key));
}

template <typename Key>
[[gnu::always_inline]] inline void erase_key(tree_node* leaf, std::size_t slot) noexcept {
  Key* const to = leaf_keys<Key>(leaf) + slot;
  std::memmove(to, to + 1, (leaf->count - slot - 1) * sizeof(Key));
}

/// What every compiler makes the best of, with vector instructions or without.
using four_numbers [[gnu::vector_size(16)]] = std::int32_t;

/// Of all counts, because how many lie behind the slot cannot be predicted.
[[gnu::always_inline]] inline void add_from(std::uint32_t* counts, std::size_t slot,
                                            std::uint32_t change) noexcept {
  const four_numbers before = four_numbers{} + (static_cast<std::int32_t>(slot) - 1);
  const four_numbers more = four_numbers{} + static_cast<std::int32_t>(change);
#pragma GCC unroll 8
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(tree_fanout); i += 4) {
    const four_numbers here{i, i + 1, i + 2, i + 3};
    four_numbers four;
    std::memcpy(&four, counts + i, sizeof(four));
    four += (here > before) & more;
    std::memcpy(counts + i, &four, sizeof(four));
  }
}

#define DEFT_KERNEL
#define DEFT_KERNEL_INLINE [[gnu::always_inline]] inline
#include "sorted/tree_descent-inl.hpp"
#undef DEFT_KERNEL
#undef DEFT_KERNEL_INLINE

}  // namespace
}  // namespace portable_trees

template <typename Key>
auto tree_kernels_for(isa path) noexcept -> const tree_kernels<Key>& {
#if DEFT_HAS_HIGHWAY
  if (path == isa::avx512) return simd_tree_kernels<Key>::avx512;
  if (path == isa::avx2) return simd_tree_kernels<Key>::avx2;
#else
  static_cast<void>(path);
#endif
  return portable_trees::kernels<Key>;
}

template <typename Key>
auto tree_kernels_now() noexcept -> const tree_kernels<Key>& {
  return tree_kernels_for<Key>(active_isa());
}

auto tree_count_kernels_for(isa path) noexcept -> const tree_count_kernels& {
#if DEFT_HAS_HIGHWAY
  if (path == isa::avx512) return simd_tree_count_kernels::avx512;
  if (path == isa::avx2) return simd_tree_count_kernels::avx2;
#else
  static_cast<void>(path);
#endif
  return portable_trees::count_kernels;
}

auto tree_count_kernels_now() noexcept -> const tree_count_kernels& {
  return tree_count_kernels_for(active_isa());
}

#define DEFT_INSTANTIATE(key)                                                    \
  template auto tree_kernels_for<key>(isa) noexcept -> const tree_kernels<key>&; \
  template auto tree_kernels_now<key>() noexcept -> const tree_kernels<key>&;
DEFT_FOR_EACH_TREE_KEY(DEFT_INSTANTIATE)

}  // namespace deft::detail
