// record_vector against a vector of structs: random operations over schemas, layouts and allocators. The
// driver is the fuzzer's.
#include "fuzz/record/record_vector_model.hpp"

#include <cstdint>
#include <memory_resource>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support_types/allocators.hpp"

namespace {

using deft_fuzz::item;
using deft_fuzz::plain_item;

template <typename T, typename Layout, typename Allocator = std::allocator<T>>
struct config {
  using record = T;
  using layout = Layout;
  using allocator = Allocator;
};

template <typename Config>
class RecordVectorModel : public testing::Test {};

using configs =
    testing::Types<config<item, deft::byte_columns>,
                   config<item, deft_fuzz::some_packed, deft_test::test_allocator<item>>,
                   config<plain_item, deft::byte_columns, std::pmr::polymorphic_allocator<plain_item>>,
                   config<plain_item, deft_fuzz::plain_packed, deft_test::test_allocator<plain_item, true>>>;
TYPED_TEST_SUITE(RecordVectorModel, configs);

TYPED_TEST(RecordVectorModel, AgreesOverRandomOperations) {
  const long allocated = deft_test::faults::allocated;
  long operations = 0;
  for (unsigned seed = 1; operations < 10'000; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> bytes(4096);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    deft_fuzz::op_source in(bytes);
    operations += deft_fuzz::record_vector_driver<typename TypeParam::record, typename TypeParam::layout,
                                                  typename TypeParam::allocator>(in)
                      .run();
  }
  EXPECT_EQ(deft_test::faults::allocated, allocated);
  EXPECT_GE(operations, 10'000);
}

}  // namespace
