/// @file
/// Search and insertion in counted trees of numbers: one table of functions per instruction set. See
/// deft/sorted/detail/tree_node.hpp for what nodes look like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/sorted/detail/tree_kernels.hpp"

#include "core/isa.hpp"
#include "sorted/bisect_narrow.hpp"

/// Calls `macro(key)` for every key type that has kernels.
#define DEFT_FOR_EACH_TREE_KEY(macro) \
  macro(std::int32_t) macro(std::uint32_t) macro(std::int64_t) macro(std::uint64_t) macro(float) macro(double)

namespace deft::detail {

/// Defined where deft is built with Highway.
template <typename Key>
struct simd_tree_kernels {
  static const tree_kernels<Key> avx2;
  static const tree_kernels<Key> avx512;
};

struct simd_tree_count_kernels {
  static const tree_count_kernels avx2;
  static const tree_count_kernels avx512;
};

/// @returns The kernels of a supported path.
template <typename Key>
[[nodiscard]] auto tree_kernels_for(isa path) noexcept -> const tree_kernels<Key>&;
[[nodiscard]] auto tree_count_kernels_for(isa path) noexcept -> const tree_count_kernels&;

/// Which of the numbers that are equal to the needle a descent passes. A NaN passes what it is said to pass,
/// all or nothing, as by std::upper_bound and std::lower_bound.
struct tree_lower_unique {
  static constexpr bool passes_equal_separators = true;
  static constexpr bool passes_equal_keys = false;
};

struct tree_lower {
  static constexpr bool passes_equal_separators = false;
  static constexpr bool passes_equal_keys = false;
};

struct tree_upper {
  static constexpr bool passes_equal_separators = true;
  static constexpr bool passes_equal_keys = true;
};

template <bool PassesEqual, typename Key>
[[gnu::always_inline]] inline auto is_passed(Key key, Key needle) noexcept -> bool {
  if constexpr (PassesEqual) {
    return !(needle < key);
  } else {
    return key < needle;
  }
}

template <typename Key>
[[gnu::always_inline]] inline auto leaf_keys(tree_node* leaf) noexcept -> Key* {
  return reinterpret_cast<Key*>(reinterpret_cast<unsigned char*>(leaf) + sizeof(tree_node));
}

template <typename Key>
[[gnu::always_inline]] inline auto separators(tree_node* node) noexcept -> Key* {
  return reinterpret_cast<Key*>(reinterpret_cast<unsigned char*>(node) + sizeof(tree_inner));
}

/// What counts[slot - 1] is, 0 for the first child. Without a branch: what lies before the counts may be read
/// as well.
[[gnu::always_inline]] inline auto count_before_child(const tree_node* node, std::size_t slot) noexcept
    -> std::uint32_t {
  std::uint32_t before;
  std::memcpy(&before,
              reinterpret_cast<const unsigned char*>(node) + sizeof(tree_node) + slot * sizeof(before) -
                  sizeof(before),
              sizeof(before));
  return before & -static_cast<std::uint32_t>(slot != 0);
}

/// Searches that go down together.
inline constexpr std::size_t tree_batch = 16;

/// Of a leaf's keys, as many as are compared all at once.
template <typename Key>
inline constexpr std::size_t tree_segment = 256 / sizeof(Key);

}  // namespace deft::detail
