#pragma once

#include <cstddef>
#include <cstdint>

// What the agents write and deft reads: a file that both map, so that it is whole whatever end the program
// takes.

namespace deft::count::agent {

/// Variables that tell the agent what to do. It does nothing in a process that lacks them, or whose parent is
/// another than deft: what the program starts itself inherits them.
inline constexpr char record_variable[] = "DEFT_COUNT_RECORD";  ///< The file's path.
inline constexpr char parent_variable[] = "DEFT_COUNT_PARENT";  ///< deft's process id.
inline constexpr char runs_variable[] = "DEFT_COUNT_RUNS";      ///< How many runs are wanted.
inline constexpr char clock_variable[] = "DEFT_COUNT_CLOCK";  ///< "cpu", "real", "manual": whose time counts.

/// One run of the benchmark: its loop, with the pauses cut out.
struct timed_run {
  std::uint64_t parts = 0;  ///< Times that the clock was started: 1 and one for each pause.
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t peak_bytes = 0;  ///< Of the whole heap, while the clock ran.
};

struct run_record {
  static constexpr std::uint64_t current_version = 1;
  static constexpr std::size_t most_runs = 8;

  std::uint64_t version = 0;          ///< 0: no agent was there.
  std::uint64_t runs = 0;             ///< Begun, those beyond `most_runs` included.
  std::uint64_t confusions = 0;       ///< Clock readings that a benchmark library does not make.
  std::uint64_t all_allocations = 0;  ///< Of the whole process; 0: it does not use our malloc.
  timed_run run[most_runs];
};

}  // namespace deft::count::agent
