#include "stats/layout_floor.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stats/robust.hpp"

namespace deft::stats {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<layout_difference> differences(std::initializer_list<double> log_ratios) {
  std::vector<layout_difference> all;
  for (const double one : log_ratios) all.push_back({one, 0.001});
  return all;
}

decision changed(verdict called, double ratio) {
  decision d;
  d.verdict = called;
  d.head = {ratio, ratio - 0.005, ratio + 0.005};
  d.confirmed = true;
  d.reason = "as measured";
  return d;
}

TEST(FloorOf, IsThePredictionBoundOfStudentsT) {
  // Builds 0, 1, -1, 2, -2 (in %): variance 10 / 4.
  const double expected = std::sqrt(2 * 2.5) * 0.01 * student_quantile(0.995, 4);
  EXPECT_NEAR(floor_of(differences({0.01, -0.01, 0.02, -0.02}), 0.99), std::expm1(expected), 1e-12);
}

TEST(FloorOf, IsNeverBelowWhatWasSeenBetweenTwoBuilds) {
  EXPECT_GE(floor_of(differences({0.03, -0.03, 0.03, -0.03, 0.03, -0.03}), 0.1), std::expm1(0.06));
}

TEST(FloorOf, IsLargerTheFewerBuildsThereAre) {
  EXPECT_GT(floor_of(differences({0.01, -0.01, 0}), 0.99),
            floor_of(differences({0.01, -0.01, 0, 0.01, -0.01, 0}), 0.99));
}

TEST(FloorOf, IsNotKnownFromTooFewOrBrokenBuilds) {
  EXPECT_TRUE(std::isinf(floor_of(differences({0.01, -0.01}), 0.99)));
  EXPECT_TRUE(std::isinf(floor_of(differences({0.01, -0.01, std::nan("")}), 0.99)));
}

TEST(FloorOf, OfEqualBuildsIsNothing) {
  EXPECT_EQ(floor_of(differences({0, 0, 0, 0}), 0.99), 0);
}

TEST(LearnLayoutFloor, BoundsAllBenchmarksOfTheRunTogether) {
  benchmark_floor one;
  one.variants = differences({0.01, -0.01, 0.02, -0.02});
  one.name = "a";
  const layout_floor alone = learn_layout_floor({one}, 0.95);
  benchmark_floor other = one;
  other.name = "b";
  const layout_floor both = learn_layout_floor({one, other}, 0.95);
  EXPECT_DOUBLE_EQ(alone.benchmarks[0].floor, floor_of(one.variants, 0.95));
  EXPECT_DOUBLE_EQ(both.benchmarks[0].floor, floor_of(one.variants, 0.975));
}

TEST(LearnLayoutFloor, GivesTheLargestToBenchmarksThatItDoesNotKnow) {
  benchmark_floor small;
  small.name = "small";
  small.variants = differences({0.001, -0.001, 0.002});
  benchmark_floor large = small;
  large.name = "large";
  large.variants = differences({0.01, -0.01, 0.02});
  const layout_floor learnt = learn_layout_floor({small, large}, 0.95);
  EXPECT_LT(floor_for(learnt, "small"), floor_for(learnt, "large"));
  EXPECT_EQ(floor_for(learnt, "unknown"), floor_for(learnt, "large"));
}

TEST(ApplyLayoutFloor, TakesBackAVerdictBelowTheFloorInBothDirections) {
  for (const auto& [called, ratio] :
       {std::pair(verdict::regressed, 1.029), std::pair(verdict::improved, 1 / 1.029)}) {
    const decision d = apply_layout_floor(changed(called, ratio), 0.03, work_change::unknown);
    EXPECT_EQ(d.verdict, verdict::inconclusive);
    EXPECT_THAT(d.reason, StartsWith("layout: "));
    EXPECT_THAT(d.reason, HasSubstr("3 %"));
    EXPECT_EQ(d.layout_floor, 0.03);
  }
}

TEST(ApplyLayoutFloor, LeavesAVerdictAboveTheFloorAndSaysTheFloor) {
  const decision d = apply_layout_floor(changed(verdict::regressed, 1.031), 0.03, work_change::unknown);
  EXPECT_EQ(d.verdict, verdict::regressed);
  EXPECT_THAT(d.reason, StartsWith("as measured; "));
  EXPECT_THAT(d.reason, HasSubstr("3 %"));
  EXPECT_EQ(d.layout_floor, 0.03);
}

TEST(ApplyLayoutFloor, BelievesCountsThatChangedInTheSameDirectionOnly) {
  const auto after = [](verdict called, double ratio, work_change work) {
    return apply_layout_floor(changed(called, ratio), 0.1, work).verdict;
  };
  EXPECT_EQ(after(verdict::regressed, 1.05, work_change::more), verdict::regressed);
  EXPECT_EQ(after(verdict::improved, 0.95, work_change::less), verdict::improved);
  EXPECT_EQ(after(verdict::regressed, 1.05, work_change::less), verdict::inconclusive);
  EXPECT_EQ(after(verdict::improved, 0.95, work_change::more), verdict::inconclusive);
  EXPECT_EQ(after(verdict::regressed, 1.05, work_change::same), verdict::inconclusive);
  EXPECT_EQ(after(verdict::regressed, 1.05, work_change::unknown), verdict::inconclusive);
}

TEST(ApplyLayoutFloor, LeavesAllOtherVerdictsAsTheyAre) {
  for (const verdict called :
       {verdict::equivalent, verdict::inconclusive, verdict::missing, verdict::added, verdict::failed}) {
    const decision d = apply_layout_floor(changed(called, 1.02), 0.03, work_change::more);
    EXPECT_EQ(d.verdict, called);
    EXPECT_EQ(d.reason, "as measured");
  }
}

TEST(LayoutDifferenceOf, IsTheTrimmedMeanOfTheRounds) {
  measure::round round;
  round.base = round.control = {{100, 200, 1}};
  round.head = {{102, 200, 1}};
  const std::vector<measure::round> rounds(6, round);
  const layout_difference seen = layout_difference_of(rounds, measure::method::same_core);
  EXPECT_NEAR(seen.log_ratio, std::log(1.02), 1e-12);
  EXPECT_EQ(seen.standard_error, 0);
  EXPECT_TRUE(std::isinf(layout_difference_of({}, measure::method::same_core).standard_error));
}

}  // namespace
}  // namespace deft::stats
