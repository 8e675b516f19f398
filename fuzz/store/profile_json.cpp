// Profile files: what is read can be written and is then read as the same; nothing but broken UTF-8 gets
// lost; errors are one line.
#include <algorithm>
#include <cstdint>
#include <string>

#include "fuzz/formats/any_profile.hpp"
#include "fuzz/reader.hpp"
#include "fuzz/store/second_writing.hpp"
#include "store/profile_file.hpp"

namespace {

namespace store = deft::store;

void read_any_text(std::string_view text) {
  const auto file = store::profile_from_json(text, deft_fuzz::origin);
  if (!file) {
    deft_fuzz::check_message(file.error());
    return;
  }
  deft_fuzz::check_indices(file->profile);
  deft_fuzz::check_second_writing(store::to_json(*file), store::profile_from_json);
}

void write_any_profile(deft_fuzz::op_source in) {
  const store::profile_file file = deft_fuzz::any_profile(in);
  const std::string written = store::to_json(file);
  const auto read = store::profile_from_json(written, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(read);
  const auto& before = file.profile;
  const auto& after = read->profile;
  DEFT_FUZZ_CHECK(after.kind == before.kind && after.frequency_hz == before.frequency_hz);
  DEFT_FUZZ_CHECK(after.samples == before.samples && after.discarded == before.discarded &&
                  after.lost == before.lost);
  DEFT_FUZZ_CHECK(after.unrooted == before.unrooted && after.threads.size() == before.threads.size());
  DEFT_FUZZ_CHECK(after.frames.size() == before.frames.size());
  DEFT_FUZZ_CHECK(std::ranges::equal(after.stacks, before.stacks, [](const auto& a, const auto& b) {
    return a.frames == b.frames && a.count == b.count && a.value == b.value && a.thread == b.thread;
  }));
  DEFT_FUZZ_CHECK(read->duration_seconds == file.duration_seconds);
  deft_fuzz::check_second_writing(written, store::profile_from_json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  read_any_text(input.text());
  if (deft_fuzz::makes_up_a_file(size)) write_any_profile(deft_fuzz::op_source(input.bytes()));
  return 0;
}
