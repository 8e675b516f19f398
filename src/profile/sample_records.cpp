#include "profile/sample_records.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "profile/agent/record_format.hpp"

namespace deft::profile {
namespace {

// A bound on what a long run of many threads may take: some millions of samples.
constexpr std::uint64_t most_kept_bytes = std::uint64_t{1} << 30;

template <class Body>
bool read_body(std::span<const std::uint64_t> words, Body& body) {
  if (words.size_bytes() < sizeof body) return false;
  std::memcpy(&body, words.data(), sizeof body);
  return true;
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

template <class Events>
void sort_by_time(Events& events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
}

}  // namespace

bool sample_records::take_sample(std::span<const std::uint64_t> words) {
  agent::sample_record body;
  if (!read_body(words, body)) return false;
  const std::span<const std::uint64_t> rest = words.subspan(sizeof body / 8);
  if (body.cause > static_cast<std::uint32_t>(symbols::sample_cause::allocation)) return false;
  if (body.address_count > agent::most_addresses || body.scope_count > agent::most_scopes) return false;
  if (rest.size() != std::size_t{body.address_count} + std::size_t{2} * body.scope_count) return false;
  kept_bytes_ += sizeof(symbols::stack_sample) + rest.size_bytes();
  if (kept_bytes_ > most_kept_bytes) {
    ++recording_.lost;
    return true;
  }
  symbols::stack_sample& sample = recording_.samples.emplace_back();
  sample.time_ns = body.time_ns;
  sample.pid = body.pid;
  sample.tid = body.tid;
  sample.cause = static_cast<symbols::sample_cause>(body.cause);
  sample.weight = body.weight;
  sample.bytes = body.bytes;
  sample.objects = body.objects;
  sample.addresses_rooted = body.rooted != 0;
  sample.addresses.assign(rest.begin(), rest.begin() + body.address_count);
  sample.scopes.reserve(body.scope_count);
  for (std::size_t i = 0; i < body.scope_count; ++i) {
    const std::uint64_t frame = rest[body.address_count + 2 * i];
    if (frame >= body.address_count) return true;  // of a scope we only know that it is none
    sample.scopes.push_back({static_cast<std::uint32_t>(frame), rest[body.address_count + 2 * i + 1]});
  }
  return true;
}

bool sample_records::take_mapping(std::span<const std::uint64_t> words) {
  agent::mapping_record body;
  if (!read_body(words, body)) return false;
  const std::span<const std::uint64_t> rest = words.subspan(sizeof body / 8);
  if (body.build_id_bytes > agent::longest_build_id_bytes || body.path_bytes > agent::longest_path_bytes ||
      body.build_id_bytes + body.path_bytes > rest.size_bytes()) {
    return false;
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(rest.data());
  symbols::mapping_event event;
  event.time_ns = body.time_ns;
  event.pid = body.pid;
  event.start = body.start;
  event.size_bytes = body.size_bytes;
  event.file_offset = body.file_offset;
  event.path.assign(reinterpret_cast<const char*>(bytes) + body.build_id_bytes, body.path_bytes);
  if (event.path.empty()) event.path = "//anon";
  event.build_id = hexadecimal(bytes, body.build_id_bytes);
  recording_.mappings.push_back(std::move(event));
  return true;
}

bool sample_records::take(std::span<const std::uint64_t> record) {
  agent::record_head head;
  if (!read_body(record, head)) return false;
  const std::span<const std::uint64_t> words = record.subspan(sizeof head / 8);
  if (words.size_bytes() != head.bytes ||
      agent::record_checksum(head.kind, words.data(), words.size()) != head.checksum) {
    return false;
  }
  switch (static_cast<agent::record_kind>(head.kind)) {
    case agent::record_kind::sample:
      return take_sample(words);
    case agent::record_kind::mapping:
      return take_mapping(words);
    case agent::record_kind::fork:
    case agent::record_kind::exec: {
      agent::process_record body;
      if (!read_body(words, body)) return false;
      symbols::mapping_event event;
      event.what = head.kind == static_cast<std::uint32_t>(agent::record_kind::fork)
                       ? symbols::mapping_event::kind::fork
                       : symbols::mapping_event::kind::exec;
      event.time_ns = body.time_ns;
      event.pid = body.pid;
      event.parent_pid = body.parent_pid;
      recording_.mappings.push_back(std::move(event));
      return true;
    }
    case agent::record_kind::thread_name: {
      agent::thread_name_record body;
      if (!read_body(words, body)) return false;
      recording_.thread_names.push_back(
          {body.time_ns, body.pid, body.tid, std::string(body.name, ::strnlen(body.name, sizeof body.name))});
      return true;
    }
    case agent::record_kind::lost: {
      agent::lost_record body;
      if (!read_body(words, body)) return false;
      recording_.lost += body.count;
      return true;
    }
  }
  return false;
}

symbols::recording sample_records::finish() {
  sort_by_time(recording_.thread_names);
  sort_by_time(recording_.mappings);
  sort_by_time(recording_.samples);
  kept_bytes_ = 0;
  return std::exchange(recording_, {});
}

}  // namespace deft::profile
