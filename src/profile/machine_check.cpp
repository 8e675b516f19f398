#include "profile/machine_check.hpp"

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include <gnu/libc-version.h>
#include <sched.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "profile/agent_session.hpp"
#include "profile/perf_events.hpp"
#include "profile/ptrace_sampler.hpp"
#include "profile/ring_buffer.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::profile {
namespace {

machine_finding found(std::string what, std::string reason) {
  return {std::move(what), true, std::move(reason), ""};
}

machine_finding missing(std::string what, refusal why) {
  return {std::move(what), false, std::move(why.reason), std::move(why.help)};
}

machine_finding perf_sampling(const std::optional<refusal>& refused) {
  const char* const what = "CPU profiles with perf_event";
  if (refused) return missing(what, *refused);
  return found(what, "up to " + std::to_string(highest_frequency_hz()) + " samples per second");
}

machine_finding kernel_frames(bool perf) {
  const char* const what = "Kernel frames in CPU profiles";
  if (!perf) return missing(what, {"they come from perf_event, which is refused", ""});
  if (!perf_event_sees_kernel()) {
    return missing(what, {"the kernel lets only privileged users look",
                          "run as root `sysctl kernel.perf_event_paranoid=1`"});
  }
  std::ifstream symbols("/proc/kallsyms");
  std::string address;
  if (!(symbols >> address) || address.find_first_not_of('0') == std::string::npos) {
    return missing(what, {"without names: the kernel hides its addresses",
                          "run as root `sysctl kernel.kptr_restrict=0`"});
  }
  return found(what, "with names from /proc/kallsyms");
}

__attribute__((noinline)) void marked() {
  asm volatile("");
}

machine_finding breakpoints(bool perf) {
  const char* const what = "Exact timed part of benchmarks (breakpoint registers)";
  if (!perf) return missing(what, {"they are set by perf_event, which is refused", ""});
  const std::vector<int> cpus = online_cpus();
  const int cpu = cpus.empty() ? -1 : cpus.front();
  const sampling_clock clock = open_sampling_clock(0, cpu, {.frequency_hz = 99});
  constexpr std::size_t small_ring_bytes = std::size_t{64} << 10;
  const ring_buffer ring = ring_buffer::map(clock.event.get(), small_ring_bytes);  // else it takes no records
  // NOLINTNEXTLINE: the address of code
  const auto address = reinterpret_cast<std::uint64_t>(&marked);
  if (ring && open_entry_mark(0, cpu, address, clock.event)) return found(what, "");
  return missing(what,
                 {"this machine has none, or a debugger occupies them: the timed part is estimated", ""});
}

machine_finding rings(bool perf) {
  const char* const what = "Memory for perf_event's rings";
  constexpr std::size_t wanted_bytes = std::size_t{512} << 10;
  if (!perf) return missing(what, {"perf_event is refused", ""});
  std::vector<std::pair<descriptor, ring_buffer>> held;
  for (const int cpu : online_cpus()) {
    sampling_clock clock = open_sampling_clock(0, cpu, {.frequency_hz = 99});
    if (!clock.event) continue;
    ring_buffer ring = ring_buffer::map(clock.event.get(), wanted_bytes);
    if (!ring) {
      return missing(what, {"less than 512 KiB for each processor (" +
                                std::generic_category().message(errno) + "): samples may be lost",
                            "run as root `sysctl kernel.perf_event_mlock_kb=516`, or raise `ulimit -l`"});
    }
    held.emplace_back(std::move(clock.event), std::move(ring));
  }
  return found(what, "512 KiB or more for each processor");
}

machine_finding agent() {
  const char* const what = "CPU and allocation profiles with the preloaded agent";
  const support::result<agent_session> session = agent_session::start({});
  if (!session) {
    return missing(
        what, {session.error().message, "install libdeft_agent.so beside the program, or set DEFT_AGENT"});
  }
  return found(what, std::string("of dynamically linked programs; glibc ") + ::gnu_get_libc_version());
}

machine_finding tracing() {
  const char* const what = "Wall-clock and off-CPU profiles with ptrace";
  if (const std::optional<refusal> refused = ptrace_refusal()) return missing(what, *refused);
  return found(what, "");
}

machine_finding timer_tick() {
  timespec resolution{};
  ::clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
  const long hz = resolution.tv_nsec > 0 ? 1'000'000'000L / resolution.tv_nsec : 0;
  return found("Timer tick",
               std::to_string(hz) + " Hz: the agent takes no more samples per second and thread");
}

machine_finding pinning() {
  const char* const what = "Pinning to processors";
  const std::vector<int> allowed = support::allowed_cpus();
  const std::string counts = std::to_string(allowed.size()) + " of " + std::to_string(online_cpus().size()) +
                             " processors may be used";
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : allowed) CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (allowed.empty() || ::sched_setaffinity(0, sizeof set, &set) != 0) {
    return missing(what, {"sched_setaffinity was refused: comparisons of two builds get noisier",
                          "allow sched_setaffinity in the container's seccomp profile"});
  }
  return found(what, counts);
}

machine_finding hardware_counters() {
  const char* const what = "Hardware counters";
  const int error_number = hardware_counter_error();
  if (error_number == 0) return found(what, "");
  if (error_number == EACCES || error_number == EPERM) return missing(what, refusal_of(error_number));
  return missing(what, {"this (virtual) machine has none; nothing of deft needs them", ""});
}

machine_finding debug_information() {
  const char* const what = "Names and inlined functions of the system's libraries";
  std::error_code ignored;
  const std::filesystem::directory_iterator files("/usr/lib/debug/.build-id", ignored);
  if (!ignored && files != std::filesystem::directory_iterator())
    return found(what, "debug files in /usr/lib/debug");
  return missing(what, {"no debug files in /usr/lib/debug: exported names only",
                        "apt-get install libc6-dbg (Debian, Ubuntu)"});
}

machine_finding valgrind() {
  const char* const what = "Exact instruction counts with valgrind";
  const std::string program = support::find_program("valgrind");
  if (!program.empty()) return found(what, program);
  return missing(what, {"valgrind is not in PATH", "apt-get install valgrind (Debian, Ubuntu)"});
}

machine_finding temporary_files() {
  const char* const what = "Temporary files";
  constexpr std::uint64_t wanted_bytes = std::uint64_t{64} << 20;
  const support::result<support::temporary_folder> folder = support::temporary_folder::make("doctor");
  if (!folder) return missing(what, {folder.error().message, "set TMPDIR to a folder that can be written"});
  const std::filesystem::path parent = folder->path().parent_path();
  struct statvfs space{};
  const bool known = ::statvfs(parent.c_str(), &space) == 0;
  const std::uint64_t free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (known && free_bytes < wanted_bytes) {
    return missing(what, {std::to_string(free_bytes >> 20) + " MiB are free in " + parent.string(),
                          "make room there, or set TMPDIR"});
  }
  return found(what, "in " + parent.string());
}

}  // namespace

std::vector<machine_finding> examine_machine() {
  const std::optional<refusal> refused = perf_event_refusal();
  const bool perf = !refused.has_value();
  return {perf_sampling(refused),
          kernel_frames(perf),
          breakpoints(perf),
          rings(perf),
          agent(),
          timer_tick(),
          tracing(),
          pinning(),
          hardware_counters(),
          debug_information(),
          valgrind(),
          temporary_files()};
}

}  // namespace deft::profile
