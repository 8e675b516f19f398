// Programs of slices, casts, reads and writes on any_view, beside a model that keeps the place of each
// element.
#include "fuzz/view/any_view_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deft_fuzz::any_view_program({data, size}).run();
  return 0;
}
