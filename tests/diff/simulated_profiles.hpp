#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "diff/profile_rounds.hpp"

namespace deft::tests {

struct simulated_circumstances {
  std::size_t rounds = 12;
  std::uint32_t fewest_samples = 300;  ///< Of a process.
  std::uint32_t most_samples = 600;
  double process = 0.01;  ///< Standard deviation of the log time between processes.
  double wild = 0.05;     ///< Share of the processes that are off by `wild_size`, either way.
  double wild_size = 0.10;
  double function = 0;  ///< Standard deviation of each function's log time between processes.
  double drift = 0;     ///< By how much the machine becomes slower from first to last round.
};

/// A program of which profiles can be taken: functions of very different weight that call one another.
class simulated_program {
 public:
  simulated_program(std::uint64_t seed, std::size_t functions);

  /// Makes a function that has `share` of base's time itself take `by` of it more in head.
  void slow_down(double share, double by);

  diff::profile_rounds measure(const simulated_circumstances& c);

  /// Names of the slowed function and of all that are above it anywhere.
  const std::string& slowed() const noexcept { return names_[slowed_]; }

  std::vector<std::string> callers() const;

  /// Of an iteration of base.
  double true_change() const noexcept { return slowdown_; }

 private:
  struct node {
    std::uint32_t function;
    std::size_t parent;
    double weight;
  };

  /// Samples by node of one process.
  std::vector<std::uint32_t> sample(const simulated_circumstances& c, bool head, double level,
                                    diff::profiled_process& process);

  std::mt19937_64 random_;
  std::vector<std::string> names_;
  std::vector<node> nodes_;  // parents first
  std::size_t slowed_ = 0;
  double slow_factor_ = 1;
  double slowdown_ = 0;
};

}  // namespace deft::tests
