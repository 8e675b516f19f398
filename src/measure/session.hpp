#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "measure/program.hpp"
#include "measure/round_runner.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// What is measured: a program in two versions, or one program alone.
struct contender {
  program base;
  std::optional<program> head;
};

/// One benchmark of a session: what was measured of it, and whether it can go on.
struct subject {
  std::string name;
  std::size_t contender = 0;  ///< In the order in which they were given to the session.
  measure::method method = measure::method::same_core;
  std::vector<round> rounds;
  std::string failure;       ///< Why it was given up; empty while it works.
  bool skipped = false;      ///< `failure` is the program's own choice (SkipWithMessage), not a fault.
  bool out_of_time = false;  ///< It used up its own budget, or its share of the session's; what was measured
                             ///< stays.
  bool cut_short = false;    ///< Likewise, of the session's.

  bool active() const noexcept { return failure.empty() && !out_of_time; }
};

struct session_settings {
  process_settings process;
  std::chrono::milliseconds budget{60'000};  ///< Wall time for one benchmark, all its rounds together.
  std::uint64_t seed = 0;
  std::optional<std::chrono::milliseconds>
      whole_budget;  ///< Wall time for all benchmarks together, from now on.
};

/// Rounds wanted of one benchmark.
struct request {
  std::size_t index = 0;  ///< Into `subjects()`.
  std::uint32_t rounds = 0;
  bool confirmation = false;
};

/// Measures the benchmarks of one or more contenders, round by round.
///
/// The rounds of a benchmark are spread over the whole session: one round of each benchmark in random order,
/// then the next round of each. A burst of load then spoils a round of many benchmarks instead of all rounds
/// of one.
///
/// Of a budget for all, what is left is shared by the benchmarks of a call of measure() alike: one whose
/// rounds take long gets fewer of them, and what one leaves goes to the others in the next call.
class session {
 public:
  /// Called before each round with the benchmark it belongs to, and how many rounds of this call are done and
  /// wanted.
  using observer = std::function<void(const subject& now, std::size_t done, std::size_t wanted)>;

  static support::result<session> make(std::vector<contender> contenders, session_settings settings);

  void add(std::string name, measure::method how, std::size_t contender = 0);

  /// Measures what is asked for, except of benchmarks that are not active. Returns early, with an error, only
  /// if the user interrupts; a failing benchmark is noted in its subject and the others go on.
  support::result<void> measure(const std::vector<request>& requests, const observer& watch);

  const std::vector<subject>& subjects() const noexcept { return subjects_; }

 private:
  struct effort {
    std::uint32_t repetitions = 0;
    std::chrono::steady_clock::duration spent{};
    std::chrono::steady_clock::duration last_round{};
  };

  using duration = std::chrono::steady_clock::duration;

  session(round_runner runner, std::vector<contender> contenders, session_settings settings);

  support::result<round> run_round(const subject& s, std::uint32_t repetitions);
  duration time_left() const;
  std::vector<duration> allowances(const std::vector<request>& requests) const;
  void note_cost(std::size_t index, std::chrono::steady_clock::duration wall, double cpu_seconds);

  round_runner runner_;
  std::vector<contender> contenders_;
  session_settings settings_;
  random_source random_;
  std::vector<subject> subjects_;
  std::vector<effort> efforts_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace deft::measure
