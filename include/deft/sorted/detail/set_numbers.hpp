/// @file
/// Set operations on sorted arrays of numbers, without a branch on each.
#pragma once

#include <algorithm>
#include <cstddef>

#include "deft/core/contracts.hpp"

namespace deft::detail {

enum class set_operation { unite, intersect, subtract, exclude };

inline namespace DEFT_TAG {

/// Writes the result for `a` and `b` to `out`, which has room for as many as it can have at most: all of
/// both, of `intersect` the fewer, of `subtract` those of `a`; and one more than that, which may be written
/// to. Equals are paired one by one, and of a pair that of `a` is written.
/// @returns Behind the last.
template <set_operation Operation, typename T>
T* combine_numbers(const T* a, const T* a_end, const T* b, const T* b_end, T* out) {
  while (a != a_end && b != b_end) {
    const T x = *a;
    const T y = *b;
    const bool x_first = x < y;
    const bool y_first = y < x;
    *out = Operation != set_operation::intersect && Operation != set_operation::subtract && y_first ? y : x;
    if constexpr (Operation == set_operation::unite) {
      ++out;
    } else if constexpr (Operation == set_operation::intersect) {
      out += !(x_first | y_first);
    } else if constexpr (Operation == set_operation::subtract) {
      out += x_first;
    } else {
      out += x_first | y_first;
    }
    a += !y_first;
    b += !x_first;
  }
  if constexpr (Operation != set_operation::intersect) out = std::copy(a, a_end, out);
  if constexpr (Operation == set_operation::unite || Operation == set_operation::exclude)
    out = std::copy(b, b_end, out);
  return out;
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
