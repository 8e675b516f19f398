/// @file
/// Sorting a batch of rows and merging it into a flat container's columns: stable, and asking the comparator
/// for everything before the first row of the container moves.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_columns.hpp"
#include "deft/sorted/detail/sort_numbers.hpp"
#include "deft/sorted/detail/sort_strings.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"

namespace deft::detail {

/// Numbers in an array and in their own order, which the compiled kernels sort.
template <typename Keys, typename Compare>
inline constexpr bool number_column = ascending_numbers<typename Keys::value_type, Compare> &&
                                      std::ranges::contiguous_range<Keys> && reservable<Keys>;

inline namespace DEFT_TAG {

template <typename Container>
const auto& element_at(const Container& c, std::size_t i) {
  return c.begin()[static_cast<typename Container::difference_type>(i)];
}

/// Whether `keys` are sorted; where Unique, without equals.
template <bool Unique, typename Keys, typename Compare>
bool is_in_order(const Keys& keys, const Compare& comp) {
  for (std::size_t i = 1; i < keys.size(); ++i) {
    const auto& previous = detail::element_at(keys, i - 1);
    const auto& next = detail::element_at(keys, i);
    if constexpr (Unique) {
      if (!detail::precedes(comp, previous, next)) return false;
    } else {
      if (detail::precedes(comp, next, previous)) return false;
    }
  }
  return true;
}

/// For checks at level `debug`: NaN precedes nothing and nothing precedes it, which breaks the order of the
/// rest.
template <typename Keys>
bool holds_no_nan([[maybe_unused]] const Keys& keys) {
  if constexpr (std::is_floating_point_v<typename Keys::value_type>) {
    return std::all_of(keys.begin(), keys.end(), [](auto key) { return key == key; });
  }
  return true;
}

/// The positions of `keys` in stable sorted order.
template <typename Keys, typename Compare>
std::vector<std::size_t> order_of(const Keys& keys, const Compare& comp) {
  std::vector<std::size_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return detail::precedes(comp, detail::element_at(keys, a), detail::element_at(keys, b));
  });
  return order;
}

/// Moves the positions of all but the first of equal keys to the back of `order`.
/// @returns How many are first.
template <typename Keys, typename Compare>
std::size_t firsts_to_front(const Keys& keys, std::vector<std::size_t>& order, const Compare& comp) {
  std::vector<std::size_t> others;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (kept == 0 || detail::precedes(comp, detail::element_at(keys, order[kept - 1]),
                                      detail::element_at(keys, order[k]))) {
      order[kept++] = order[k];
    } else {
      others.push_back(order[k]);
    }
  }
  std::copy(others.begin(), others.end(), order.begin() + static_cast<std::ptrdiff_t>(kept));
  return kept;
}

/// Removes all but the first of equal neighbours.
template <typename... Columns, typename Compare>
void drop_repeated(flat_columns<Columns...>& columns, const Compare& comp) {
  const auto& keys = columns.keys;
  std::vector<bool> dropped(keys.size());
  std::size_t first = keys.size();
  for (std::size_t i = keys.size(); i-- > 1;) {
    if (detail::precedes(comp, detail::element_at(keys, i - 1), detail::element_at(keys, i))) continue;
    dropped[i] = true;
    first = i;
  }
  if (first != keys.size()) detail::change_columns(columns, filtering{dropped, first});
}

/// Removes all but the first of equal numbers.
template <typename Keys>
void drop_repeated_numbers(Keys& keys) {
  const auto equal = [](auto a, auto b) { return !(a < b); };
  keys.erase(std::unique(keys.begin(), keys.end(), equal), keys.end());
}

template <bool Unique, typename Keys, typename Compare>
void sort_in_place(flat_columns<Keys>& columns, const Compare& comp) {
  using key_type = typename Keys::value_type;
  std::stable_sort(columns.keys.begin(), columns.keys.end(),
                   [&](const key_type& a, const key_type& b) { return detail::precedes(comp, a, b); });
  if constexpr (Unique) detail::drop_repeated(columns, comp);
}

/// Sorts rows that nobody else sees; equals keep their order, where Unique only the first stays. Looks for
/// sorted input first.
template <bool Unique, typename... Columns, typename Compare>
void sort_columns(flat_columns<Columns...>& columns, const Compare& comp) {
  using keys_type = typename flat_columns<Columns...>::keys_type;
  using key_type = typename keys_type::value_type;
  auto& keys = columns.keys;
  DEFT_DEBUG_CHECK(detail::holds_no_nan(keys), "flat container: a key is NaN");
  if (detail::is_in_order<Unique>(keys, comp)) return;
  if (Unique && detail::is_in_order<false>(keys, comp)) {
    detail::drop_repeated(columns, comp);
    return;
  }
  if constexpr (sizeof...(Columns) == 1 && number_column<keys_type, Compare>) {
    detail::sort_numbers(keys.data(), keys.size());
    if constexpr (Unique) detail::drop_repeated_numbers(keys);
  } else if constexpr (sizeof...(Columns) == 1 && !string_column<keys_type, Compare> &&
                       alignof(key_type) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    // Not for over-aligned types: libstdc++ 12 does not align the sort's buffer for them.
    detail::sort_in_place<Unique>(columns, comp);
  } else {
    if constexpr (sizeof...(Columns) == 1 && string_column<keys_type, Compare>) {
      if (keys.size() < many_strings) return detail::sort_in_place<Unique>(columns, comp);
    }
    std::vector<std::size_t> order;
    std::size_t kept = keys.size();
    if constexpr (string_column<keys_type, Compare>) {
      order.resize(kept);
      kept = detail::order_strings<Unique>(keys, order.data());
    } else if constexpr (number_column<keys_type, Compare> && sizeof(key_type) <= 8) {
      order.resize(kept);
      kept = detail::order_numbers<Unique>(keys.data(), kept, order.data());
    } else {
      order = detail::order_of(keys, comp);
      if constexpr (Unique) kept = detail::firsts_to_front(keys, order, comp);
    }
    detail::change_columns(columns, reordering{order, kept});
  }
}

/// The first position at or after `from` whose key is not before `x` (where Unique), or is after it. Doubling
/// steps: the cost is logarithmic in the distance, so that a merge of any two sizes costs about what it must.
template <bool Unique, typename Keys, typename T, typename Compare>
std::size_t gallop(const Keys& keys, std::size_t from, const T& x, const Compare& comp) {
  const auto goes_after = [&](std::size_t i) {
    if constexpr (Unique) return detail::precedes(comp, detail::element_at(keys, i), x);
    return !detail::precedes(comp, x, detail::element_at(keys, i));
  };
  std::size_t low = from;
  std::size_t step = 1;
  while (low < keys.size() && goes_after(low)) {
    from = low + 1;
    low += step;
    step *= 2;
  }
  std::size_t high = std::min(low, keys.size());
  while (from < high) {
    const std::size_t middle = from + (high - from) / 2;
    if (goes_after(middle)) {
      from = middle + 1;
    } else {
      high = middle;
    }
  }
  return from;
}

/// The places of sorted numbers among `keys`: before the first that is not before them (where Unique), or is
/// after them. One comparison for each of both, without branches on it.
template <bool Unique, typename T>
void place_numbers(const T* keys, std::size_t n, const T* batch, std::size_t m, std::size_t* places) {
  std::size_t i = 0;
  std::size_t k = 0;
  while (i != n && k != m) {
    const bool old_first = Unique ? keys[i] < batch[k] : !(batch[k] < keys[i]);
    places[k] = i;
    i += old_first;
    k += !old_first;
  }
  std::fill(places + k, places + m, n);
}

/// Merges a sorted batch into the columns, after the equals there; where Unique, keys that are there are left
/// out. Rows of the batch are moved from.
template <bool Unique, typename... Columns, typename Compare>
void merge_columns(flat_columns<Columns...>& columns, flat_columns<Columns...>& batch, const Compare& comp) {
  using keys_type = typename flat_columns<Columns...>::keys_type;
  auto& keys = columns.keys;
  const std::size_t n = keys.size();
  if constexpr (sizeof...(Columns) == 1 && number_column<keys_type, Compare>) {
    // A small batch is better placed by search and moved around by memmove.
    if (batch.keys.size() > n / 16) {
      keys.reserve(detail::grown_capacity(keys, batch.keys.size()));
      detail::merge_numbers(keys, batch.keys);
      if constexpr (Unique) detail::drop_repeated_numbers(keys);
      return;
    }
  }
  const std::size_t m = batch.keys.size();
  std::vector<std::size_t> places(m, n);
  bool placed =
      n == 0 || detail::precedes(comp, detail::element_at(keys, n - 1), detail::element_at(batch.keys, 0));
  if constexpr (number_column<keys_type, Compare>) {
    if (!placed && m > n / 16) {
      detail::place_numbers<Unique>(keys.data(), n, batch.keys.data(), m, places.data());
      placed = true;
    }
  }
  if (!placed) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < m && from != n; ++k)
      places[k] = from = detail::gallop<Unique>(keys, from, detail::element_at(batch.keys, k), comp);
  }
  if constexpr (Unique) {
    std::vector<bool> here(m);
    std::size_t first_here = m;
    std::size_t kept = 0;
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t place = places[k];
      if (place == n ||
          detail::precedes(comp, detail::element_at(batch.keys, k), detail::element_at(keys, place))) {
        places[kept++] = place;
        continue;
      }
      if (first_here == m) first_here = k;
      here[k] = true;
    }
    places.resize(kept);
    if (first_here != m) detail::change_columns(batch, filtering{here, first_here});
  }
  if (!places.empty()) detail::change_columns(columns, merging{places}, batch);
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
