#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "profile/refusal.hpp"
#include "support/process.hpp"
#include "support/result.hpp"
#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

struct ptrace_settings {
  symbols::profile_kind kind = symbols::profile_kind::wall;  ///< Any but allocation.
  unsigned frequency_hz = 199;
  std::uint32_t stack_bytes = 32 * 1024;
  std::chrono::milliseconds time_limit{0};  ///< 0: none.
  /// Takes what was seen part by part, in order of time, on a thread of the sampler's.
  std::function<void(symbols::recording)> on_part;
};

/// Samples a program, and all that it starts, from outside: at each tick every thread that runs is stopped
/// for some microseconds, while its registers and stack are copied. A thread that waits is stopped once in a
/// waiting system call at most, and not at all in those that would fail for it.
///
/// It waits for the child as well: a tracer's waiting sees more than a parent's.
class ptrace_sampler {
 public:
  /// Attaches to a held child and takes it over. Error kind `unavailable` where tracing is refused; the child
  /// is then as it was.
  static support::result<ptrace_sampler> attach(support::child& held_child, ptrace_settings settings);

  ptrace_sampler(ptrace_sampler&&) noexcept;
  ptrace_sampler& operator=(ptrace_sampler&&) noexcept;
  ~ptrace_sampler();

  /// Waits for the end of the child, the time limit, or the user's wish to stop; in the last two cases kills
  /// its group. What it leaves behind in its group is ended as well.
  support::exit_status finish();

 private:
  struct state;
  explicit ptrace_sampler(std::unique_ptr<state> prepared);
  std::unique_ptr<state> state_;
};

/// Empty where this process may trace its children.
std::optional<refusal> ptrace_refusal();

}  // namespace deft::profile
