#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/annotation.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::diff {

/// One process that ran the benchmark under the profiler.
struct profiled_process {
  std::uint64_t samples = 0;  ///< In the timed part: the sum of its counts below.
  double iteration_ns = 0;    ///< Processor time of one iteration, as the process reported it.
};

/// A stack, root first, and how many samples of each round's process had exactly this one.
struct paired_stack {
  std::vector<std::uint32_t> frames;  ///< Into `profile_rounds::frames`.
  std::vector<std::uint32_t> base;    ///< By round.
  std::vector<std::uint32_t> head;
};

/// One side's circumstances, all rounds together.
struct profiled_side {
  std::vector<profiled_process> processes;  ///< By round.
  std::uint64_t discarded = 0;              ///< Samples outside of the timed part.
  std::uint64_t lost = 0;
  std::uint64_t unrooted = 0;
  std::vector<symbols::annotated_function> code;  ///< Of the functions with most samples.
};

/// Profiles of base and head, taken in turns: a process of each in every round. The process is the unit of
/// replication. Raw data; what follows from it is an `explanation`.
struct profile_rounds {
  std::string unavailable;  ///< Why there are none; empty where there are.
  std::string collector;
  std::string note;  ///< How the timed part was told from the rest.
  std::uint32_t frequency_hz = 0;
  std::vector<symbols::frame> frames;  ///< Of both sides, each once; a program's own module is "" in both.
  profiled_side base;
  profiled_side head;
  std::vector<paired_stack> stacks;
};

}  // namespace deft::diff
