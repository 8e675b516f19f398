#include "cli/gate.hpp"

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

}  // namespace
}  // namespace deft::cli
