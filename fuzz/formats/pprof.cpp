// pprof's protocol buffers, plain and compressed: any bytes give a profile or one line; a profile that is
// written is read with the same functions, counts, values and threads, and written the same from then on.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/formats.hpp"
#include "fuzz/formats/any_profile.hpp"
#include "fuzz/reader.hpp"
#include "support/gzip.hpp"

namespace {

namespace formats = deft::formats;
using deft::store::profile_file;
using deft::symbols::profile_kind;

deft_fuzz::function_weights values_of(const deft::symbols::stack_profile& profile) {
  const bool timed = profile.frequency_hz != 0 && profile.kind != profile_kind::allocation;
  return deft_fuzz::weights_of(profile, [&](const auto& stack) {
    if (stack.value != 0 || !timed) return stack.value;
    return (stack.count * 1'000'000'000 + profile.frequency_hz / 2) / profile.frequency_hz;
  });
}

profile_file read(std::string_view bytes) {
  auto file = formats::from_pprof(bytes, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(file);
  deft_fuzz::check_indices(file->profile);
  return *std::move(file);
}

// Written, read, and from then on the same bytes.
profile_file check_written(const profile_file& file) {
  const profile_file first = read(formats::to_pprof(file));
  const std::string written = formats::to_pprof(first);
  DEFT_FUZZ_CHECK(formats::to_pprof(read(written)) == written);
  return first;
}

bool read_any_bytes(std::string_view bytes) {
  const auto file = formats::from_pprof(bytes, deft_fuzz::origin);
  if (!file) {
    deft_fuzz::check_message(file.error());
    return false;
  }
  deft_fuzz::check_indices(file->profile);
  if (!deft::support::is_gzip(bytes)) {
    const auto compressed = formats::from_pprof(deft::support::gzipped(bytes), deft_fuzz::origin);
    DEFT_FUZZ_CHECK(compressed && deft::store::to_json(*compressed) == deft::store::to_json(*file));
  }
  const profile_file again = check_written(*file);
  DEFT_FUZZ_CHECK(deft_fuzz::counts_of(again.profile) == deft_fuzz::counts_of(file->profile));
  return true;
}

void write_any_profile(deft_fuzz::op_source in) {
  const profile_file file = deft_fuzz::any_profile(in);
  const profile_file again = check_written(file);
  // Where nothing but samples is known, nothing says of what.
  if (!values_of(file.profile).empty()) DEFT_FUZZ_CHECK(again.profile.kind == file.profile.kind);
  DEFT_FUZZ_CHECK(deft_fuzz::counts_of(again.profile) == deft_fuzz::counts_of(file.profile));
  DEFT_FUZZ_CHECK(values_of(again.profile) == values_of(file.profile));
  DEFT_FUZZ_CHECK(again.profile.lost == file.profile.lost);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const bool was_profile = read_any_bytes(input.text());
  if (!was_profile && deft_fuzz::makes_up_a_file(size))
    write_any_profile(deft_fuzz::op_source(input.bytes()));
  return 0;
}
