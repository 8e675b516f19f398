#include "profile/perf_records.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <asm/perf_regs.h>
#include <linux/perf_event.h>

#include "symbols/unwind_rules.hpp"

namespace deft::profile {
namespace {

// What sample_id_all appends to every record that is no sample: process and thread, time, identifier.
constexpr std::size_t trailer_bytes = 24;

template <class Event>
void sort_by_time(std::vector<Event>& events) {
  // Each processor's ring is in order; a thread that moves leaves its records in several.
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.time_ns < b.time_ns; });
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace

register_layout machine_register_layout() {
  register_layout layout;
#if defined(__x86_64__) && !defined(__ILP32__)
  constexpr std::array<std::pair<unsigned, std::uint8_t>, 17> registers = {{{PERF_REG_X86_AX, 0},
                                                                            {PERF_REG_X86_BX, 3},
                                                                            {PERF_REG_X86_CX, 2},
                                                                            {PERF_REG_X86_DX, 1},
                                                                            {PERF_REG_X86_SI, 4},
                                                                            {PERF_REG_X86_DI, 5},
                                                                            {PERF_REG_X86_BP, 6},
                                                                            {PERF_REG_X86_SP, 7},
                                                                            {PERF_REG_X86_IP, 16},
                                                                            {PERF_REG_X86_R8, 8},
                                                                            {PERF_REG_X86_R9, 9},
                                                                            {PERF_REG_X86_R10, 10},
                                                                            {PERF_REG_X86_R11, 11},
                                                                            {PERF_REG_X86_R12, 12},
                                                                            {PERF_REG_X86_R13, 13},
                                                                            {PERF_REG_X86_R14, 14},
                                                                            {PERF_REG_X86_R15, 15}}};
  for (const auto& [kernel, dwarf] : registers) {
    layout.kernel_mask |= std::uint64_t{1} << kernel;
    layout.dwarf_number[layout.count++] = dwarf;
  }
#elif defined(__aarch64__)
  for (std::uint8_t number = 0; number <= PERF_REG_ARM64_PC; ++number) {  // the same numbers in both
    layout.kernel_mask |= std::uint64_t{1} << number;
    layout.dwarf_number[layout.count++] = number;
  }
#endif
  return layout;
}

// A cursor that refuses to leave the record.
class record_parser::reader {
 public:
  explicit reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  template <class Number>
  bool read(Number& value) {
    if (rest_.size() < sizeof value) return false;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return true;
  }

  bool take(std::uint64_t count, std::span<const std::uint8_t>& bytes) {
    if (count > rest_.size()) return false;
    bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return true;
  }

  /// Cuts the trailer off the end and reads its time.
  bool trailer_time(std::uint64_t& time_ns) {
    if (rest_.size() < trailer_bytes) return false;
    std::memcpy(&time_ns, rest_.data() + rest_.size() - trailer_bytes + 8, sizeof time_ns);
    rest_ = rest_.first(rest_.size() - trailer_bytes);
    return true;
  }

  std::span<const std::uint8_t> rest() const { return rest_; }

 private:
  std::span<const std::uint8_t> rest_;
};

bool record_parser::parse_sample(reader& in, bool in_kernel) {
  std::uint64_t identifier = 0;
  std::uint64_t address = 0;
  symbols::stack_sample sample;
  if (!in.read(identifier) || !in.read(address) || !in.read(sample.pid) || !in.read(sample.tid) ||
      !in.read(sample.time_ns)) {
    return false;
  }
  if (const auto mark = marks_.find(identifier); mark != marks_.end()) {
    out_.marks.push_back({sample.time_ns, sample.tid, mark->second});
    return true;
  }
  sample.in_kernel = in_kernel;
  if (kernel_chains_ && !parse_kernel_chain(in, sample)) return false;
  std::uint64_t abi = 0;
  if (!in.read(abi)) return false;
  if (abi != PERF_SAMPLE_REGS_ABI_NONE) {
    for (std::size_t i = 0; i < layout_.count; ++i) {
      if (!in.read(sample.registers[layout_.dwarf_number[i]])) return false;
    }
    sample.has_registers = abi == PERF_SAMPLE_REGS_ABI_64;
  }
  std::uint64_t copied = 0;
  std::span<const std::uint8_t> stack;
  if (!in.read(copied) || !in.take(copied, stack)) return false;
  if (copied != 0) {
    std::uint64_t valid = 0;  // the kernel reserves all of it and fills what the stack has
    if (!in.read(valid) || valid > copied) return false;
    stack = stack.first(valid);
    if (valid < copied && sample.has_registers && on_truncated_stack_) {
      const std::uint64_t stack_pointer = sample.registers[symbols::machine_registers().stack_pointer];
      on_truncated_stack_(sample.pid, stack_pointer + valid, copied - valid);
    }
  }
  sample.stack.assign(stack.begin(), stack.end());
  kept_bytes_ += sample.stack.size() + sizeof sample;
  out_.samples.push_back(std::move(sample));
  bound_memory();
  return true;
}

bool record_parser::parse_kernel_chain(reader& in, symbols::stack_sample& sample) const {
  std::uint64_t count = 0;
  std::span<const std::uint8_t> chain;
  if (!in.read(count) || count > in.rest().size() / sizeof count || !in.take(count * sizeof count, chain))
    return false;
  reader addresses(chain);
  for (std::uint64_t address = 0; addresses.read(address);) {
    // The highest numbers are no addresses, but say whose the following ones are: only the kernel's here.
    if (address < static_cast<std::uint64_t>(PERF_CONTEXT_MAX)) sample.kernel_addresses.push_back(address);
  }
  return true;
}

// The timed part of a benchmark is the last one, so it is the oldest samples that can be done without.
void record_parser::bound_memory() {
  while (kept_bytes_ > kept_bytes_limit_ && oldest_ < out_.samples.size()) {
    symbols::stack_sample& given_up = out_.samples[oldest_++];
    kept_bytes_ -= given_up.stack.size() + sizeof given_up;
    given_up.stack = {};
    ++out_.lost;
  }
  if (oldest_ > 4096 && oldest_ > out_.samples.size() / 2) {
    out_.samples.erase(out_.samples.begin(), out_.samples.begin() + static_cast<std::ptrdiff_t>(oldest_));
    oldest_ = 0;
  }
}

bool record_parser::parse_mapping(reader& in, bool has_build_id) {
  symbols::mapping_event event;
  std::uint32_t tid = 0;
  std::span<const std::uint8_t> identity;  // device, inode and generation; or a build id and its length
  std::uint64_t ignored = 0;               // protection and flags
  if (!in.read(event.pid) || !in.read(tid) || !in.read(event.start) || !in.read(event.size_bytes) ||
      !in.read(event.file_offset) || !in.take(24, identity) || !in.read(ignored) ||
      !in.trailer_time(event.time_ns)) {
    return false;
  }
  if (has_build_id) {
    constexpr std::size_t header_bytes = 4;
    if (identity[0] > identity.size() - header_bytes) return false;
    event.build_id = hexadecimal(identity.subspan(header_bytes, identity[0]));
  }
  const std::span<const std::uint8_t> name = in.rest();
  event.path.assign(name.begin(), std::find(name.begin(), name.end(), std::uint8_t{0}));
  if (on_mapping_) on_mapping_(event);
  out_.mappings.push_back(std::move(event));
  return true;
}

bool record_parser::parse_fork(reader& in) {
  symbols::mapping_event event;
  event.what = symbols::mapping_event::kind::fork;
  std::uint32_t tid = 0;
  std::uint32_t parent_tid = 0;
  if (!in.read(event.pid) || !in.read(event.parent_pid) || !in.read(tid) || !in.read(parent_tid) ||
      !in.trailer_time(event.time_ns)) {
    return false;
  }
  // The kernel tells a name when it is set, and not that a new thread has its creator's.
  if (const auto name = names_.find(parent_tid); name != names_.end()) {
    out_.thread_names.push_back({event.time_ns, event.pid, tid, name->second});
    names_.try_emplace(tid, name->second);
  }
  if (event.pid != event.parent_pid) out_.mappings.push_back(std::move(event));  // else a new thread
  return true;
}

bool record_parser::parse_name(reader& in, bool after_exec) {
  symbols::thread_name_event named;
  if (!in.read(named.pid) || !in.read(named.tid) || !in.trailer_time(named.time_ns)) return false;
  const std::span<const std::uint8_t> text = in.rest();
  named.name.assign(text.begin(), std::find(text.begin(), text.end(), std::uint8_t{0}));
  if (after_exec) {
    symbols::mapping_event replaced;
    replaced.what = symbols::mapping_event::kind::exec;
    replaced.pid = named.pid;
    replaced.time_ns = named.time_ns;
    out_.mappings.push_back(std::move(replaced));
  }
  names_[named.tid] = named.name;
  out_.thread_names.push_back(std::move(named));
  return true;
}

void record_parser::parse(std::span<const std::uint8_t> record) {
  reader in(record);
  perf_event_header header{};
  bool ok = in.read(header) && header.size == record.size();
  if (ok) {
    switch (header.type) {
      case PERF_RECORD_SAMPLE:
        ok = parse_sample(in, (header.misc & PERF_RECORD_MISC_CPUMODE_MASK) == PERF_RECORD_MISC_KERNEL);
        break;
      case PERF_RECORD_MMAP2:
        ok = parse_mapping(in, (header.misc & PERF_RECORD_MISC_MMAP_BUILD_ID) != 0);
        break;
      case PERF_RECORD_FORK:
        ok = parse_fork(in);
        break;
      case PERF_RECORD_COMM:
        ok = parse_name(in, (header.misc & PERF_RECORD_MISC_COMM_EXEC) != 0);
        break;
      case PERF_RECORD_LOST: {
        std::uint64_t identifier = 0;
        std::uint64_t lost = 0;
        ok = in.read(identifier) && in.read(lost);
        if (ok) out_.lost += lost;
        break;
      }
      case PERF_RECORD_LOST_SAMPLES: {
        std::uint64_t lost = 0;
        ok = in.read(lost);
        if (ok) out_.lost += lost;
        break;
      }
      case PERF_RECORD_THROTTLE:
        throttled_ = true;
        break;
      default:
        break;  // exits and whatever a newer kernel adds
    }
  }
  if (!ok) ++malformed_;
}

symbols::recording record_parser::take() {
  out_.samples.erase(out_.samples.begin(), out_.samples.begin() + static_cast<std::ptrdiff_t>(oldest_));
  oldest_ = 0;
  kept_bytes_ = 0;
  sort_by_time(out_.thread_names);
  sort_by_time(out_.mappings);
  sort_by_time(out_.samples);
  sort_by_time(out_.marks);
  return std::exchange(out_, {});
}

}  // namespace deft::profile
