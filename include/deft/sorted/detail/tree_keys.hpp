/// @file
/// How a counted tree searches in one node: separators and leaves of numbers, of small keys, and of any.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"
#include "deft/sorted/detail/tree_columns.hpp"
#include "deft/sorted/detail/tree_node.hpp"

namespace deft::detail {

enum class key_kind {
  number,  // searched by the compiled kernels; separators are copies
  small,   // separators are copies
  string,  // searched by eight characters at a time; see tree_string_keys.hpp
  any      // a separator is the first key of the leaf that it stands for
};

template <typename Key, typename Compare>
consteval auto kind_of_key() -> key_kind {
  if constexpr (has_kernels<Key> && (sizeof(Key) == 4 || sizeof(Key) == 8) && is_less<Compare, Key>) {
    return key_kind::number;
  } else if constexpr (string_like<Key> && is_less<Compare, Key>) {
    return key_kind::string;
  } else if constexpr (std::is_trivially_copyable_v<Key> && std::is_copy_constructible_v<Key> &&
                       sizeof(Key) <= 16 && alignof(Key) <= 16 && !kept_in_box<Key>) {
    return key_kind::small;
  } else {
    return key_kind::any;
  }
}

/// Raw bytes `offset` behind a node's header.
template <typename T>
[[nodiscard]] DEFT_TAGGED inline T* node_bytes(tree_node* node, std::size_t offset) noexcept {
  return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(node) + offset);
}

inline namespace DEFT_TAG {

/// The first of n for which `passed` does not hold, where it holds for some first ones. Without branches on
/// the answers.
template <typename Passed>
std::uint32_t first_not(std::uint32_t n, Passed passed) {
  std::uint32_t first = 0;
  while (n > 1) {
    const std::uint32_t half = n / 2;
    first += half & (0U - static_cast<std::uint32_t>(passed(first + half - 1)));
    n -= half;
  }
  return n == 0 ? first : first + static_cast<std::uint32_t>(passed(first));
}

}  // namespace DEFT_TAG

/// The keys of leaves, wherever they are, and what compares with them. `Layout` has keys(leaf) and at(keys,
/// i).
template <typename Key, typename Compare, std::size_t Extra, std::size_t ExtraEach>
struct tree_leaf_keys {
  static constexpr std::size_t extra = Extra;
  static constexpr std::size_t extra_each = ExtraEach;
  using column = tree_column<Key>;
  using stored = typename column::stored;

  [[nodiscard]] DEFT_TAGGED static stored* keys(tree_node* leaf) noexcept {
    // Where there are no extra bytes, whatever the capacity.
    using geometry = tree_geometry<Key, void, Extra, ExtraEach>;
    return node_bytes<stored>(leaf, geometry::keys_at(leaf->capacity));
  }

  [[nodiscard]] DEFT_TAGGED static Key& key(tree_node* leaf, std::size_t i) noexcept {
    return column::at(keys(leaf), i);
  }

  /// The first key that is not before x.
  template <typename K>
  DEFT_TAGGED static std::uint32_t lower(tree_node* leaf, const K& x, const Compare& comp) {
    return detail::first_not(leaf->count,
                             [&](std::uint32_t i) { return detail::precedes(comp, key(leaf, i), x); });
  }

  /// The first key that is after x.
  template <typename K>
  DEFT_TAGGED static std::uint32_t upper(tree_node* leaf, const K& x, const Compare& comp) {
    return detail::first_not(leaf->count,
                             [&](std::uint32_t i) { return !detail::precedes(comp, x, key(leaf, i)); });
  }

  // What lies beside the keys, if anything does, kept in step with them.
  DEFT_TAGGED static void opened(tree_node* /*leaf*/, std::uint32_t /*slot*/) noexcept {}

  DEFT_TAGGED static void inserted(tree_node* /*leaf*/, std::uint32_t /*slot*/) noexcept {}

  DEFT_TAGGED static void closed(tree_node* /*leaf*/, std::uint32_t /*slot*/, std::uint32_t /*n*/) noexcept {}

  DEFT_TAGGED static void rebuilt(tree_node* /*leaf*/) noexcept {}
};

/// Separators that are copies of keys.
template <typename Key, typename Compare>
struct tree_copied_keys : tree_leaf_keys<Key, Compare, 0, 0> {
  using base = tree_leaf_keys<Key, Compare, 0, 0>;
  static constexpr std::size_t separator_bytes = tree_fanout * sizeof(Key);
  /// A separator may stay as it is when the key that it was copied from goes.
  static constexpr bool separators_follow = false;

  [[nodiscard]] DEFT_TAGGED static Key* separators(tree_inner* inner) noexcept {
    return node_bytes<Key>(inner, sizeof(tree_inner));
  }

  template <bool PassEquals, typename K>
  DEFT_TAGGED static std::uint32_t child(tree_inner* inner, const K& x, const Compare& comp) {
    const Key* const first = separators(inner) + 1;
    return detail::first_not(inner->count - 1U, [&](std::uint32_t i) {
      if constexpr (PassEquals) return !detail::precedes(comp, x, first[i]);
      return detail::precedes(comp, first[i], x);
    });
  }

  DEFT_TAGGED static void set_separator(tree_inner* inner, std::uint32_t slot, tree_node* leaf) noexcept {
    std::memcpy(static_cast<void*>(separators(inner) + slot), static_cast<const void*>(base::keys(leaf)),
                sizeof(Key));
  }

  DEFT_TAGGED static void move_separators(tree_inner* from, std::uint32_t i, std::uint32_t n, tree_inner* to,
                                          std::uint32_t j) noexcept {
    std::memmove(static_cast<void*>(separators(to) + j), static_cast<const void*>(separators(from) + i),
                 n * sizeof(Key));
  }

  DEFT_TAGGED static void separators_rebuilt(tree_inner* /*inner*/) noexcept {}
};

/// Separators that are looked up in the leaves: nothing is copied, not even what could be.
template <typename Key, typename Compare>
struct tree_pointed_keys : tree_leaf_keys<Key, Compare, 0, 0> {
  using base = tree_leaf_keys<Key, Compare, 0, 0>;
  static constexpr std::size_t separator_bytes = tree_fanout * sizeof(tree_node*);
  static constexpr bool separators_follow = false;

  [[nodiscard]] DEFT_TAGGED static tree_node** separators(tree_inner* inner) noexcept {
    return node_bytes<tree_node*>(inner, sizeof(tree_inner));
  }

  template <bool PassEquals, typename K>
  DEFT_TAGGED static std::uint32_t child(tree_inner* inner, const K& x, const Compare& comp) {
    tree_node* const* const first = separators(inner) + 1;
    return detail::first_not(inner->count - 1U, [&](std::uint32_t i) {
      if constexpr (PassEquals) return !detail::precedes(comp, x, base::key(first[i], 0));
      return detail::precedes(comp, base::key(first[i], 0), x);
    });
  }

  DEFT_TAGGED static void set_separator(tree_inner* inner, std::uint32_t slot, tree_node* leaf) noexcept {
    separators(inner)[slot] = leaf;
  }

  DEFT_TAGGED static void move_separators(tree_inner* from, std::uint32_t i, std::uint32_t n, tree_inner* to,
                                          std::uint32_t j) noexcept {
    std::memmove(separators(to) + j, separators(from) + i, n * sizeof(tree_node*));
  }

  DEFT_TAGGED static void separators_rebuilt(tree_inner* /*inner*/) noexcept {}
};

}  // namespace deft::detail
