#include "profile/perf_sampler.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <set>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include <linux/perf_event.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "profile/perf_records.hpp"
#include "profile/recording_parts.hpp"
#include "profile/ring_buffer.hpp"

namespace deft::profile {
namespace {

// Without privileges the kernel allows 512 KiB of ring a processor (perf_event_mlock_kb), 15 samples; as root
// the first try succeeds. What another profiler of the same user holds is no longer ours: smaller ones
// follow.
constexpr std::size_t largest_ring_bytes = std::size_t{4} << 20;
constexpr std::size_t smallest_ring_bytes = std::size_t{64} << 10;
constexpr std::size_t all_rings_bytes = std::size_t{128}
                                        << 20;  // counts on machines with hundreds of processors

// Wake-ups come by watermark. The timeout finds what does not reach it: mappings, which marks wait for.
constexpr int drain_interval_ms = 100;
constexpr int drain_interval_for_marks_ms = 5;

constexpr std::size_t part_bytes = std::size_t{8} << 20;

// A record has its time from before it is written, so that one of a processor that was held up may come after
// newer ones of another. They are given this long.
constexpr std::uint64_t settling_ns = 20'000'000;

std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

struct perf_sampler::state {
  struct source {
    int cpu;
    descriptor clock;
    ring_buffer ring;
  };

  pid_t pid = 0;
  std::vector<source> sources;
  std::vector<descriptor> marks;
  bool marks_wanted = false;
  bool sees_kernel = true;
  perf_settings settings;
  record_parser parser;
  symbols::recording unsettled;
  std::set<std::pair<std::uint32_t, std::uint64_t>> touched;  // process and page
  descriptor stop;
  std::thread collector;

  bool map_rings(std::size_t bytes);
  void set_marks(const symbols::mapping_event& mapping);
  void touch_stack(std::uint32_t process, std::uint64_t address, std::uint64_t size_bytes);
  void drain();
  void collect();
};

bool perf_sampler::state::map_rings(std::size_t bytes) {
  for (source& each : sources) {
    each.ring = ring_buffer::map(each.clock.get(), bytes);
    if (each.ring) continue;
    const int reason = errno;
    for (source& mapped : sources) mapped.ring = {};
    errno = reason;
    return false;
  }
  return true;
}

void perf_sampler::state::set_marks(const symbols::mapping_event& mapping) {
  if (mapping.pid != static_cast<std::uint32_t>(pid) || !marks_wanted) return;
  for (const marked_function& wanted : settings.find_marks(mapping.path)) {
    if (wanted.file_offset < mapping.file_offset ||
        wanted.file_offset - mapping.file_offset >= mapping.size_bytes) {
      continue;
    }
    const std::uint64_t address = mapping.start + (wanted.file_offset - mapping.file_offset);
    for (const source& each : sources) {
      descriptor mark = open_entry_mark(pid, each.cpu, address, each.clock);
      if (!mark) {
        // All or none: half of the marks would tell a wrong story.
        marks.clear();
        marks_wanted = false;
        return;
      }
      parser.add_mark(identifier_of(mark), wanted.function);
      marks.push_back(std::move(mark));
    }
  }
  if (!marks.empty()) marks_wanted = false;
}

// The kernel copies stacks without taking page faults, and so it stops at a page that the program never
// wrote: one in the middle of a large frame, say Google Benchmark's runner of 11 KiB, which cost every stack
// of one run in four its root. Reading the page once, from outside, gives it a page of zeros; the next
// samples come through. What lies behind the end of a stack stays unreadable. Each page is tried once.
void perf_sampler::state::touch_stack(std::uint32_t process, std::uint64_t address,
                                      std::uint64_t size_bytes) {
  const std::uint64_t page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (!touched.emplace(process, address / page_bytes).second) return;
  std::vector<char> ignored(size_bytes);
  const iovec here{ignored.data(), ignored.size()};
  const iovec there{reinterpret_cast<void*>(address),
                    here.iov_len};  // NOLINT: an address of the other process
  const auto read = ::process_vm_readv(static_cast<pid_t>(process), &here, 1, &there, 1, 0);
  static_cast<void>(read);
}

void perf_sampler::state::drain() {
  const std::uint64_t begin_ns = now_ns();
  for (source& each : sources) {
    each.ring.drain([this](std::span<const std::uint8_t> record) { parser.parse(record); });
  }
  if (settings.on_part && parser.kept_bytes() >= part_bytes) {
    append(unsettled, parser.take());
    settings.on_part(take_until(unsettled, begin_ns - settling_ns));
  }
}

void perf_sampler::state::collect() {
  std::vector<pollfd> waiting{{stop.get(), POLLIN, 0}};
  for (const source& each : sources) waiting.push_back({each.clock.get(), POLLIN, 0});
  for (;;) {
    ::poll(waiting.data(), waiting.size(), marks_wanted ? drain_interval_for_marks_ms : drain_interval_ms);
    drain();
    if ((waiting.front().revents & POLLIN) != 0) return;
    // An event whose task is gone reports a hang-up for ever.
    for (pollfd& each : waiting) {
      if ((each.revents & (POLLHUP | POLLERR)) != 0) each.fd = -1;
    }
  }
}

perf_sampler::perf_sampler(std::unique_ptr<state> prepared) : state_(std::move(prepared)) {}

perf_sampler::perf_sampler(perf_sampler&&) noexcept = default;
perf_sampler& perf_sampler::operator=(perf_sampler&&) noexcept = default;

perf_sampler::~perf_sampler() {
  if (state_ && state_->collector.joinable()) finish();
}

support::result<perf_sampler> perf_sampler::attach(pid_t held_child, perf_settings settings) {
  auto prepared = std::make_unique<state>();
  prepared->pid = held_child;
  prepared->settings = std::move(settings);
  prepared->marks_wanted = static_cast<bool>(prepared->settings.find_marks);
  for (const int cpu : online_cpus()) {
    sampling_clock clock = open_sampling_clock(held_child, cpu, prepared->settings.clock);
    if (!clock.event && errno == ENODEV) continue;  // switched off meanwhile
    if (!clock.event) return support::error{support::error_kind::unavailable, explain_refusal(errno)};
    prepared->sees_kernel = clock.sees_kernel;
    prepared->sources.push_back({cpu, std::move(clock.event), {}});
  }
  if (prepared->sees_kernel) prepared->parser.expect_kernel_chains();
  std::size_t bytes = largest_ring_bytes;
  while (bytes > smallest_ring_bytes && bytes * prepared->sources.size() > all_rings_bytes) bytes /= 2;
  while (!prepared->map_rings(bytes)) {
    bytes /= 2;
    if (bytes < smallest_ring_bytes) {
      return support::error{support::error_kind::unavailable,
                            "no memory for perf_event's rings (" + std::generic_category().message(errno) +
                                "): raise kernel.perf_event_mlock_kb or `ulimit -l`"};
    }
  }
  prepared->stop = descriptor(::eventfd(0, EFD_CLOEXEC));
  if (!prepared->stop) return support::error{support::error_kind::unavailable, explain_refusal(errno)};
  state* running = prepared.get();
  prepared->parser.on_mapping(
      [running](const symbols::mapping_event& mapping) { running->set_marks(mapping); });
  prepared->parser.on_truncated_stack(
      [running](std::uint32_t process, std::uint64_t address, std::uint64_t missing) {
        running->touch_stack(process, address, missing);
      });
  prepared->collector = std::thread([running] { running->collect(); });
  return perf_sampler(std::move(prepared));
}

void perf_sampler::pause() {
  for (const state::source& each : state_->sources) ::ioctl(each.clock.get(), PERF_EVENT_IOC_DISABLE, 0);
}

void perf_sampler::resume() {
  for (const state::source& each : state_->sources) ::ioctl(each.clock.get(), PERF_EVENT_IOC_ENABLE, 0);
}

perf_sampler::outcome perf_sampler::finish() {
  const std::uint64_t one = 1;
  const auto written = ::write(state_->stop.get(), &one, sizeof one);
  static_cast<void>(written);
  state_->collector.join();
  state_->drain();
  outcome result;
  result.marks_set = !state_->marks.empty();
  result.sees_kernel = state_->sees_kernel;
  result.throttled = state_->parser.throttled();
  append(state_->unsettled, state_->parser.take());
  result.recording = take_until(state_->unsettled, UINT64_MAX);
  return result;
}

}  // namespace deft::profile
