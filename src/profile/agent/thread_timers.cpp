#include "profile/agent/thread_timers.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace deft::profile::agent {
namespace {

// Of another thread of this process, as the kernel encodes it.
constexpr clockid_t processor_clock_of(pid_t thread) {
  constexpr unsigned per_thread = 4;
  constexpr unsigned scheduler_time = 2;
  return static_cast<clockid_t>(~static_cast<unsigned>(thread) << 3 | per_thread | scheduler_time);
}

constexpr std::uint64_t ns_per_s = 1'000'000'000;

// Not the C library's functions: they keep records of timers of their own, and touch `errno`s of others.
bool make_timer(pid_t thread, int signal, std::uint64_t first_ns, std::uint64_t period_ns, int& timer) {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event.sigev_value.sival_int = thread;
  event._sigev_un._tid = thread;
  if (::syscall(SYS_timer_create, processor_clock_of(thread), &event, &timer) != 0) return false;
  const auto to_timespec = [](std::uint64_t ns) {
    return timespec{static_cast<time_t>(ns / ns_per_s), static_cast<long>(ns % ns_per_s)};
  };
  const itimerspec expiry{to_timespec(period_ns), to_timespec(first_ns)};
  if (::syscall(SYS_timer_settime, timer, 0, &expiry, nullptr) == 0) return true;
  ::syscall(SYS_timer_delete, timer);
  return false;
}

}  // namespace

std::uint64_t shortest_timer_period_ns() noexcept {
  timespec tick{};
  if (::clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_nsec <= 0) return 4'000'000;
  return static_cast<std::uint64_t>(tick.tv_sec) * ns_per_s + static_cast<std::uint64_t>(tick.tv_nsec);
}

void thread_timers::configure(int signal, std::uint64_t period_ns, pid_t without_thread) noexcept {
  signal_ = signal;
  period_ns_ = period_ns;
  without_thread_ = without_thread;
  if (random_ == 0) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    random_ = (static_cast<std::uint64_t>(now.tv_nsec) << 20 ^ static_cast<std::uint64_t>(now.tv_sec) ^
               static_cast<std::uint64_t>(::getpid()) << 40) |
              1;
  }
}

bool thread_timers::lock(bool in_handler, std::uint64_t& former_mask) noexcept {
  if (!in_handler) {
    const std::uint64_t mask = std::uint64_t{1} << (signal_ - 1);
    ::syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, &former_mask, 8);
  }
  constexpr int most_tries = 10'000;  // a thread that is left out now is found by the next scan
  for (int i = 0; locked_.exchange(true, std::memory_order_acquire); ++i) {
    if (in_handler || i == most_tries) {
      if (!in_handler) ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &former_mask, nullptr, 8);
      return false;
    }
    ::sched_yield();
  }
  return true;
}

void thread_timers::unlock(bool in_handler, std::uint64_t former_mask) noexcept {
  locked_.store(false, std::memory_order_release);
  if (!in_handler) ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &former_mask, nullptr, 8);
}

std::size_t thread_timers::place_of(pid_t thread) const noexcept {
  const auto start = static_cast<std::size_t>(thread) * 0x9e3779b1U;
  for (std::size_t i = 0; i < probes; ++i) {
    if (threads_[(start + i) % capacity] == thread) return (start + i) % capacity;
  }
  return capacity;
}

bool thread_timers::arm_locked(pid_t thread) noexcept {
  const std::size_t place = place_of(thread);
  if (place != capacity) {
    seen_[place] = scan_;
    return true;
  }
  if (thread == without_thread_) return true;
  const auto start = static_cast<std::size_t>(thread) * 0x9e3779b1U;
  for (std::size_t i = 0; i < probes; ++i) {
    const std::size_t free = (start + i) % capacity;
    if (threads_[free] != 0) continue;
    // The first sample comes at any moment of the first period, so that threads that live for less than one
    // have their share.
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    if (!make_timer(thread, signal_, 1 + random_ % period_ns_, period_ns_, timers_[free])) return false;
    threads_[free] = thread;
    seen_[free] = scan_;
    return true;
  }
  return false;
}

void thread_timers::disarm_locked(std::size_t place) noexcept {
  ::syscall(SYS_timer_delete, timers_[place]);
  threads_[place] = 0;
}

bool thread_timers::arm(pid_t thread) noexcept {
  std::uint64_t mask = 0;
  if (!lock(false, mask)) return false;
  const bool armed = arm_locked(thread);
  unlock(false, mask);
  return armed;
}

void thread_timers::disarm(pid_t thread, bool in_handler) noexcept {
  std::uint64_t mask = 0;
  if (!lock(in_handler, mask)) return;
  const std::size_t place = place_of(thread);
  if (place != capacity) disarm_locked(place);
  unlock(in_handler, mask);
}

void thread_timers::arm_all(std::span<char> buffer, bool in_handler) noexcept {
  std::uint64_t mask = 0;
  if (!lock(in_handler, mask)) return;
  const int folder = ::open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ++scan_;
    bool complete = true;
    for (;;) {
      const long got = ::syscall(SYS_getdents64, folder, buffer.data(), buffer.size());
      if (got <= 0) {
        complete = got == 0;
        break;
      }
      for (long at = 0; at < got;) {
        const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
        pid_t thread = 0;
        for (const char* c = entry->d_name; *c >= '0' && *c <= '9'; ++c) thread = thread * 10 + (*c - '0');
        if (thread > 0) arm_locked(thread);
        at += entry->d_reclen;
      }
    }
    ::close(folder);
    for (std::size_t place = 0; complete && place < capacity; ++place) {
      if (threads_[place] != 0 && seen_[place] != scan_) disarm_locked(place);
    }
  }
  unlock(in_handler, mask);
}

void thread_timers::disarm_all() noexcept {
  std::uint64_t mask = 0;
  if (!lock(false, mask)) return;
  for (std::size_t place = 0; place < capacity; ++place) {
    if (threads_[place] != 0) disarm_locked(place);
  }
  unlock(false, mask);
}

void thread_timers::forget_all() noexcept {
  for (pid_t& thread : threads_) thread = 0;
  locked_.store(false, std::memory_order_relaxed);
}

}  // namespace deft::profile::agent
