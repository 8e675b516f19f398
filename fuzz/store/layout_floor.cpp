// Layout floors: what is read can be written and is then read as the same; no floor is below 0 or not a
// number.
#include <cmath>
#include <cstdint>

#include "fuzz/reader.hpp"
#include "fuzz/store/second_writing.hpp"
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
  deft_fuzz::check_second_writing(deft::store::to_json(*file), deft::store::layout_from_json);
  return 0;
}
