#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "measure/program.hpp"
#include "measure/random_source.hpp"
#include "support/files.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// How one process measures one benchmark.
struct process_settings {
  std::uint32_t repetitions = 4;                 ///< --benchmark_repetitions
  double min_time_seconds = 0.005;               ///< --benchmark_min_time
  std::chrono::milliseconds time_limit{60'000};  ///< For each process; it is killed after that.
  std::optional<std::chrono::steady_clock::time_point> deadline =
      std::nullopt;  ///< Likewise, for all of them.
};

struct batch_round_plan;  // batch_rounds.hpp

/// Spawns benchmark processes and reads what they measured. Knows one round; nothing of statistics, nothing
/// of what comes next.
class round_runner {
 public:
  static support::result<round_runner> make(std::uint64_t seed);

  /// One process each of base, head and base again.
  ///
  /// same_core: all three at once on one core, so that the kernel itself interleaves them every few
  /// milliseconds and a disturbance hits all of them (A-then-B had 50 % false alarms on a busy machine, this
  /// none). alternating: one after another. The order is random in both, and so is the size of each
  /// environment, which shifts the stack. workers, duet: see batch_rounds.hpp.
  ///
  /// Of commands, whose processes measure once each, there are as many such threes one after another as
  /// repetitions are wanted.
  ///
  /// An error says which arm failed and how; nothing of the round is kept then.
  support::result<round> compare(const program& base, const program& head, const std::string& name,
                                 method how, const process_settings& settings);

  /// One process of one program, pinned but for alternating.
  support::result<process_run> run(const program& p, const std::string& name, method how,
                                   const process_settings& settings);

 private:
  struct task {
    const char*
        arm;  ///< For messages: "base", "head", "base (control)"; empty where there is one program only.
    const program* subject;
    process_run* into;
  };

  round_runner(support::temporary_folder folder, std::uint64_t seed);

  support::result<round> compare_once(const program& base, const program& head, const std::string& name,
                                      method how, const process_settings& settings);

  support::result<void> run_together(std::vector<task> tasks, const std::string& name,
                                     const process_settings& settings);
  support::result<void> run_in_turn(std::vector<task> tasks, const std::string& name,
                                    const process_settings& settings);
  int next_cpu();
  batch_round_plan batches(method how, const process_settings& settings);

  support::temporary_folder folder_;
  random_source random_;
  std::vector<int> cpus_;
  std::size_t turn_ = 0;
};

}  // namespace deft::measure
