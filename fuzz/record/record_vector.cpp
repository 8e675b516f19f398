// record_vector against a vector of structs, with and without texts, bit-packed or not.
//
// Input: one byte chooses the table, the rest are operations; see record_vector_model.hpp.
#include <cstdint>
#include <span>

#include "fuzz/record/record_vector_model.hpp"

namespace {

template <typename T, typename Layout>
void run(std::span<const std::uint8_t> bytes) {
  deft_fuzz::op_source in(bytes);
  deft_fuzz::record_vector_driver<T, Layout>(in).run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> operations(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      run<deft_fuzz::item, deft::byte_columns>(operations);
      break;
    case 1:
      run<deft_fuzz::item, deft_fuzz::some_packed>(operations);
      break;
    case 2:
      run<deft_fuzz::plain_item, deft::byte_columns>(operations);
      break;
    default:
      run<deft_fuzz::plain_item, deft_fuzz::plain_packed>(operations);
  }
  return 0;
}
