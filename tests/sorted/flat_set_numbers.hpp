// Whether a set keeps a number type's extreme values in order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/tags.hpp"

namespace deft_test {

/// Values of T in ascending order: its extremes, small numbers, and enough between to make a batch.
template <typename T>
std::vector<T> ascending() {
  using limits = std::numeric_limits<T>;
  std::vector<T> out;
  if constexpr (limits::has_infinity) out.push_back(-limits::infinity());
  out.push_back(limits::lowest());
  if constexpr (std::is_signed_v<T>) {
    for (int i = -100; i < 0; ++i) out.push_back(static_cast<T>(i));
    if constexpr (limits::has_infinity) out.push_back(-limits::denorm_min());
  }
  if constexpr (std::is_signed_v<T>) out.push_back(T(0));
  if constexpr (limits::has_infinity) out.push_back(limits::denorm_min());
  for (int i = 1; i < 100; ++i) out.push_back(static_cast<T>(i));
  out.push_back(limits::max());
  if constexpr (limits::has_infinity) out.push_back(limits::infinity());
  return out;
}

template <typename Set>
void keeps_extreme_values() {
  using T = typename Set::value_type;
  const std::vector<T> sorted = ascending<T>();
  // Every 37th, round and round: all of them, as no length here is a multiple of 37; each twice.
  std::vector<T> shuffled;
  for (std::size_t i = 0; i < 2 * sorted.size(); ++i) shuffled.push_back(sorted[i * 37 % sorted.size()]);
  Set s(deft::from_range, shuffled);
  ASSERT_TRUE(std::equal(s.begin(), s.end(), sorted.begin(), sorted.end()));
  Set one_by_one;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    ASSERT_EQ(s.rank(sorted[i]), i);
    one_by_one.insert(shuffled[i]);
  }
  ASSERT_TRUE(one_by_one == s);
}

}  // namespace deft_test
