// Which kernels the counted trees use, and those for machines without vector instructions that help.
#include "sorted/tree_kernels.hpp"

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

/// The greatest slot below `count` whose entry is passed, 0 if none is. Halves, without branches: the number
/// of steps is the same for all counts.
template <typename Passed>
[[gnu::always_inline]] inline auto last_passed(std::size_t count, Passed passed) noexcept -> std::size_t {
  std::size_t slot = 0;
#pragma GCC unroll 8
  for (std::size_t half = tree_fanout / 2; half > 0; half /= 2) {
    const bool steps = passed(slot + half);
    slot += half & -(static_cast<std::size_t>(steps) & static_cast<std::size_t>(slot + half < count));
  }
  return slot;
}

template <bool PassesEqual, typename Key>
[[gnu::always_inline]] inline auto child_slot(tree_node* node, const sought<Key>& x) noexcept -> std::size_t {
  const Key* const all = separators<Key>(node);
  return last_passed(node->count,
                     [&](std::size_t i) { return is_passed<PassesEqual>(load(all + i), x.needle); });
}

template <bool PassesEqual, typename Key>
[[gnu::always_inline]] inline auto in_segment(const Key* keys, const sought<Key>& x,
                                              std::size_t count) noexcept -> std::size_t {
  constexpr std::size_t segment = tree_segment<Key>;
  std::size_t passed = 0;
#pragma GCC unroll 8
  for (std::size_t half = segment / 2; half > 0; half /= 2) {
    const bool steps = is_passed<PassesEqual>(load(keys + passed + half - 1), x.needle);
    passed += half & -(static_cast<std::size_t>(steps) & static_cast<std::size_t>(passed + half <= count));
  }
  const bool steps = is_passed<PassesEqual>(load(keys + passed), x.needle);
  return passed + (static_cast<std::size_t>(steps) & static_cast<std::size_t>(passed < count));
}

[[gnu::always_inline]] inline auto child_of_position(tree_node* node, std::uint32_t position) noexcept
    -> std::size_t {
  const std::uint32_t* const counts = static_cast<tree_inner*>(node)->counts;
  return last_passed(node->count, [&](std::size_t i) { return counts[i - 1] <= position; });
}

template <typename Key>
[[gnu::always_inline]] inline void insert_key(tree_node* leaf, std::size_t slot, Key key) noexcept {
  Key* const to = leaf_keys<Key>(leaf) + slot;
  std::memmove(to + 1, to, (leaf->count - slot) * sizeof(Key));
  std::memcpy(to, &key, sizeof(Key));
}

[[gnu::always_inline]] inline void add_from(std::uint32_t* counts, std::size_t slot,
                                            std::uint32_t change) noexcept {
  for (std::size_t i = slot; i < tree_fanout; ++i) counts[i] += change;
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
