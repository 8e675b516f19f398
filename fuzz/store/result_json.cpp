// Result files: what is read can be written and is then read as the same; errors are one line. What follows
// from the profiles in it adds up.
#include <cmath>
#include <cstdint>

#include "diff/explanation.hpp"
#include "fuzz/reader.hpp"
#include "fuzz/store/second_writing.hpp"
#include "store/result_file.hpp"

namespace {

// Nothing of a program is named that is not in it, and the functions' own changes are the whole's.
void check_explanation(const deft::diff::explanation& why) {
  double own = 0;
  double size = 0;
  for (const auto& f : why.functions) {
    own += f.self.delta_ns();
    size += std::abs(f.self.base_ns) + std::abs(f.self.head_ns);
  }
  if (why.unavailable.empty() && std::isfinite(size)) {
    DEFT_FUZZ_CHECK(std::abs(own - why.whole.delta_ns()) <= 1e-6 * size);
  }
  for (const auto* list : {&why.slower, &why.faster, &why.callers}) {
    for (const std::uint32_t f : *list) DEFT_FUZZ_CHECK(f < why.functions.size());
  }
  for (const auto& node : why.nodes) DEFT_FUZZ_CHECK(node.function < why.functions.size());
  if (!why.tested()) DEFT_FUZZ_CHECK(why.slower.empty() && why.faster.empty() && why.callers.empty());
}

}  // namespace

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
  for (const auto& b : file->benchmarks) {
    if (b.paired) check_explanation(deft::diff::explain(*b.paired, {}));
  }
  deft_fuzz::check_second_writing(deft::store::to_json(*file), deft::store::from_json);
  return 0;
}
