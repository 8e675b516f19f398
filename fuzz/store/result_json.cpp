// Result files: what is read can be written and is then read as the same; errors are one line.
#include <cstdint>
#include <string>

#include "fuzz/reader.hpp"
#include "store/result_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const auto file = deft::store::from_json(input.text(), deft_fuzz::origin);
  if (!file) {
    deft_fuzz::check_message(file.error());
    return 0;
  }
  for (const auto& b : file->benchmarks) {
    for (const auto* profile : {&b.profile, &b.base_profile}) {
      if (!*profile) continue;
      for (const auto& stack : (*profile)->stacks) {
        for (const std::uint32_t frame : stack.frames) DEFT_FUZZ_CHECK(frame < (*profile)->frames.size());
      }
    }
  }
  const std::string written = deft::store::to_json(*file);
  const auto again = deft::store::from_json(written, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(again);
  DEFT_FUZZ_CHECK(deft::store::to_json(*again) == written);

  // Cut in half it is refused, not read as less than it was.
  const auto half =
      deft::store::from_json(std::string_view(written).substr(0, written.size() / 2), deft_fuzz::origin);
  DEFT_FUZZ_CHECK(!half);
  deft_fuzz::check_message(half.error());
  return 0;
}
