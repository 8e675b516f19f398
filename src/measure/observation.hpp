#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deft::measure {

/// One repetition of one benchmark, as Google Benchmark reports it, per iteration.
struct repetition {
  double cpu_ns = 0;
  double real_ns = 0;
  std::uint64_t iterations = 0;  ///< 0: not told (a mean of repetitions).
};

/// The repetitions of one benchmark in one process, in the order in which they ran.
using process_run = std::vector<repetition>;

/// One process of each arm, run together. The process is the unit of replication: repetitions inside it are
/// not independent of one another.
struct round {
  process_run base;
  process_run head;
  process_run control;  ///< A second process of the base program: what "no change" looks like right now.
  bool confirmation = false;  ///< Belongs to the round that checks a suspicion with fresh data.
};

enum class method {
  same_core,    ///< The three processes at once, pinned to one core; CPU time.
  alternating,  ///< One after another in random order, not pinned; wall time (multi-threaded or /real_time
                ///< benchmarks).
  workers,      ///< Programs that deft drives: batches of a millisecond in turn, on one core; CPU time.
  duet,         ///< The same, two at once on two cores, which they swap; CPU time.
};

/// Whether deft says which process measures when.
constexpr bool is_driven(method m) noexcept {
  return m == method::workers || m == method::duet;
}

/// Whether processor time counts; else wall time does.
constexpr bool counts_cpu_time(method m) noexcept {
  return m != method::alternating;
}

/// What was measured of one benchmark in both programs.
struct comparison {
  std::string name;
  measure::method method = measure::method::same_core;
  std::vector<round> rounds;
};

/// What was measured of one benchmark in one program (deft run).
struct measurement {
  std::string name;
  std::vector<process_run> processes;
};

}  // namespace deft::measure
