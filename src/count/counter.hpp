#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "count/observation.hpp"
#include "measure/program.hpp"
#include "support/result.hpp"

namespace deft::count {

/// Counts instructions and allocations of the benchmarks of Google Benchmark programs, in processes that
/// nobody times.
class counter {
 public:
  /// What this machine lacks is said by each benchmark's `why_not`.
  explicit counter(std::chrono::milliseconds time_limit);

  /// `runs`: as many as another build of the benchmark was counted in, so that both did the same; 0: as many
  /// as suit it. An error only if the user interrupts, or there is no room for temporary files.
  support::result<observation> count(const measure::program& p, const std::string& benchmark,
                                     unsigned runs = 0) const;

 private:
  support::result<void> count_instructions(const measure::program& p, const std::string& benchmark,
                                           unsigned runs, observation& into) const;
  support::result<void> count_allocations(const measure::program& p, const std::string& benchmark,
                                          observation& into) const;

  std::chrono::milliseconds time_limit_;
  std::vector<std::string> valgrind_;
  std::string instruction_agent_;
  std::string allocation_agent_;
  std::string no_instructions_;  // why not, on this machine
  std::string no_allocations_;
};

/// In how many runs of 1, 10, 100, ... iterations a benchmark is counted of which one takes that many
/// instructions. More iterations show more of what happens now and then (a table that grows); under valgrind,
/// 200 million instructions take some seconds.
unsigned runs_for(double instructions_per_iteration) noexcept;

}  // namespace deft::count
