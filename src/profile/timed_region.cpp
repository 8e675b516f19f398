#include "profile/timed_region.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

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
        runs.push_back(std::move(current));
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

bool is_runner(const symbols::frame& frame) {
  const std::string_view name = frame.function;
  if (name.starts_with("benchmark::Fixture::Run(")) return true;
  return name.starts_with("benchmark::internal::") && (name.find("::Run(") != std::string_view::npos ||
                                                       name.find("RunInThread(") != std::string_view::npos);
}

std::vector<bool> having(std::span<const symbols::resolved_sample> samples,
                         std::span<const symbols::frame> frames, bool (*predicate)(const symbols::frame&)) {
  std::vector<bool> wanted(frames.size());
  std::transform(frames.begin(), frames.end(), wanted.begin(), predicate);
  std::vector<bool> result(samples.size());
  std::transform(samples.begin(), samples.end(), result.begin(), [&](const symbols::resolved_sample& sample) {
    return std::any_of(sample.frames.begin(), sample.frames.end(),
                       [&](std::uint32_t f) { return wanted[f]; });
  });
  return result;
}

}  // namespace

timed_selection select_by_marks(std::span<const symbols::resolved_sample> samples,
                                std::span<const symbols::entry_mark> marks, bool pauses_complete,
                                const reported_run& reported) {
  const std::vector<run> runs = read_runs(marks, pauses_complete);
  const auto longest = std::max_element(
      runs.begin(), runs.end(), [](const run& a, const run& b) { return a.end - a.begin < b.end - b.begin; });
  if (longest == runs.end()) return {};
  // Marks can be lost with other records, and two runs then look like one: the program's own figure tells.
  const double expected_ns = reported.iterations * reported.real_time_ns;
  if (!reported.manual_time && pauses_complete) {
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
    selection.keep.push_back(timed);
  }
  return selection;
}

timed_selection select_by_duration(std::span<const symbols::resolved_sample> samples,
                                   std::span<const symbols::frame> frames, const reported_run& reported) {
  timed_selection selection;
  const std::vector<bool> below_runner = having(samples, frames, is_runner);
  std::optional<std::uint64_t> last;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (below_runner[i]) last = samples[i].time_ns;
  }
  const double duration_ns = std::round(reported.iterations * reported.real_time_ns);
  if (!last || !(duration_ns > 0)) {
    selection.keep = having(samples, frames, [](const symbols::frame& f) { return f.function == "main"; });
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (samples[i].tid != samples[i].pid) selection.keep[i] = true;
    }
    selection.note = "the timed part could not be told apart: set-up and calibration are included";
    return selection;
  }
  const double first_ns = static_cast<double>(*last) - duration_ns;
  for (const symbols::resolved_sample& sample : samples) {
    selection.keep.push_back(static_cast<double>(sample.time_ns) >= first_ns && sample.time_ns <= *last);
  }
  selection.note =
      "timed part estimated from the run's duration: work after the loop and pauses may be included";
  if (reported.manual_time)
    selection.note += "; the benchmark times itself, so that less than its loop is kept";
  return selection;
}

}  // namespace deft::profile
