#include "profile/profiler.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "support/interrupt.hpp"
#include "tests/profile/perf_permitted.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

benchmark_profile_request request_for(const std::string& benchmark) {
  benchmark_profile_request request;
  request.program = DEFT_TEST_PROGRAMS "/timed_parts";
  request.benchmark = benchmark;
  request.min_time_s = 0.2;
  request.time_limit = std::chrono::seconds(60);
  return request;
}

support::result<symbols::stack_profile> profile(const benchmark_profile_request& request) {
  static benchmark_profiler profiler;
  return profiler.profile(request);
}

/// Samples below any frame of this function.
std::uint64_t samples_in(const symbols::stack_profile& profile, const std::string& function) {
  std::uint64_t count = 0;
  for (const symbols::folded_stack& stack : profile.stacks) {
    if (std::any_of(stack.frames.begin(), stack.frames.end(), [&](std::uint32_t number) {
          // g++ writes no parameter list into the names of internal functions, clang does.
          const std::string& name = profile.frames[number].function;
          return name == "(anonymous namespace)::" + function ||
                 name.starts_with("(anonymous namespace)::" + function + "(");
        })) {
      count += stack.count;
    }
  }
  return count;
}

bool timed_part_is_exact(const symbols::stack_profile& profile) {
  const bool exact = profile.note.find("by marks") != std::string::npos;
  if (!exact) std::cout << "[   NOTE   ] no breakpoint registers here: " << profile.note << '\n';
  return exact;
}

void expect_refusal(const support::result<symbols::stack_profile>& taken) {
  if (!taken) return;  // the agent's run told what is wrong with the benchmark
  EXPECT_THAT(taken->unavailable + taken->note, HasSubstr(perf_event_state()));
  EXPECT_EQ(taken->stacks.empty(), taken->samples == 0);
}

TEST(BenchmarkProfiler, KeepsTheLoopAndDiscardsSetUpTearDownAndCalibration) {
  const auto taken = profile(request_for("set_up_and_tear_down"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  ASSERT_GT(taken->samples, 20U) << "lost " << taken->lost;
  EXPECT_GT(taken->discarded, 20U);
  EXPECT_EQ(taken->frequency_hz, 499U);
  EXPECT_EQ(taken->unavailable, "");
  EXPECT_LE(taken->unrooted, 1 + taken->samples / 100) << formats::to_collapsed(*taken);
  EXPECT_GT(samples_in(*taken, "timed_work"), 0U) << formats::to_collapsed(*taken);
  if (!timed_part_is_exact(*taken)) return;
  EXPECT_EQ(samples_in(*taken, "set_up"), 0U) << formats::to_collapsed(*taken);
  EXPECT_EQ(samples_in(*taken, "tear_down"), 0U) << formats::to_collapsed(*taken);
  EXPECT_GE(samples_in(*taken, "timed_work"), taken->samples * 9 / 10) << formats::to_collapsed(*taken);
}

TEST(BenchmarkProfiler, DiscardsWhatABenchmarkDoesWhileItsClockIsPaused) {
  const auto taken = profile(request_for("pauses"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_GT(samples_in(*taken, "timed_work"), 20U) << formats::to_collapsed(*taken);
  if (!timed_part_is_exact(*taken)) return;
  EXPECT_EQ(samples_in(*taken, "paused_work"), 0U) << formats::to_collapsed(*taken);
}

TEST(BenchmarkProfiler, SamplesEveryThreadOfABenchmark) {
  const auto taken = profile(request_for("threads/real_time/threads:2"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_GE(samples_in(*taken, "timed_work"), taken->samples * 9 / 10) << formats::to_collapsed(*taken);
  const auto below = [&](const char* root) {
    std::uint64_t count = 0;
    for (const symbols::folded_stack& stack : taken->stacks) {
      const auto has_root = [&](std::uint32_t number) { return taken->frames[number].function == root; };
      if (std::any_of(stack.frames.begin(), stack.frames.end(), has_root)) count += stack.count;
    }
    return count;
  };
  EXPECT_GT(below("main"), 0U) << formats::to_collapsed(*taken);
  EXPECT_LT(below("main"), taken->samples) << formats::to_collapsed(*taken);
}

TEST(BenchmarkProfiler, TakesBenchmarksThatTimeThemselves) {
  const auto taken = profile(request_for("own_clock/manual_time"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_GT(samples_in(*taken, "timed_work"), 20U) << formats::to_collapsed(*taken);
}

TEST(BenchmarkProfiler, GivesTheSumOfTheStacksAsItsSamples) {
  const auto taken = profile(request_for("threads/real_time/threads:2"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  std::uint64_t sum = 0;
  for (const symbols::folded_stack& stack : taken->stacks) sum += stack.count;
  EXPECT_EQ(sum, taken->samples);
}

TEST(BenchmarkProfiler, SaysSoWhereABenchmarkUsesNoProcessorTime) {
  const auto taken = profile(request_for("idle/iterations:5"));
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->samples == 0, taken->note.find("no sample") != std::string::npos) << taken->note;
}

TEST(BenchmarkProfiler, PassesArgumentsAndEnvironmentOn) {
  auto request = request_for("pauses");
  request.arguments = {"--benchmark_list_tests=true"};
  const auto taken = profile(request);
  if (!testing::perf_permitted()) return expect_refusal(taken);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("without writing its results"));
}

TEST(BenchmarkProfiler, ReportsWhyABenchmarkCouldNotBeProfiled) {
  if (!testing::perf_permitted()) return expect_refusal(profile(request_for("crashes")));
  const auto message = [](const benchmark_profile_request& request) {
    const auto taken = profile(request);
    EXPECT_FALSE(taken);
    EXPECT_EQ(taken.error().kind, support::error_kind::benchmark_failed);
    EXPECT_THAT(taken.error().message, HasSubstr(request.program + ": " + request.benchmark + ": "));
    return taken.error().message;
  };
  EXPECT_THAT(message(request_for("reports_error")), HasSubstr("no input file"));
  EXPECT_THAT(message(request_for("crashes")), HasSubstr("SIGABRT"));
  EXPECT_THAT(message(request_for("no_such_benchmark")), HasSubstr("without writing its results"));
  auto hanging = request_for("hangs");
  hanging.time_limit = std::chrono::milliseconds(300);
  EXPECT_THAT(message(hanging), HasSubstr("time limit"));
  auto absent = request_for("a");
  absent.program = "/nowhere/program";
  const auto taken = profile(absent);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("/nowhere/program"));
}

TEST(BenchmarkProfiler, StopsWhenTheUserInterrupts) {
  if (!testing::perf_permitted()) return;
  support::set_interrupted(true);
  const auto taken = profile(request_for("hangs"));
  support::set_interrupted(false);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, support::error_kind::interrupted);
}

}  // namespace
}  // namespace deft::profile
