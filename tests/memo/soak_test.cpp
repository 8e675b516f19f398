// A million random operations on caches of every policy and several kinds of keys and values, against the
// naive model of the fuzz target, which this test calls with random bytes.
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/memo/operations_applied.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(CacheSoak, AMillionOperationsAgreeWithTheModel) {
  constexpr long wanted = 1'000'000;
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same in every run
  std::uint8_t kind = 0;
  while (deft_fuzz::operations_applied < wanted) {
    std::vector<std::uint8_t> bytes(500 + random() % 4000);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = kind++;
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  EXPECT_GE(deft_fuzz::operations_applied, wanted);
}

}  // namespace
