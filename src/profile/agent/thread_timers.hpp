#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sys/types.h>

namespace deft::profile::agent {

/// The shortest period that timers on CPU clocks keep: the kernel looks at them once a tick.
std::uint64_t shortest_timer_period_ns() noexcept;

/// A timer for each thread of this process on the processor time that it uses; each sends its thread a
/// signal, whose value is the thread's number.
class thread_timers {
 public:
  /// What the timers made from now on do.
  void configure(int signal, std::uint64_t period_ns, pid_t without_thread) noexcept;

  /// Gives a thread its timer, if it has none. False where the kernel refuses.
  bool arm(pid_t thread) noexcept;

  /// From a signal handler: perhaps only with the next try.
  void disarm(pid_t thread, bool in_handler) noexcept;

  /// Arms all threads that there are and forgets those that are gone. From a signal handler: does nothing
  /// when another one is at it. `buffer` is for the list of threads.
  void arm_all(std::span<char> buffer, bool in_handler) noexcept;

  void disarm_all() noexcept;

  /// In a forked child: its parent's timers are not there.
  void forget_all() noexcept;

 private:
  class lock_guard;

  static constexpr std::size_t capacity = 8192;
  static constexpr std::size_t probes = 64;

  bool lock(bool in_handler, std::uint64_t& former_mask) noexcept;
  void unlock(bool in_handler, std::uint64_t former_mask) noexcept;
  bool arm_locked(pid_t thread) noexcept;
  void disarm_locked(std::size_t place) noexcept;
  std::size_t place_of(pid_t thread) const noexcept;

  // Held for a few system calls, by threads that have the signal blocked: a handler on the same thread never
  // waits for what it interrupted.
  std::atomic<bool> locked_{false};
  int signal_ = 0;
  std::uint64_t period_ns_ = 0;
  pid_t without_thread_ = 0;
  std::uint32_t scan_ = 0;
  std::uint64_t random_ = 0;
  pid_t threads_[capacity] = {};
  int timers_[capacity] = {};
  std::uint32_t seen_[capacity] = {};
};

}  // namespace deft::profile::agent
