// sorted_vector against the model, over element types and, for numbers, every instruction set path.
//
// Input: one byte chooses the element type, the rest are operations; see sorted_vector_model.hpp.
#include <cstdint>
#include <span>
#include <string>

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/sorted_vector_model.hpp"

namespace {

template <typename T>
void run(std::span<const std::uint8_t> bytes) {
  const long alive = deft_test::faults::alive;
  deft_fuzz::op_source in(bytes);
  deft_fuzz::sorted_vector_driver<T>(in).run();
  DEFT_FUZZ_CHECK(deft_test::faults::alive == alive);
}

template <typename Number>
void run_on_each_isa(std::span<const std::uint8_t> bytes) {
  deft_fuzz::for_each_isa([&] { run<Number>(bytes); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> operations(data + 1, size - 1);
  switch (data[0] % 9) {
    case 0:
      run_on_each_isa<std::uint64_t>(operations);
      break;
    case 1:
      run_on_each_isa<std::int32_t>(operations);
      break;
    case 2:
      run_on_each_isa<double>(operations);
      break;
    case 3:
      run<std::string>(operations);
      break;
    case 4:
      run<deft_test::move_only>(operations);
      break;
    case 5:
      run<deft_test::throwing_move>(operations);
      break;
    case 6:
      run<deft_test::throwing_move_only>(operations);
      break;
    case 7:
      run<deft_test::constant>(operations);
      break;
    default:
      run<deft_test::over_aligned>(operations);
  }
  return 0;
}
