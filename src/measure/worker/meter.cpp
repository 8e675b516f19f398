#include "measure/worker/meter.hpp"

#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace deft::measure::wire {
namespace {

std::uint64_t read_clock(clockid_t which) noexcept {
  timespec now{};
  ::clock_gettime(which, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

meter::meter() noexcept : statistics_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

meter::~meter() {
  if (statistics_ >= 0) ::close(statistics_);
}

meter::switches meter::read_switches() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return {static_cast<std::uint64_t>(usage.ru_nvcsw), static_cast<std::uint64_t>(usage.ru_nivcsw)};
}

/// "RUNNING WAITING SLICES": the second, in ns. 0 where the kernel does not tell.
std::uint64_t meter::read_waiting_ns() const noexcept {
  char text[96];
  const ssize_t got = statistics_ < 0 ? -1 : ::pread(statistics_, text, sizeof text - 1, 0);
  if (got <= 0) return 0;
  text[got] = '\0';
  char* waiting = nullptr;
  std::strtoull(text, &waiting, 10);
  return std::strtoull(waiting, nullptr, 10);
}

void meter::begin() noexcept {
  switches_ = read_switches();
  waiting_ns_ = read_waiting_ns();
  wall_ns_ = read_clock(CLOCK_MONOTONIC);
  cpu_ns_ = read_clock(CLOCK_THREAD_CPUTIME_ID);
}

detail::batch meter::end() const noexcept {
  detail::batch b;
  b.cpu_ns = read_clock(CLOCK_THREAD_CPUTIME_ID) - cpu_ns_;
  b.wall_ns = read_clock(CLOCK_MONOTONIC) - wall_ns_;
  const std::uint64_t waiting_ns = read_waiting_ns() - waiting_ns_;
  const switches now = read_switches();
  b.involuntary_switches = now.involuntary - switches_.involuntary;
  // Who sleeps is not robbed: only where the thread never gave its processor up, what is missing was taken.
  const bool slept = now.voluntary != switches_.voluntary;
  if (!slept && b.wall_ns > b.cpu_ns + waiting_ns) b.steal_ns = b.wall_ns - b.cpu_ns - waiting_ns;
  return b;
}

}  // namespace deft::measure::wire
