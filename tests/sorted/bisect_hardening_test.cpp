// Compiled once per hardening level.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/bisect.hpp"

namespace {

const std::vector<int> sorted{1, 3, 5};
const std::vector<int> unsorted{5, 1, 9, 3, 1};
const std::vector<std::string> unsorted_words{"b", "a", "c", "a"};

TEST(BisectHardening, AcceptsWhatKeepsTheContract) {
  EXPECT_EQ(deft::bisect_left(sorted, 3, {0, 3}), 1U);
  EXPECT_EQ(deft::bisect_left(sorted, 3, {3, 3}), 3U);
  EXPECT_EQ(deft::bisect_left(unsorted, 0), 0U) << "partitioned with respect to this needle";
}

#if DEFT_HARDENING_LEVEL >= 1
TEST(BisectHardeningDeathTest, TrapsOnBoundsOutsideTheRange) {
  EXPECT_DEATH(static_cast<void>(deft::bisect_left(sorted, 3, {2, 1})), "lo <= hi <= size");
  EXPECT_DEATH(static_cast<void>(deft::bisect_right(sorted, 3, {0, 4})), "lo <= hi <= size");
  EXPECT_DEATH(static_cast<void>(deft::bisect_left(sorted, 3, {.lo = 4})), "lo <= hi <= size");
}

TEST(BisectHardeningDeathTest, TrapsOnTooLittleRoomForTheAnswers) {
  std::vector<std::size_t> out(2);
  EXPECT_DEATH(deft::bisect_left_many(sorted, sorted, out), "out must have room");
}
#endif

#if DEFT_HARDENING_LEVEL >= 2
TEST(BisectHardeningDeathTest, TrapsOnUnsortedRanges) {
  EXPECT_DEATH(static_cast<void>(deft::bisect_left(unsorted, 4)), "must be sorted");
  EXPECT_DEATH(static_cast<void>(deft::bisect_right(unsorted_words, "a")), "must be sorted");
  EXPECT_DEATH(static_cast<void>(deft::find_ge(unsorted, 4, std::greater<>{})), "must be sorted");
  std::vector<std::size_t> out(3);
  EXPECT_DEATH(deft::bisect_left_many(unsorted, sorted, out), "must be sorted");
}
#else
TEST(BisectHardening, IsSafeOnUnsortedRanges) {
  for (int x = 0; x < 12; ++x) {
    EXPECT_LE(deft::bisect_left(unsorted, x), unsorted.size());
    EXPECT_LE(deft::bisect_right(unsorted, x), unsorted.size());
  }
  EXPECT_LE(deft::bisect_left(unsorted_words, "b"), unsorted_words.size());
}
#endif

}  // namespace
