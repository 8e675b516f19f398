#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "stats/decide.hpp"

namespace deft::tests {

/// How a simulated machine disturbs what is measured; all on the scale of log time.
struct disturbance {
  double process = 0.006;     ///< Standard deviation between processes of the same program.
  double repetition = 0.010;  ///< Scale of the heavy-tailed noise (Student's t, 3 degrees) of a repetition.
  double wild_rounds = 0;     ///< Share of the rounds in which one process is hit by a burst of load.
  double wild_size = 0.2;     ///< Mean slowdown of that process then.
};

/// A benchmark of which rounds can be "measured". `effect` is log(head / base).
class simulated_benchmark {
 public:
  simulated_benchmark(std::uint64_t seed, double effect, disturbance d = {});

  measure::round measure_round(bool confirmation);

 private:
  measure::process_run process(double level);

  std::mt19937_64 random_;
  double effect_;
  disturbance disturbance_;
};

/// Does what the plan asks for until nothing is left to do.
std::vector<measure::comparison> measure_as_planned(std::vector<simulated_benchmark> benchmarks,
                                                    const stats::rule& rule = {});

/// A round in which every repetition of an arm takes the same time.
measure::round flat_round(double base_ns, double head_ns, double control_ns, std::size_t repetitions = 4);

/// `rounds` rounds about the given head / base and control / base, with a spread of `spread` between rounds.
std::vector<measure::round> steady_rounds(std::size_t rounds, double head, double control,
                                          double spread = 0.002, bool confirmation = false);

}  // namespace deft::tests
