#include "stats/binomial.hpp"

#include <gtest/gtest.h>

namespace deft::stats {
namespace {

// By bisection over exact sums of binomial probabilities, in Python.
TEST(Binomial, BoundsAreThoseOfClopperAndPearson) {
  EXPECT_NEAR(upper_rate(0, 440, 0.95), 0.0067853572, 1e-9);
  EXPECT_NEAR(upper_rate(1, 72, 0.95), 0.0641985427, 1e-9);
  EXPECT_NEAR(lower_rate(1, 72, 0.95), 0.0007121532, 1e-9);
  EXPECT_NEAR(upper_rate(3, 10, 0.95), 0.6066242161, 1e-9);
  EXPECT_NEAR(lower_rate(95, 100, 0.95), 0.8977466224, 1e-9);
  EXPECT_NEAR(upper_rate(95, 100, 0.95), 0.9800944363, 1e-9);
  EXPECT_NEAR(upper_rate(5, 1000, 0.95), 0.0104840769, 1e-9);
}

TEST(Binomial, OfNoneAndOfAllIsOpenOnOneSide) {
  EXPECT_EQ(lower_rate(0, 10, 0.95), 0);
  EXPECT_EQ(upper_rate(10, 10, 0.95), 1);
  EXPECT_NEAR(lower_rate(10, 10, 0.95), 0.7411344491, 1e-9);  // 0.05^(1/10)
}

TEST(Binomial, WithoutTrialsNothingIsKnown) {
  EXPECT_EQ(lower_rate(0, 0, 0.95), 0);
  EXPECT_EQ(upper_rate(0, 0, 0.95), 1);
}

}  // namespace
}  // namespace deft::stats
