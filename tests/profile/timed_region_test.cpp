#include "profile/timed_region.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto start = timing_function::start;
constexpr auto resume = timing_function::resume;
constexpr auto pause = timing_function::pause;
constexpr auto finish = timing_function::finish;

enum frame_number : std::uint32_t { in_main, in_runner, in_benchmark, in_pause, in_library };

const std::vector<symbols::frame> frames = {
    {.function = "main", .module = "program", .file = "", .line = 0, .inlined = false},
    {.function = "benchmark::internal::BenchmarkInstance::Run(unsigned long) const",
     .module = "program",
     .file = "",
     .line = 0,
     .inlined = false},
    {.function = "BM_work", .module = "program", .file = "", .line = 0, .inlined = false},
    {.function = "benchmark::State::PauseTiming()",
     .module = "program",
     .file = "",
     .line = 0,
     .inlined = false},
    {.function = "[libbenchmark.so.1+0x10]",
     .module = "libbenchmark.so.1",
     .file = "",
     .line = 0,
     .inlined = false}};

symbols::resolved_sample sample(std::uint64_t time_ns, std::uint32_t tid = 1,
                                std::vector<std::uint32_t> stack = {in_main, in_runner, in_benchmark}) {
  return {.time_ns = time_ns, .pid = 1, .tid = tid, .rooted = true, .frames = std::move(stack)};
}

symbols::entry_mark mark(std::uint64_t time_ns, timing_function function, std::uint32_t tid = 1) {
  return {time_ns, tid, static_cast<std::uint32_t>(function)};
}

reported_run reported(double total_ns) {
  return {.iterations = 1, .real_time_ns = total_ns, .manual_time = false};
}

std::vector<std::uint64_t> kept_times(const std::vector<symbols::resolved_sample>& samples,
                                      const timed_selection& selection) {
  std::vector<std::uint64_t> times;
  for (std::size_t i = 0; i < selection.keep.size(); ++i) {
    if (selection.keep[i]) times.push_back(samples[i].time_ns);
  }
  return times;
}

TEST(SelectByMarks, KeepsTheLongestRunAndNeitherSetUpNorCalibrationNorWhatComesAfter) {
  const std::vector<symbols::resolved_sample> samples = {sample(5),   sample(15),  sample(50),
                                                         sample(110), sample(190), sample(250)};
  const std::vector<symbols::entry_mark> marks = {mark(10, start), mark(20, finish), mark(100, start),
                                                  mark(200, finish)};
  const timed_selection selection = select_by_marks(samples, frames, marks, true, reported(100));
  EXPECT_THAT(kept_times(samples, selection), ElementsAre(110, 190));
}

TEST(SelectByMarks, LeavesPausesOut) {
  const std::vector<symbols::resolved_sample> samples = {sample(110), sample(130), sample(150), sample(170)};
  const std::vector<symbols::entry_mark> marks = {mark(100, start),  mark(101, resume), mark(120, pause),
                                                  mark(140, resume), mark(160, pause),  mark(180, resume),
                                                  mark(200, finish), mark(201, pause)};
  EXPECT_THAT(kept_times(samples, select_by_marks(samples, frames, marks, true, reported(60))),
              ElementsAre(110, 150));
  // Suppressed marks: then all of the loop, and it is said.
  const timed_selection loop = select_by_marks(samples, frames, marks, false, reported(60));
  EXPECT_THAT(kept_times(samples, loop), ElementsAre(110, 130, 150, 170));
  EXPECT_THAT(loop.note, HasSubstr("PauseTiming"));
}

TEST(SelectByMarks, TimesEachThreadByItsOwnClock) {
  const std::vector<symbols::resolved_sample> samples = {sample(105, 1), sample(105, 2), sample(150, 2),
                                                         sample(195, 1), sample(195, 2)};
  const std::vector<symbols::entry_mark> marks = {mark(100, start, 1), mark(110, start, 2),
                                                  mark(190, finish, 1), mark(200, finish, 2)};
  const timed_selection selection = select_by_marks(samples, frames, marks, true, reported(90));
  EXPECT_EQ(selection.keep, (std::vector<bool>{true, false, true, false, true}));
}

TEST(SelectByMarks, CountsThreadsThatTheBenchmarkStartedWhileItIsTimed) {
  const std::vector<symbols::resolved_sample> samples = {sample(50, 7), sample(150, 7), sample(250, 7)};
  const std::vector<symbols::entry_mark> marks = {mark(100, start), mark(200, finish)};
  EXPECT_THAT(kept_times(samples, select_by_marks(samples, frames, marks, true, reported(100))),
              ElementsAre(150));
}

TEST(SelectByMarks, LeavesTheSwitchingOfTheClockOut) {
  const std::vector<symbols::resolved_sample> samples = {sample(150, 1, {in_main, in_benchmark, in_pause}),
                                                         sample(160)};
  const std::vector<symbols::entry_mark> marks = {mark(100, start), mark(200, finish)};
  EXPECT_THAT(kept_times(samples, select_by_marks(samples, frames, marks, true, reported(100))),
              ElementsAre(160));
}

TEST(SelectByMarks, RefusesMarksThatDoNotFitWhatTheProgramReported) {
  const std::vector<symbols::resolved_sample> samples = {sample(150)};
  const std::vector<symbols::entry_mark> marks = {mark(100, start), mark(200, finish)};
  EXPECT_TRUE(select_by_marks(samples, frames, marks, true, reported(1000)).keep.empty());
  EXPECT_TRUE(select_by_marks(samples, frames, {}, true, reported(100)).keep.empty());
  EXPECT_TRUE(
      select_by_marks(samples, frames, std::vector{mark(100, start)}, true, reported(100)).keep.empty());
  const reported_run own_clock{.iterations = 1, .real_time_ns = 3, .manual_time = true};
  EXPECT_FALSE(select_by_marks(samples, frames, marks, true, own_clock).keep.empty());
  const reported_run means_only{.iterations = 0, .real_time_ns = 3, .manual_time = false};
  EXPECT_FALSE(select_by_marks(samples, frames, marks, true, means_only).keep.empty());
}

TEST(SelectByMarks, IgnoresARunWhoseBeginningWasNotSeen) {
  const std::vector<symbols::resolved_sample> samples = {sample(50), sample(150)};
  const std::vector<symbols::entry_mark> marks = {mark(20, resume), mark(60, finish), mark(100, start),
                                                  mark(200, finish)};
  EXPECT_THAT(kept_times(samples, select_by_marks(samples, frames, marks, true, reported(100))),
              ElementsAre(150));
}

TEST(SelectByDuration, KeepsTheLastStretchBelowTheRunner) {
  const std::vector<symbols::resolved_sample> samples = {sample(5, 1, {in_main}), sample(50), sample(110),
                                                         sample(200), sample(250, 1, {in_main})};
  const timed_selection selection = select_by_duration(samples, frames, reported(100), "program");
  EXPECT_THAT(kept_times(samples, selection), ElementsAre(110, 200));
  EXPECT_THAT(selection.note, HasSubstr("estimated"));
}

TEST(SelectByDuration, KnowsTheRunnerOfALibraryWithoutSymbolsByItsCallIntoTheProgram) {
  const std::vector<symbols::resolved_sample> samples = {sample(50, 1, {in_main, in_library, in_benchmark}),
                                                         sample(200, 1, {in_main, in_library, in_benchmark}),
                                                         sample(250, 1, {in_main, in_library})};
  EXPECT_THAT(kept_times(samples, select_by_duration(samples, frames, reported(100), "program")),
              ElementsAre(200));
}

TEST(SelectByDuration, KeepsEverythingBelowMainAndSaysSoWhereThereIsNoRunner) {
  const std::vector<symbols::resolved_sample> samples = {sample(5, 1, {in_library}), sample(50, 1, {in_main}),
                                                         sample(60, 2, {in_library})};
  const timed_selection selection = select_by_duration(samples, frames, reported(10), "other");
  EXPECT_THAT(kept_times(samples, selection), ElementsAre(50, 60));
  EXPECT_THAT(selection.note, HasSubstr("could not be told apart"));
}

}  // namespace
}  // namespace deft::profile
