#include <memory>
#include <mutex>

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "deft/memo/detail/sync.hpp"

#include "memo/fork.hpp"

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace deft::detail {
namespace {

using state = thread_state<standard_sync>;

#if defined(__linux__) && defined(SYS_membarrier)
long membarrier(int command) noexcept {
  return syscall(SYS_membarrier, command, 0, 0);
}

bool register_for_membarrier() noexcept {
  const long supported = membarrier(MEMBARRIER_CMD_QUERY);
  return supported >= 0 && (supported & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0 &&
         membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}
#else
bool register_for_membarrier() noexcept {
  return false;
}
#endif

/// All threads that ever used a cache. Never destroyed: caches of static lifetime outlive every other object.
struct registry {
  static constexpr std::size_t first_states = 128;

  std::mutex mutex;
  state states[first_states];
  std::uint32_t made = 0;
  std::atomic<state*> head{nullptr};
  std::atomic<std::uint32_t> living{0};
  std::mutex wait_graph;
};

registry& all() noexcept {
  alignas(registry) static unsigned char storage[sizeof(registry)];
  static auto* const instance = new (storage) registry;
  return *instance;
}

/// Gives the state back when its thread ends.
struct lease {
  state* held = nullptr;
  ~lease();
};

thread_local lease current_lease;

state& take_state() {
  registry& r = all();
  const std::lock_guard lock(r.mutex);
  state* found = r.head.load(std::memory_order_relaxed);
  while (found != nullptr && found->taken) found = found->next;
  if (found == nullptr) {
    found = r.made < registry::first_states ? &r.states[r.made] : new state;
    found->index = r.made++;
    found->next = r.head.load(std::memory_order_relaxed);
    r.head.store(found, std::memory_order_release);
  }
  found->taken = true;
  // Sequentially consistent, against standard_sync::alone().
  r.living.fetch_add(1, std::memory_order_seq_cst);
  return *found;
}

}  // namespace

thread_local constinit state* standard_sync::current = nullptr;
constinit state standard_sync::heavy{.reading = UINT64_MAX};
thread_local constinit state* standard_sync::light = &standard_sync::heavy;
std::atomic<std::uint64_t> standard_sync::global_epoch{1};
std::atomic<bool> standard_sync::asymmetric{false};

lease::~lease() {
  if (held == nullptr) return;
  standard_sync::forget_this_thread();
  registry& r = all();
  const std::lock_guard lock(r.mutex);
  held->reading.store(0, std::memory_order_release);
  held->taken = false;
  r.living.fetch_sub(1, std::memory_order_seq_cst);
}

void standard_sync::forget_this_thread() noexcept {
  current = nullptr;
  light = &heavy;
}

state& standard_sync::register_this_thread() {
  static const bool interrupts = register_for_membarrier();
  asymmetric.store(interrupts, std::memory_order_relaxed);
  current = &take_state();
  current_lease.held = current;
  if (interrupts && current->index < threads_with_own_lines) light = current;
  return *current;
}

void standard_sync::full_fence() noexcept {
#if defined(__SANITIZE_THREAD__)
  // It does not know fences.
  static std::atomic<int> any{0};
  any.fetch_add(1, std::memory_order_seq_cst);
#else
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

state* standard_sync::threads() noexcept {
  return all().head.load(std::memory_order_acquire);
}

bool standard_sync::alone() noexcept {
  full_fence();
  return all().living.load(std::memory_order_seq_cst) <= 1;
}

void standard_sync::reclaimer_fence() noexcept {
  full_fence();
#if defined(__linux__) && defined(SYS_membarrier)
  if (!asymmetric.load(std::memory_order_relaxed)) return;
  if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0) return;
  // A child of a fork may have to register again.
  if (register_for_membarrier()) membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
#endif
}

void standard_sync::pause(unsigned n) noexcept {
  if (n < 64) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  } else if (n < 1000) {
    sched_yield();
  } else {
    // Whom this waits for has a lower priority, or was stopped.
    const timespec rest{0, 50'000};
    nanosleep(&rest, nullptr);
  }
}

std::mutex& standard_sync::wait_graph() noexcept {
  return all().wait_graph;
}

void lock_threads_before_fork() noexcept {
  all().wait_graph.lock();
  all().mutex.lock();
}

void unlock_threads_after_fork(bool child) noexcept {
  registry& r = all();
  if (child) {
    // The other threads are gone, whatever they were reading.
    const state* const self = current_lease.held;
    for (state* other = r.head.load(std::memory_order_relaxed); other != nullptr; other = other->next) {
      if (other == self) continue;
      other->reading.store(0, std::memory_order_relaxed);
      other->waiting_for = nullptr;
      other->taken = false;
    }
    r.living.store(self != nullptr ? 1 : 0, std::memory_order_seq_cst);
  }
  r.mutex.unlock();
  r.wait_graph.unlock();
}

void short_mutex::lock_contended() noexcept {
  for (unsigned n = 0;; ++n) {
    if (!held_.load(std::memory_order_relaxed) && try_lock()) return;
    standard_sync::pause(n);
  }
}

}  // namespace deft::detail
