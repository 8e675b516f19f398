#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/process.hpp"
#include "support/result.hpp"
#include "symbols/annotation.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

/// How samples are had, best first.
enum class collector {
  automatic,  ///< The first of the following that this machine and this program allow.
  perf,       ///< perf_event rings with copies of the stacks: nothing of ours in the program.
  agent,      ///< A preloaded library with a CPU timer for each thread, which unwinds where it is.
  ptrace,     ///< Stops each thread for a moment from outside: wall clock, and programs that preload nothing.
};

/// Any command, to be run once under the profiler with our standard streams.
struct command_profile_request {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment;  ///< Set on top of the inherited one.
  symbols::profile_kind kind = symbols::profile_kind::cpu;
  collector how = collector::automatic;
  unsigned frequency_hz = 199;                          ///< Samples per second and thread.
  std::uint64_t allocation_interval_bytes = 512 << 10;  ///< Mean distance of sampled allocations.
  std::chrono::milliseconds time_limit{0};              ///< The command is killed after that; 0: never.
  std::string agent_path;  ///< Of the agent library; empty: where the program was installed or built.
};

struct command_profile {
  symbols::stack_profile profile;  ///< By thread; `collector` and `note` say how it was had and why so.
  std::vector<symbols::annotated_function> hot_functions;
  support::exit_status status;
  double duration_seconds = 0;
};

/// Runs the command to its end. A command that fails or is interrupted still has a profile. Errors: it cannot
/// be started; no collector can be had (`unavailable`, with what would help).
support::result<command_profile> profile_command(const command_profile_request& request);

}  // namespace deft::profile
