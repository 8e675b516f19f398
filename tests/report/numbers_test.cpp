#include "report/numbers.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace deft::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(ReportNumbers, TimesHaveThreeDigitsAndAUnitThatFits) {
  EXPECT_EQ(time_per_iteration(4.2), "4.20 ns");
  EXPECT_EQ(time_per_iteration(0.3141), "0.314 ns");
  EXPECT_EQ(time_per_iteration(999.4), "999 ns");
  EXPECT_EQ(time_per_iteration(999.6), "1.00 µs");
  EXPECT_EQ(time_per_iteration(12'345), "12.3 µs");
  EXPECT_EQ(time_per_iteration(4.5e6), "4.50 ms");
  EXPECT_EQ(time_per_iteration(61e9), "61.0 s");
}

TEST(ReportNumbers, WhatIsNotKnownIsADash) {
  for (const double value : {0.0, -1.0, infinity, -infinity, not_a_number}) {
    EXPECT_EQ(time_per_iteration(value), no_number);
    EXPECT_EQ(ratio(value), no_number);
    EXPECT_EQ(percent_change(value), no_number);
    EXPECT_EQ(plus_minus(value), no_number);
    EXPECT_EQ(interval({1, value, 2}), no_number);
  }
  EXPECT_EQ(duration(not_a_number), no_number);
}

TEST(ReportNumbers, ExtremeValuesStayShort) {
  const double largest = std::numeric_limits<double>::max();
  const double smallest = std::numeric_limits<double>::denorm_min();
  for (const double value : {largest, smallest}) {
    EXPECT_LT(time_per_iteration(value).size(), 16U) << value;
    EXPECT_LT(ratio(value).size(), 12U) << value;
    EXPECT_LT(percent_change(value).size(), 16U) << value;
    EXPECT_LT(plus_minus(value).size(), 16U) << value;
  }
}

TEST(ReportNumbers, RatiosAndChangesReadAsWritten) {
  EXPECT_EQ(ratio(1.0516), "1.052");
  EXPECT_EQ(ratio(12.34), "12.3");
  EXPECT_EQ(interval({1.05, 1.041, 1.0634}), "1.041 to 1.063");
  EXPECT_EQ(percent_change(1.052), "5.2 %");
  EXPECT_EQ(percent_change(0.9), "10.0 %");
  EXPECT_EQ(plus_minus(0.015), "±1.5 %");
}

TEST(ReportNumbers, DurationsUseTheTwoLargestUnits) {
  EXPECT_EQ(duration(12.4), "12 s");
  EXPECT_EQ(duration(192), "3 min 12 s");
  EXPECT_EQ(duration(7500), "2 h 5 min");
}

TEST(ReportNumbers, RoundedKeepsSignificantDigits) {
  EXPECT_EQ(rounded(123456.789, 5), 123460);
  EXPECT_EQ(rounded(0.000123456, 3), 0.000123);
  EXPECT_EQ(rounded(0, 3), 0);
  EXPECT_EQ(rounded(infinity, 3), infinity);
}

}  // namespace
}  // namespace deft::report
