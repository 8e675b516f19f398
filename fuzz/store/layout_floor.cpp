// Layout floors: what is read can be written and is then read as the same; no floor is below 0 or not a
// number.
#include <cmath>
#include <cstdint>
#include <string>

#include "fuzz/reader.hpp"
#include "store/layout_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const auto file = deft::store::layout_from_json(input.text(), deft_fuzz::origin);
  if (!file) {
    deft_fuzz::check_message(file.error());
    return 0;
  }
  const auto usable = [](double floor) { return std::isfinite(floor) && floor >= 0; };
  DEFT_FUZZ_CHECK(usable(file->learnt.whole_run));
  for (const auto& b : file->learnt.benchmarks) DEFT_FUZZ_CHECK(usable(b.floor));
  const std::string written = deft::store::to_json(*file);
  const auto again = deft::store::layout_from_json(written, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(again);
  DEFT_FUZZ_CHECK(deft::store::to_json(*again) == written);

  // Cut in half it is refused, not read as less than it was.
  const auto half = deft::store::layout_from_json(std::string_view(written).substr(0, written.size() / 2),
                                                  deft_fuzz::origin);
  DEFT_FUZZ_CHECK(!half);
  deft_fuzz::check_message(half.error());
  return 0;
}
