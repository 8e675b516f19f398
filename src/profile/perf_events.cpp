#include "profile/perf_events.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <optional>
#include <system_error>

#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "profile/perf_records.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::profile {
namespace {

constexpr std::uint64_t common_sample_type =
    PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME;

// The reader sleeps until 16 samples wait in a ring, or half of what an unprivileged user may have: each
// wake-up takes a processor away from the program.
std::uint32_t wakeup_bytes(std::uint32_t stack_bytes) {
  return std::clamp(16 * stack_bytes, 64U << 10, 256U << 10);
}

descriptor open_event(perf_event_attr& attributes, pid_t pid, int cpu) {
  attributes.size = sizeof attributes;
  attributes.use_clockid = 1;
  attributes.clockid = CLOCK_MONOTONIC;
  return descriptor(
      static_cast<int>(::syscall(SYS_perf_event_open, &attributes, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
}

std::optional<int> read_setting(const char* path) {
  const support::result<std::string> text = support::read_file(path);
  int value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{})
    return std::nullopt;
  return value;
}

sampling_clock open_clock_of_ours() {
  const std::vector<int> cpus = online_cpus();
  return open_sampling_clock(0, cpus.empty() ? -1 : cpus.front(), {.frequency_hz = 99});
}

}  // namespace

descriptor::~descriptor() {
  if (value_ >= 0) ::close(value_);
}

sampling_clock open_sampling_clock(pid_t pid, int cpu, const clock_settings& settings) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_CPU_CLOCK;
  attributes.freq = 1;
  attributes.sample_freq = settings.frequency_hz;
  attributes.sample_type =
      common_sample_type | PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
  attributes.exclude_callchain_user = 1;  // by frame pointers, which programs do not have
  attributes.sample_regs_user = machine_register_layout().kernel_mask;
  attributes.sample_stack_user = settings.stack_bytes;
  attributes.sample_id_all = 1;
  attributes.disabled = 1;
  attributes.enable_on_exec = 1;
  attributes.inherit = 1;  // refused together with a ring per task: hence one event a processor
  attributes.mmap = 1;
  attributes.mmap2 = 1;
  attributes.build_id = 1;
  attributes.comm = 1;
  attributes.comm_exec = 1;
  attributes.task = 1;
  attributes.exclude_hv = 1;
  attributes.watermark = 1;
  attributes.wakeup_watermark = wakeup_bytes(settings.stack_bytes);
  sampling_clock clock{open_event(attributes, pid, cpu), true};
  if (!clock.event && errno == EINVAL) {  // before Linux 5.12
    attributes.build_id = 0;
    clock.event = open_event(attributes, pid, cpu);
  }
  if (!clock.event && (errno == EACCES || errno == EPERM)) {
    attributes.exclude_kernel = 1;
    attributes.sample_type &= ~std::uint64_t{PERF_SAMPLE_CALLCHAIN};
    clock = {open_event(attributes, pid, cpu), false};
  }
  return clock;
}

descriptor open_entry_mark(pid_t pid, int cpu, std::uint64_t address, const descriptor& output) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_BREAKPOINT;
  attributes.bp_type = HW_BREAKPOINT_X;
  attributes.bp_addr = address;
  attributes.bp_len = sizeof(long);
  attributes.sample_period = 1;
  attributes.sample_type = common_sample_type;
  attributes.sample_id_all = 1;
  attributes.disabled = 1;
  attributes.inherit = 1;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  descriptor event = open_event(attributes, pid, cpu);
  if (!event || ::ioctl(event.get(), PERF_EVENT_IOC_SET_OUTPUT, output.get()) != 0 ||
      ::ioctl(event.get(), PERF_EVENT_IOC_ENABLE, 0) != 0) {
    return {};
  }
  return event;
}

std::uint64_t identifier_of(const descriptor& event) {
  std::uint64_t identifier = 0;
  ::ioctl(event.get(), PERF_EVENT_IOC_ID, &identifier);
  return identifier;
}

refusal refusal_of(int error_number) {
  const std::string refused =
      "perf_event_open was refused (" + std::generic_category().message(error_number) + "): ";
  switch (error_number) {
    case EACCES:
    case EPERM: {
      const std::optional<int> level = read_setting("/proc/sys/kernel/perf_event_paranoid");
      if (level && *level > 2) {
        return {refused + "kernel.perf_event_paranoid is " + std::to_string(*level) +
                    ", and 2 is the highest at which a user may profile his own programs",
                "run `sysctl kernel.perf_event_paranoid=2` as root"};
      }
      return {refused + "a container's seccomp filter or a security module forbids it",
              "start the container with a seccomp profile that allows perf_event_open, or with "
              "`--cap-add PERFMON`"};
    }
    case ENOSYS:
      return {refused + "this kernel or sandbox has no perf_event_open", "profile on a machine that has"};
    case ENODEV:
    case ENOENT:
    case EOPNOTSUPP:
      return {refused + "this kernel cannot sample by its software clock with user registers and stacks", ""};
    case EMFILE:
      return {refused + "too many open files", "raise `ulimit -n`"};
    default:
      return {refused + "deft knows no remedy for this", ""};
  }
}

std::string explain_refusal(int error_number) {
  return in_one_sentence(refusal_of(error_number));
}

std::optional<refusal> perf_event_refusal() {
  if (machine_register_layout().count == 0) {
    return refusal{
        "stacks can be unwound on x86-64 and AArch64 only; this program was built for another architecture",
        ""};
  }
  const sampling_clock clock = open_clock_of_ours();
  if (clock.event) return std::nullopt;
  return refusal_of(errno);
}

std::string perf_event_state() {
  const std::optional<refusal> refused = perf_event_refusal();
  return refused ? in_one_sentence(*refused) : "available";
}

bool perf_event_sees_kernel() {
  const sampling_clock clock = open_clock_of_ours();
  return clock.event && clock.sees_kernel;
}

int hardware_counter_error() {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = PERF_COUNT_HW_CPU_CYCLES;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return open_event(attributes, 0, -1) ? 0 : errno;
}

unsigned highest_frequency_hz() {
  const std::optional<int> limit = read_setting("/proc/sys/kernel/perf_event_max_sample_rate");
  return limit && *limit > 0 ? static_cast<unsigned>(*limit) : 1000;
}

std::vector<int> online_cpus() {
  // "0-3,8-11"
  const support::result<std::string> text = support::read_file("/sys/devices/system/cpu/online");
  if (!text) return support::allowed_cpus();
  std::vector<int> cpus;
  const char* at = text->data();
  const char* const end = at + text->size();
  while (at < end) {
    int first = 0;
    const auto parsed = std::from_chars(at, end, first);
    if (parsed.ec != std::errc{}) break;
    int last = first;
    at = parsed.ptr;
    if (at < end && *at == '-') {
      const auto range = std::from_chars(at + 1, end, last);
      if (range.ec != std::errc{}) break;
      at = range.ptr;
    }
    for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    if (at == end || *at != ',') break;
    ++at;
  }
  return cpus.empty() ? support::allowed_cpus() : cpus;
}

}  // namespace deft::profile
