/// @file
/// How a counted tree searches among strings: by eight characters at a time, behind those that all of a node
/// share.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/core/contracts.hpp"
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

/// The first n characters from `p` on, eight at most, as a number that orders as they do, with zeros behind
/// them. `before` characters precede them, which may be read.
inline std::uint64_t word_of(const char* p, std::size_t n, std::size_t before) noexcept {
  const auto load = [](const char* from, auto number) {
    std::memcpy(&number, from, sizeof(number));
    if constexpr (std::endian::native == std::endian::big) return std::uint64_t{number};
    if constexpr (sizeof(number) == 4) return std::uint64_t{__builtin_bswap32(number)};
    if constexpr (sizeof(number) == 8) return std::uint64_t{__builtin_bswap64(number)};
  };
  if (n >= 8) return load(p, std::uint64_t{});
  if (n == 0) return 0;
  if (n + before >= 8) return load(p + n - 8, std::uint64_t{}) << 8 * (8 - n);
  if (n >= 4) return load(p, std::uint32_t{}) << 32 | load(p + n - 4, std::uint32_t{}) << 8 * (8 - n);
  const auto character = [p](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(p[i])} << (56 - 8 * i);
  };
  return character(0) | character(n / 2) | character(n - 1);
}

/// The eight characters behind the first `skip`, of which a string has at least as many.
template <typename String>
std::uint64_t word_behind(const String& string, std::size_t skip) noexcept {
  return detail::word_of(string.data() + skip, string.size() - skip, skip);
}

/// Where x lies beside what begins with the shared text: before all of it (negative), behind, or among it
/// (0).
template <typename String>
int beside(const shared_text& shared, const String& x) noexcept {
  const std::size_t size = shared.size;
  if (size == 0) return 0;
  if (x.size() < size) {
    const int order = x.size() == 0 ? 0 : std::memcmp(x.data(), shared.characters, x.size());
    return order != 0 ? order : -1;
  }
  for (std::size_t i = 0;;) {
    const std::size_t n = std::min<std::size_t>(size - i, 8);
    const std::uint64_t a = detail::word_of(x.data() + i, n, i);
    const std::uint64_t b = detail::word_of(shared.characters + i, n, i);
    if (a != b) return a < b ? -1 : 1;
    i += n;
    if (i == size) return 0;
  }
}

/// Whether a comes before b, where both have the same word behind the first `skip` characters, which they
/// share.
template <typename A, typename B>
bool less_behind(const A& a, const B& b, std::size_t skip) noexcept {
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter > skip + 8) {
    const std::size_t known = skip + 8;
    const int order = std::memcmp(a.data() + known, b.data() + known, shorter - known);
    if (order != 0) return order < 0;
  }
  return a.size() < b.size();
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
/// where eight characters are not enough; with `MayBeAny`, a single candidate is taken for the first that is
/// not before x, whichever it is.
template <bool PassEquals, bool MayBeAny = false, typename String, typename At>
std::uint32_t search_texts(const shared_text& shared, const std::uint64_t* words, std::uint32_t n,
                           const String& x, At at) noexcept {
  const int side = detail::beside(shared, x);
  if (side != 0) return side < 0 ? 0 : n;
  const std::uint64_t word = detail::word_behind(x, shared.size);
  std::uint32_t first = detail::words_below(words, n, word);
  std::uint32_t last = first;
  while (last != n && words[last] == word) ++last;
  if (MayBeAny && last - first <= 1) return first;
  while (first != last) {
    const std::uint32_t middle = first + (last - first) / 2;
    const bool passed = PassEquals ? !detail::less_behind(x, at(middle), shared.size)
                                   : detail::less_behind(at(middle), x, shared.size);
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

  /// Where x is if the leaf has it, else anywhere.
  template <typename K>
    requires string_like<K>
  DEFT_TAGGED static std::uint32_t find(tree_node* leaf, const K& x) {
    return detail::search_texts<false, true>(
        text(leaf), words(leaf), leaf->count, x,
        [leaf](std::uint32_t i) -> const Key& { return base::key(leaf, i); });
  }

  /// Whether a key is x.
  template <typename K>
    requires string_like<K>
  DEFT_TAGGED static bool is(const Key& key, const K& x) noexcept {
    return key.size() == x.size() && (x.size() == 0 || std::memcmp(key.data(), x.data(), x.size()) == 0);
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
    words(leaf)[slot] = detail::word_behind(key, text(leaf).size);
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
    for (std::uint32_t i = 0; i < leaf->count; ++i) all[i] = detail::word_behind(base::key(leaf, i), skip);
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
    inner_words(inner)[slot] = detail::word_behind(key, inner_text(inner).size);
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
    for (std::uint32_t i = 1; i < n; ++i) inner_words(inner)[i] = detail::word_behind(key(i), skip);
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
