// sorted_vector against a plain vector with linear searches: random operations over the matrix of element
// types and allocators. The driver is the fuzzer's.
#include "fuzz/sorted/sorted_vector_model.hpp"

#include <cstdint>
#include <memory_resource>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support_types/allocators.hpp"

namespace {

using deft_test::test_allocator;

template <typename T, typename Allocator = std::allocator<T>>
struct config {
  using element = T;
  using allocator = Allocator;
};

template <typename Config>
class SortedVectorModel : public testing::Test {};

using pmr_string = std::pmr::string;
using configs =
    testing::Types<config<std::uint64_t>, config<std::int32_t, test_allocator<std::int32_t>>, config<double>,
                   config<std::string>, config<pmr_string, std::pmr::polymorphic_allocator<pmr_string>>,
                   config<deft_test::move_only>, config<deft_test::throwing_move>,
                   config<deft_test::throwing_move_only>,
                   config<deft_test::constant, test_allocator<deft_test::constant, true>>,
                   config<deft_test::over_aligned, std::pmr::polymorphic_allocator<deft_test::over_aligned>>>;
TYPED_TEST_SUITE(SortedVectorModel, configs);

TYPED_TEST(SortedVectorModel, AgreesOverRandomOperations) {
  using element = typename TypeParam::element;
  const long alive = deft_test::faults::alive;
  const long allocated = deft_test::faults::allocated;
  long operations = 0;
  for (unsigned seed = 1; operations < 10'000; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> bytes(4096);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    deft_fuzz::op_source in(bytes);
    operations += deft_fuzz::sorted_vector_driver<element, typename TypeParam::allocator>(in).run();
  }
  EXPECT_EQ(deft_test::faults::alive, alive);
  EXPECT_EQ(deft_test::faults::allocated, allocated);
  EXPECT_GE(operations, 10'000);
}

}  // namespace
