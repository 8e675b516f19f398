#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "deft/measure/worker.hpp"

namespace deft::measure {
namespace {

void nothing(state&) {}

TEST(AddBenchmark, RefusesNamesThatTellNothingApart) {
  EXPECT_TRUE(add_benchmark("a name", nothing));
  EXPECT_THROW(add_benchmark("a name", nothing), std::invalid_argument);
  EXPECT_THROW(add_benchmark("", nothing), std::invalid_argument);
  EXPECT_THROW(add_benchmark("two\nlines", nothing), std::invalid_argument);
}

TEST(AddBenchmarkDeathTest, NeedsAFunction) {
  EXPECT_DEATH(add_benchmark("null", nullptr), "precondition violated: a benchmark needs a function");
}

TEST(DoNotOptimize, TakesValuesOfAnyKind) {
  int small = 1;
  std::string large = "text";
  do_not_optimize(small);
  do_not_optimize(large);
  double floating = 2.5;
  const int* pointer = &small;
  do_not_optimize(floating);
  do_not_optimize(pointer);
  do_not_optimize(2.5);
  do_not_optimize(std::string("temporary"));
  EXPECT_EQ(small, 1);
  EXPECT_EQ(large, "text");
  EXPECT_EQ(floating, 2.5);
  EXPECT_EQ(pointer, &small);
}

}  // namespace
}  // namespace deft::measure
