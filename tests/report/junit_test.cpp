// That the XML is well-formed for a parser of other people: tests/cli/publish_test.py.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/publish.hpp"
#include "tests/report/paired_sample.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

using stats::verdict;
using testing::HasSubstr;
using testing::Not;

/// What stands between the tags of the only test case.
std::string case_of(verdict v, const strictness& rules = {}) {
  store::result_file file;
  file.benchmarks.resize(1);
  file.benchmarks[0].name = "b";
  file.benchmarks[0].decision.emplace().verdict = v;
  file.benchmarks[0].decision->reason = "because";
  const std::string text = to_junit(file, rules);
  const std::size_t begin = text.find("<testcase");
  return text.substr(begin, text.find("</testcase>") - begin);
}

TEST(ReportJUnit, ARegressionIsAFailureAndACrashAnError) {
  EXPECT_THAT(case_of(verdict::regressed),
              HasSubstr(R"(<failure message="regressed: because" type="regressed">)"));
  EXPECT_THAT(case_of(verdict::failed), HasSubstr(R"(<error message="failed: because" type="failed">)"));
}

TEST(ReportJUnit, ARegressionNamesTheFunctionThatMadeIt) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  test::add_paired(file);
  EXPECT_THAT(to_junit(file), HasSubstr("confirmed by fresh data; made slower by hash_part (+"));
}

TEST(ReportJUnit, AMissingBenchmarkIsAFailureUnlessAllowed) {
  EXPECT_THAT(case_of(verdict::missing), HasSubstr("<failure "));
  EXPECT_THAT(case_of(verdict::missing, {.missing_fails = false}),
              HasSubstr("<skipped message=\"missing: because\"/>"));
}

TEST(ReportJUnit, AnInconclusiveBenchmarkWasSkippedUnlessStrict) {
  EXPECT_THAT(case_of(verdict::inconclusive), HasSubstr("<skipped message=\"inconclusive: because\"/>"));
  EXPECT_THAT(case_of(verdict::inconclusive, {.inconclusive_fails = true}), HasSubstr("<failure "));
}

TEST(ReportJUnit, EverythingElsePassesAndTellsItsFigures) {
  for (const verdict v : {verdict::equivalent, verdict::improved, verdict::added}) {
    const std::string text = case_of(v);
    EXPECT_THAT(text, Not(HasSubstr("<failure")));
    EXPECT_THAT(text, Not(HasSubstr("<skipped")));
    EXPECT_THAT(text, HasSubstr("<system-out>"));
    EXPECT_THAT(text, HasSubstr("A/A control"));
    EXPECT_THAT(text, HasSubstr("could see"));
  }
}

TEST(ReportJUnit, CountsWhatItHolds) {
  const std::string text = to_junit(test::sample_comparison({.rounds = 2, .stacks = 0}));
  EXPECT_THAT(
      text,
      HasSubstr(R"(<testsuites name="deft" tests="12" failures="3" errors="1" skipped="2" time="192.400">)"));
  EXPECT_THAT(text, HasSubstr(R"(timestamp="2026-11-22T07:30:00")"));
  EXPECT_THAT(text, HasSubstr(R"(<property name="control" value="A/A control: base against itself)"));
}

TEST(ReportJUnit, AnInterruptedRunIsNeverGreen) {
  store::result_file file;
  file.interrupted = true;
  EXPECT_THAT(to_junit(file), HasSubstr(R"(tests="1" failures="0" errors="1")"));
}

TEST(ReportJUnit, TheSameResultGivesTheSameBytes) {
  const auto file = test::sample_comparison({.rounds = 2, .stacks = 0});
  EXPECT_EQ(to_junit(file), to_junit(file));
}

}  // namespace
}  // namespace deft::report
