// The clocks of a benchmark program that is being counted, preloaded before the C library's.
//
// Google Benchmark chooses the number of iterations by the clock: 1, 10, 100, and so on until a run took long
// enough. Here a clock goes on by a microsecond whenever somebody looks at it and by nothing else, so no run
// is ever long enough, until as many as are wanted were made: the end of that one then seems to come days
// later. Everybody else in the program sees the same clock, which also makes alike from run to run what is
// seeded by the time.
//
// The library reads its thread's processor time when it starts, pauses, resumes and stops its clock, and
// there only: these readings tell what is set-up and what is the loop.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "count/agent/counter.hpp"
#include "count/agent/run_record.hpp"

#define DEFT_INTERPOSED extern "C" [[gnu::visibility("default")]]

namespace deft::count::agent {
namespace {

constexpr std::uint64_t ns_per_s = 1'000'000'000;
constexpr std::uint64_t tick_ns = 1000;
constexpr std::uint64_t leap_ns = 1'000'000 * ns_per_s;  // the longest minimum time is shorter

// Where the clocks begin: one that counts from the machine's start, and the calendar's (in 2023).
constexpr std::uint64_t monotonic_begin_ns = 100'000 * ns_per_s;
constexpr std::uint64_t calendar_begin_ns = 1'700'000'000 * ns_per_s;

enum class deciding_time { cpu, real, manual };

constinit std::atomic<bool> active{false};
constinit std::atomic<std::uint64_t> elapsed_ns{0};
constinit run_record nowhere{};
constinit run_record* record = &nowhere;
constinit deciding_time decides = deciding_time::cpu;
constinit std::uint64_t wanted_runs = 1;
constinit std::uint64_t leapt_in_run = 0;

std::uint64_t tick() noexcept {
  return elapsed_ns.fetch_add(tick_ns, std::memory_order_relaxed) + tick_ns;
}

/// Once in a run, however often it pauses: the clock has an end.
void leap_if_last() noexcept {
  if (record->runs < wanted_runs || leapt_in_run == record->runs) return;
  leapt_in_run = record->runs;
  elapsed_ns.fetch_add(leap_ns, std::memory_order_relaxed);
}

/// Who asks for the time, and who asked them: the same for the beginning of each run, and of nothing else.
struct call_chain {
  static constexpr int most = 10;
  void* frame[most] = {};
  int depth = 0;

  [[gnu::always_inline]] static call_chain here() noexcept {
    call_chain chain;
    chain.depth = ::backtrace(chain.frame, most);
    return chain;
  }

  // The first frames are this library's own, and not where they return to is asked but who called.
  bool same_callers(const call_chain& other) const noexcept {
    return depth == other.depth &&
           std::memcmp(frame + 1, other.frame + 1, sizeof frame - sizeof frame[0]) == 0;
  }
};

constinit call_chain first_start;
constinit bool clock_runs = false;
constinit bool counting = false;  // the same, but for runs beyond those wanted
constinit bool seen = false;

timed_run& current_run() noexcept {
  static timed_run beyond;
  return record->runs > 0 && record->runs <= run_record::most_runs ? record->run[record->runs - 1] : beyond;
}

/// A reading of the processor time. The clock is looked at before what is done here and not after.
[[gnu::noinline]] std::uint64_t read_timer() noexcept {
  if (counting) stop_counting();
  if (clock_runs) {
    if (counting) add_counts(*record, current_run());
    clock_runs = counting = false;
    const call_chain chain = call_chain::here();
    if (chain.same_callers(first_start)) ++record->confusions;  // A run that begins within another.
    if (decides == deciding_time::cpu) leap_if_last();
    return tick();
  }
  const call_chain chain = call_chain::here();
  if (!seen) first_start = chain;
  const bool is_new_run = !seen || chain.same_callers(first_start);
  seen = true;
  if (is_new_run) {
    const std::uint64_t index = record->runs++;
    // A benchmark that tells its time itself may go on for ever.
    if (decides == deciding_time::manual && index == wanted_runs) ::_exit(0);
    if (index <= wanted_runs) begin_run(index);
  }
  const std::uint64_t now = tick();
  if (decides == deciding_time::real) leap_if_last();
  ++current_run().parts;
  clock_runs = true;
  counting = record->runs <= wanted_runs;
  if (counting) start_counting();
  return now;
}

std::uint64_t read(clockid_t id) noexcept {
  switch (id) {
    case CLOCK_THREAD_CPUTIME_ID:
    case CLOCK_PROCESS_CPUTIME_ID:
      return read_timer();
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
      return calendar_begin_ns + tick();
    default:
      return monotonic_begin_ns + tick();
  }
}

run_record* map_record(const char* path) noexcept {
  const int file = ::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return nullptr;
  struct stat status{};
  void* memory = MAP_FAILED;
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
      status.st_size == static_cast<off_t>(sizeof(run_record)))
    memory = ::mmap(nullptr, sizeof(run_record), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<run_record*>(memory);
}

[[gnu::constructor]] void begin() {
  const int error_number = errno;
  const char* const path = ::secure_getenv(record_variable);
  const char* const parent = ::secure_getenv(parent_variable);
  const char* const runs = ::secure_getenv(runs_variable);
  const char* const clock = ::secure_getenv(clock_variable);
  if (path == nullptr || parent == nullptr || runs == nullptr || clock == nullptr) return;
  if (std::strtol(parent, nullptr, 10) != ::getppid()) return;
  run_record* const mapped = map_record(path);
  if (mapped == nullptr) return;
  record = mapped;
  wanted_runs = std::strtoul(runs, nullptr, 10);
  if (std::strcmp(clock, "real") == 0) decides = deciding_time::real;
  if (std::strcmp(clock, "manual") == 0) decides = deciding_time::manual;
  call_chain::here();  // The first time, the unwinder is loaded, which allocates.
  record->version = run_record::current_version;
  prepare_counting();
  active.store(true, std::memory_order_release);
  errno = error_number;
}

void to_timespec(std::uint64_t ns, timespec& out) noexcept {
  out.tv_sec = static_cast<time_t>(ns / ns_per_s);
  out.tv_nsec = static_cast<long>(ns % ns_per_s);
}

// By the kernel, as nothing between us and it is wanted: before the agent began, and for clocks it does not
// know.
int real_time(clockid_t id, timespec* out) noexcept {
  return static_cast<int>(::syscall(SYS_clock_gettime, id, out));
}

bool is_known(clockid_t id) noexcept {
  return id >= 0 && id <= CLOCK_TAI;
}

}  // namespace
}  // namespace deft::count::agent

namespace agent = deft::count::agent;

DEFT_INTERPOSED int clock_gettime(clockid_t id, timespec* out) noexcept {
  if (!agent::active.load(std::memory_order_acquire) || !agent::is_known(id))
    return agent::real_time(id, out);
  agent::to_timespec(agent::read(id), *out);
  return 0;
}

DEFT_INTERPOSED int gettimeofday(timeval* out, void*) noexcept {
  timespec now{};
  const int result = clock_gettime(CLOCK_REALTIME, &now);
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return result;
}

DEFT_INTERPOSED time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

DEFT_INTERPOSED int timespec_get(timespec* out, int base) noexcept {
  if (base != TIME_UTC) return 0;
  return clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}

// Not a reading of the library's timer.
DEFT_INTERPOSED clock_t clock() noexcept {
  timespec now{};
  if (!agent::active.load(std::memory_order_acquire)) {
    if (agent::real_time(CLOCK_PROCESS_CPUTIME_ID, &now) != 0) return -1;
  } else {
    agent::to_timespec(agent::tick(), now);
  }
  return now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / (1'000'000'000 / CLOCKS_PER_SEC);
}
