/// @file
/// Layers of separators over a sorted array of numbers: what deft::search_index builds and the compiled
/// kernels of src/sorted/ search.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// What layers are made of: two cache lines, which hold one node.
struct alignas(128) key_node {
  unsigned char bytes[128];
};

/// A static B+ tree whose leaves are the array itself, cut into blocks of as many keys as a node holds.
///
///     root              [ . . . . . + ]                one to three nodes, all of which are compared
///     next level   [ . . . ] [ . . . ] [ . + + ]       a node's children lie side by side, and so do cousins
///     the array     ... .... .... .... .... ....       cut where the cache lines are
///
/// A separator is the last key of everything to the left of it. Separators are kept as signed numbers that
/// order as the keys do, because AVX2 compares only those; the ones that a node has no use for are never
/// before any needle.
///
/// Blocks that stick out at either end of the array are read moved inwards instead, which changes no answer:
/// what they then cover besides is known to lie before the needle, or not to.
///
/// Shared by translation units of any flags. Addresses are integers: a child's is its parent's times the
/// number of children, plus the number of separators before the needle times a node's size, plus a step that
/// is the same for the whole level.
struct key_layers {
  /// Enough for any size that fits into memory.
  static constexpr std::size_t max_height = 12;

  std::uintptr_t root = 0;        ///< The first node.
  std::uintptr_t root_end = 0;    ///< Behind the root, which may be several nodes, or none.
  std::uintptr_t below_root = 0;  ///< The first child of the root.
  std::uintptr_t first_block =
      0;  ///< The array, or a node with a copy of it where it has fewer keys than that.
  std::uintptr_t last_block = 0;  ///< Where the last node's worth of keys begins.
  std::size_t size = 0;
  std::uint32_t height = 0;       ///< Levels of nodes.
  std::uint32_t warm_height = 0;  ///< Of these, the first ones that a cache near the core holds.
  std::uintptr_t steps[max_height] = {};
};

/// The searches that one instruction set has for a fixed-width number. Arrays and needles are untyped,
/// because types of the same representation share them (`long long` and `long`).
template <typename Key>
struct layer_kernels {
  auto (*lower)(const key_layers& in, Key needle) noexcept -> std::size_t;
  auto (*upper)(const key_layers& in, Key needle) noexcept -> std::size_t;
  void (*lower_many)(const key_layers& in, const void* needles, std::size_t count, std::size_t* out) noexcept;
  void (*upper_many)(const key_layers& in, const void* needles, std::size_t count, std::size_t* out) noexcept;
};

/// Those that this machine, and DEFT_ISA, choose now.
template <typename Key>
auto layer_kernels_now() noexcept -> const layer_kernels<Key>&;

/// How many nodes lie over `size` keys.
template <typename Key>
auto count_layer_nodes(const void* keys, std::size_t size) noexcept -> std::size_t;

/// Where everything is, for nodes that are filled or are going to be.
template <typename Key>
auto place_layers(const void* keys, std::size_t size, const key_node* nodes) noexcept -> key_layers;

/// Writes the separators, or the copy of a small array.
template <typename Key>
void fill_layers(const void* keys, std::size_t size, key_node* nodes) noexcept;

}  // namespace deft::detail
