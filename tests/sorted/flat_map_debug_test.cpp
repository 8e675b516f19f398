// What level `debug` finds by looking at all keys; a translation unit of its own, linked to the same library.
#define DEFT_HARDENING debug
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

namespace {

using map = deft::flat_map<int, int>;
using rows = std::vector<std::pair<int, int>>;

TEST(FlatMapDebug, InputSaidToBeSortedIsChecked) {
  const char* const message = "said to be sorted is not";
  EXPECT_DEATH(map(deft::sorted_unique, {{2, 0}, {1, 0}}), message);
  EXPECT_DEATH(map(deft::sorted_unique, {2, 1}, {0, 0}), message);
  EXPECT_DEATH(map(deft::sorted_unique, {{1, 0}, {1, 0}}), message) << "equals are none";
  map m;
  EXPECT_DEATH(m.insert_range(deft::sorted_unique, rows{{1, 0}, {1, 0}}), message);
  EXPECT_DEATH(m.replace({2, 1}, {0, 0}), message);
  deft::flat_multimap<int, int> multi(deft::sorted_equivalent, {{1, 0}, {1, 0}});
  EXPECT_DEATH(multi.insert(deft::sorted_equivalent, {{2, 0}, {1, 0}}), message);
}

}  // namespace
