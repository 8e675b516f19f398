// The kernel's sample records: whatever they hold, what is kept fits into the record that it came from, is in
// order of time, stays within the memory bound and does not depend on how records of other threads lie
// between.
//
// Input: the memory bound in KiB, whether call chains of the kernel are expected, then records, each after
// two bytes with its length; one bit of them says whether the record's own header tells the same length.
#include "profile/perf_records.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <vector>

#include "fuzz/reader.hpp"

namespace {

using deft::profile::record_parser;
using deft::symbols::recording;
using deft::symbols::stack_sample;

constexpr std::uint64_t mark_identifier = 7;

struct observed {
  recording result;
  std::uint64_t malformed = 0;
  std::size_t mappings_told = 0;
};

observed parse(const std::vector<std::vector<std::uint8_t>>& records, bool kernel_chains,
               std::size_t limit = std::size_t{1} << 30) {
  observed seen;
  record_parser parser(limit);
  if (kernel_chains) parser.expect_kernel_chains();
  parser.add_mark(mark_identifier, 3);
  parser.on_mapping([&](const deft::symbols::mapping_event&) { ++seen.mappings_told; });
  parser.on_truncated_stack(
      [](std::uint32_t, std::uint64_t, std::uint64_t missing) { DEFT_FUZZ_CHECK(missing > 0); });
  for (const auto& record : records) {
    const std::vector<std::uint8_t> alone(record);  // an allocation of just its size
    parser.parse(alone);
  }
  seen.malformed = parser.malformed();
  seen.result = parser.take();
  const recording nothing = parser.take();
  DEFT_FUZZ_CHECK(nothing.samples.empty() && nothing.mappings.empty() && nothing.marks.empty() &&
                  nothing.lost == 0);
  return seen;
}

std::size_t kept_bytes(const recording& from) {
  std::size_t sum = 0;
  for (const stack_sample& s : from.samples) sum += s.stack.size();
  return sum;
}

template <typename Event>
bool in_order(const std::vector<Event>& events) {
  return std::ranges::is_sorted(events, {}, &Event::time_ns);
}

auto content(const stack_sample& s) {
  return std::tie(s.time_ns, s.pid, s.tid, s.in_kernel, s.has_registers, s.registers, s.kernel_addresses,
                  s.stack);
}

std::vector<std::vector<std::uint8_t>> records_of(deft_fuzz::op_source& in) {
  std::vector<std::vector<std::uint8_t>> records;
  while (!in.empty() && records.size() < 64) {
    const auto length = in.raw<std::uint16_t>();
    std::vector<std::uint8_t> record(length % 1024);
    for (auto& byte : record) byte = in.byte();
    if (length < 0x8000 && record.size() >= 8) {  // perf_event_header: type, misc, size
      const auto size = static_cast<std::uint16_t>(record.size());
      std::memcpy(record.data() + 6, &size, sizeof size);
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deft_fuzz::op_source in({data, size});
  const std::size_t limit = in.byte() * std::size_t{1024};
  const bool kernel_chains = in.below(2) == 1;
  const auto records = records_of(in);

  const observed all = parse(records, kernel_chains);
  const recording& r = all.result;
  DEFT_FUZZ_CHECK(in_order(r.samples) && in_order(r.mappings) && in_order(r.marks) &&
                  in_order(r.thread_names));
  DEFT_FUZZ_CHECK(r.samples.size() + r.mappings.size() + r.marks.size() + r.thread_names.size() +
                      all.malformed <=
                  2 * records.size());
  std::size_t bytes = 0;
  for (const auto& record : records) bytes += record.size();
  DEFT_FUZZ_CHECK(kept_bytes(r) <= bytes);
  for (const auto& event : r.mappings) {
    DEFT_FUZZ_CHECK(event.path.size() <= bytes && event.path.find('\0') == std::string::npos);
  }

  // The bound drops the oldest samples and counts them; all else stays.
  const observed bounded = parse(records, kernel_chains, limit);
  DEFT_FUZZ_CHECK(kept_bytes(bounded.result) <= limit);
  DEFT_FUZZ_CHECK(bounded.result.samples.size() + (bounded.result.lost - r.lost) == r.samples.size());
  DEFT_FUZZ_CHECK(bounded.malformed == all.malformed && bounded.result.mappings.size() == r.mappings.size());

  // Backwards: the same samples; only those of one time may be in another order.
  const observed backwards = parse({records.rbegin(), records.rend()}, kernel_chains);
  DEFT_FUZZ_CHECK(backwards.malformed == all.malformed && backwards.mappings_told == all.mappings_told);
  auto ours = r.samples;
  auto theirs = backwards.result.samples;
  const auto by_content = [](const stack_sample& a, const stack_sample& b) {
    return content(a) < content(b);
  };
  std::ranges::sort(ours, by_content);
  std::ranges::sort(theirs, by_content);
  DEFT_FUZZ_CHECK(std::ranges::equal(ours, theirs,
                                     [](const auto& a, const auto& b) { return content(a) == content(b); }));
  return 0;
}
