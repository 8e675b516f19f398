/// @file
/// What stands between the worker protocol and a library of benchmarks: deft::measure's own, or an adapter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "deft/core/contracts.hpp"

namespace deft::measure::detail {

/// What deft asks of a benchmark: about a millisecond of it.
struct batch_request {
  std::size_t benchmark = 0;      ///< Index into the suite's names.
  std::uint64_t iterations = 0;   ///< 0: as many as take about `nanoseconds`.
  std::uint64_t nanoseconds = 0;  ///< Wanted where the number of iterations is not, or cannot be, given.
};

/// What a batch took: of its timed loop, not of what was set up for it.
struct batch {
  std::uint64_t iterations = 0;
  std::uint64_t cpu_ns = 0;
  std::uint64_t wall_ns = 0;
  std::uint64_t steal_ns = 0;  ///< Neither running nor waiting for a processor: what a hypervisor took.
  std::uint64_t involuntary_switches = 0;
};

/// A batch, or why there is none.
struct batch_answer {
  batch measured;
  std::string failure;   ///< Empty: `measured` holds. One line for a person.
  bool skipped = false;  ///< `failure` is the benchmark's own choice and no fault.
};

/// Benchmarks with names, that can be run in batches. The protocol belongs to serve(); an adapter only lists
/// and runs.
class suite {
 public:
  DEFT_TAGGED suite() noexcept = default;
  suite(const suite&) = delete;
  suite& operator=(const suite&) = delete;
  virtual ~suite();

  /// The names of all benchmarks, in an order that stays the same as long as the program runs.
  virtual std::vector<std::string> names() = 0;

  /// Runs one batch. `request.benchmark` is below the number of names. serve() adds what the kernel says.
  virtual batch_answer run(const batch_request& request) = 0;
};

/// Whether deft started this program to drive it. Otherwise it is to do what it always does.
/// @returns     True where deft's environment variable is set, whatever it holds.
/// @complexity  O(1). @concurrency Not while another thread changes the environment.
[[nodiscard]] bool driven() noexcept;

/// Answers deft until it says good-bye or is gone. Called once, from one thread, if driven().
/// @returns     What main returns: 0, or 1 after a line on stderr that says what was wrong.
/// @complexity  O(what is asked for). @concurrency Exclusive.
[[nodiscard]] int serve(suite& benchmarks);

/// A value for --benchmark_filter that matches `name` and nothing else.
/// @returns     A POSIX extended regular expression.
/// @complexity  O(size of `name`). @concurrency Safe.
[[nodiscard]] std::string exact_filter(const std::string& name);

}  // namespace deft::measure::detail
