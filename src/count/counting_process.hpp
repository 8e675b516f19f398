#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "count/agent/run_record.hpp"
#include "measure/program.hpp"
#include "support/result.hpp"

namespace deft::count {

/// What one process that counted left behind.
struct counted_process {
  std::vector<std::uint64_t> iterations;    ///< Of each run that can be used.
  std::vector<agent::timed_run> runs;       ///< What the agent recorded, as many.
  std::uint64_t all_allocations = 0;        ///< Of the whole process.
  std::vector<std::uint64_t> instructions;  ///< Under valgrind: likewise.
};

/// How such a process is started.
struct counting_settings {
  std::string agent;                  ///< The library to preload.
  std::vector<std::string> valgrind;  ///< The command in front of the program's; empty: it runs by itself.
  unsigned runs = 2;                  ///< Of 1, 10, 100, ... iterations.
  std::chrono::milliseconds time_limit{60'000};
};

/// Runs one benchmark in a process of its own. An error of kind `unavailable` says why it could not be
/// counted so, one of kind `benchmark_failed` that the time was up, one of kind `interrupted` that the user
/// wants to stop.
support::result<counted_process> run_counted(const measure::program& p, const std::string& benchmark,
                                             const counting_settings& settings);

/// Empty if the benchmark runs when nobody counts, else how it fails.
support::result<std::string> how_it_fails(const measure::program& p, const std::string& benchmark,
                                          std::chrono::milliseconds time_limit);

/// The iterations of the runs that a benchmark made, of `made` runs of which the last had `last_iterations`:
/// 1, 10, 100, ...; empty if that does not fit. A benchmark whose name says how many iterations it wants
/// makes one run.
std::vector<std::uint64_t> iterations_of_runs(std::string_view benchmark, std::uint64_t made,
                                              std::uint64_t last_iterations);

}  // namespace deft::count
