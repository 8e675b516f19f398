#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/result.hpp"
#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

struct agent_settings {
  symbols::profile_kind kind = symbols::profile_kind::cpu;  ///< cpu or allocation.
  unsigned frequency_hz = 199;
  std::uint64_t allocation_interval_bytes = 512 << 10;
  std::string agent_path;  ///< Of the agent library; empty: beside this program, or where it was installed.
  /// Takes what was seen part by part, in order of time, on a thread of the session's; where it is empty,
  /// everything is kept.
  std::function<void(symbols::recording)> on_part = {};
};

/// Samples per second and thread that the timers give where so many are asked for: no more than the kernel's
/// tick.
unsigned agent_frequency_hz(unsigned wanted_hz);

/// Collects what preloaded agents see: in the program that is started with `environment()`, and in all that
/// it starts. Reads their samples in a thread of its own until `finish()`.
class agent_session {
 public:
  /// Errors (`unavailable`): the agent library is not there, or no room for the samples.
  static support::result<agent_session> start(const agent_settings& settings);

  agent_session(agent_session&&) noexcept;
  agent_session& operator=(agent_session&&) noexcept;
  ~agent_session();

  /// To be set for the program. Keeps what LD_PRELOAD had.
  const std::vector<std::pair<std::string, std::string>>& environment() const noexcept;

  struct outcome {
    symbols::recording recording;  ///< What `on_part` did not get.
    bool agent_answered =
        false;  ///< False: nothing was preloaded (a static program, or one with privileges).
  };

  /// Call when the program has ended.
  outcome finish();

 private:
  struct state;
  explicit agent_session(std::unique_ptr<state> prepared);
  std::unique_ptr<state> state_;
};

}  // namespace deft::profile
