/// @file
/// The Sync policy of the caches as Helgrind and DRD understand it. They know the locks of pthreads and
/// nothing of atomics: so the spinning locks are std::mutex here, and each atomic operation says what it
/// orders. That is enough for them to check what matters: that everything which is not atomic is ordered by
/// what is.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <pthread.h>
#include <sched.h>

#include "deft/memo/detail/sync.hpp"

#include "tests/memo/concurrency/valgrind_marks.hpp"

namespace deft::test {

/// As std::atomic.
template <typename T>
class marked_atomic {
 public:
  marked_atomic() noexcept : marked_atomic(T{}) {}

  marked_atomic(T value) noexcept : value_(value) {
    do_not_watch_helgrind(this, sizeof *this);
    do_not_watch_drd(this, sizeof *this);
  }

  marked_atomic(const marked_atomic&) = delete;
  marked_atomic& operator=(const marked_atomic&) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
    const T result = value_.load(order);
    if (acquires(order)) arrive();
    return result;
  }

  void store(T value, std::memory_order order = std::memory_order_seq_cst) noexcept {
    if (releases(order)) depart();
    value_.store(value, order);
  }

  T exchange(T value, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return modify(order, [&] { return value_.exchange(value, order); });
  }

  T fetch_add(T n, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return modify(order, [&] { return value_.fetch_add(n, order); });
  }

  T fetch_sub(T n, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return modify(order, [&] { return value_.fetch_sub(n, order); });
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order success = std::memory_order_seq_cst,
                               std::memory_order failure = std::memory_order_seq_cst) noexcept {
    return modify(success,
                  [&] { return value_.compare_exchange_strong(expected, desired, success, failure); });
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order success = std::memory_order_seq_cst,
                             std::memory_order failure = std::memory_order_seq_cst) noexcept {
    return compare_exchange_strong(expected, desired, success, failure);
  }

 private:
  static bool acquires(std::memory_order order) noexcept {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
  }

  static bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
  }

  template <typename F>
  auto modify(std::memory_order order, F f) noexcept {
    if (releases(order)) depart();
    const auto result = f();
    if (acquires(order)) arrive();
    return result;
  }

  void depart() const noexcept {
    depart_helgrind(this);
    depart_drd(this);
  }

  void arrive() const noexcept {
    arrive_helgrind(this);
    arrive_drd(this);
  }

  std::atomic<T> value_;
};

/// As std::condition_variable; DRD wants it initialised by a call.
class initialised_condition {
 public:
  initialised_condition() noexcept { pthread_cond_init(&condition_, nullptr); }

  initialised_condition(const initialised_condition&) = delete;
  initialised_condition& operator=(const initialised_condition&) = delete;

  ~initialised_condition() { pthread_cond_destroy(&condition_); }

  void wait(std::unique_lock<std::mutex>& lock) {
    pthread_cond_wait(&condition_, lock.mutex()->native_handle());
  }

  void notify_all() noexcept { pthread_cond_broadcast(&condition_); }

 private:
  pthread_cond_t condition_;
};

struct valgrind_sync {
  template <typename T>
  using atomic = marked_atomic<T>;
  using shard_mutex = std::mutex;
  using mutex = std::mutex;
  using condition_variable = initialised_condition;
  using state = detail::thread_state<valgrind_sync>;

  static state& this_thread() {
    thread_local state* own = nullptr;
    if (own == nullptr) own = make_state();
    return *own;
  }

  /// @pre Few enough threads for lines of their own.
  static state* light_thread() { return &this_thread(); }

  // A compiler's fence is enough: valgrind runs one thread at a time.
  static void light_fence() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }

  static state* threads() noexcept { return head.load(std::memory_order_acquire); }

  static bool alone() noexcept { return false; }

  static marked_atomic<std::uint64_t>& epoch() noexcept { return current_epoch; }

  static void reader_fence() noexcept { fence(); }

  static void reclaimer_fence() noexcept { fence(); }

  static void pause(unsigned) noexcept { sched_yield(); }

  static std::mutex& wait_graph() noexcept { return graph; }

 private:
  static void fence() noexcept { std::atomic_thread_fence(std::memory_order_seq_cst); }

  // Never freed, as the states of standard_sync.
  static state* make_state() {
    const std::lock_guard lock(registry);
    auto* const made = new state;
    made->index = count++;
    made->taken = true;
    made->next = head.load(std::memory_order_relaxed);
    head.store(made, std::memory_order_release);
    return made;
  }

  static inline std::mutex registry;
  static inline std::mutex graph;
  static inline marked_atomic<state*> head{nullptr};
  static inline std::uint32_t count = 0;
  static inline marked_atomic<std::uint64_t> current_epoch{1};
};

}  // namespace deft::test
