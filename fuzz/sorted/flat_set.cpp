// flat_set and flat_multiset against the model.
//
// Input: one byte chooses container and types, the rest are operations; see flat_driver.hpp.
#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/sorted/flat_runs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto unique = deft_fuzz::flat_set_runs();
  const auto multi = deft_fuzz::flat_multiset_runs();
  const std::size_t chosen = data[0] % (unique.size() + multi.size());
  const auto& run = chosen < unique.size() ? unique[chosen] : multi[chosen - unique.size()];
  run.run({data + 1, size - 1});
  return 0;
}
