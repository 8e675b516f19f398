#include "stats/work.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace deft::stats {
namespace {

work_counts counted(double instructions, double allocations) {
  work_counts counts;
  counts.instructions = instructions;
  counts.allocations = allocations;
  counts.allocated_bytes = allocations * 32;
  return counts;
}

work_counts allocations_only(double allocations) {
  work_counts counts = counted(0, allocations);
  counts.instructions.reset();
  counts.why_not = "valgrind is not installed";
  return counts;
}

TEST(CompareWork, CallsInstructionsWithinHalfAPercentTheSame) {
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1000, 2)), work_change::same);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1005, 2)), work_change::same);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(995, 2)), work_change::same);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1005.1, 2)), work_change::more);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(994.9, 2)), work_change::less);
}

TEST(CompareWork, CallsOneAllocationMoreMoreWork) {
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1000, 3)), work_change::more);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1000, 1.99)), work_change::less);
}

TEST(CompareWork, LetsInstructionsDecideWhereAllocationsSayTheContrary) {
  EXPECT_EQ(compare_work(counted(1000, 2), counted(1100, 1)), work_change::more);
  EXPECT_EQ(compare_work(counted(1000, 2), counted(900, 3)), work_change::less);
}

TEST(CompareWork, KnowsNothingWhereOneSideWasNotCounted) {
  EXPECT_EQ(compare_work({}, {}), work_change::unknown);
  EXPECT_EQ(compare_work(counted(1000, 2), {}), work_change::unknown);
  EXPECT_EQ(compare_work({}, counted(1000, 2)), work_change::unknown);
}

TEST(CompareWork, GoesByAllocationsAloneOnlyWhereTheyDiffer) {
  EXPECT_EQ(compare_work(allocations_only(1), allocations_only(1)), work_change::unknown);
  EXPECT_EQ(compare_work(allocations_only(1), allocations_only(2)), work_change::more);
  EXPECT_EQ(compare_work(allocations_only(1), counted(1000, 0)), work_change::less);
}

TEST(CompareWork, TakesABaseWithoutInstructions) {
  EXPECT_EQ(compare_work(counted(0, 0), counted(0, 0)), work_change::same);
  EXPECT_EQ(compare_work(counted(0, 0), counted(1, 0)), work_change::more);
  EXPECT_TRUE(std::isinf(*instruction_ratio(counted(0, 0), counted(1, 0))));
}

count::observation seen(std::vector<count::instruction_run> instructions,
                        std::vector<count::allocation_run> allocations = {}) {
  count::observation result;
  result.instruction_runs = std::move(instructions);
  result.allocation_runs = std::move(allocations);
  return result;
}

TEST(PerIteration, SubtractsWhatARunCostsBesides) {
  const work_counts counts =
      per_iteration(seen({{1, 40'201}, {10, 400'282}, {100, 4'001'092}}, {{1, 5, 105}, {10, 23, 203}}));
  EXPECT_EQ(counts.instructions, 40'009);
  EXPECT_EQ(counts.allocations, 2);
  EXPECT_NEAR(*counts.allocated_bytes, 98.0 / 9, 1e-9);
}

TEST(PerIteration, SharesOutTheOnlyRun) {
  EXPECT_EQ(per_iteration(seen({{7, 70}})).instructions, 10);
}

TEST(PerIteration, SharesOutTheLastRunWhereMoreIterationsDidLess) {
  EXPECT_EQ(per_iteration(seen({{1, 1000}, {10, 500}})).instructions, 50);
  EXPECT_EQ(per_iteration(seen({{10, 100}, {10, 500}})).instructions, 50);
}

TEST(PerIteration, IsEmptyWhereNothingWasCounted) {
  count::observation none;
  none.why_not = "valgrind is not installed";
  const work_counts counts = per_iteration(none);
  EXPECT_FALSE(counts.instructions || counts.allocations || counts.allocated_bytes || counts.peak_bytes);
  EXPECT_EQ(counts.why_not, "valgrind is not installed");
  EXPECT_FALSE(per_iteration(seen({{0, 5}})).instructions);
}

TEST(ClassifyWork, SaysWhatVerdictAndCountsSayTogether) {
  EXPECT_EQ(classify_work(verdict::regressed, work_change::same), "same work, slower");
  EXPECT_EQ(classify_work(verdict::regressed, work_change::more), "more work, slower");
  EXPECT_EQ(classify_work(verdict::regressed, work_change::less), "less work, slower");
  EXPECT_EQ(classify_work(verdict::improved, work_change::same), "same work, faster");
  EXPECT_EQ(classify_work(verdict::equivalent, work_change::more), "more work, same time");
  EXPECT_EQ(classify_work(verdict::equivalent, work_change::less), "less work, same time");
  EXPECT_EQ(classify_work(verdict::inconclusive, work_change::more), "more work, time not known");
}

TEST(ClassifyWork, SaysNothingWhereThereIsNothingToSay) {
  EXPECT_EQ(classify_work(verdict::equivalent, work_change::same), "");
  EXPECT_EQ(classify_work(verdict::inconclusive, work_change::same), "");
  EXPECT_EQ(classify_work(verdict::regressed, work_change::unknown), "");
  EXPECT_EQ(classify_work(verdict::missing, work_change::more), "");
}

TEST(WithWork, AddsToTheReasonAndKeepsTheVerdict) {
  decision timed;
  timed.verdict = verdict::regressed;
  timed.reason = "+5.0 %";
  const decision both = with_work(timed, counted(1000, 2), counted(1000, 2));
  EXPECT_EQ(both.verdict, verdict::regressed);
  EXPECT_EQ(both.reason, "+5.0 %; same work, slower (instructions +0.0 %, allocations 2)");
  EXPECT_EQ(with_work(timed, counted(1000, 2), counted(1200, 3)).reason,
            "+5.0 %; more work, slower (instructions +20.0 %, allocations 2 to 3)");
}

TEST(WithWork, LeavesADecisionAloneAboutWhichTheCountsSayNothing) {
  decision timed;
  timed.verdict = verdict::regressed;
  timed.reason = "+5.0 %";
  EXPECT_EQ(with_work(timed, {}, counted(1, 1)).reason, "+5.0 %");
}

TEST(DescribeWork, TellsOnlyWhatWasCountedInBoth) {
  EXPECT_EQ(describe_work({}, counted(1, 1)), "");
  EXPECT_EQ(describe_work(allocations_only(1), counted(5, 1.5)), "allocations 1 to 1.5");
  EXPECT_EQ(describe_work(counted(0, 0), counted(7, 0)), "instructions 0 to 7, allocations 0");
}

}  // namespace
}  // namespace deft::stats
