// sorted_set against the model.
//
// Input: one byte chooses the types, the rest are operations; see tree_driver.hpp.
#include <cstddef>
#include <cstdint>

#include "fuzz/sorted/tree_runs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deft_fuzz::run_one(deft_fuzz::sorted_set_runs, {data, size});
  return 0;
}
