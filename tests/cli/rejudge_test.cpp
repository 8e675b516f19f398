#include "cli/rejudge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::cli {
namespace {

using stats::verdict;
using testing::HasSubstr;
using testing::StartsWith;

/// A benchmark "b" that is slower by that much, first and in fresh rounds; what the file says of it is stale.
store::result_file slower_by(double ratio) {
  store::result_file file;
  store::benchmark b;
  b.name = "b";
  for (int i = 0; i < 22; ++i) {
    measure::round round;
    const double wobble = 1 + 0.0005 * (i % 3);
    round.base = {{100, 100, 1}};
    round.control = {{100 * wobble, 100, 1}};
    round.head = {{100 * ratio * wobble, 100, 1}};
    round.confirmation = i >= 6;
    b.rounds.push_back(round);
  }
  b.decision.emplace().reason = "stale";
  file.benchmarks = {b};
  return file;
}

stats::layout_floor floor_of_b(double floor) {
  stats::layout_floor learnt;
  learnt.whole_run = floor;
  learnt.benchmarks = {{"b", measure::method::same_core, floor, {}}};
  return learnt;
}

TEST(Rejudge, DecidesAgainFromTheRounds) {
  store::result_file file = slower_by(1.05);
  ASSERT_TRUE(judge_again(file, {.wanted = true}));
  EXPECT_EQ(file.benchmarks[0].decision->verdict, verdict::regressed);
  EXPECT_TRUE(file.benchmarks[0].decision->confirmed);
}

TEST(Rejudge, LeavesTheDecisionsAloneWhereItIsNotWanted) {
  store::result_file file = slower_by(1.05);
  ASSERT_TRUE(judge_again(file, {}));
  EXPECT_EQ(file.benchmarks[0].decision->reason, "stale");
}

TEST(Rejudge, LeavesWhatFailedOrIsInOneProgramOnly) {
  store::result_file file = slower_by(1.05);
  file.benchmarks[0].failure = "crashed";
  file.benchmarks[0].decision->verdict = verdict::failed;
  store::benchmark missing;
  missing.name = "m";
  missing.decision.emplace().verdict = verdict::missing;
  file.benchmarks.push_back(missing);
  ASSERT_TRUE(judge_again(file, {.wanted = true}));
  EXPECT_EQ(file.benchmarks[0].decision->verdict, verdict::failed);
  EXPECT_EQ(file.benchmarks[1].decision->verdict, verdict::missing);
}

TEST(Rejudge, RefusesAResultInWhichNothingWasCompared) {
  store::result_file file;
  file.kind = store::run_kind::single;
  const auto judged = judge_again(file, {.wanted = true});
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().kind, support::error_kind::usage);
}

TEST(LayoutFloor, IsNoObstacleToWhatExactCountsConfirm) {
  store::result_file file = slower_by(1.05);
  ASSERT_TRUE(judge_again(file, {.wanted = true}));
  stats::work_counts base;
  base.instructions = 1000;
  stats::work_counts head;
  head.instructions = 1050;
  file.benchmarks[0].base_counts = base;
  file.benchmarks[0].head_counts = head;
  apply_floor(file, floor_of_b(0.1));
  EXPECT_EQ(file.benchmarks[0].decision->verdict, verdict::regressed);
  EXPECT_THAT(file.benchmarks[0].decision->reason, HasSubstr("the exact counts show more work"));
}

TEST(LayoutFloor, TakesAVerdictBackWhereTheWorkIsTheSame) {
  store::result_file file = slower_by(1.05);
  ASSERT_TRUE(judge_again(file, {.wanted = true}));
  stats::work_counts same;
  same.instructions = 1000;
  file.benchmarks[0].base_counts = file.benchmarks[0].head_counts = same;
  apply_floor(file, floor_of_b(0.1));
  EXPECT_EQ(file.benchmarks[0].decision->verdict, verdict::inconclusive);
  EXPECT_THAT(file.benchmarks[0].decision->reason, StartsWith("layout: "));
}

TEST(LayoutFloor, OfAnotherProcessorIsRefusedUnlessOneIsNotKnown) {
  store::layout_file floor;
  floor.learnt = floor_of_b(0.1);
  floor.machine.cpu_model = "one";
  const std::string names[] = {"b"};
  store::machine here;
  EXPECT_TRUE(check_floor(floor, "f", names, here));
  here.cpu_model = "one";
  EXPECT_TRUE(check_floor(floor, "f", names, here));
  here.cpu_model = "other";
  EXPECT_FALSE(check_floor(floor, "f", names, here));
}

}  // namespace
}  // namespace deft::cli
