#pragma once

#include <cstdint>

#include "profile/agent/eh_frame.hpp"
#include "profile/agent/ring.hpp"

namespace deft::profile::agent {

/// Why a sample is taken, and what it stands for.
struct sample_reason {
  std::uint64_t time_ns = 0;
  std::uint32_t thread = 0;  ///< The calling one; 0: to be asked for, and whether this process was forked.
  std::uint32_t cause = 0;   ///< symbols::sample_cause
  std::uint64_t weight = 1;
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
};

/// Writes what happens in this process into one ring. Everything is for signal handlers: no allocation, no
/// waiting, errno as it was.
class recorder {
 public:
  /// Call before anything else. Code in [hidden_from, hidden_to) is ours and left out of stacks.
  void start(const ring_memory& ring, std::uint64_t hidden_from, std::uint64_t hidden_to) noexcept;

  /// No more is written, and nobody is about to.
  void stop() noexcept;

  bool active() const noexcept { return active_.load(std::memory_order_relaxed); }

  const ring_memory& ring() const noexcept { return ring_; }

  /// The calling thread's stack, from these registers on, with all that is new about its modules and name.
  void write_sample(const frame_registers& registers, const sample_reason& reason) noexcept;

  /// Another program runs in this process now.
  void write_exec() noexcept;

  /// After a fork, in the child: the modules and names are to be told anew.
  void note_fork() noexcept;

  /// Time that cannot be shown.
  void count_lost(std::uint64_t records) const noexcept {
    ring_.header().lost.fetch_add(records, std::memory_order_relaxed);
  }

 private:
  class announcer;

  void forget_users() noexcept;
  void check_process(std::uint64_t time_ns) noexcept;
  bool is_announced(std::uint64_t identity) const noexcept;
  void set_announced(std::uint64_t identity) noexcept;

  static constexpr std::size_t most_announced = 4096;

  ring_memory ring_;
  std::uint64_t hidden_from_ = 0;
  std::uint64_t hidden_to_ = 0;
  std::atomic<bool> active_{false};
  std::atomic<std::uint32_t> users_{0};
  std::atomic<std::uint32_t> process_{0};
  std::atomic<std::uint32_t> generation_{0};  // of what is announced: another one in each process and session
  std::atomic<std::uint64_t> process_start_ns_{0};
  std::atomic<std::uint32_t> regions_{0};
  std::atomic<std::uint64_t> announced_[most_announced] = {};
};

/// CLOCK_MONOTONIC.
std::uint64_t monotonic_ns() noexcept;

}  // namespace deft::profile::agent
