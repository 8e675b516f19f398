#include "measure/benchmark_output.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::measure {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string document(const std::string& rows) {
  return R"({"context": {"library_build_type": "debug"}, "benchmarks": [)" + rows + "]}";
}

std::string row(const std::string& name, const std::string& more) {
  return R"({"name": ")" + name + R"(", "run_name": ")" + name + R"(", "run_type": "iteration", )" + more +
         "}";
}

TEST(BenchmarkOutput, KeepsTheRepetitionsInTheirOrder) {
  const auto run = parse_benchmark_output(
      document(row("a", R"("iterations": 10, "real_time": 2.0, "cpu_time": 1.5, "time_unit": "ns")") + "," +
               row("a", R"("iterations": 10, "real_time": 3.0, "cpu_time": 2.5, "time_unit": "ns")")),
      "a");
  ASSERT_TRUE(run) << run.error().message;
  ASSERT_THAT(*run, SizeIs(2));
  EXPECT_EQ((*run)[0].cpu_ns, 1.5);
  EXPECT_EQ((*run)[1].real_ns, 3.0);
  EXPECT_EQ((*run)[1].iterations, 10U);
}

TEST(BenchmarkOutput, ConvertsEveryTimeUnitToNanoseconds) {
  for (const auto& [unit, scale] :
       {std::pair<const char*, double>{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}) {
    const auto run = parse_benchmark_output(
        document(row("a", R"("real_time": 2.0, "cpu_time": 1.0, "time_unit": ")" + std::string(unit) + '"')),
        "a");
    ASSERT_TRUE(run) << run.error().message;
    EXPECT_EQ(run->front().cpu_ns, scale) << unit;
    EXPECT_EQ(run->front().real_ns, 2 * scale) << unit;
  }
}

TEST(BenchmarkOutput, IgnoresAggregatesBesideRepetitions) {
  const auto run = parse_benchmark_output(
      document(row("a", R"("real_time": 2.0, "cpu_time": 1.0, "time_unit": "ns")") +
               R"(,{"name": "a_mean", "run_name": "a", "run_type": "aggregate", "aggregate_name": "mean",
                  "real_time": 9.0, "cpu_time": 9.0, "time_unit": "ns"})"),
      "a");
  ASSERT_TRUE(run) << run.error().message;
  ASSERT_THAT(*run, SizeIs(1));
  EXPECT_EQ(run->front().cpu_ns, 1.0);
}

TEST(BenchmarkOutput, TakesTheMeanWhereThereAreAggregatesOnly) {
  const auto run = parse_benchmark_output(
      document(R"({"name": "a_mean", "run_name": "a", "run_type": "aggregate", "aggregate_name": "mean",
                   "real_time": 9.0, "cpu_time": 8.0, "time_unit": "ns"},
                  {"name": "a_cv", "run_name": "a", "run_type": "aggregate", "aggregate_name": "cv",
                   "real_time": 0.1, "cpu_time": 0.1, "time_unit": "ns"})"),
      "a");
  ASSERT_TRUE(run) << run.error().message;
  ASSERT_THAT(*run, SizeIs(1));
  EXPECT_EQ(run->front().cpu_ns, 8.0);
}

TEST(BenchmarkOutput, ReadsPastCountersThatAreNotFinite) {
  const auto run = parse_benchmark_output(
      document(row(
          "a NaN \\\" -Infinity",
          R"("real_time": 2.0, "cpu_time": 1.0, "time_unit": "ns", "n": NaN, "m": -NaN, "i": -Infinity)")),
      "a NaN \" -Infinity");
  ASSERT_TRUE(run) << run.error().message;
}

TEST(BenchmarkOutput, ReportsTheProgramsOwnError) {
  const auto run = parse_benchmark_output(
      document(
          row("a", R"("error_occurred": true, "error_message": "no input", "real_time": 0, "cpu_time": 0)")),
      "a");
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, support::error_kind::benchmark_failed);
  EXPECT_THAT(run.error().message, HasSubstr("no input"));
}

TEST(BenchmarkOutput, TellsASkippedBenchmarkFromAFailedOne) {
  const auto run =
      parse_benchmark_output(document(row("a", R"("skipped": true, "skip_message": "no AVX-512")")), "a");
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, support::error_kind::unavailable);
  EXPECT_THAT(run.error().message, HasSubstr("no AVX-512"));
}

TEST(BenchmarkOutput, RefusesWhatIsCutOffAtAnyByte) {
  const std::string whole = document(row("a", R"("real_time": 2.0, "cpu_time": 1.0, "time_unit": "ns")"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(parse_benchmark_output(std::string_view(whole).substr(0, length), "a")) << length;
  }
}

TEST(BenchmarkOutput, RefusesJsonOfAnotherKind) {
  for (const char* text :
       {"[]", "{}", "3", R"({"benchmarks": 3})", R"({"benchmarks": [3]})",
        R"({"benchmarks": [{"name": "a"}]})", R"({"benchmarks": [{"name": "a", "cpu_time": "x"}]})"}) {
    const auto run = parse_benchmark_output(text, "a");
    ASSERT_FALSE(run) << text;
    EXPECT_EQ(run.error().kind, support::error_kind::benchmark_failed);
  }
}

TEST(BenchmarkOutput, PutsTheProgramsWordsInOneLine) {
  for (const char* row : {R"({"name": "a", "error_occurred": true, "error_message": "two\nlines"})",
                          R"({"name": "a", "skipped": true, "skip_message": "two\nlines"})"}) {
    const auto run = parse_benchmark_output(document(row), "a");
    ASSERT_FALSE(run);
    EXPECT_NE(run.error().message.find("two?lines"), std::string::npos) << run.error().message;
  }
}

TEST(BenchmarkOutput, DoesNotTakeAnotherBenchmarksRow) {
  EXPECT_FALSE(parse_benchmark_output(
      document(row("ab", R"("real_time": 2.0, "cpu_time": 1.0, "time_unit": "ns")")), "a"));
}

}  // namespace
}  // namespace deft::measure
