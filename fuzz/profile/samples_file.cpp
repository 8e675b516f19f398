// What deft::profile::sampler writes. Any bytes give a recording or one line; files made of valid records are
// read record by record; one that was cut off has what was before, and one damaged byte is noticed.
#include "profile/samples_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "fuzz/reader.hpp"
#include "profile/agent/record_format.hpp"

namespace {

namespace agent = deft::profile::agent;
using deft::symbols::recording;
using deft_fuzz::op_source;

std::size_t count_of(const recording& r) {
  return r.samples.size() + r.mappings.size() + r.thread_names.size();
}

template <typename Event>
bool in_order(const std::vector<Event>& events) {
  return std::ranges::is_sorted(events, {}, &Event::time_ns);
}

void check(const recording& r, std::size_t file_bytes) {
  DEFT_FUZZ_CHECK(in_order(r.samples) && in_order(r.mappings) && in_order(r.thread_names));
  DEFT_FUZZ_CHECK(count_of(r) * sizeof(agent::record_head) <= file_bytes);
  for (const auto& sample : r.samples) {
    DEFT_FUZZ_CHECK(sample.stack.empty() && !sample.has_registers);
    DEFT_FUZZ_CHECK(sample.addresses.size() * 8 <= file_bytes && sample.scopes.size() * 16 <= file_bytes);
    for (const auto& scope : sample.scopes) DEFT_FUZZ_CHECK(scope.frame < sample.addresses.size());
  }
  for (const auto& event : r.mappings) {
    DEFT_FUZZ_CHECK(event.path.size() <= agent::longest_path_bytes);
    DEFT_FUZZ_CHECK(event.build_id.size() <= 2 * agent::longest_build_id_bytes);
  }
}

template <typename Body>
void append(std::vector<std::uint64_t>& words, const Body& body) {
  const std::size_t at = words.size();
  words.resize(at + sizeof body / 8);
  std::memcpy(words.data() + at, &body, sizeof body);
}

struct made_file {
  std::string bytes;
  std::vector<std::size_t> ends;  // of the header and of each record
  std::uint64_t lost = 0;
  std::size_t events = 0;
};

std::vector<std::uint64_t> any_body(op_source& in, agent::record_kind kind, made_file& file) {
  std::vector<std::uint64_t> words;
  switch (kind) {
    case agent::record_kind::sample: {
      agent::sample_record body{};
      body.time_ns = in.byte();
      body.cause = static_cast<std::uint32_t>(in.below(4));
      body.rooted = in.byte();
      body.address_count = static_cast<std::uint32_t>(in.below(20));
      body.scope_count = static_cast<std::uint32_t>(in.below(4));
      append(words, body);
      for (std::uint32_t i = 0; i < body.address_count; ++i) words.push_back(in.raw<std::uint16_t>());
      for (std::uint32_t i = 0; i < body.scope_count; ++i) {
        words.push_back(static_cast<std::uint64_t>(in.below(24)));  // some lead outside of the stack
        words.push_back(in.byte());
      }
      break;
    }
    case agent::record_kind::mapping: {
      agent::mapping_record body{};
      body.time_ns = in.byte();
      body.build_id_bytes = static_cast<std::uint32_t>(in.below(24));
      body.path_bytes = static_cast<std::uint64_t>(in.below(24));
      append(words, body);
      for (std::uint64_t i = 0; i < (body.build_id_bytes + body.path_bytes + 7) / 8; ++i) {
        words.push_back(in.raw<std::uint64_t>());
      }
      break;
    }
    case agent::record_kind::thread_name: {
      agent::thread_name_record body{};
      body.time_ns = in.byte();
      for (char& c : body.name) c = static_cast<char>(in.byte());
      append(words, body);
      break;
    }
    case agent::record_kind::lost: {
      const agent::lost_record body{.count = in.byte()};
      file.lost += body.count;
      append(words, body);
      break;
    }
    default: {
      const agent::process_record body{.time_ns = in.byte(), .pid = in.byte(), .parent_pid = in.byte()};
      append(words, body);
    }
  }
  return words;
}

made_file generate(op_source& in) {
  made_file file;
  agent::samples_file_header header{};
  std::memcpy(header.magic, agent::samples_file_header::right_magic, sizeof header.magic);
  header.byte_order = agent::samples_file_header::right_byte_order;
  header.period_ns = 1'000'000;
  file.bytes.assign(reinterpret_cast<const char*>(&header), sizeof header);
  file.ends.push_back(file.bytes.size());
  for (int n = in.below(12); n > 0; --n) {
    const auto kind = static_cast<agent::record_kind>(1 + in.below(6));
    const auto words = any_body(in, kind, file);
    const auto number = static_cast<std::uint32_t>(kind);
    const agent::record_head head{.kind = number,
                                  .bytes = static_cast<std::uint32_t>(words.size() * 8),
                                  .checksum = agent::record_checksum(number, words.data(), words.size())};
    file.bytes.append(reinterpret_cast<const char*>(&head), sizeof head);
    file.bytes.append(reinterpret_cast<const char*>(words.data()), words.size() * 8);
    file.ends.push_back(file.bytes.size());
    if (kind != agent::record_kind::lost) ++file.events;
  }
  return file;
}

void read_what_was_written(op_source in) {
  made_file file = generate(in);
  const auto whole = deft::profile::parse_samples(file.bytes, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(whole);
  DEFT_FUZZ_CHECK(count_of(whole->recording) == file.events && whole->recording.lost == file.lost);
  check(whole->recording, file.bytes.size());

  const std::size_t cut = file.ends[0] + in.raw<std::uint16_t>() % (file.bytes.size() - file.ends[0] + 1);
  const auto part =
      deft::profile::parse_samples(std::string_view(file.bytes).substr(0, cut), deft_fuzz::origin);
  DEFT_FUZZ_CHECK(part);
  const bool between = std::ranges::find(file.ends, cut) != file.ends.end();
  DEFT_FUZZ_CHECK(count_of(part->recording) <= file.events);
  if (!between) DEFT_FUZZ_CHECK(part->recording.lost >= 1);

  if (file.ends.size() == 1) return;
  // In the body of a record: its head has the length, which a cut explains as well.
  const std::size_t record = static_cast<std::size_t>(in.below(static_cast<int>(file.ends.size()) - 1));
  const std::size_t body = file.ends[record] + sizeof(agent::record_head);
  const std::size_t damaged = body + in.byte() % (file.ends[record + 1] - body);
  file.bytes[damaged] = static_cast<char>(file.bytes[damaged] ^ (1 + in.below(255)));
  const auto refused = deft::profile::parse_samples(file.bytes, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(!refused);
  deft_fuzz::check_message(refused.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const auto region = deft::profile::parse_samples(input.text(), deft_fuzz::origin);
  if (region) {
    check(region->recording, size);
  } else {
    deft_fuzz::check_message(region.error());
  }
  read_what_was_written(op_source(input.bytes()));
  return 0;
}
