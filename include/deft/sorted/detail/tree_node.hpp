/// @file
/// The nodes of the counted B+-trees under sorted_set, sorted_list and sorted_map, as the compiled kernels
/// see them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deft::detail {

struct tree_inner;

/// What every node begins with. Keys lie right behind it:
///
///     leaf    | header | keys | mapped values |
///     inner   | header | counts | children | separators |
///
/// A node of full size begins 32 bytes into a block that is aligned to a cache line or more, so that its keys
/// begin on a line; the smaller leaves, which only a tree of one leaf has, begin their block.
struct tree_node {
  tree_inner* parent;        // none at the root
  std::uint16_t count;       // a leaf's elements, an inner node's children
  std::uint16_t capacity;    // how many elements a leaf has room for
  std::uint32_t generation;  // a leaf's: another one after each change, for iterators to notice
  tree_node* previous;       // leaves in order; inner nodes have none
  tree_node* next;
};

static_assert(sizeof(tree_node) == 32);

/// How many children an inner node has room for.
inline constexpr unsigned tree_fanout = 32;

/// What a leaf of full size has for its elements: for numbers without mapped values to the byte.
inline constexpr std::size_t tree_leaf_bytes = 1024;

/// More levels of inner nodes than a tree of 2^32 elements has.
inline constexpr unsigned tree_height_limit = 40;

/// An inner node up to its separators, which depend on the type of the keys and lie right behind it:
/// separator i, from 1 on, is not after the elements of child i, and those of child i - 1 are not after it
/// (before it, where keys are unique). What lies at separator 0 and behind the last is anything.
struct tree_inner : tree_node {
  std::uint32_t counts[tree_fanout];  // elements of the children up to and with this one
  tree_node* children[tree_fanout];
};

static_assert(sizeof(tree_inner) == 32 + 4 * tree_fanout + sizeof(void*) * tree_fanout);

/// An element's place. None: no leaf.
struct tree_place {
  tree_node* leaf;
  std::uint32_t slot;
};

}  // namespace deft::detail
