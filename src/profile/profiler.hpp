#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/process.hpp"
#include "support/result.hpp"
#include "symbols/annotate.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

/// "available", or the reason why this process may not sample with perf_event (and what would help).
std::string perf_event_state();

/// One benchmark of an unmodified Google Benchmark program, to be run once more under the profiler, never
/// timed.
struct benchmark_profile_request {
  std::string program;    ///< Path of the benchmark program.
  std::string benchmark;  ///< Full name as the program lists it; matched exactly, not as a pattern.
  std::vector<std::string> arguments;                            ///< Given to the program before deft's own.
  std::vector<std::pair<std::string, std::string>> environment;  ///< Set on top of the inherited one.
  double min_time_s = 1.0;      ///< --benchmark_min_time of the profiled run.
  unsigned frequency_hz = 499;  ///< Samples per second and thread; lowered to what the kernel allows.
  std::chrono::milliseconds time_limit = std::chrono::seconds{60};  ///< The program is killed after that.
};

/// One run of a benchmark under the profiler.
struct profiled_run {
  symbols::stack_profile profile;  ///< Of its timed part.
  double iteration_ns = 0;         ///< Processor time of an iteration, as the program reported it.
};

/// Takes profiles of benchmarks. Keeps what it read of programs and libraries, so that the second profile of
/// the same program costs little more than its run; one object per run of deft, used by one thread at a time.
class benchmark_profiler {
 public:
  benchmark_profiler();
  benchmark_profiler(benchmark_profiler&&) noexcept;
  benchmark_profiler& operator=(benchmark_profiler&&) noexcept;
  ~benchmark_profiler();

  /// Runs the benchmark and returns where its timed part spent CPU time. Where perf_event is refused, a
  /// preloaded agent samples it; where that is impossible, too, it is a profile without stacks whose
  /// `unavailable` says why (and the program is not run). Errors: the program
  /// cannot be started, crashes, exceeds the time limit, or reports no such benchmark (`benchmark_failed`);
  /// `interrupted`.
  support::result<symbols::stack_profile> profile(const benchmark_profile_request& request);

  /// The same, and what the program reported. Adds to `leaves` at which instructions samples were taken.
  support::result<profiled_run> run(const benchmark_profile_request& request,
                                    symbols::leaf_counts* leaves = nullptr);

  /// The hottest functions, instruction by instruction, by what `run` added to `leaves`.
  std::vector<symbols::annotated_function> annotate(const symbols::leaf_counts& leaves,
                                                    const symbols::annotate_limits& limits);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::profile
