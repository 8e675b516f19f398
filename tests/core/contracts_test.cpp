#include "deft/core/contracts.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "deft/core/version.hpp"

namespace {

constexpr auto half_of(int even) -> int {
  DEFT_PRECONDITION(even % 2 == 0, "half_of needs an even number");
  return even / 2;
}

static_assert(half_of(4) == 2, "a precondition that holds is usable in constant evaluation");

TEST(Contracts, AreCheckedByDefault) {
  EXPECT_EQ(DEFT_HARDENING_LEVEL, 1);
}

TEST(ContractsDeathTest, ReportFileLineAndMessage) {
  EXPECT_DEATH(static_cast<void>(half_of(3)),
               "contracts_test.cpp:13: deft: precondition violated: half_of needs an even");
}

TEST(Contracts, DoNotEvaluateDebugChecksByDefault) {
  int evaluations = 0;
  DEFT_DEBUG_CHECK(++evaluations > 100, "not evaluated");
  EXPECT_EQ(evaluations, 0);
}

TEST(Contracts, ThrowFromTheLibrary) {
  EXPECT_THROW(deft::detail::throw_out_of_range("key"), std::out_of_range);
  EXPECT_THROW(deft::detail::throw_length_error("size"), std::length_error);
}

TEST(Version, AgreesWithItsParts) {
  EXPECT_EQ(std::string(DEFT_VERSION_STRING), std::to_string(DEFT_VERSION_MAJOR) + "." +
                                                  std::to_string(DEFT_VERSION_MINOR) + "." +
                                                  std::to_string(DEFT_VERSION_PATCH));
  EXPECT_EQ(DEFT_VERSION, DEFT_VERSION_MAJOR * 10000 + DEFT_VERSION_MINOR * 100 + DEFT_VERSION_PATCH);
}

}  // namespace
