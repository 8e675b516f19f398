#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deft::count {

/// What was counted in one run of a benchmark: its loop, without set-up and pauses.
struct instruction_run {
  std::uint64_t iterations = 0;
  std::uint64_t instructions = 0;

  friend bool operator==(const instruction_run&, const instruction_run&) = default;
};

struct allocation_run {
  std::uint64_t iterations = 0;
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;

  friend bool operator==(const allocation_run&, const allocation_run&) = default;
};

/// The counts of one benchmark, of as many runs as were made, in their order. Empty: not countable.
struct observation {
  std::vector<instruction_run> instruction_runs;
  std::vector<allocation_run> allocation_runs;
  std::optional<std::uint64_t> peak_bytes;  ///< Of the heap at once, in the last run.
  unsigned runs = 0;                        ///< That were asked for: to count another build in the same way.
  std::string why_not;                      ///< Why something was not counted.
  std::string failure;                      ///< The benchmark itself fails, also when nobody counts.
};

}  // namespace deft::count
