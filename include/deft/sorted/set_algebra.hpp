/// @file
/// Union, intersection, difference and symmetric difference of flat_set, flat_multiset, sorted_vector,
/// sorted_set and sorted_list, as Python's operators on sets, and the questions whether one contains or
/// touches another.
///
/// Both operands have the same type and must have the same order (their comparators are taken for equal). Of
/// elements in both, the left one's go into the result, which is compared by the left one's comparator and
/// has a copy of its allocator. Where equals are allowed, they count as in std::set_union and its siblings:
/// with m of them left and n right, `|` has max(m, n), `&` min(m, n), `-` max(m - n, 0), `^` |m - n|.
///
/// Where one side is much shorter, elements of the other are skipped by galloping: O(m log(n/m + 1))
/// comparisons for m and n elements, m <= n (see detail/set_walk.hpp for the sources).
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/fwd.hpp"
#include "deft/sorted/detail/flat_batch.hpp"
#include "deft/sorted/detail/flat_column.hpp"
#include "deft/sorted/detail/set_numbers.hpp"
#include "deft/sorted/detail/set_walk.hpp"
#include "deft/sorted/detail/tree_algebra.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

namespace detail {

template <typename Set>
struct set_traits;

template <typename Key, typename Compare, typename KeyContainer>
struct set_traits<flat_set<Key, Compare, KeyContainer>> {
  using sorted_tag = sorted_unique_t;
};

template <typename Key, typename Compare, typename KeyContainer>
struct set_traits<flat_multiset<Key, Compare, KeyContainer>> {
  using sorted_tag = sorted_equivalent_t;
};

template <typename T, typename Compare, typename Allocator>
struct set_traits<sorted_vector<T, Compare, Allocator>> {
  using sorted_tag = sorted_equivalent_t;
};

template <typename Key, typename Compare, typename Allocator>
struct set_traits<sorted_set<Key, Compare, Allocator>> {
  using sorted_tag = sorted_unique_t;
};

template <typename T, typename Compare, typename Allocator>
struct set_traits<sorted_list<T, Compare, Allocator>> {
  using sorted_tag = sorted_equivalent_t;
};

}  // namespace detail

/// flat_set, flat_multiset, sorted_vector, sorted_set or sorted_list.
template <typename Set>
concept sorted_set_like = requires { typename detail::set_traits<Set>::sorted_tag; };

namespace detail {

/// Sets of numbers in an array, in their own order.
template <typename Set>
inline constexpr bool are_numbers =
    detail::number_column<typename Set::container_type, typename Set::key_compare> &&
    requires(typename Set::container_type& keys, std::size_t size) { keys.resize(size); };

/// Reads what flat sets show to nobody else.
struct set_access {
  template <typename Set>
  DEFT_TAGGED static decltype(auto) container(const Set& set) noexcept {
    return set.keys();
  }
};

inline namespace DEFT_TAG {

/// An empty container with the allocator of `like`, or with the one that a copy of it has.
template <bool AsCopy, typename Set>
typename Set::container_type result_container(const Set& like) {
  using container = typename Set::container_type;
  if constexpr (requires { like.get_allocator(); }) {
    using traits = std::allocator_traits<typename Set::allocator_type>;
    return container(AsCopy ? traits::select_on_container_copy_construction(like.get_allocator())
                            : like.get_allocator());
  } else if constexpr (requires { container(set_access::container(like).get_allocator()); }) {
    using traits = std::allocator_traits<typename container::allocator_type>;
    const auto allocator = set_access::container(like).get_allocator();
    return container(AsCopy ? traits::select_on_container_copy_construction(allocator) : allocator);
  } else {
    return container();
  }
}

template <typename Container>
void make_room(Container& keys, std::size_t room) {
  if constexpr (reservable<Container>) keys.reserve(room);
}

template <typename Container, typename Set>
bool append_run(Container& keys, const Set& from, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i != last; ++i) detail::append_to(keys, detail::element_at(from, i));
  return true;
}

template <typename Set>
Set set_of(typename Set::container_type&& keys, const typename Set::key_compare& comp) {
  return Set(typename set_traits<Set>::sorted_tag(), std::move(keys), comp);
}

/// How many elements the result of an operation may have.
template <set_operation Operation, typename Set>
std::size_t room_for(const Set& a, const Set& b) {
  if constexpr (Operation == set_operation::intersect) return std::min(a.size(), b.size());
  if constexpr (Operation == set_operation::subtract) return a.size();
  return a.size() + b.size();
}

/// The result of an operation, in a container with the allocator of `a` or of a copy of it.
template <set_operation Operation, bool AsCopy, typename Set>
typename Set::container_type combined(const Set& a, const Set& b, const typename Set::key_compare& comp) {
  auto keys = detail::result_container<AsCopy>(a);
  const std::size_t room = detail::room_for<Operation>(a, b);
  if constexpr (are_numbers<Set>) {
    if (!detail::gallops(a.size(), b.size())) {
      keys.resize(room + 1);
      const auto* const x = std::to_address(a.begin());
      const auto* const y = std::to_address(b.begin());
      const auto* const end =
          detail::combine_numbers<Operation>(x, x + a.size(), y, y + b.size(), std::to_address(keys.begin()));
      keys.resize(static_cast<std::size_t>(end - std::to_address(keys.begin())));
      return keys;
    }
  }
  detail::make_room(keys, room);
  constexpr bool only_one_has = Operation == set_operation::unite || Operation == set_operation::exclude;
  detail::walk_sets(
      a, b, comp,
      [&](std::size_t i, std::size_t j) {
        return Operation == set_operation::intersect || detail::append_run(keys, a, i, j);
      },
      [&](std::size_t i, std::size_t j) { return !only_one_has || detail::append_run(keys, b, i, j); },
      [&](std::size_t i, std::size_t) {
        constexpr bool both = Operation == set_operation::unite || Operation == set_operation::intersect;
        return !both || detail::append_run(keys, a, i, i + 1);
      });
  return keys;
}

template <set_operation Operation, typename Set>
Set combined_set(const Set& a, const Set& b) {
  const typename Set::key_compare comp = a.key_comp();
  if constexpr (tree_set<Set>) {
    using traits = std::allocator_traits<typename Set::allocator_type>;
    Set result(comp, traits::select_on_container_copy_construction(a.get_allocator()));
    detail::combine_trees<Operation>(a, b, result);
    return result;
  } else {
    return detail::set_of<Set>(detail::combined<Operation, true>(a, b, comp), comp);
  }
}

/// Puts the result of an operation in the place of `a`.
template <set_operation Operation, typename Set>
void combine_into(Set& a, const Set& b) {
  if constexpr (tree_set<Set>) {
    Set result(a.key_comp(), a.get_allocator());
    detail::combine_trees<Operation>(a, b, result);
    tree_set_access::engine(a).swap(tree_set_access::engine(result));
  } else {
    a.replace(detail::combined<Operation, false>(a, b, a.key_comp()));
  }
}

/// Whether operations put a new array of numbers in the place of the old one.
template <typename Set>
constexpr bool combines_anew() {
  if constexpr (tree_set<Set>) {
    return is_number_tree<Set>;
  } else {
    return are_numbers<Set>;
  }
}

/// walk_sets() or walk_trees().
template <typename Set, typename OnlyA, typename OnlyB, typename Both>
void walk_both(const Set& a, const Set& b, OnlyA only_a, OnlyB only_b, Both both) {
  if constexpr (tree_set<Set>) {
    detail::walk_trees(a, b, std::move(only_a), std::move(only_b), std::move(both));
  } else {
    detail::walk_sets(a, b, a.key_comp(), std::move(only_a), std::move(only_b), std::move(both));
  }
}

/// Keeps the elements of `a` that `b` has, or those that it lacks.
template <bool Kept, typename Set>
void keep_if_in(Set& a, const Set& b) {
  if constexpr (tree_set<Set>) {
    detail::keep_in_tree<Kept>(a, b);
  } else {
    std::vector<bool> in_b(a.size());
    detail::walk_sets(
        a, b, a.key_comp(), [](std::size_t, std::size_t) { return true; },
        [](std::size_t, std::size_t) { return true; },
        [&](std::size_t i, std::size_t) { return in_b[i] = true; });
    std::size_t next = 0;
    a.erase_if([&](const auto&) { return in_b[next++] != Kept; });
  }
}

}  // namespace DEFT_TAG
}  // namespace detail

inline namespace DEFT_TAG {

/// What is in one of the sets, in both, only in the left one, only in one of them.
/// @returns     A new set; its container may have more capacity than it needs.
/// @throws      What comparing and copying keys and the comparator throw; std::bad_alloc.
/// @guarantee   The operands stay as they are.
/// @complexity  O(m log(n/m + 1)) comparisons (of numbers in an array O(n + m), unless one side is much
/// shorter), as
///              many copies as the result has keys.
/// @concurrency Concurrent reads.
/// @{
template <sorted_set_like Set>
[[nodiscard]] Set operator|(const Set& a, const Set& b) {
  return detail::combined_set<detail::set_operation::unite>(a, b);
}

template <sorted_set_like Set>
[[nodiscard]] Set operator&(const Set& a, const Set& b) {
  return detail::combined_set<detail::set_operation::intersect>(a, b);
}

template <sorted_set_like Set>
[[nodiscard]] Set operator-(const Set& a, const Set& b) {
  return detail::combined_set<detail::set_operation::subtract>(a, b);
}

template <sorted_set_like Set>
[[nodiscard]] Set operator^(const Set& a, const Set& b) {
  return detail::combined_set<detail::set_operation::exclude>(a, b);
}

/// @}

/// The same into the left set: adds the keys of `b` that it lacks; keeps those that `b` has, or lacks; keeps
/// what one of them lacks. `b` may be `a`.
/// @returns     `a`.
/// @throws      What comparing and copying keys and the comparator throw; std::bad_alloc.
/// @guarantee   That of the set's insert_range (`|=`) and erase_if (`&=`, `-=`); `^=`, and all of them for
/// numbers in
///              an array, are strong unless moving the container throws.
/// @complexity  O(m log(n/m + 1)) comparisons (of numbers in an array O(n + m), unless one side is much
/// shorter),
///              O(n + m) moves, copies of what `b` gives.
/// @invalidates Everything in `a`. @concurrency Exclusive access to `a`, reads `b`.
/// @{
template <sorted_set_like Set>
Set& operator|=(Set& a, const Set& b) {
  if constexpr (detail::tree_set<Set>) {
    if (detail::combines_anew<Set>() && !detail::gallops(a.size(), b.size())) {
      detail::combine_into<detail::set_operation::unite>(a, b);
    } else {
      detail::unite_tree(a, b);
    }
    return a;
  } else if constexpr (detail::combines_anew<Set>()) {
    detail::combine_into<detail::set_operation::unite>(a, b);
    return a;
  } else {
    auto missing = detail::result_container<false>(a);
    detail::walk_sets(
        a, b, a.key_comp(), [](std::size_t, std::size_t) { return true; },
        [&](std::size_t i, std::size_t j) { return detail::append_run(missing, b, i, j); },
        [](std::size_t, std::size_t) { return true; });
    a.insert(typename detail::set_traits<Set>::sorted_tag(), std::make_move_iterator(missing.begin()),
             std::make_move_iterator(missing.end()));
    return a;
  }
}

template <sorted_set_like Set>
Set& operator&=(Set& a, const Set& b) {
  if constexpr (detail::combines_anew<Set>()) {
    detail::combine_into<detail::set_operation::intersect>(a, b);
  } else {
    detail::keep_if_in<true>(a, b);
  }
  return a;
}

template <sorted_set_like Set>
Set& operator-=(Set& a, const Set& b) {
  if constexpr (detail::tree_set<Set>) {
    if (b.size() < a.size() && detail::gallops(a.size(), b.size())) {
      detail::subtract_few(a, b);
      return a;
    }
  }
  if constexpr (detail::combines_anew<Set>()) {
    detail::combine_into<detail::set_operation::subtract>(a, b);
  } else {
    detail::keep_if_in<false>(a, b);
  }
  return a;
}

template <sorted_set_like Set>
Set& operator^=(Set& a, const Set& b) {
  detail::combine_into<detail::set_operation::exclude>(a, b);
  return a;
}

/// @}

/// Whether `b` has all keys of `a` (as often, where equals are allowed); whether `a` has all of `b`; whether
/// they have none in common.
/// @returns     Whether it is so.
/// @throws      What comparing and copying the comparator throw.
/// @complexity  O(m log(n/m + 1)) comparisons; ends at the first key that decides.
/// @concurrency Concurrent reads.
/// @{
template <sorted_set_like Set>
[[nodiscard]] bool is_subset(const Set& a, const Set& b) {
  if (a.size() > b.size()) return false;
  bool holds = true;
  detail::walk_both(
      a, b, [&](auto, auto) { return holds = false; }, [](auto, auto) { return true; },
      [](auto, auto) { return true; });
  return holds;
}

template <sorted_set_like Set>
[[nodiscard]] bool is_superset(const Set& a, const Set& b) {
  return deft::is_subset(b, a);
}

template <sorted_set_like Set>
[[nodiscard]] bool is_disjoint(const Set& a, const Set& b) {
  bool holds = true;
  detail::walk_both(
      a, b, [](auto, auto) { return true; }, [](auto, auto) { return true; },
      [&](auto, auto) { return holds = false; });
  return holds;
}

/// @}

}  // namespace DEFT_TAG
}  // namespace deft
