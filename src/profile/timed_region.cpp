#include "profile/timed_region.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace deft::profile {
namespace {

struct interval {
  std::uint64_t begin;
  std::uint64_t end;
};

// In ascending order, and no two overlap: one thread's clock is on or off.
using timed_intervals = std::vector<interval>;

struct run {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::map<std::uint32_t, timed_intervals> threads;
};

bool covers(const timed_intervals& intervals, std::uint64_t time_ns) {
  const auto after = std::upper_bound(intervals.begin(), intervals.end(), time_ns,
                                      [](std::uint64_t t, const interval& i) { return t < i.begin; });
  return after != intervals.begin() && time_ns < std::prev(after)->end;
}

// Runs follow each other: all threads of one start before a barrier and end behind one.
std::vector<run> read_runs(std::span<const symbols::entry_mark> marks, bool pauses_complete) {
  struct thread_clock {
    bool on = false;
    std::uint64_t since = 0;
  };

  std::vector<run> runs;
  run current;
  std::map<std::uint32_t, thread_clock> running;
  for (const symbols::entry_mark& mark : marks) {
    const auto function = static_cast<timing_function>(mark.function);
    const auto found = running.find(mark.tid);
    if (function == timing_function::start) {
      if (running.empty()) current = {.begin = mark.time_ns, .end = 0, .threads = {}};
      running[mark.tid] = {true, mark.time_ns};
      continue;
    }
    if (found == running.end())
      continue;  // the finish calls pause; and marks may begin in the middle of a run
    thread_clock& clock = found->second;
    const bool stops = function == timing_function::finish || function == timing_function::pause;
    if (function != timing_function::finish && !pauses_complete) continue;
    if (stops && clock.on) {
      current.threads[mark.tid].push_back({clock.since, mark.time_ns});
      clock.on = false;
    } else if (!stops && !clock.on) {
      clock = {true, mark.time_ns};
    }
    if (function == timing_function::finish) {
      running.erase(found);
      if (running.empty()) {
        current.end = mark.time_ns;
        runs.push_back(std::exchange(current, {}));
      }
    }
  }
  return runs;
}

double mean_timed_ns(const run& of) {
  double sum = 0;
  for (const auto& [thread, intervals] : of.threads) {
    for (const interval& each : intervals) sum += static_cast<double>(each.end - each.begin);
  }
  return of.threads.empty() ? 0 : sum / static_cast<double>(of.threads.size());
}

// Switching the clock is not the benchmark's work, and the marks make it slow: an exception each.
bool switches_clock(const symbols::resolved_sample& sample, std::span<const symbols::frame> frames) {
  return std::any_of(sample.frames.begin(), sample.frames.end(), [&](std::uint32_t number) {
    const std::string_view name = frames[number].function;
    return name == "benchmark::State::StartKeepRunning()" || name == "benchmark::State::ResumeTiming()" ||
           name == "benchmark::State::PauseTiming()" || name == "benchmark::State::FinishKeepRunning()";
  });
}

bool is_runner(const symbols::frame& frame) {
  const std::string_view name = frame.function;
  if (name.starts_with("benchmark::Fixture::Run(")) return true;
  return name.starts_with("benchmark::internal::") && (name.find("::Run(") != std::string_view::npos ||
                                                       name.find("RunInThread(") != std::string_view::npos);
}

bool is_below_runner(const symbols::resolved_sample& sample, std::span<const symbols::frame> frames,
                     const std::string& program) {
  bool in_library = false;
  for (const std::uint32_t number : sample.frames) {
    const symbols::frame& frame = frames[number];
    if (is_runner(frame) || (in_library && frame.module == program)) return true;
    in_library =
        in_library || (frame.module != program && frame.module.find("benchmark") != std::string::npos);
  }
  return false;
}

bool is_below_main(const symbols::resolved_sample& sample, std::span<const symbols::frame> frames) {
  return sample.tid != sample.pid ||
         std::any_of(sample.frames.begin(), sample.frames.end(),
                     [&](std::uint32_t number) { return frames[number].function == "main"; });
}

}  // namespace

timed_selection select_by_marks(std::span<const symbols::resolved_sample> samples,
                                std::span<const symbols::frame> frames,
                                std::span<const symbols::entry_mark> marks, bool pauses_complete,
                                const reported_run& reported) {
  const std::vector<run> runs = read_runs(marks, pauses_complete);
  const auto longest = std::max_element(
      runs.begin(), runs.end(), [](const run& a, const run& b) { return a.end - a.begin < b.end - b.begin; });
  if (longest == runs.end()) return {};
  // Marks can be lost with other records, and two runs then look like one: the program's own figure tells.
  const double expected_ns = reported.iterations * reported.real_time_ns;
  if (expected_ns > 0 && !reported.manual_time && pauses_complete) {
    const double ratio = mean_timed_ns(*longest) / expected_ns;
    constexpr double tolerance = 1.5;  // versions differ in how they count the iterations of several threads
    const double threads = static_cast<double>(longest->threads.size());
    if (!(ratio > 1 / (tolerance * threads) && ratio < tolerance * threads)) return {};
  }

  timed_selection selection;
  selection.note = pauses_complete
                       ? "timed part found by marks in the benchmark library"
                       : "timed part found by marks in the benchmark library; code between PauseTiming "
                         "and ResumeTiming is included, because it pauses too often to be marked";
  selection.keep.reserve(samples.size());
  for (const symbols::resolved_sample& sample : samples) {
    const auto own = longest->threads.find(sample.tid);
    // Threads that the benchmark itself started count while any of the timed ones does.
    const bool timed =
        own != longest->threads.end()
            ? covers(own->second, sample.time_ns)
            : std::any_of(longest->threads.begin(), longest->threads.end(),
                          [&](const auto& thread) { return covers(thread.second, sample.time_ns); });
    selection.keep.push_back(timed && !switches_clock(sample, frames));
  }
  return selection;
}

timed_selection select_by_duration(std::span<const symbols::resolved_sample> samples,
                                   std::span<const symbols::frame> frames, const reported_run& reported,
                                   const std::string& program) {
  timed_selection selection;
  selection.keep.reserve(samples.size());
  const auto last = std::find_if(
      samples.rbegin(), samples.rend(),
      [&](const symbols::resolved_sample& sample) { return is_below_runner(sample, frames, program); });
  const double duration_ns = std::round(reported.iterations * reported.real_time_ns);
  if (last == samples.rend() || !(duration_ns > 0)) {
    for (const symbols::resolved_sample& sample : samples)
      selection.keep.push_back(is_below_main(sample, frames));
    selection.note = "the timed part could not be told apart: set-up and calibration are included";
    return selection;
  }
  const double first_ns = static_cast<double>(last->time_ns) - duration_ns;
  for (const symbols::resolved_sample& sample : samples) {
    selection.keep.push_back(static_cast<double>(sample.time_ns) >= first_ns &&
                             sample.time_ns <= last->time_ns && !switches_clock(sample, frames));
  }
  selection.note =
      "timed part estimated from the run's duration: work after the loop and pauses may be included";
  if (reported.manual_time)
    selection.note += "; the benchmark times itself, so that less than its loop is kept";
  return selection;
}

}  // namespace deft::profile
