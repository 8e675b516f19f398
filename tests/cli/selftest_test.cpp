#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

class Selftest : public deft_program {};

TEST_F(Selftest, HasAProgramThatTakesGoogleBenchmarksOptions) {
  EXPECT_EQ(measure({"run", DEFT_TEST_PROGRAM, "--arg", "--as-benchmarks"}).code, 0);
  std::vector<std::string> names;
  for (const auto& b : result().benchmarks) {
    names.push_back(b.name);
    EXPECT_GT(b.base_ns, 0) << b.name;
  }
  EXPECT_THAT(names, testing::ElementsAre("search", "map", "hash", "sum", "sort"));
}

TEST_F(Selftest, SlowsDownOneBenchmarkByAsMuchAsItIsTold) {
  // Twice the work, so that no noise of a test machine can hide it.
  EXPECT_EQ(measure({"ab", DEFT_TEST_PROGRAM, DEFT_TEST_PROGRAM, "--arg", "--as-benchmarks", "--head-env",
                     "DEFT_SELFTEST_SLOWDOWN=hash=2", "--filter", "^(hash|sum)$"})
                .code,
            0);
  EXPECT_GT(benchmark("hash").head_ns, 1.5 * benchmark("hash").base_ns);
  EXPECT_LT(benchmark("sum").head_ns, 1.5 * benchmark("sum").base_ns);
}

TEST_F(Selftest, RefusesOptionsThatContradictEachOther) {
  const outcome o = deft({"selftest", "--quick", "--runs", "3"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"--quick", "--runs"}));
}

}  // namespace
}  // namespace deft::cli
