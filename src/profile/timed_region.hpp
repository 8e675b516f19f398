#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "symbols/stack_profile.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::profile {

/// The functions of Google Benchmark whose entry is marked: they start, stop and suspend a run's clock.
enum class timing_function : std::uint32_t { start, resume, pause, finish };

/// What the program reported of the run that it timed.
struct reported_run {
  double iterations = 0;     ///< 0: not told (a program that reports means only).
  double real_time_ns = 0;   ///< Of one iteration.
  double cpu_time_ns = 0;    ///< Of one iteration, all threads together.
  bool manual_time = false;  ///< The benchmark measures itself: `real_time_ns` is not what the clock saw.
};

struct timed_selection {
  std::vector<bool> keep;  ///< For each sample.
  std::string note;
};

/// Keeps the samples of the timed part by the entry marks: exact, for every thread and every pause. The run
/// is the longest one, because calibration runs are shorter. `pauses_complete` false: the kernel suppressed
/// marks of pauses, which are then ignored. Empty `keep` where the marks show no run that fits what was
/// reported.
timed_selection select_by_marks(std::span<const symbols::resolved_sample> samples,
                                std::span<const symbols::frame> frames,
                                std::span<const symbols::entry_mark> marks, bool pauses_complete,
                                const reported_run& reported);

/// Without marks: the samples of the last `iterations * real_time` before the last one below the benchmark
/// runner. An estimate: what the benchmark does after its loop, and its pauses, take the place of the loop's
/// beginning. The runner is known by its name or, in a library without symbols, as what calls back into
/// `program` (a base name). Where none is found, everything below main is kept.
timed_selection select_by_duration(std::span<const symbols::resolved_sample> samples,
                                   std::span<const symbols::frame> frames, const reported_run& reported,
                                   const std::string& program);

}  // namespace deft::profile
