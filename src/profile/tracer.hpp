#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include <sys/types.h>

#include "profile/mapping_watch.hpp"
#include "profile/ptrace_sampler.hpp"
#include "support/process.hpp"
#include "symbols/recording.hpp"

namespace deft::profile {

/// The loop of the thread that traces: the kernel takes every request from that thread only.
class tracer {
 public:
  tracer(pid_t root, const ptrace_settings& settings);
  tracer(const tracer&) = delete;
  tracer& operator=(const tracer&) = delete;

  /// Attaches to the root; false with errno set.
  bool seize();

  /// Until the root has ended.
  support::exit_status run();

 private:
  struct thread {
    pid_t pid = 0;
    bool interrupting = false;        // a stop that we asked for is still to come
    bool stopped = false;             // with its group, until SIGCONT
    bool telling = false;             // is in a stop that we have not been told of yet
    std::uint64_t wanted_weight = 0;  // of a sample to be taken when it stops
    symbols::sample_cause wanted_cause = symbols::sample_cause::running;
    std::optional<std::uint64_t> running_ns;  // processor time at the last tick
    std::int64_t unsampled_ns = 0;            // processor time that no sample stands for yet
    std::string call;                         // the blocking call that `waiting` was taken in
    std::uint64_t waiting_weight = 0;         // ticks for which it has waited there
    symbols::stack_sample waiting;
  };

  using thread_table = std::unordered_map<pid_t, thread>;

  // Events
  void wait_for_event();
  void handle_stop(pid_t tid, int wait_status);
  void handle_end(pid_t tid, int wait_status);
  thread& adopt(pid_t tid);
  void handle_exec(pid_t pid);
  void forget(thread_table::iterator ended);
  void keep_limits();

  // Samples
  void tick();
  void look_at(pid_t tid, thread& t, std::uint64_t weight);
  void look_at_processor_time(pid_t tid, thread& t, bool running);
  void look_at_waiting(pid_t tid, thread& t, char state, std::uint64_t weight);
  void want(pid_t tid, thread& t, std::uint64_t weight, symbols::sample_cause cause);
  void take(pid_t tid, thread& t);
  void flush_waiting(thread& t, std::uint64_t time_ns);
  void push(symbols::stack_sample sample);
  void note_name(pid_t pid, pid_t tid);
  void hand_over();

  pid_t root_;
  const ptrace_settings& settings_;
  std::uint64_t period_ns_;
  std::uint64_t begin_ns_;
  std::uint64_t last_tick_ns_;
  std::uint64_t kept_bytes_ = 0;
  bool executed_ = false;  // until then the root is still a copy of ourselves
  bool ended_ = false;
  support::exit_status status_;
  symbols::recording seen_;
  mapping_watch mappings_{seen_};
  thread_table threads_;
};

}  // namespace deft::profile
