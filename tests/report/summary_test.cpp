#include "report/summary.hpp"

#include <initializer_list>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

using stats::verdict;

store::result_file with_verdicts(std::initializer_list<std::pair<verdict, double>> verdicts) {
  store::result_file out;
  for (const auto& [v, ratio] : verdicts) {
    store::benchmark benchmark;
    benchmark.name = "b" + std::to_string(out.benchmarks.size());
    benchmark.decision = stats::decision{};
    benchmark.decision->verdict = v;
    benchmark.decision->head = {ratio, ratio * 0.99, ratio * 1.01};
    out.benchmarks.push_back(benchmark);
  }
  return out;
}

TEST(ReportHeadline, NamesTheOnlyRegression) {
  EXPECT_EQ(headline(with_verdicts({{verdict::regressed, 1.05}, {verdict::equivalent, 1}})),
            "1 of 2 benchmarks regressed: b0 by 5.0 %.");
}

TEST(ReportHeadline, NamesTheLargestOfSeveralRegressions) {
  EXPECT_EQ(headline(with_verdicts(
                {{verdict::regressed, 1.05}, {verdict::regressed, 1.2}, {verdict::improved, 0.1}})),
            "2 of 3 benchmarks regressed, most of all b1 by 20.0 %.");
}

TEST(ReportHeadline, DoesNotHideFailedAndMissingBehindRegressed) {
  EXPECT_EQ(
      headline(with_verdicts({{verdict::regressed, 1.05}, {verdict::failed, 1}, {verdict::missing, 1}})),
      "1 of 3 benchmarks regressed: b0 by 5.0 %; 1 failed and 1 is missing from head.");
}

TEST(ReportHeadline, SaysWhatStaysOpenWhereNothingRegressed) {
  EXPECT_EQ(headline(with_verdicts(
                {{verdict::equivalent, 1}, {verdict::inconclusive, 1}, {verdict::improved, 0.9}})),
            "No regression found in 3 benchmarks; 1 improved and 1 is inconclusive.");
}

TEST(ReportHeadline, DistinguishesNoChangeFromNotKnowing) {
  EXPECT_EQ(headline(with_verdicts({{verdict::equivalent, 1}, {verdict::equivalent, 1}})),
            "All 2 benchmarks take as long as before.");
  EXPECT_EQ(headline(with_verdicts({{verdict::inconclusive, 1}, {verdict::inconclusive, 1}})),
            "This run could not tell for any of its 2 benchmarks.");
}

TEST(ReportHeadline, HasASentenceForOneAndForNone) {
  EXPECT_EQ(headline(with_verdicts({{verdict::regressed, 1.05}})),
            "The only benchmark, b0, regressed by 5.0 %.");
  EXPECT_EQ(headline(with_verdicts({{verdict::equivalent, 1}})),
            "The only benchmark takes as long as before.");
  EXPECT_EQ(headline({}), "No benchmark was compared.");
}

TEST(ReportHeadline, MarksAnInterruptedRun) {
  auto file = with_verdicts({{verdict::equivalent, 1}});
  file.interrupted = true;
  EXPECT_EQ(headline(file),
            "The only benchmark takes as long as before; the run was interrupted before its end.");
}

TEST(ReportHeadline, CountsTheFailuresOfASingleRun) {
  EXPECT_EQ(headline(test::sample_single({.benchmarks = 12, .stacks = 1})),
            "11 benchmarks measured; 1 failed.");
}

TEST(ReportSummary, ShowsABenchmarkWithoutDecisionAsInconclusiveOrFailed) {
  store::benchmark benchmark;
  EXPECT_EQ(shown_decision(benchmark).verdict, verdict::inconclusive);
  benchmark.failure = "head crashed";
  EXPECT_EQ(shown_decision(benchmark).verdict, verdict::failed);
  EXPECT_EQ(shown_decision(benchmark).reason, "head crashed");
}

TEST(ReportSummary, PutsWhatNeedsALookFirst) {
  const auto file = with_verdicts({{verdict::equivalent, 1},
                                   {verdict::inconclusive, 1},
                                   {verdict::regressed, 1.02},
                                   {verdict::missing, 1},
                                   {verdict::regressed, 1.4},
                                   {verdict::failed, std::numeric_limits<double>::quiet_NaN()}});
  std::string order;
  for (const auto* benchmark : by_urgency(file)) order += benchmark->name + " ";
  EXPECT_EQ(order, "b4 b2 b5 b3 b1 b0 ");
}

TEST(ReportSummary, CountsOnlyVerdictsThatOccur) {
  EXPECT_EQ(counts_phrase(with_verdicts({{verdict::added, 1}, {verdict::regressed, 2}, {verdict::added, 1}})),
            "1 regressed, 2 new");
}

TEST(ReportSummary, ProfilesWithoutMeasurementsHaveNoVerdict) {
  store::result_file file;
  file.base.label = "a.json";
  file.head.label = "b.json";
  file.benchmarks.resize(1);
  EXPECT_FALSE(compares_profiles_only(file));
  file.benchmarks[0].paired.emplace();
  EXPECT_TRUE(compares_profiles_only(file));
  EXPECT_EQ(headline(file), "Profiles of a.json and b.json compared.");
  file.benchmarks[0].base_ns = 1;
  EXPECT_FALSE(compares_profiles_only(file));
}

}  // namespace
}  // namespace deft::report
