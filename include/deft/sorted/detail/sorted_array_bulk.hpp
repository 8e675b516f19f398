/// @file
/// Sorting and merging whole batches into a contiguous sorted array, stable, and without a trace where
/// something throws: every comparison is made before the first element moves.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/detail/sort_numbers.hpp"
#include "deft/sorted/detail/sorted_array.hpp"

namespace deft::detail {

/// Numbers in their own order: comparisons cannot throw, and sorting and merging need no plan.
template <typename T, typename Compare>
inline constexpr bool ascending_numbers =
    std::is_arithmetic_v<T> && (std::same_as<Compare, std::less<T>> || std::same_as<Compare, std::less<>> ||
                                std::same_as<Compare, std::ranges::less>);

/// The elements of `batch` in sorted order: batch[order[k]], or batch[k] while `order` is empty.
template <typename Batch>
struct ordered_batch {
  Batch& elements;
  std::vector<std::size_t> order = {};

  DEFT_TAGGED std::size_t size() const noexcept { return elements.size(); }

  DEFT_TAGGED auto& operator[](std::size_t k) const {
    return order.empty() ? elements[k] : elements[order[k]];
  }
};

inline namespace DEFT_TAG {

template <typename Compare, typename A, typename B>
bool precedes(const Compare& comp, const A& a, const B& b) {
  return static_cast<bool>(std::invoke(comp, a, b));
}

template <typename Container, typename Compare>
bool is_sorted_by(const Container& c, const Compare& comp) {
  for (std::size_t i = 1; i < c.size(); ++i) {
    if (detail::precedes(comp, c[i], c[i - 1])) return false;
  }
  return true;
}

/// The stable order of `c`, which stays as it is. For elements that cannot be moved about.
template <typename Container, typename Compare>
std::vector<std::size_t> stable_order(const Container& c, const Compare& comp) {
  std::vector<std::size_t> order(c.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return detail::precedes(comp, c[a], c[b]); });
  return order;
}

/// Sorts a container that nobody else sees; equals keep their order. Looks for sorted input first, n - 1
/// comparisons that save n log n.
template <typename Container, typename Compare>
void sort_batch(Container& c, const Compare& comp) {
  using value_type = typename Container::value_type;
  if (detail::is_sorted_by(c, comp)) return;
  if constexpr (ascending_numbers<value_type, Compare>) {
    detail::sort_numbers(c.data(), c.size());
  } else if constexpr (std::is_move_assignable_v<value_type> &&
                       alignof(value_type) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    // Not for over-aligned types: libstdc++ 12 does not align the sort's buffer for them.
    std::stable_sort(c.begin(), c.end(),
                     [&](const value_type& a, const value_type& b) { return detail::precedes(comp, a, b); });
  } else {
    const std::vector<std::size_t> order = detail::stable_order(c, comp);
    replacement sorted(c, c.size());
    for (const std::size_t i : order) sorted.take(c[i]);
    sorted.commit();
  }
}

/// The first position at or after `from` whose element is above `x`. Doubling steps: the cost is logarithmic
/// in the distance, so that a merge of any two sizes costs about what it must.
template <typename Container, typename T, typename Compare>
std::size_t gallop_right(const Container& c, std::size_t from, const T& x, const Compare& comp) {
  std::size_t low = from;
  std::size_t step = 1;
  while (low < c.size() && !detail::precedes(comp, x, c[low])) {
    from = low + 1;
    low += step;
    step *= 2;
  }
  std::size_t high = std::min(low, c.size());
  while (from < high) {
    const std::size_t middle = from + (high - from) / 2;
    if (detail::precedes(comp, x, c[middle])) {
      high = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
}

/// Merges numbers from the back, in place: the branch on the comparison would be mispredicted half the time,
/// so both candidates are read and one is chosen.
template <typename Container>
void merge_numbers(Container& c, const Container& batch) {
  std::size_t left = c.size();
  std::size_t right = batch.size();
  c.insert(c.end(), batch.begin(), batch.end());
  auto* const out = c.data();
  const auto* const in = batch.data();
  while (left != 0 && right != 0) {
    const auto a = out[left - 1];
    const auto b = in[right - 1];
    const bool take_left = b < a;
    out[left + right - 1] = take_left ? a : b;
    left -= take_left;
    right -= !take_left;
  }
  std::copy(in, in + right, out);
}

/// Moves the batch into c by a finished plan: batch[k] goes before the element that was at `places[k]`.
/// Nothing throws: the room is there and moves do not.
template <typename Container, typename Batch>
void merge_in_place(Container& c, const ordered_batch<Batch>& batch, const std::vector<std::size_t>& places) {
  using iterator_difference = std::ptrdiff_t;
  const std::size_t n = c.size();
  std::size_t k = 0;  // the batch elements that end up below position n
  while (k < batch.size() && places[k] + k < n) ++k;
  std::size_t old_end = n - k;  // the old elements that stay below position n
  truncate_unless_dismissed guard(
      c, old_end);  // for allocators whose construct() throws although T's move does not
  for (std::size_t j = old_end, b = k; j < n || b < batch.size();) {
    if (b < batch.size() && places[b] <= j) {
      c.emplace_back(std::move(batch[b++]));
    } else {
      c.emplace_back(std::move(c[j++]));
    }
  }
  guard.dismiss();
  while (k != 0) {
    --k;
    const auto begin = c.begin();
    std::move_backward(begin + static_cast<iterator_difference>(places[k]),
                       begin + static_cast<iterator_difference>(old_end),
                       begin + static_cast<iterator_difference>(old_end + k + 1));
    old_end = places[k];
    c[old_end + k] = std::move(batch[k]);
  }
}

/// Merges a sorted batch into c, after the equals there. Elements of the batch are moved from (copied where
/// moves may throw and T is copyable).
/// @throws    std::length_error, std::bad_alloc, what `comp`, copies and moves throw.
/// @guarantee Strong where insert_at is; else a sorted prefix of the merged sequence remains.
template <typename Container, typename Batch, typename Compare>
void merge_batch(Container& c, const ordered_batch<Batch>& batch, const Compare& comp) {
  using value_type = typename Container::value_type;
  if (batch.size() == 0) return;
  const std::size_t capacity = detail::grown_capacity(c, batch.size());
  if constexpr (ascending_numbers<value_type, Compare> &&
                std::same_as<std::remove_const_t<Batch>, Container>) {
    // A small batch is better placed by search and moved around by memmove.
    if (batch.order.empty() && batch.size() > c.size() / 16) {
      c.reserve(capacity);
      detail::merge_numbers(c, batch.elements);
      return;
    }
  }
  std::vector<std::size_t> places(batch.size(), c.size());
  if (!c.empty() && detail::precedes(comp, batch[0], c[c.size() - 1])) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < places.size(); ++k) {
      from = detail::gallop_right(c, from, batch[k], comp);
      places[k] = from;
    }
  }
  if constexpr (moves_without_throwing<value_type>) {
    c.reserve(capacity);
    detail::merge_in_place(c, batch, places);
  } else {
    replacement merged(c, capacity);
    truncate_unless_dismissed guard(batch.elements, copies_elements<value_type> ? batch.size() : 0);
    std::size_t from = 0;
    for (std::size_t k = 0; k < places.size(); ++k) {
      merged.take_old(from, places[k]);
      merged.take(batch[k]);
      from = places[k];
    }
    merged.take_old(from, c.size());
    merged.commit();
    guard.dismiss();
  }
}

/// Removes every element for which `drop(element)` holds; asks about all of them before any moves.
/// @returns How many were removed.
template <typename Container, typename Predicate>
std::size_t erase_where(Container& c, Predicate& drop) {
  using value_type = typename Container::value_type;
  std::vector<bool> dropped(c.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    dropped[i] = static_cast<bool>(std::invoke(drop, std::as_const(c[i])));
    count += dropped[i];
  }
  if (count == 0) return 0;
  if constexpr (shifts_in_place<value_type>) {
    std::size_t kept = 0;
    while (!dropped[kept]) ++kept;
    truncate_unless_dismissed guard(c, kept);
    for (std::size_t i = kept + 1; i < c.size(); ++i) {
      if (!dropped[i]) c[kept++] = std::move(c[i]);
    }
    guard.dismiss();
    detail::truncate(c, kept);
  } else {
    replacement rest(c, c.capacity());
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!dropped[i]) rest.take_old(i, i + 1);
    }
    rest.commit();
  }
  return count;
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
