// The expected values are those of SciPy 1.10.1, mannwhitneyu(first, second, alternative="two-sided"), which
// is the call that Google Benchmark's compare.py makes.

#include "stats/rank_test.hpp"

#include <vector>

#include <gtest/gtest.h>

using namespace deft::stats;

namespace {

void expect(const std::vector<double>& first, const std::vector<double>& second, double u, double p,
            bool exact) {
  const rank_comparison r = rank_test(first, second);
  EXPECT_EQ(r.u, u);
  EXPECT_NEAR(r.p_value, p, p * 1e-12);
  EXPECT_EQ(r.exact, exact);
  const rank_comparison swapped = rank_test(second, first);
  EXPECT_EQ(swapped.u, static_cast<double>(first.size() * second.size()) - u);
  EXPECT_NEAR(swapped.p_value, p, p * 1e-12);
}

}  // namespace

TEST(RankTest, IsExactForSmallSamplesWithoutTies) {
  // Males' and females' ages at a diagnosis, the example in SciPy's manual.
  expect({19, 22, 16, 29, 24}, {20, 11, 17, 12}, 17, 0.1111111111111111, true);
  expect({1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06},
         {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.061, 3.14, 1.291, 0.3, 0.31, 0.32}, 75,
         0.038707628800508063, true);
  expect({1}, {2}, 0, 1, true);
}

TEST(RankTest, IsExactWhereOneSampleIsSmall) {
  expect({100.691, 101.643, 100.661, 97.394, 101.811, 100.893, 98.926, 101.162},
         {102.729, 102.588, 102.057, 103.093, 100.527, 101.674, 101.036, 103.198, 102.079, 101.415,
          100.436, 101.486, 102.016, 101.449, 104.588, 104.013, 96.578,  98.222,  101.65,  101.156,
          102.427, 102.435, 106.236, 99.776,  101.245, 106.086, 103.293, 103.326, 100.972, 98.704,
          102.335, 102.218, 99.545,  100.634, 101.856, 100.11,  101.803, 102.191, 102.071, 100.987},
         81, 0.027876109827392304, true);
}

TEST(RankTest, AgreesWithCompareOnItsTestInput) {
  // BM_Two in Google Benchmark's tools/gbench/Inputs/test3_run0.json and test3_run1.json: real time, then CPU
  // time.
  expect({9, 8}, {10, 7}, 2, 1, true);
  expect({90, 80}, {89, 70}, 3, 0.6666666666666666, true);
}

TEST(RankTest, CorrectsForTies) {
  expect({1, 2, 2, 3, 5, 7}, {2, 4, 4, 6, 8, 9, 9}, 9, 0.09760706947335236, false);
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < 30; ++i) first.push_back(i % 7);
  for (int i = 0; i < 25; ++i) second.push_back(i % 5 + 1);
  expect(first, second, 352.5, 0.7065601658401137, false);
}

TEST(RankTest, ApproximatesLargeSamples) {
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < 20; ++i) {
    first.push_back(i);
    second.push_back(i + 5.5);
  }
  expect(first, second, 105, 0.010581211443165648, false);
}

TEST(RankTest, SeesNoDifferenceWhereThereIsNone) {
  expect({3, 3, 3}, {3, 3}, 3, 1, false);
  expect({1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, 40.5, 1, false);
  EXPECT_EQ(rank_test({}, std::vector<double>{1, 2}).p_value, 1);
}
