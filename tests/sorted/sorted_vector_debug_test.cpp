// What level `debug` finds on top; a translation unit of its own, linked to the same library.
#define DEFT_HARDENING debug
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

namespace {

using numbers = deft::sorted_vector<int>;

TEST(SortedVectorDebug, InputSaidToBeSortedIsLookedAt) {
  numbers v;
  const std::vector<int> unsorted{2, 1};
  EXPECT_DEATH(v.insert_range(deft::sorted_equivalent, unsorted), "said to be sorted");
  EXPECT_DEATH(v.replace(std::vector<int>{2, 1}), "said to be sorted");
  EXPECT_DEATH(numbers(deft::sorted_equivalent, {2, 1}), "said to be sorted");
}

}  // namespace
