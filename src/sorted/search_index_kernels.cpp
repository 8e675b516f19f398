// Layers over sorted numbers: how they are laid out and filled, and the search for machines without vector
// instructions that help.
#include "sorted/search_index_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

#include "deft/sorted/detail/layer_memory.hpp"

namespace deft::detail {

#if DEFT_HAS_HIGHWAY
#define DEFT_DECLARE(key) extern template struct simd_layer_kernels<key>;
DEFT_FOR_EACH_KEY(DEFT_DECLARE)
#endif

namespace portable_layers {
namespace {

template <typename Side, typename Key>
struct sought {
  separator<Key> in_node;
  Key in_block;

  explicit sought(Key needle) noexcept
      : in_node(to_separator(Side::sought(needle))), in_block(Side::sought(needle)) {}
};

/// Halves, without branches: the baseline of x86-64 has no comparison of 64-bit integers in vectors.
template <typename Side, typename Number>
[[gnu::always_inline]] inline auto count_before(std::uintptr_t first, Number x) noexcept -> std::size_t {
  constexpr std::size_t room = sizeof(key_node) / sizeof(Number);
  const Number* const numbers = reinterpret_cast<const Number*>(first);
  std::size_t count = 0;
#pragma GCC unroll 8
  for (std::size_t half = room / 2; half > 0; half /= 2) {
    count += half & -static_cast<std::size_t>(Side::is_before(load(numbers + count + half - 1), x));
  }
  return count + Side::is_before(load(numbers + count), x);
}

template <typename Side, typename Key>
[[gnu::always_inline]] inline auto before_in_node(std::uintptr_t node, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  return count_before<Side>(node, x.in_node);
}

template <typename Side, typename Key>
[[gnu::always_inline]] inline auto before_in_block(std::uintptr_t block, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  return count_before<Side>(block, x.in_block);
}

#define DEFT_KERNEL
#define DEFT_KERNEL_INLINE [[gnu::always_inline]] inline
#include "sorted/search_index_descent-inl.hpp"
#undef DEFT_KERNEL
#undef DEFT_KERNEL_INLINE

}  // namespace
}  // namespace portable_layers

namespace {

/// A node that nothing is before, for the index over nothing.
template <typename Key>
struct alignas(key_node) empty_node {
  Key keys[node_keys<Key>];

  constexpr empty_node() : keys{} {
    for (Key& key : keys) key = no_key<Key>;
  }
};

template <typename Key>
constinit const empty_node<Key> nothing;

}  // namespace

template <typename Key>
auto layer_kernels_for(isa path) noexcept -> const layer_kernels<Key>& {
#if DEFT_HAS_HIGHWAY
  if (path == isa::avx512) return simd_layer_kernels<Key>::avx512;
  if (path == isa::avx2) return simd_layer_kernels<Key>::avx2;
#else
  static_cast<void>(path);
#endif
  return portable_layers::kernels<Key>;
}

template <typename Key>
auto layer_kernels_now() noexcept -> const layer_kernels<Key>& {
  return layer_kernels_for<Key>(active_isa());
}

namespace {

/// Levels of nodes over an array, the root's first.
template <typename Key>
struct level_plan {
  static constexpr std::size_t per_node = node_keys<Key>;

  std::size_t lead = 0;  ///< Room for keys between the first block's beginning and the array's.
  std::size_t height = 0;
  std::size_t nodes[key_layers::max_height] = {};  ///< Of each level.

  level_plan(const void* keys, std::size_t size) noexcept {
    if (size < per_node) return;
    lead = std::bit_cast<std::uintptr_t>(keys) % sizeof(key_node) / sizeof(Key);
    std::size_t below = (size + lead + per_node - 1) / per_node;
    for (; below > max_root_nodes * per_node + 1; ++height) {
      below = (below + per_node) / (per_node + 1);
      nodes[height] = below;
    }
    if (below > 1) nodes[height++] = (below - 1 + per_node - 1) / per_node;
    std::reverse(nodes, nodes + height);
  }
};

}  // namespace

template <typename Key>
auto count_layer_nodes(const void* keys, std::size_t size) noexcept -> std::size_t {
  if (size < node_keys<Key>) return size == 0 ? 0 : 1;
  const level_plan<Key> plan(keys, size);
  return std::accumulate(plan.nodes, plan.nodes + plan.height, std::size_t{0});
}

template <typename Key>
auto place_layers(const void* keys, std::size_t size, const key_node* nodes) noexcept -> key_layers {
  key_layers in;
  in.size = size;
  if (size < node_keys<Key>) {
    in.root = size == 0 ? std::bit_cast<std::uintptr_t>(&nothing<Key>) : std::bit_cast<std::uintptr_t>(nodes);
    in.root_end = in.root;
    in.below_root = in.root;
    in.first_block = in.root;
    in.last_block = in.root;
    return in;
  }
  const level_plan<Key> plan(keys, size);
  in.first_block = std::bit_cast<std::uintptr_t>(keys);
  in.last_block = in.first_block + (size - node_keys<Key>)*sizeof(Key);
  in.height = static_cast<std::uint32_t>(plan.height);
  const std::uintptr_t blocks = in.first_block - plan.lead * sizeof(Key);
  in.root = std::bit_cast<std::uintptr_t>(nodes);
  in.root_end = in.root + plan.nodes[0] * sizeof(key_node);
  in.below_root = plan.height > 1 ? in.root_end : blocks;
  std::uintptr_t level = in.root;
  for (std::size_t i = 0; i < plan.height; ++i) {
    const std::uintptr_t end = level + plan.nodes[i] * sizeof(key_node);
    if (end - in.root <= near_bytes / 2) in.warm_height = static_cast<std::uint32_t>(i + 1);
    in.steps[i] = (i + 1 < plan.height ? end : blocks) - (node_keys<Key> + 1) * level;
    level = end;
  }
  return in;
}

template <typename Key>
void fill_layers(const void* keys, std::size_t size, key_node* nodes) noexcept {
  if (size == 0) return;
  constexpr std::size_t per_node = node_keys<Key>;
  const Key* const all = static_cast<const Key*>(keys);
  auto* to = reinterpret_cast<unsigned char*>(nodes);  // null where one block is all
  const auto put = [&to](auto number) {
    std::memcpy(to, &number, sizeof(number));
    to += sizeof(number);
  };
  if (size < per_node) {
    for (std::size_t i = 0; i < per_node; ++i) put(i < size ? load(all + i) : no_key<Key>);
    return;
  }
  const level_plan<Key> plan(keys, size);
  // How many keys lie below a separator's left, the room before the array included.
  std::size_t span = per_node;
  for (std::size_t i = 1; i < plan.height; ++i) span *= per_node + 1;
  for (std::size_t i = 0; i < plan.height; ++i, span /= per_node + 1) {
    std::size_t next = span;
    // The root's nodes are one after the other; elsewhere the separator between two nodes is further up.
    const std::size_t skip = i == 0 ? 0 : span;
    for (std::size_t node = 0; node < plan.nodes[i]; ++node, next += skip) {
      for (std::size_t j = 0; j < per_node; ++j, next += span) {
        put(next < size + plan.lead ? to_separator(load(all + (next - plan.lead - 1)))
                                    : no_key<separator<Key>>);
      }
    }
  }
}

void advise_huge_pages([[maybe_unused]] huge_page* first, [[maybe_unused]] std::size_t count) noexcept {
#ifdef MADV_HUGEPAGE
  static_cast<void>(madvise(first, count * sizeof(huge_page), MADV_HUGEPAGE));
#endif
}

// clang-format off
#define DEFT_INSTANTIATE(key)                                                                             \
  template auto layer_kernels_for<key>(isa) noexcept -> const layer_kernels<key>&;                        \
  template auto layer_kernels_now<key>() noexcept -> const layer_kernels<key>&;                           \
  template auto count_layer_nodes<key>(const void*, std::size_t) noexcept -> std::size_t;                 \
  template auto place_layers<key>(const void*, std::size_t, const key_node*) noexcept -> key_layers;      \
  template void fill_layers<key>(const void*, std::size_t, key_node*) noexcept;
DEFT_FOR_EACH_KEY(DEFT_INSTANTIATE)
// clang-format on

}  // namespace deft::detail
