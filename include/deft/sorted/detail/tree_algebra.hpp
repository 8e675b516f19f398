/// @file
/// Set operations on sorted_set and sorted_list. Includes nothing of theirs: whoever has one has it.
#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/fwd.hpp"
#include "deft/sorted/detail/set_numbers.hpp"
#include "deft/sorted/detail/set_walk.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"

namespace deft::detail {

/// Reads what the trees show to nobody else.
struct tree_set_access {
  // By way of a function's body: clang 16 does not let a friend's alias template see what is protected.
  template <typename Set>
  DEFT_TAGGED static auto bulk_of() noexcept {
    return std::type_identity<typename Set::bulk>();
  }

  template <typename Set>
  using bulk = typename decltype(bulk_of<Set>())::type;

  template <typename Set>
  DEFT_TAGGED static auto& engine(Set& set) noexcept {
    return Set::engine_in(set);
  }
};

template <typename Set>
inline constexpr bool tree_set = false;

template <typename Key, typename Compare, typename Allocator>
inline constexpr bool tree_set<sorted_set<Key, Compare, Allocator>> = true;

template <typename T, typename Compare, typename Allocator>
inline constexpr bool tree_set<sorted_list<T, Compare, Allocator>> = true;

/// Trees of nothing but numbers, which are combined as arrays.
template <typename Set>
inline constexpr bool is_number_tree = tree_set_access::bulk<Set>::batch::plain;

inline namespace DEFT_TAG {

/// walk_sets() for trees, with iterators in place of positions. Gallops by searching from the root.
template <typename Set, typename OnlyA, typename OnlyB, typename Both>
void walk_trees(const Set& a, const Set& b, OnlyA only_a, OnlyB only_b, Both both) {
  const auto comp = a.key_comp();
  const bool gallops = detail::gallops(a.size(), b.size());
  // The first place behind `from` whose element is not before x.
  const auto skip = [&comp, gallops](const Set& set, auto from, const auto& x) {
    if (gallops) {
      const auto found = set.lower_bound(x);
      // Never backwards, whatever a comparator that is no order says.
      return set.index_of(found) > set.index_of(from) ? found : ++from;
    }
    do ++from;
    while (from != set.end() && detail::precedes(comp, *from, x));
    return from;
  };
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() && j != b.end()) {
    if (detail::precedes(comp, *i, *j)) {
      const auto from = i;
      i = skip(a, i, *j);
      if (!only_a(from, i)) return;
    } else if (detail::precedes(comp, *j, *i)) {
      const auto from = j;
      j = skip(b, j, *i);
      if (!only_b(from, j)) return;
    } else {
      if (!both(i, j)) return;
      ++i;
      ++j;
    }
  }
  if (i != a.end() && !only_a(i, a.end())) return;
  if (j != b.end()) only_b(j, b.end());
}

template <typename Batch, typename Iterator>
bool append_keys(Batch& batch, Iterator first, Iterator last) {
  for (; first != last; ++first) batch.append(*first);
  return true;
}

/// The keys of a tree of numbers.
template <typename Set>
auto numbers_of(const Set& set) {
  std::vector<typename Set::key_type> keys(set.size());
  tree_set_access::bulk<Set>::copy_keys(tree_set_access::engine(set), keys.data());
  return keys;
}

/// Puts what an operation on two trees gives into an empty one.
template <set_operation Operation, typename Set>
void combine_trees(const Set& a, const Set& b, Set& result) {
  using bulk = tree_set_access::bulk<Set>;
  auto& engine = tree_set_access::engine(result);
  if constexpr (is_number_tree<Set>) {
    // Where the result may be much smaller than one side, that side is not read as a whole.
    const bool few = (Operation == set_operation::intersect || Operation == set_operation::subtract) &&
                     detail::gallops(a.size(), b.size()) &&
                     (Operation == set_operation::intersect || a.size() < b.size());
    if (!few) {
      const auto x = detail::numbers_of(a);
      const auto y = detail::numbers_of(b);
      std::vector<typename Set::key_type> all(x.size() + y.size() + 1);
      const auto* const end = detail::combine_numbers<Operation>(x.data(), x.data() + x.size(), y.data(),
                                                                 y.data() + y.size(), all.data());
      if (end != all.data()) bulk::build(engine, all.data(), static_cast<std::size_t>(end - all.data()));
      return;
    }
  }
  typename bulk::batch batch(engine);
  constexpr bool only_one_has = Operation == set_operation::unite || Operation == set_operation::exclude;
  detail::walk_trees(
      a, b,
      [&](auto first, auto last) {
        return Operation == set_operation::intersect || detail::append_keys(batch, first, last);
      },
      [&](auto first, auto last) { return !only_one_has || detail::append_keys(batch, first, last); },
      [&](auto i, auto) {
        if constexpr (Operation == set_operation::unite || Operation == set_operation::intersect)
          batch.append(*i);
        return true;
      });
  bulk::insert(engine, batch, true);
}

/// Adds what `b` has and `a` lacks.
template <typename Set>
void unite_tree(Set& a, const Set& b) {
  using bulk = tree_set_access::bulk<Set>;
  auto& engine = tree_set_access::engine(a);
  typename bulk::batch missing(engine);
  detail::walk_trees(
      a, b, [](auto, auto) { return true; },
      [&](auto first, auto last) { return detail::append_keys(missing, first, last); },
      [](auto, auto) { return true; });
  bulk::insert(engine, missing, true);
}

/// Keeps the elements of `a` that `b` has, or those that it lacks.
template <bool Kept, typename Set>
void keep_in_tree(Set& a, const Set& b) {
  std::vector<bool> in_b;
  in_b.reserve(a.size());
  detail::walk_trees(
      a, b,
      [&](auto first, auto last) {
        for (; first != last; ++first) in_b.push_back(false);
        return true;
      },
      [](auto, auto) { return true; },
      [&](auto, auto) {
        in_b.push_back(true);
        return true;
      });
  std::size_t next = 0;
  a.erase_if([&](const auto&) { return in_b[next++] != Kept; });
}

/// Removes the few elements of a large `a` that a small `b` has; all are found before the first goes.
template <typename Set>
void subtract_few(Set& a, const Set& b) {
  std::vector<std::size_t> positions;
  positions.reserve(b.size());
  detail::walk_trees(
      a, b, [](auto, auto) { return true; }, [](auto, auto) { return true; },
      [&](auto i, auto) {
        positions.push_back(a.index_of(i));
        return true;
      });
  while (!positions.empty()) {
    a.erase_range(positions.back(), positions.back() + 1);
    positions.pop_back();
  }
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
