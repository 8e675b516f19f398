// At level `debug` the flat containers say what is wrong with their keys.
#define DEFT_HARDENING debug
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(FlatDebugDeathTest, ANaNIsNoKey) {
  deft::flat_set<double> set{1.0, 2.0};
  EXPECT_DEATH(set.insert(nan), "a key is NaN");
  deft::flat_multiset<double> all{1.0, 2.0};
  EXPECT_DEATH(all.insert_range(std::vector<double>{3.0, nan}), "a key is NaN");
  deft::flat_map<double, int> map;
  EXPECT_DEATH(map[nan] = 1, "a key is NaN");
}

TEST(FlatDebugDeathTest, WhatIsSaidToBeSortedIsLookedAt) {
  const std::vector<double> twice{1.0, 1.0};
  EXPECT_DEATH((deft::flat_set<double>(deft::sorted_unique, twice)), "input said to be sorted is not");
  deft::flat_multiset<double> all(deft::sorted_equivalent, twice);
  EXPECT_EQ(all.size(), 2U);
  EXPECT_DEATH(all.replace({2.0, 1.0}), "input said to be sorted is not");
  EXPECT_DEATH((deft::flat_multiset<double>(deft::sorted_equivalent, {1.0, nan})), "a key is NaN");
}

TEST(FlatDebugDeathTest, AsManyKeysAsValuesAreNeeded) {
  EXPECT_DEATH((deft::flat_map<double, int>({1.0, 2.0}, {1})), "as many keys as values");
}

}  // namespace
