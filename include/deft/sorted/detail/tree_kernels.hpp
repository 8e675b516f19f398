/// @file
/// The compiled kernels of the counted trees; see src/sorted/tree_kernels.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deft/sorted/detail/tree_node.hpp"

namespace deft::detail {

/// Work on trees of numbers. `Key` is one of std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float
/// and double; the nodes may hold any type of the same representation. A leaf of full size has room for a
/// whole number of cache lines of keys, its first key begins a line, and what lies behind its count in these
/// lines may be read. No needle, not even NaN, leads outside the nodes.
///
/// `height` counts the levels above the leaves, up to tree_height_limit. `slots` gets, at [level], the slot
/// of the child taken from the inner node that is `level` levels above the leaves, less one: slots[0] belongs
/// to the leaf's parent.
template <typename Key>
struct tree_kernels {
  using descend = auto (*)(tree_node* root, unsigned height, Key needle, std::uint8_t* slots) noexcept
      -> tree_place;
  using descend_many = void (*)(tree_node* root, unsigned height, const void* needles, std::size_t count,
                                tree_place* places) noexcept;
  /// The first key that is not before the needle, in the leaf where a tree of unique keys has the needle;
  /// perhaps that leaf's end. Separators equal to the needle are passed.
  descend lower_unique;
  /// The first key that is not before the needle, or the end of the leaf before it. Separators equal to the
  /// needle are not passed.
  descend lower;
  /// The first key that is after the needle, or the end of the leaf before it. Separators equal to the needle
  /// are passed.
  descend upper;
  descend_many lower_unique_many;
  descend_many lower_many;
  /// Puts a key into a leaf of tree_leaf_bytes of keys with room, at `place`, and counts it on the way up:
  /// the leaf's count and generation, and counts[slots[level]] and all behind it (up to tree_fanout, used or
  /// not) in each inner node above. What lies behind the leaf's keys becomes anything.
  void (*insert)(tree_place place, unsigned height, Key key, const std::uint8_t* slots) noexcept;
  /// Takes out the key at `place`, of a leaf of that size, and counts likewise.
  void (*erase)(tree_place place, unsigned height, const std::uint8_t* slots) noexcept;
};

/// Work on trees of anything.
struct tree_count_kernels {
  /// The place of element `position`, which the tree has.
  auto (*nth)(tree_node* root, unsigned height, std::size_t position) noexcept -> tree_place;
  /// Adds `change` to counts[slots[level]] and all behind it, in each inner node above `leaf`.
  void (*add)(tree_node* leaf, unsigned height, const std::uint8_t* slots, std::uint32_t change) noexcept;
};

/// The kernels of the path chosen at this call, for the life of the program.
template <typename Key>
[[nodiscard]] auto tree_kernels_now() noexcept -> const tree_kernels<Key>&;
[[nodiscard]] auto tree_count_kernels_now() noexcept -> const tree_count_kernels&;

}  // namespace deft::detail
