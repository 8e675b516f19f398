/// @file
/// The Sync policy of the caches under the model scheduler: see deft/memo/detail/sync.hpp for what its
/// members mean, and model_scheduler.hpp for what becomes of them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <type_traits>

#include "deft/memo/detail/sync.hpp"

#include "tests/memo/model_scheduler.hpp"

namespace deft_test {

/// As std::atomic, of the same size and without a destructor, every operation a scheduling point.
template <typename T>
class model_atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  constexpr model_atomic() noexcept(std::is_nothrow_default_constructible_v<T>) : value_() {}

  constexpr model_atomic(T value) noexcept : value_(value) {}

  model_atomic(const model_atomic&) = delete;
  model_atomic& operator=(const model_atomic&) = delete;

  T load(std::memory_order = std::memory_order_seq_cst) const {
    scheduling::point(this, false);
    return seen();
  }

  void store(T value, std::memory_order order = std::memory_order_seq_cst) {
    scheduling::point(this, true);
    if (scheduling::buffered() && order != std::memory_order_seq_cst) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof(T));
      scheduling::buffer_store(&value_, bits, sizeof(T));
      return;
    }
    scheduling::drain_own();
    write(value);
  }

  T exchange(T value, std::memory_order = std::memory_order_seq_cst) {
    return modify([value](T) { return value; });
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order, std::memory_order) {
    return compare_exchange_strong(expected, desired);
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order = std::memory_order_seq_cst) {
    scheduling::point(this, true);
    scheduling::drain_own();
    if (std::memcmp(&value_, &expected, sizeof(T)) != 0) {
      expected = value_;
      return false;
    }
    write(desired);
    return true;
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order, std::memory_order) {
    return compare_exchange_strong(expected, desired);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order = std::memory_order_seq_cst) {
    return compare_exchange_strong(expected, desired);
  }

  template <typename N>
  T fetch_add(N n, std::memory_order = std::memory_order_seq_cst) {
    return modify([n](T old) { return static_cast<T>(old + n); });
  }

  template <typename N>
  T fetch_sub(N n, std::memory_order = std::memory_order_seq_cst) {
    return modify([n](T old) { return static_cast<T>(old - n); });
  }

  T fetch_or(T bits, std::memory_order = std::memory_order_seq_cst) {
    return modify([bits](T old) { return static_cast<T>(old | bits); });
  }

  T fetch_and(T bits, std::memory_order = std::memory_order_seq_cst) {
    return modify([bits](T old) { return static_cast<T>(old & bits); });
  }

  T fetch_xor(T bits, std::memory_order = std::memory_order_seq_cst) {
    return modify([bits](T old) { return static_cast<T>(old ^ bits); });
  }

  operator T() const { return load(); }

  T operator=(T value) {
    store(value);
    return value;
  }

 private:
  T seen() const {
    std::uint64_t bits = 0;
    if (!scheduling::own_store(&value_, bits)) return value_;
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
  }

  void write(T value) {
    value_ = value;
    scheduling::wrote();
  }

  template <typename F>
  T modify(F f) {
    scheduling::point(this, true);
    scheduling::drain_own();
    const T old = value_;
    write(f(old));
    return old;
  }

  alignas(sizeof(T)) T value_;
};

/// As std::mutex.
class model_mutex {
 public:
  void lock() {
    scheduling::point(this, true);
    scheduling::drain_own();
    if (held_ && owner_ == scheduling::current()) scheduling::fail("locks a mutex that it holds");
    while (held_) scheduling::block(this, "a mutex");
    take();
  }

  bool try_lock() {
    scheduling::point(this, true);
    scheduling::drain_own();
    if (held_) return false;
    take();
    return true;
  }

  void unlock() {
    scheduling::point(this, true);
    scheduling::drain_own();
    release();
  }

 private:
  friend class model_condition;

  void take() {
    held_ = true;
    owner_ = static_cast<short>(scheduling::current());
    scheduling::wrote();
  }

  void release() {
    if (!held_ || owner_ != scheduling::current()) scheduling::fail("unlocks a mutex that it does not hold");
    held_ = false;
    scheduling::wrote();
    scheduling::wake(this, true);
  }

  bool held_ = false;
  short owner_ = scheduling::no_fiber;
};

/// As std::condition_variable.
class model_condition {
 public:
  void wait(std::unique_lock<model_mutex>& lock) { wait_until_woken(lock, false); }

  template <typename Predicate>
  void wait(std::unique_lock<model_mutex>& lock, Predicate done) {
    while (!done()) wait(lock);
  }

  /// The time is over when the scheduler says so.
  template <typename Time>
  std::cv_status wait_until(std::unique_lock<model_mutex>& lock, const Time&) {
    return wait_until_woken(lock, true) ? std::cv_status::no_timeout : std::cv_status::timeout;
  }

  template <typename Time>
  std::cv_status wait_for(std::unique_lock<model_mutex>& lock, const Time& time) {
    return wait_until(lock, time);
  }

  template <typename Time, typename Predicate>
  bool wait_until(std::unique_lock<model_mutex>& lock, const Time& time, Predicate done) {
    while (!done()) {
      if (wait_until(lock, time) == std::cv_status::timeout) return done();
    }
    return true;
  }

  template <typename Time, typename Predicate>
  bool wait_for(std::unique_lock<model_mutex>& lock, const Time& time, Predicate done) {
    return wait_until(lock, time, done);
  }

  void notify_one() { notify(false); }

  void notify_all() { notify(true); }

 private:
  bool wait_until_woken(std::unique_lock<model_mutex>& lock, bool timed) {
    scheduling::point(this, true);
    scheduling::drain_own();
    lock.mutex()->release();
    const bool notified = scheduling::block(this, "a condition variable", timed);
    while (lock.mutex()->held_) scheduling::block(lock.mutex(), "a mutex, after a condition variable");
    lock.mutex()->take();
    return notified;
  }

  void notify(bool all) {
    scheduling::point(this, true);
    scheduling::drain_own();
    scheduling::wake(this, all);
  }
};

/// Sync for fibers of a model_run. Outside of fibers: one thread, which is alone.
struct model_sync {
  template <typename T>
  using atomic = model_atomic<T>;
  using shard_mutex = model_mutex;
  using mutex = model_mutex;
  using condition_variable = model_condition;
  using state = deft::detail::thread_state<model_sync>;

  static state& this_thread();
  /// Only where fences are asymmetric, as there.
  [[nodiscard]] static state* light_thread();

  static void light_fence() {}

  [[nodiscard]] static state* threads() noexcept;
  [[nodiscard]] static bool alone();
  [[nodiscard]] static atomic<std::uint64_t>& epoch() noexcept;
  static void reader_fence();
  static void reclaimer_fence();
  static void pause(unsigned n);
  [[nodiscard]] static mutex& wait_graph() noexcept;

  /// As in a new process. The scheduler does so before each run.
  static void reset();
  /// The fiber has ended, and its state is free.
  static void leave(int fiber);
};

}  // namespace deft_test
