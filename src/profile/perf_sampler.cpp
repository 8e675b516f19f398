#include "profile/perf_sampler.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "profile/perf_events.hpp"
#include "profile/perf_records.hpp"
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

// Wake-ups come by watermark; the timeout finds what did not reach it (mappings, at the start).
constexpr int drain_interval_ms = 5;

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
  bool marks_refused = false;
  mark_finder find_marks;
  record_parser parser;
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
  if (mapping.pid != static_cast<std::uint32_t>(pid) || !marks.empty() || marks_refused) return;
  for (const marked_function& wanted : find_marks(mapping.path)) {
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
        marks_refused = true;
        return;
      }
      parser.add_mark(identifier_of(mark), wanted.function);
      marks.push_back(std::move(mark));
    }
  }
}

// The kernel copies stacks without taking page faults, and so it stops at a page that the program never
// wrote: one in the middle of a large frame, say Google Benchmark's runner of 11 KiB, which cost every stack
// of one run in four its root. Reading the page once, from outside, gives it a page of zeros; the next
// samples come through. What lies behind the end of a stack stays unreadable. Each page is tried once.
void perf_sampler::state::touch_stack(std::uint32_t process, std::uint64_t address,
                                      std::uint64_t size_bytes) {
  const std::uint64_t page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (!touched.emplace(process, address / page_bytes).second) return;
  std::array<char, stack_copy_bytes> ignored;
  const iovec here{ignored.data(), std::min<std::size_t>(size_bytes, ignored.size())};
  const iovec there{reinterpret_cast<void*>(address),
                    here.iov_len};  // NOLINT: an address of the other process
  const auto read = ::process_vm_readv(static_cast<pid_t>(process), &here, 1, &there, 1, 0);
  static_cast<void>(read);
}

void perf_sampler::state::drain() {
  for (source& each : sources) {
    each.ring.drain([this](std::span<const std::uint8_t> record) { parser.parse(record); });
  }
}

void perf_sampler::state::collect() {
  std::vector<pollfd> waiting{{stop.get(), POLLIN, 0}};
  for (const source& each : sources) waiting.push_back({each.clock.get(), POLLIN, 0});
  for (;;) {
    ::poll(waiting.data(), waiting.size(), drain_interval_ms);
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

support::result<perf_sampler> perf_sampler::attach(pid_t held_child, unsigned frequency_hz,
                                                   mark_finder find_marks) {
  auto prepared = std::make_unique<state>();
  prepared->pid = held_child;
  prepared->find_marks = std::move(find_marks);
  for (const int cpu : online_cpus()) {
    descriptor clock = open_sampling_clock(held_child, cpu, frequency_hz);
    if (!clock && errno == ENODEV) continue;  // switched off meanwhile
    if (!clock) return support::error{support::error_kind::unavailable, explain_refusal(errno)};
    prepared->sources.push_back({cpu, std::move(clock), {}});
  }
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

perf_sampler::outcome perf_sampler::finish() {
  const std::uint64_t one = 1;
  const auto written = ::write(state_->stop.get(), &one, sizeof one);
  static_cast<void>(written);
  state_->collector.join();
  state_->drain();
  outcome result;
  result.marks_set = !state_->marks.empty();
  result.marks_throttled = state_->parser.throttled();
  result.recording = state_->parser.take();
  return result;
}

}  // namespace deft::profile
