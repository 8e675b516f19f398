#include "stats/robust.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

using namespace deft::stats;

TEST(Median, IsTheMiddleValueOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(Student, QuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(student_quantile(0.975, 1), 12.7062, 1e-4);
  EXPECT_NEAR(student_quantile(0.975, 3), 3.18245, 1e-5);
  EXPECT_NEAR(student_quantile(0.95, 5), 2.01505, 1e-5);
  EXPECT_NEAR(student_quantile(0.995, 10), 3.16927, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 1e6), 1.95997, 1e-5);
  EXPECT_NEAR(student_quantile(0.5, 4), 0, 1e-12);
}

TEST(Student, UpperTailsAreThoseOfNumericalIntegration) {
  EXPECT_NEAR(student_upper_tail(2, 3), 0.0696629843, 1e-9);
  EXPECT_NEAR(student_upper_tail(5, 7), 7.826389766e-4, 1e-12);
  EXPECT_NEAR(student_upper_tail(-1, 10), 0.8295534338, 1e-9);
  EXPECT_NEAR(student_upper_tail(12, 5), 3.544746259e-5, 1e-13);
}

TEST(TrimmedMean, WithoutTrimmingIsTheMeanWithItsUsualStandardError) {
  const std::vector<double> values{1, 2, 3, 4};
  const estimate e = trimmed_mean(values, 0);
  EXPECT_DOUBLE_EQ(e.mean, 2.5);
  EXPECT_DOUBLE_EQ(e.standard_error, std::sqrt(5.0 / 3 / 4));
  EXPECT_EQ(e.degrees_of_freedom, 3);
}

TEST(TrimmedMean, WinsorisesTheVarianceAsYuenDoes) {
  // One value cut at each end of six: mean of 2, 3, 5, 6; winsorised 2 2 3 5 6 6 has squares 16.
  const std::vector<double> values{6, 1, 100, 3, 2, 5};
  const estimate e = trimmed_mean(values, 0.2);
  EXPECT_DOUBLE_EQ(e.mean, 4);
  EXPECT_DOUBLE_EQ(e.standard_error, std::sqrt(18.0 / (4 * 3)));
  EXPECT_EQ(e.degrees_of_freedom, 3);
}

TEST(TrimmedMean, DoesNotMoveWhenOneValueGoesWild) {
  const std::vector<double> calm{1, 2, 3, 4, 5, 6};
  const std::vector<double> wild{1, 2, 3, 4, 5, 6e9};
  EXPECT_DOUBLE_EQ(trimmed_mean(calm, 0.2).mean, trimmed_mean(wild, 0.2).mean);
  EXPECT_DOUBLE_EQ(trimmed_mean(calm, 0.2).standard_error, trimmed_mean(wild, 0.2).standard_error);
}

TEST(TrimmedMean, OfNoneOrOneHasNoStandardError) {
  EXPECT_EQ(trimmed_mean({}, 0.2).degrees_of_freedom, 0);
  const std::vector<double> one{3};
  EXPECT_EQ(trimmed_mean(one, 0.2).mean, 3);
  EXPECT_EQ(trimmed_mean(one, 0.2).degrees_of_freedom, 0);
}

TEST(Holm, StepsDownUntilTheFirstThatIsNotRejected) {
  // Thresholds 0.0125, 0.0167, 0.025, 0.05: the third stops it, although the fourth alone would pass.
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  EXPECT_EQ(holm(p, 0.05), (std::vector<bool>{true, false, false, true}));
}

TEST(Holm, RejectsNothingAmongMediocreValues) {
  const std::vector<double> p{0.02, 0.02, 0.02};
  EXPECT_EQ(holm(p, 0.05), (std::vector<bool>{false, false, false}));
  EXPECT_TRUE(holm({}, 0.05).empty());
}

TEST(Holm, NeverRejectsNaN) {
  const std::vector<double> p{std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(holm(p, 0.05), (std::vector<bool>{false}));
}

TEST(BenjaminiHochberg, RejectsTheFourOfItsAuthorsExample) {
  // Benjamini and Hochberg, JRSS B 57, 1995, section 4.1: thrombolysis; at 5 % four rejections, Bonferroni's
  // three.
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<bool> rejected = benjamini_hochberg(p, 0.05);
  EXPECT_EQ(std::count(rejected.begin(), rejected.end(), true), 4);
  EXPECT_TRUE(std::is_partitioned(rejected.begin(), rejected.end(), [](bool r) { return r; }));
}

TEST(BenjaminiHochberg, StepsUpPastOneThatIsAboveItsOwnLimit) {
  // Limits 0.0125, 0.025, 0.0375, 0.05: 0.03 is above its own, and goes with 0.035 behind it.
  const std::vector<double> p{0.035, 0.6, 0.01, 0.03};
  EXPECT_EQ(benjamini_hochberg(p, 0.05), (std::vector<bool>{true, false, true, true}));
}

TEST(BenjaminiHochberg, NeverRejectsNaN) {
  const std::vector<double> p{std::numeric_limits<double>::quiet_NaN(), 0.001};
  EXPECT_EQ(benjamini_hochberg(p, 0.05), (std::vector<bool>{false, true}));
  EXPECT_TRUE(benjamini_hochberg({}, 0.05).empty());
}
