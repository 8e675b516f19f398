// Result files: what is read can be written and is then read as the same; errors are one line.
#include <cstdint>

#include "fuzz/reader.hpp"
#include "fuzz/store/second_writing.hpp"
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
  deft_fuzz::check_second_writing(deft::store::to_json(*file), deft::store::from_json);
  return 0;
}
