/// @file
/// Many elements into a counted tree at once: batches, and other trees.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/counted_btree.hpp"
#include "deft/sorted/detail/flat_batch.hpp"
#include "deft/sorted/detail/set_numbers.hpp"
#include "deft/sorted/detail/sort_numbers.hpp"

namespace deft::detail {

/// Elements on their way into a tree.
template <typename Tree>
class tree_batch {
  using types = typename Tree::types;
  using element = typename Tree::element;

 public:
  /// Numbers without mapped values are nothing but numbers.
  static constexpr bool plain = Tree::numbers && !types::is_map;
  using row = std::conditional_t<plain, typename types::key_type, element>;

  DEFT_TAGGED explicit tree_batch(Tree& tree) noexcept : allocator_(&tree.allocator()) {}

  /// A set's: from the arguments of the key's constructor. A map's: from std::piecewise_construct and two
  /// tuples.
  template <typename... Args>
  DEFT_TAGGED void append(Args&&... args) {
    if constexpr (plain) {
      rows.emplace_back(std::forward<Args>(args)...);
    } else {
      rows.emplace_back(*allocator_, std::forward<Args>(args)...);
    }
  }

  DEFT_TAGGED void reserve(std::size_t n) { rows.reserve(n); }

  std::vector<row> rows;

 private:
  typename types::allocator* allocator_;
};

template <typename Tree>
struct tree_bulk {
  using types = typename Tree::types;
  using key_type = typename types::key_type;
  using element = typename Tree::element;
  using batch = tree_batch<Tree>;
  using frame = typename Tree::frame;
  using filler = typename Tree::filler;
  using source = typename Tree::source;
  static constexpr bool unique = types::unique;

  /// A tree is built anew where the batch has at least one element for so many; else it takes them one by
  /// one.
  static constexpr std::size_t rebuilds_from = 8;

  /// Inserts a batch, stable: behind the equals that are there. Where keys are unique, the first stays.
  /// @returns How many went in. Whatever is thrown leaves the tree as it was, the batch in any state.
  DEFT_TAGGED static std::size_t insert(Tree& tree, batch& all, bool sorted) {
    if (all.rows.empty()) return 0;
    if constexpr (batch::plain) {
      if (!sorted && !std::is_sorted(all.rows.begin(), all.rows.end()))
        detail::sort_numbers(all.rows.data(), all.rows.size());
      if constexpr (unique) {
        const auto equal = [](key_type a, key_type b) { return !(a < b); };
        all.rows.erase(std::unique(all.rows.begin(), all.rows.end(), equal), all.rows.end());
      }
      return insert_numbers(tree, all.rows);
    } else {
      std::vector<std::size_t> order(all.rows.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      if (!sorted) sort(tree, all, order);
      if constexpr (unique) keep_firsts(tree, all, order);
      return insert_rows(tree, all, order);
    }
  }

  /// Moves to `tree` what it lacks of `other`, or all of it where keys may repeat. What is thrown leaves both
  /// as they were, if their allocators are equal.
  DEFT_TAGGED static void merge(Tree& tree, Tree& other) {
    if (&tree == &other || other.size_ == 0) return;
    if (tree.allocator() != other.allocator()) {
      Tree here(std::move(other), tree.allocator());
      merge(tree, here);
      Tree rest(std::move(here), other.allocator());
      other.exchange_nodes(rest);
      return;
    }
    if (tree.size_ == 0 || follows(tree, other)) return tree.concat(other);
    if constexpr (batch::plain) {
      merge_numbers(tree, other);
    } else {
      merge_rows(tree, other);
    }
  }

  /// The keys of a tree of numbers, in order.
  DEFT_TAGGED static void copy_keys(const Tree& tree, key_type* out) noexcept {
    for (tree_node* leaf = tree.first_leaf(); leaf != nullptr; leaf = leaf->next)
      out = std::copy_n(Tree::keys_of(leaf), leaf->count, out);
  }

  /// Makes an empty tree one of n sorted numbers.
  DEFT_TAGGED static void build(Tree& tree, const key_type* numbers, std::size_t n)
    requires batch::plain
  {
    frame nodes(tree, n);
    filler to = nodes.fill();
    while (n != 0) {
      const auto here = static_cast<std::uint32_t>(std::min<std::size_t>(n, to.room()));
      std::copy_n(numbers, here, to.key());
      to.filled(here);
      numbers += here;
      n -= here;
    }
    nodes.install();
  }

 private:
  template <typename A, typename B>
  DEFT_TAGGED static bool less(const Tree& tree, const A& a, const B& b) {
    return tree.less(a, b);
  }

  /// Whether all of `other` comes behind all of `tree`.
  DEFT_TAGGED static bool follows(const Tree& tree, const Tree& other) {
    const key_type& last = Tree::key(Tree::previous(tree.end_place()));
    const key_type& first = Tree::key(other.begin_place());
    return unique ? less(tree, last, first) : !less(tree, first, last);
  }

  DEFT_TAGGED static void sort(const Tree& tree, const batch& all, std::vector<std::size_t>& order) {
    const auto& rows = all.rows;
    std::size_t at = 1;
    while (at < rows.size() && !less(tree, rows[at].key(), rows[at - 1].key())) ++at;
    if (at >= rows.size()) return;
    if constexpr (Tree::numbers) {
      std::vector<key_type> keys;
      keys.reserve(rows.size());
      for (const auto& row : rows) keys.push_back(row.key());
      static_cast<void>(detail::order_numbers(keys.data(), keys.size(), order.data()));
    } else {
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return less(tree, rows[a].key(), rows[b].key());
      });
    }
  }

  DEFT_TAGGED static void keep_firsts(const Tree& tree, const batch& all, std::vector<std::size_t>& order) {
    std::size_t kept = 0;
    for (const std::size_t i : order) {
      if (kept == 0 || less(tree, all.rows[order[kept - 1]].key(), all.rows[i].key())) order[kept++] = i;
    }
    order.resize(kept);
  }

  DEFT_TAGGED static std::size_t insert_numbers(Tree& tree, const std::vector<key_type>& keys) {
    const std::size_t before = tree.size();
    if (before == 0) {
      build(tree, keys.data(), keys.size());
    } else if (keys.size() >= before / rebuilds_from) {
      std::vector<key_type> here(before);
      copy_keys(tree, here.data());
      std::vector<key_type> all(before + keys.size() + 1);
      const key_type* end;
      if constexpr (unique) {
        end = detail::combine_numbers<set_operation::unite>(here.data(), here.data() + before, keys.data(),
                                                            keys.data() + keys.size(), all.data());
      } else {
        end = merge_arrays(here, keys, all.data());
      }
      Tree built(tree.comp(), tree.allocator());
      build(built, all.data(), static_cast<std::size_t>(end - all.data()));
      tree.exchange_nodes(built);
    } else {
      insert_one_by_one(tree, keys.size(), [&](std::size_t i) {
        return tree.try_insert(keys[i], [&] { return element(tree.allocator(), keys[i]); });
      });
    }
    return tree.size() - before;
  }

  /// Without branches on the keys.
  DEFT_TAGGED static key_type* merge_arrays(const std::vector<key_type>& a, const std::vector<key_type>& b,
                                            key_type* out) noexcept {
    const key_type* x = a.data();
    const key_type* y = b.data();
    const key_type* const x_end = x + a.size();
    const key_type* const y_end = y + b.size();
    while (x != x_end && y != y_end) {
      const bool second = *y < *x;
      *out++ = second ? *y : *x;
      x += !second;
      y += second;
    }
    return std::copy(y, y_end, std::copy(x, x_end, out));
  }

  /// In ascending order, so that what is in already stays at its position; taken back if one fails.
  template <typename Insert>
  DEFT_TAGGED static void insert_one_by_one(Tree& tree, std::size_t n, Insert insert) {
    std::vector<std::size_t> positions;
    positions.reserve(n);

    struct guard {
      DEFT_TAGGED ~guard() {
        while (!positions.empty()) {
          tree.erase_positions(positions.back(), 1);
          positions.pop_back();
        }
      }

      Tree& tree;
      std::vector<std::size_t>& positions;
    } undo{tree, positions};

    for (std::size_t i = 0; i < n; ++i) {
      const auto [at, inserted] = insert(i);
      if (inserted) positions.push_back(Tree::position(at));
    }
    positions.clear();
  }

  DEFT_TAGGED static std::size_t insert_rows(Tree& tree, batch& all, std::vector<std::size_t>& order) {
    const std::size_t before = tree.size();
    if (before == 0 || order.size() >= before / rebuilds_from) {
      // Whose places are known before anything moves.
      std::vector<std::size_t> places;
      place_rows(tree, order, places, [&](std::size_t i) -> const key_type& { return all.rows[i].key(); });
      Tree built(tree.comp(), tree.allocator());
      frame nodes(built, before + order.size());
      filler to = nodes.fill();
      source from(tree.first_leaf());
      std::size_t moved = 0;
      for (std::size_t k = 0; k < order.size(); ++k) {
        from.move(places[k] - moved, to);
        moved = places[k];
        element& row = all.rows[order[k]];
        row.key_cell.release_to(to.key());
        if constexpr (types::is_map) row.mapped_cell.release_to(to.mapped());
        to.filled(1);
      }
      if (before != 0) from.move(before - moved, to);
      tree.drop_moved();
      nodes.install();
      tree.exchange_nodes(built);
    } else {
      // What fails has used elements up, but they are the batch's.
      insert_one_by_one(tree, order.size(), [&](std::size_t k) {
        element& row = all.rows[order[k]];
        return tree.try_insert(row.key(), [&] { return std::move(row); });
      });
    }
    return tree.size() - before;
  }

  /// How many elements of the tree come before each row; those that must not go in are taken out of `order`.
  template <typename KeyOf>
  DEFT_TAGGED static void place_rows(const Tree& tree, std::vector<std::size_t>& order,
                                     std::vector<std::size_t>& places, KeyOf key_of) {
    places.reserve(order.size());
    std::size_t kept = 0;
    std::size_t before = 0;
    tree_place at = tree.begin_place();
    for (const std::size_t i : order) {
      const key_type& x = key_of(i);
      while (before != tree.size()) {
        const bool passes = unique ? less(tree, Tree::key(at), x) : !less(tree, x, Tree::key(at));
        if (!passes) break;
        at = Tree::next(at);
        ++before;
      }
      if constexpr (unique) {
        if (before != tree.size() && !less(tree, x, Tree::key(at))) continue;
      }
      places.push_back(before);
      order[kept++] = i;
    }
    order.resize(kept);
  }

  DEFT_TAGGED static void merge_numbers(Tree& tree, Tree& other) {
    const std::size_t n = tree.size();
    const std::size_t m = other.size();
    std::vector<key_type> a(n);
    std::vector<key_type> b(m);
    copy_keys(tree, a.data());
    copy_keys(other, b.data());
    std::vector<key_type> all(n + m + 1);
    Tree built(tree.comp(), tree.allocator());
    if constexpr (unique) {
      const key_type* const end = detail::combine_numbers<set_operation::unite>(
          a.data(), a.data() + n, b.data(), b.data() + m, all.data());
      build(built, all.data(), static_cast<std::size_t>(end - all.data()));
      // What both have stays, and is the other's own.
      key_type* const rest = all.data();
      const key_type* const rest_end = detail::combine_numbers<set_operation::intersect>(
          b.data(), b.data() + m, a.data(), a.data() + n, rest);
      Tree left(other.comp(), other.allocator());
      build(left, rest, static_cast<std::size_t>(rest_end - rest));
      other.exchange_nodes(left);
    } else {
      const key_type* const end = merge_arrays(a, b, all.data());
      build(built, all.data(), static_cast<std::size_t>(end - all.data()));
      other.drop();
    }
    tree.exchange_nodes(built);
  }

  DEFT_TAGGED static void merge_rows(Tree& tree, Tree& other) {
    const std::size_t n = tree.size();
    const std::size_t m = other.size();
    std::vector<std::size_t> order(m);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::size_t> places;
    {
      // In ascending order, each asked for once or twice while its neighbour is.
      tree_place at = other.begin_place();
      std::size_t position = 0;
      place_rows(tree, order, places, [&](std::size_t i) -> const key_type& {
        while (position != i) {
          at = Tree::next(at);
          ++position;
        }
        return Tree::key(at);
      });
    }
    Tree built(tree.comp(), tree.allocator());
    Tree left(other.comp(), other.allocator());
    frame nodes(built, n + order.size());
    frame left_nodes(left, m - order.size());
    filler to = nodes.fill();
    filler left_to = left_nodes.fill();
    source from(tree.first_leaf());
    source others(other.first_leaf());
    std::size_t moved = 0;
    std::size_t seen = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
      others.move(order[k] - seen, left_to);
      from.move(places[k] - moved, to);
      moved = places[k];
      others.move(1, to);
      seen = order[k] + 1;
    }
    if (seen != m) others.move(m - seen, left_to);
    if (moved != n) from.move(n - moved, to);
    tree.drop_moved();
    other.drop_moved();
    nodes.install();
    left_nodes.install();
    tree.exchange_nodes(built);
    other.exchange_nodes(left);
  }
};

}  // namespace deft::detail
