/// @file
/// Tags and small argument types that the sorted containers share.
#pragma once

namespace deft {

/// Says that the elements passed are already sorted by the container's comparator; equals are allowed. Saves
/// the sort. Unsorted input breaks every later lookup, never memory; level `debug` checks it in O(n).
struct sorted_equivalent_t {
  explicit sorted_equivalent_t() = default;
};

inline constexpr sorted_equivalent_t sorted_equivalent{};

/// Says that a constructor takes a range: `std::from_range_t` for C++20.
struct from_range_t {
  explicit from_range_t() = default;
};

inline constexpr from_range_t from_range{};

/// Which ends `irange(lo, hi, inclusive)` includes; both unless told: `{.hi = false}` is Python's half-open.
struct inclusive {
  bool lo = true;
  bool hi = true;
};

}  // namespace deft
