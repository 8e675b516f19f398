/// @file
/// What the caches know of threads, behind one policy type, so that a test can put a scheduler of its own
/// there.
///
/// A `Sync` names its atomics and locks and answers who the calling thread is. Production code uses
/// standard_sync. A model that explores schedules gives each of its fibers a thread_state and takes a
/// decision at every operation.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// How many threads have a line of counters for themselves in each cache.
inline constexpr std::uint32_t threads_with_own_lines = 31;

/// What one thread shows to the others. Never freed; one that ended leaves its state to a later thread.
template <typename Sync>
struct alignas(64) thread_state {
  /// The epoch in which the outermost read_guard of the thread began; 0 outside of any.
  typename Sync::template atomic<std::uint64_t> reading{0};
  /// Dense, from 0: no two living threads have the same.
  std::uint32_t index = 0;
  /// The flight for whose end the thread waits, for whoever holds the wait graph's mutex.
  const void* waiting_for = nullptr;
  /// All states that were ever made.
  thread_state* next = nullptr;
  /// Whether a living thread has it, for whoever holds the registry's mutex.
  bool taken = false;
};

/// A mutex of a byte for sections of a few dozen instructions that run nothing of the user's. It spins, then
/// yields (there may be more threads than processors), then sleeps for short times: nobody wakes a waiter, so
/// that unlocking is a plain store, half the price of a mutex that has to look for sleepers.
class short_mutex {
 public:
  DEFT_TAGGED void lock() noexcept {
    if (!try_lock()) [[unlikely]]
      lock_contended();
  }

  [[nodiscard]] DEFT_TAGGED bool try_lock() noexcept {
    return !held_.exchange(true, std::memory_order_acquire);
  }

  DEFT_TAGGED void unlock() noexcept { held_.store(false, std::memory_order_release); }

 private:
  void lock_contended() noexcept;

  std::atomic<bool> held_{false};
};

/// The threads of this process.
struct standard_sync {
  template <typename T>
  using atomic = std::atomic<T>;
  using shard_mutex = short_mutex;
  using mutex = std::mutex;
  using condition_variable = std::condition_variable;

  /// The calling thread's state. @throws std::bad_alloc at a thread's first call, after the first 128
  /// threads.
  DEFT_TAGGED static thread_state<standard_sync>& this_thread() {
    if (current != nullptr) [[likely]]
      return *current;
    return register_this_thread();
  }

  /// The calling thread's state, if it has one, its reader_fence() is light_fence(), and its index is below
  /// threads_with_own_lines. Else one that is always reading.
  [[nodiscard]] DEFT_TAGGED static thread_state<standard_sync>* light_thread() noexcept { return light; }

  /// Orders a reader's announcement before its reads in the eyes of a reclaimer_fence() that interrupts it.
  DEFT_TAGGED static void light_fence() noexcept { asm volatile("" ::: "memory"); }

  /// The calling thread ends: its next call of this_thread(), from a destructor after this one, registers
  /// anew.
  static void forget_this_thread() noexcept;

  /// The head of the list of all states.
  [[nodiscard]] static thread_state<standard_sync>* threads() noexcept;

  /// Whether no other living thread has a state: whatever it might read later, it reads after what was
  /// written before.
  [[nodiscard]] static bool alone() noexcept;

  /// The epoch of all caches; begins at 1.
  [[nodiscard]] DEFT_TAGGED static std::atomic<std::uint64_t>& epoch() noexcept { return global_epoch; }

  /// Orders a reader's announcement before its reads. Costs nothing where the kernel can interrupt the
  /// readers instead.
  DEFT_TAGGED static void reader_fence() noexcept {
    if (!asymmetric.load(std::memory_order_relaxed)) [[unlikely]] {
      full_fence();
    } else {
      light_fence();
    }
  }

  /// The other side of reader_fence: what was written before is seen by whoever announces later; earlier
  /// announcements are seen here.
  static void reclaimer_fence() noexcept;

  /// The n-th wait in a loop that waits for another thread's few instructions.
  static void pause(unsigned n) noexcept;

  /// The mutex under which threads look who waits for whom. One for the process: a cycle may run through
  /// several caches.
  [[nodiscard]] static std::mutex& wait_graph() noexcept;

 private:
  static thread_state<standard_sync>& register_this_thread();
  static void full_fence() noexcept;

  // Of libdeft itself, so that a dlopen'ed user finds the same.
  [[gnu::tls_model("initial-exec")]] static thread_local constinit thread_state<standard_sync>* current;
  [[gnu::tls_model("initial-exec")]] static thread_local constinit thread_state<standard_sync>* light;
  static thread_state<standard_sync> heavy;  // Of those who have to take care.
  static std::atomic<std::uint64_t> global_epoch;
  static std::atomic<bool> asymmetric;
};

}  // namespace deft::detail
