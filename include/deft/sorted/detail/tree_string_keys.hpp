/// @file
/// How a counted tree searches among strings: by eight characters at a time, behind those that all of a node
/// share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sort_strings.hpp"
#include "deft/sorted/detail/tree_keys.hpp"

namespace deft::detail {

/// The characters that all strings of a node begin with, as far as they are looked at; `size` may be less
/// than they share.
struct shared_text {
  static constexpr std::size_t most = 62;

  std::uint16_t size;
  char characters[most];
};

static_assert(sizeof(shared_text) == 64);

inline namespace DEFT_TAG {

/// How many characters two strings share, up to shared_text::most.
template <typename A, typename B>
std::size_t characters_in_common(const A& a, const B& b) noexcept {
  const std::size_t n = std::min({a.size(), b.size(), shared_text::most});
  return static_cast<std::size_t>(std::mismatch(a.data(), a.data() + n, b.data()).first - a.data());
}

template <typename String>
void share_text(shared_text& shared, const String& string, std::size_t size) noexcept {
  shared.size = static_cast<std::uint16_t>(size);
  if (size != 0) std::memcpy(shared.characters, string.data(), size);
}

/// Where x lies beside what begins with the shared text: -1 before all of it, 1 behind, 0 among it.
template <typename String>
int beside(const shared_text& shared, const String& x) noexcept {
  const std::size_t n = std::min<std::size_t>(shared.size, x.size());
  const int order = n == 0 ? 0 : std::memcmp(x.data(), shared.characters, n);
  if (order != 0) return order;
  return x.size() < shared.size ? -1 : 0;
}

/// The number of `words`, in ascending order, that are below `word`.
inline std::uint32_t words_below(const std::uint64_t* words, std::uint32_t n, std::uint64_t word) noexcept {
  std::uint32_t first = 0;
  while (n > 1) {
    const std::uint32_t half = n / 2;
    first += half & (0U - static_cast<std::uint32_t>(words[first + half - 1] < word));
    n -= half;
  }
  return n == 0 ? first : first + static_cast<std::uint32_t>(words[first] < word);
}

/// The position of x among n strings that begin with `shared` and whose next eight characters are `words`:
/// that of the first which is not before x, or with PassEquals is after it. Strings are asked for by position
/// where eight characters are not enough.
template <bool PassEquals, typename String, typename At>
std::uint32_t search_texts(const shared_text& shared, const std::uint64_t* words, std::uint32_t n,
                           const String& x, At at) noexcept {
  const int side = detail::beside(shared, x);
  if (side != 0) return side < 0 ? 0 : n;
  const std::uint64_t word = detail::characters_from(x, shared.size);
  std::uint32_t first = detail::words_below(words, n, word);
  std::uint32_t last = first;
  while (last != n && words[last] == word) ++last;
  while (first != last) {
    const std::uint32_t middle = first + (last - first) / 2;
    const bool passed = PassEquals ? !(x < at(middle)) : at(middle) < x;
    if (passed) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

}  // namespace DEFT_TAG

/// Strings stay whole and in order in their leaves, beside a column of words; an inner node has the words of
/// its separators, which are the first keys of the leaves that it points to.
///
///     leaf    | header | shared text | words | keys | mapped values |
///     inner   | header | counts | children | shared text | words | leaves |
template <typename Key, typename Compare>
struct tree_string_keys : tree_leaf_keys<Key, Compare, sizeof(shared_text), sizeof(std::uint64_t)> {
  using base = tree_leaf_keys<Key, Compare, sizeof(shared_text), sizeof(std::uint64_t)>;
  static constexpr std::size_t words_at = sizeof(shared_text);
  static constexpr std::size_t leaves_at = words_at + tree_fanout * sizeof(std::uint64_t);
  static constexpr std::size_t separator_bytes = leaves_at + tree_fanout * sizeof(tree_node*);
  /// A separator has to follow the first key of its leaf.
  static constexpr bool separators_follow = true;

  [[nodiscard]] DEFT_TAGGED static shared_text& text(tree_node* leaf) noexcept {
    return *node_bytes<shared_text>(leaf, sizeof(tree_node));
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t* words(tree_node* leaf) noexcept {
    return node_bytes<std::uint64_t>(leaf, sizeof(tree_node) + words_at);
  }

  [[nodiscard]] DEFT_TAGGED static shared_text& inner_text(tree_inner* inner) noexcept {
    return *node_bytes<shared_text>(inner, sizeof(tree_inner));
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t* inner_words(tree_inner* inner) noexcept {
    return node_bytes<std::uint64_t>(inner, sizeof(tree_inner) + words_at);
  }

  [[nodiscard]] DEFT_TAGGED static tree_node** separators(tree_inner* inner) noexcept {
    return node_bytes<tree_node*>(inner, sizeof(tree_inner) + leaves_at);
  }

  /// Strings as the order sees them, whatever their type.
  template <typename K>
  static constexpr bool searches_by_words = string_like<K>;

  template <bool PassEquals, typename K>
  DEFT_TAGGED static std::uint32_t child(tree_inner* inner, const K& x, const Compare& comp) {
    tree_node* const* const first = separators(inner) + 1;
    if constexpr (string_like<K>) {
      if (inner->count == 1) return 0;
      return detail::search_texts<PassEquals>(
          inner_text(inner), inner_words(inner) + 1, inner->count - 1U, x,
          [first](std::uint32_t i) -> const Key& { return base::key(first[i], 0); });
    } else {
      return detail::first_not(inner->count - 1U, [&](std::uint32_t i) {
        if constexpr (PassEquals) return !detail::precedes(comp, x, base::key(first[i], 0));
        return detail::precedes(comp, base::key(first[i], 0), x);
      });
    }
  }

  template <typename K>
  DEFT_TAGGED static std::uint32_t lower(tree_node* leaf, const K& x, const Compare& comp) {
    if constexpr (string_like<K>) {
      return detail::search_texts<false>(
          text(leaf), words(leaf), leaf->count, x,
          [leaf](std::uint32_t i) -> const Key& { return base::key(leaf, i); });
    } else {
      return base::lower(leaf, x, comp);
    }
  }

  template <typename K>
  DEFT_TAGGED static std::uint32_t upper(tree_node* leaf, const K& x, const Compare& comp) {
    if constexpr (string_like<K>) {
      return detail::search_texts<true>(text(leaf), words(leaf), leaf->count, x,
                                        [leaf](std::uint32_t i) -> const Key& { return base::key(leaf, i); });
    } else {
      return base::upper(leaf, x, comp);
    }
  }

  /// Makes room for a word; the leaf's count is still the old one.
  DEFT_TAGGED static void opened(tree_node* leaf, std::uint32_t slot) noexcept {
    std::uint64_t* const all = words(leaf);
    std::memmove(all + slot + 1, all + slot, (leaf->count - slot) * sizeof(std::uint64_t));
  }

  /// The leaf's count is the new one.
  DEFT_TAGGED static void inserted(tree_node* leaf, std::uint32_t slot) noexcept {
    const Key& key = base::key(leaf, slot);
    if (leaf->count == 1) {
      // Of one string all is shared; but the next one would have to undo that.
      detail::share_text(text(leaf), key, 0);
    } else if (detail::beside(text(leaf), key) != 0) {
      return rebuilt(leaf);
    }
    words(leaf)[slot] = detail::characters_from(key, text(leaf).size);
  }

  DEFT_TAGGED static void closed(tree_node* leaf, std::uint32_t slot, std::uint32_t n) noexcept {
    std::uint64_t* const all = words(leaf);
    std::memmove(all + slot, all + slot + n, (leaf->count - slot - n) * sizeof(std::uint64_t));
  }

  /// After strings of other leaves came in.
  DEFT_TAGGED static void rebuilt(tree_node* leaf) noexcept {
    if (leaf->count == 0) return;
    const Key& first = base::key(leaf, 0);
    const Key& last = base::key(leaf, leaf->count - 1U);
    detail::share_text(text(leaf), first, leaf->count == 1 ? 0 : detail::characters_in_common(first, last));
    std::uint64_t* const all = words(leaf);
    const std::size_t skip = text(leaf).size;
    for (std::uint32_t i = 0; i < leaf->count; ++i)
      all[i] = detail::characters_from(base::key(leaf, i), skip);
  }

  /// For a separator that is there already, or is new and has room.
  DEFT_TAGGED static void set_separator(tree_inner* inner, std::uint32_t slot, tree_node* leaf) noexcept {
    separators(inner)[slot] = leaf;
    const Key& key = base::key(leaf, 0);
    if (inner->count <= 2) {
      detail::share_text(inner_text(inner), key, 0);
    } else if (detail::beside(inner_text(inner), key) != 0) {
      return separators_rebuilt(inner);
    }
    inner_words(inner)[slot] = detail::characters_from(key, inner_text(inner).size);
  }

  DEFT_TAGGED static void move_separators(tree_inner* from, std::uint32_t i, std::uint32_t n, tree_inner* to,
                                          std::uint32_t j) noexcept {
    std::memmove(separators(to) + j, separators(from) + i, n * sizeof(tree_node*));
    std::memmove(inner_words(to) + j, inner_words(from) + i, n * sizeof(std::uint64_t));
  }

  /// After separators came in from another node.
  DEFT_TAGGED static void separators_rebuilt(tree_inner* inner) noexcept {
    if (inner->count < 2) return;
    const std::uint32_t n = inner->count;
    const auto key = [inner](std::uint32_t i) -> const Key& { return base::key(separators(inner)[i], 0); };
    detail::share_text(inner_text(inner), key(1),
                       n == 2 ? 0 : detail::characters_in_common(key(1), key(n - 1)));
    const std::size_t skip = inner_text(inner).size;
    for (std::uint32_t i = 1; i < n; ++i) inner_words(inner)[i] = detail::characters_from(key(i), skip);
  }
};

template <typename Key, typename Compare, key_kind Kind>
struct tree_keys_of {
  using type = tree_copied_keys<Key, Compare>;
};

template <typename Key, typename Compare>
struct tree_keys_of<Key, Compare, key_kind::any> {
  using type = tree_pointed_keys<Key, Compare>;
};

template <typename Key, typename Compare>
struct tree_keys_of<Key, Compare, key_kind::string> {
  using type = tree_string_keys<Key, Compare>;
};

template <typename Key, typename Compare>
using tree_keys = typename tree_keys_of<Key, Compare, kind_of_key<Key, Compare>()>::type;

}  // namespace deft::detail
