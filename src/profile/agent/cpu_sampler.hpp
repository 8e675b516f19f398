#pragma once

#include <csignal>
#include <cstdint>

#include <sys/types.h>

#include "profile/agent/recorder.hpp"
#include "profile/agent/thread_timers.hpp"

namespace deft::profile::agent {

/// Why CPU sampling cannot begin.
enum class start_problem : std::uint8_t {
  none,
  no_signal,  ///< Each real-time signal that we use has a handler already.
  no_timer,   ///< The kernel refuses timers.
};

/// The CPU profile of this process: timers, their signal, and what is done when one expires. One for a
/// process.
///
/// The signal is a real-time one and not SIGPROF: programs reset the classic ones to their default action in
/// children (which would be the end of one that is sampled), and use SIGPROF themselves.
class cpu_sampler {
 public:
  struct settings {
    std::uint64_t period_ns = 0;
    bool rescans = false;  ///< Looks for new threads itself, once a second.
    pid_t without = 0;     ///< A thread that is left out.
    bool paused = false;
  };

  /// Takes a signal and, unless paused, begins with the threads that there are.
  start_problem start(recorder& to, const settings& wanted) noexcept;

  /// No sample is taken any more, and the signal is as it was.
  void stop() noexcept;

  /// No timer expires between them.
  void pause() noexcept;
  void resume() noexcept;

  bool running() const noexcept { return running_.load(std::memory_order_relaxed); }

  /// Threads that come and go while it runs. `add_thread` on the thread itself.
  void add_thread() noexcept;
  void remove_thread() noexcept;
  void look_for_threads() noexcept;

  /// In a forked child: it is sampled as well, or not.
  void restart_after_fork() noexcept;
  void abandon_after_fork() noexcept;

  int signal_number() const noexcept { return signal_; }

  /// Who is told of the signal when it is not one of ours.
  void pass_on_to(void (*other)(int, siginfo_t*, void*) noexcept) noexcept { other_ = other; }

 private:
  static void on_signal(int signal, siginfo_t* info, void* context) noexcept;
  void sample(const siginfo_t& info, const void* context) noexcept;
  bool take_signal() noexcept;
  void give_back_signal() noexcept;
  void rescan_if_due(std::uint64_t now_ns) noexcept;

  recorder* recorder_ = nullptr;
  thread_timers timers_;
  settings settings_;
  int signal_ = 0;
  void (*other_)(int, siginfo_t*, void*) noexcept = nullptr;
  std::atomic<bool> running_{false};
  std::atomic<std::uint64_t> next_scan_ns_{0};
};

/// The only one.
cpu_sampler& process_sampler() noexcept;

}  // namespace deft::profile::agent
