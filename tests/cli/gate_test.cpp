#include "cli/gate.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::cli {
namespace {

using stats::verdict;

store::result_file file_with(const std::vector<verdict>& verdicts) {
  store::result_file file;
  for (const verdict v : verdicts) {
    store::benchmark b;
    b.name = std::string("b") + std::to_string(file.benchmarks.size());
    b.decision.emplace().verdict = v;
    file.benchmarks.push_back(std::move(b));
  }
  return file;
}

TEST(Gate, PassesWhatIsNotWorse) {
  const auto outcome =
      judge(file_with({verdict::equivalent, verdict::improved, verdict::added, verdict::inconclusive}), {});
  EXPECT_EQ(outcome.code, exit_code::ok);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("passed"));
}

TEST(Gate, FailsOnARegressionAndNamesIt) {
  const auto outcome = judge(file_with({verdict::equivalent, verdict::regressed, verdict::regressed}), {});
  EXPECT_EQ(outcome.code, exit_code::regression);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("regressed: b1, b2"));
}

TEST(Gate, ShowsNoTerminalEscapeInAName) {
  auto file = file_with({verdict::regressed});
  file.benchmarks[0].name = "a\x1b[31m\nb";
  EXPECT_THAT(judge(file, {}).lines, testing::ElementsAre("regressed: a\xEF\xBF\xBD[31m b"));
}

TEST(Gate, FailsOnAMissingBenchmarkUnlessAllowed) {
  EXPECT_EQ(judge(file_with({verdict::missing}), {}).code, exit_code::regression);
  EXPECT_EQ(judge(file_with({verdict::missing}), {.allow_missing = true}).code, exit_code::ok);
}

TEST(Gate, FailsOnInconclusiveOnlyWhenStrict) {
  EXPECT_EQ(judge(file_with({verdict::inconclusive}), {}).code, exit_code::ok);
  EXPECT_EQ(judge(file_with({verdict::inconclusive}), {.strict = true}).code, exit_code::inconclusive);
}

TEST(Gate, TellsAFailureBeforeARegressionAndNamesBoth) {
  const auto outcome = judge(file_with({verdict::regressed, verdict::failed}), {.strict = true});
  EXPECT_EQ(outcome.code, exit_code::benchmark_failed);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("failed: b1", "regressed: b0"));
}

TEST(Gate, NeverPassesARunThatIsNotWhole) {
  auto file = file_with({verdict::equivalent});
  file.interrupted = true;
  EXPECT_EQ(judge(file, {}).code, exit_code::inconclusive);
}

TEST(Gate, TakesABenchmarkWithoutDecisionForInconclusiveOrFailed) {
  store::result_file file;
  file.benchmarks.resize(1);
  file.benchmarks[0].name = "b";
  EXPECT_EQ(judge(file, {.strict = true}).code, exit_code::inconclusive);
  file.benchmarks[0].failure = "crashed";
  EXPECT_EQ(judge(file, {}).code, exit_code::benchmark_failed);
}

/// One benchmark, equivalent in time.
store::result_file counted(double base_instructions, double head_instructions, double base_allocations,
                           double head_allocations) {
  auto file = file_with({verdict::equivalent});
  stats::work_counts& base = file.benchmarks[0].base_counts.emplace();
  stats::work_counts& head = file.benchmarks[0].head_counts.emplace();
  base.instructions = base_instructions;
  head.instructions = head_instructions;
  base.allocations = base_allocations;
  head.allocations = head_allocations;
  return file;
}

gate_rules limits(std::optional<double> instructions, std::optional<double> allocations) {
  gate_rules rules;
  rules.most_instructions_percent = instructions;
  rules.most_allocations = allocations;
  return rules;
}

TEST(GateOfCounts, LooksAtThemOnlyWhenAsked) {
  EXPECT_EQ(judge(counted(1000, 2000, 1, 9), {}).code, exit_code::ok);
}

TEST(GateOfCounts, FailsOnTooManyMoreInstructions) {
  EXPECT_EQ(judge(counted(1000, 1005, 1, 1), limits(0.5, {})).code, exit_code::ok);
  const auto outcome = judge(counted(1000, 1006, 1, 1), limits(0.5, {}));
  EXPECT_EQ(outcome.code, exit_code::regression);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("too many more instructions: b0 (instructions +0.6 %)"));
}

TEST(GateOfCounts, FailsOnTooManyMoreAllocations) {
  EXPECT_EQ(judge(counted(1000, 1000, 2, 2), limits({}, 0)).code, exit_code::ok);
  EXPECT_EQ(judge(counted(1000, 1000, 2, 3), limits({}, 1)).code, exit_code::ok);
  const auto outcome = judge(counted(1000, 1000, 2, 3), limits({}, 0));
  EXPECT_EQ(outcome.code, exit_code::regression);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("too many more allocations: b0 (allocations 2 to 3)"));
}

TEST(GateOfCounts, PassesLess) {
  EXPECT_EQ(judge(counted(1000, 1, 2, 0), limits(0, 0)).code, exit_code::ok);
}

TEST(GateOfCounts, NeverPassesAResultInWhichNothingWasCounted) {
  auto file = file_with({verdict::equivalent, verdict::equivalent});
  file.benchmarks[0].head_counts.emplace().why_not = "valgrind is not installed";
  const auto outcome = judge(file, limits(0.5, {}));
  EXPECT_EQ(outcome.code, exit_code::inconclusive);
  EXPECT_THAT(outcome.lines, testing::ElementsAre("not counted: b0 (valgrind is not installed), b1"));
}

TEST(GateOfCounts, FailsOnOneThatCouldNotBeCountedOnlyWhenStrict) {
  auto file = counted(1000, 1000, 1, 1);
  file.benchmarks.push_back(file_with({verdict::equivalent}).benchmarks[0]);
  file.benchmarks[1].name = "b1";
  gate_rules rules = limits(0.5, 0);
  EXPECT_EQ(judge(file, rules).code, exit_code::ok);
  EXPECT_THAT(judge(file, rules).lines, testing::ElementsAre("not counted: b1", "passed"));
  rules.strict = true;
  EXPECT_EQ(judge(file, rules).code, exit_code::inconclusive);
}

TEST(GateOfCounts, DoesNotMissTheCountsOfWhatOneSideLacks) {
  auto file = counted(1000, 1000, 1, 1);
  file.benchmarks.push_back(file_with({verdict::added}).benchmarks[0]);
  EXPECT_THAT(judge(file, limits(0.5, 0)).lines, testing::ElementsAre("passed"));
}

}  // namespace
}  // namespace deft::cli
