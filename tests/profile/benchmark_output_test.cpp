#include "profile/benchmark_output.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex.h>

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

/// With the C library's extended regular expressions, one of the dialects that Google Benchmark is built
/// with.
bool matches(const std::string& pattern, const std::string& name) {
  regex_t compiled;
  if (::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool found = ::regexec(&compiled, name.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

TEST(ExactFilter, MatchesTheBenchmarkAndNothingElse) {
  for (const std::string name :
       {"BM_a", "BM_a/8", "BM<std::vector<int>>/1e5", "a.b*c+d?(e)[f]{g}^h$i|j\\k", "ns::BM"}) {
    const std::string pattern = exact_filter(name);
    EXPECT_TRUE(matches(pattern, name)) << pattern;
    EXPECT_FALSE(matches(pattern, name + "4"));
    EXPECT_FALSE(matches(pattern, "x" + name));
  }
  EXPECT_FALSE(matches(exact_filter("a.b"), "axb"));
}

TEST(ReadReportedRun, FindsTheRunOfTheBenchmark) {
  const auto run = read_reported_run(
      R"({"benchmarks": [{"name": "b", "iterations": 1, "real_time": 1},
                         {"name": "a", "run_type": "aggregate", "real_time": 9},
                         {"name": "a", "run_type": "iteration", "iterations": 20, "real_time": 2.5, "time_unit": "us"}]})",
      "program", "a");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->iterations, 20);
  EXPECT_EQ(run->real_time_ns, 2500);
  EXPECT_FALSE(run->manual_time);
}

TEST(ReadReportedRun, NamesTheProgramTheBenchmarkAndTheCause) {
  const auto message = [](const char* json) {
    const auto run = read_reported_run(json, "./program", "a/8");
    EXPECT_FALSE(run);
    EXPECT_EQ(run.error().kind, support::error_kind::benchmark_failed);
    EXPECT_THAT(run.error().message, HasSubstr("./program: a/8: "));
    return run.error().message;
  };
  EXPECT_THAT(
      message(R"({"benchmarks": [{"name": "a/8", "error_occurred": true, "error_message": "no file"}]})"),
      HasSubstr("no file"));
  EXPECT_THAT(message(R"({"benchmarks": [{"name": "a/80"}]})"), HasSubstr("not among the results"));
  for (const char* damaged : {"", "{", "[]", "null", R"({"benchmarks": 3})", R"({"benchmarks": [)"}) {
    EXPECT_THAT(message(damaged), HasSubstr("no result"));
  }
  message(R"({"benchmarks": [3, null, {"name": 7}]})");
}

}  // namespace
}  // namespace deft::profile
