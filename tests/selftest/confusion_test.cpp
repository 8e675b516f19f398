#include "selftest/confusion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::selftest {
namespace {

using stats::verdict;
using testing::HasSubstr;

void add(confusion& seen, int percent, verdict called, int times) {
  for (int i = 0; i < times; ++i) seen.add(percent, called);
}

TEST(Confusion, CountsWhatWasCalledWhat) {
  confusion seen;
  add(seen, 0, verdict::equivalent, 97);
  add(seen, 0, verdict::regressed, 1);
  add(seen, 0, verdict::improved, 2);
  add(seen, 5, verdict::regressed, 9);
  add(seen, 5, verdict::inconclusive, 1);
  EXPECT_EQ(seen.false_alarms(), 3U);
  EXPECT_EQ(seen.trials(0), 100U);
  EXPECT_EQ(seen.count(5, verdict::regressed), 9U);
  EXPECT_EQ(seen.trials(10), 0U);
  EXPECT_THAT(seen.to_text(), HasSubstr("false alarms: 3 of 100 decisions (3.0 %, at most 7.6 %)"));
  EXPECT_THAT(seen.to_text(), HasSubstr("5 % slower: found 9 of 10 (90.0 %, at least 60.6 %)"));
}

TEST(Confusion, ACleanRunBreaksNoPromise) {
  confusion seen;
  add(seen, 0, verdict::equivalent, 20);
  add(seen, 5, verdict::regressed, 2);
  for (int i = 0; i < 4; ++i) seen.add_run(false);
  EXPECT_EQ(seen.broken_promise(), "");
  EXPECT_EQ(confusion().broken_promise(), "");
}

TEST(Confusion, OneFalseAlarmMayBeChance) {
  confusion seen;
  add(seen, 0, verdict::equivalent, 19);
  add(seen, 0, verdict::regressed, 1);
  EXPECT_EQ(seen.broken_promise(), "");
}

TEST(Confusion, MoreFalseAlarmsThanChanceExplainsBreakThePromise) {
  confusion seen;
  add(seen, 0, verdict::equivalent, 97);
  add(seen, 0, verdict::improved, 4);
  EXPECT_THAT(seen.broken_promise(), HasSubstr("4 of 101 unchanged benchmarks were called changed"));
}

TEST(Confusion, RedRunsBreakThePromiseOfTheirOwn) {
  confusion seen;
  for (int i = 0; i < 10; ++i) seen.add_run(i < 3);
  EXPECT_THAT(seen.broken_promise(), HasSubstr("3 of 10 runs had a false alarm"));
}

TEST(Confusion, MissedSlowdownsBreakThePromiseFromFivePercentOn) {
  confusion small;
  add(small, 2, verdict::equivalent, 10);
  EXPECT_EQ(small.broken_promise(), "");
  confusion large;
  add(large, 5, verdict::inconclusive, 3);
  add(large, 5, verdict::regressed, 7);
  EXPECT_THAT(large.broken_promise(), HasSubstr("7 of 10 slowdowns of 5 % were found"));
}

TEST(Confusion, ASlowdownThatIsCalledAnImprovementIsNotFound) {
  confusion seen;
  add(seen, 10, verdict::improved, 5);
  EXPECT_THAT(seen.broken_promise(), HasSubstr("0 of 5 slowdowns of 10 %"));
}

}  // namespace
}  // namespace deft::selftest
