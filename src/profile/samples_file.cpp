#include "profile/samples_file.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include "profile/agent/record_format.hpp"
#include "profile/sample_records.hpp"
#include "support/files.hpp"
#include "symbols/annotate.hpp"
#include "symbols/fold.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::profile {
namespace {

constexpr std::size_t magic_bytes = sizeof agent::samples_file_header::right_magic;

support::error unreadable(std::string_view origin, const std::string& what) {
  return {support::error_kind::unreadable_input, std::string(origin) + ": " + what};
}

}  // namespace

bool is_samples_file(std::string_view bytes) noexcept {
  return bytes.size() >= magic_bytes &&
         std::memcmp(bytes.data(), agent::samples_file_header::right_magic, magic_bytes) == 0;
}

support::result<sampled_region> parse_samples(std::string_view bytes, std::string_view origin) {
  if (!is_samples_file(bytes)) return unreadable(origin, "not a file of deft::profile::sampler");
  agent::samples_file_header header;
  if (bytes.size() < sizeof header) return unreadable(origin, "ends within its header");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.byte_order != agent::samples_file_header::right_byte_order) {
    return unreadable(origin, "written on a machine with another byte order");
  }
  sampled_region region;
  region.period_ns = header.period_ns;
  sample_records records;
  std::vector<std::uint64_t> record;
  std::size_t at = sizeof header;
  std::uint64_t incomplete = 0;
  while (at != bytes.size()) {
    agent::record_head head;
    if (bytes.size() - at < sizeof head) {
      incomplete = 1;
      break;
    }
    std::memcpy(&head, bytes.data() + at, sizeof head);
    const std::size_t size = sizeof head + std::size_t{head.bytes};
    if (head.bytes % 8 != 0 || size > agent::longest_record_bytes) {
      return unreadable(origin, "no record at byte " + std::to_string(at));
    }
    if (bytes.size() - at < size) {  // the program was killed, or the disk is full
      incomplete = 1;
      break;
    }
    record.resize(size / 8);
    std::memcpy(record.data(), bytes.data() + at, size);
    if (!records.take(record)) return unreadable(origin, "damaged record at byte " + std::to_string(at));
    at += size;
  }
  region.recording = records.finish();
  region.recording.lost += incomplete;
  return region;
}

support::result<command_profile> load_samples(const std::string& path) {
  const auto bytes = support::read_file(path);
  if (!bytes) return bytes.error();
  const auto region = parse_samples(*bytes, path);
  if (!region) return region.error();
  const symbols::recording& recording = region->recording;
  symbols::stack_resolver resolver;
  const std::vector<symbols::resolved_sample> samples = resolver.resolve(recording);
  symbols::stack_folder folder(
      {.kind = symbols::profile_kind::cpu, .period_ns = region->period_ns, .by_thread = true});
  folder.name_threads(recording);
  folder.add(samples);

  command_profile loaded;
  loaded.profile = folder.finish(resolver.frames());
  loaded.profile.collector = "deft::profile::sampler: timers on processor time, unwound in the process";
  loaded.profile.lost = recording.lost;
  if (region->period_ns != 0) {
    constexpr std::uint64_t ns_per_s = 1'000'000'000;
    loaded.profile.frequency_hz =
        static_cast<std::uint32_t>((ns_per_s + region->period_ns / 2) / region->period_ns);
  }
  if (!recording.samples.empty()) {
    loaded.duration_seconds =
        static_cast<double>(recording.samples.back().time_ns - recording.samples.front().time_ns) * 1e-9;
  }
  symbols::leaf_counts leaves(symbols::profile_kind::cpu);
  leaves.add(samples);
  loaded.hot_functions = symbols::annotate(leaves, resolver);
  loaded.status.code = 0;
  return loaded;
}

}  // namespace deft::profile
