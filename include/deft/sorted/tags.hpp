/// @file
/// Tags and small argument types that the sorted containers share.
#pragma once

#include <version>
#ifdef __cpp_lib_containers_ranges
#include <ranges>
#endif
#ifdef __cpp_lib_flat_map
#include <flat_map>
#endif

namespace deft {

// Each is the standard's own where the standard library has it, so that code may pass either.
#ifdef __cpp_lib_flat_map
using std::sorted_equivalent;
using std::sorted_equivalent_t;
using std::sorted_unique;
using std::sorted_unique_t;
#else
/// Says that the elements passed are already sorted by the container's comparator; equals are allowed. Saves
/// the sort. Unsorted input breaks every later lookup, never memory; level `debug` checks it in O(n).
struct sorted_equivalent_t {
  explicit sorted_equivalent_t() = default;
};

inline constexpr sorted_equivalent_t sorted_equivalent{};

/// sorted_equivalent_t, and no two of the elements are equal.
struct sorted_unique_t {
  explicit sorted_unique_t() = default;
};

inline constexpr sorted_unique_t sorted_unique{};
#endif

#ifdef __cpp_lib_containers_ranges
using std::from_range;
using std::from_range_t;
#else
/// Says that a constructor takes a range: `std::from_range_t` for C++20.
struct from_range_t {
  explicit from_range_t() = default;
};

inline constexpr from_range_t from_range{};
#endif

/// Which ends `irange(lo, hi, inclusive)` includes; both unless told: `{.hi = false}` is Python's half-open.
struct inclusive {
  bool lo = true;
  bool hi = true;
};

}  // namespace deft
