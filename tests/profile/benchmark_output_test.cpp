#include "profile/benchmark_output.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

TEST(ReadReportedRun, FindsTheRunOfTheBenchmark) {
  const auto run = read_reported_run(
      R"({"benchmarks": [{"name": "b", "iterations": 1, "cpu_time": 1, "real_time": 1},
                         {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "aggregate_name": "mean",
                          "cpu_time": 9, "real_time": 9},
                         {"name": "a", "run_type": "iteration", "iterations": 20, "cpu_time": 2, "real_time": 2.5,
                          "time_unit": "us"}]})",
      "program", "a");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->iterations, 20);
  EXPECT_EQ(run->real_time_ns, 2500);
  EXPECT_FALSE(run->manual_time);
}

TEST(ReadReportedRun, ReadsPastCountersThatAreNotFinite) {
  const auto run = read_reported_run(
      R"({"benchmarks": [{"name": "a", "iterations": 20, "cpu_time": 2, "real_time": 2.5, "n": NaN}]})",
      "program", "a");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->iterations, 20);
}

TEST(ReadReportedRun, KnowsNoIterationsOfMeans) {
  const auto run =
      read_reported_run(R"({"benchmarks": [{"name": "a_mean", "run_name": "a", "run_type": "aggregate",
                                            "aggregate_name": "mean", "iterations": 3, "cpu_time": 9, "real_time": 9}]})",
                        "program", "a");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->iterations, 0);
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
  EXPECT_THAT(message(R"({"benchmarks": [{"name": "a/80"}]})"),
              HasSubstr("no result of a benchmark of this name"));
  EXPECT_THAT(message(""), HasSubstr("without writing its results"));
  for (const char* damaged : {"{", "[]", "null", R"({"benchmarks": 3})", R"({"benchmarks": [)"}) {
    EXPECT_THAT(message(damaged), HasSubstr("its result is"));
  }
  message(R"({"benchmarks": [3, null, {"name": 7}]})");
}

}  // namespace
}  // namespace deft::profile
