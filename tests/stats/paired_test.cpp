#include "stats/paired.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/simulated.hpp"

using namespace deft;
using measure::method;
using stats::effects;
using tests::flat_round;

TEST(Paired, ComparesHeadWithTheMeanOfBaseAndControl) {
  const std::vector<measure::round> rounds{flat_round(100, 110, 121)};
  const auto e = effects(rounds, method::same_core, false);
  ASSERT_EQ(e.head.size(), 1U);
  EXPECT_NEAR(e.head[0], 0, 1e-12) << "110 is the geometric mean of 100 and 121";
  EXPECT_NEAR(e.control[0], std::log(1.21), 1e-12);
}

TEST(Paired, TakesTheMedianRepetitionOfARound) {
  measure::round round = flat_round(100, 105, 100, 5);
  round.head[2].cpu_ns = 900;
  const std::vector<measure::round> rounds{round};
  EXPECT_NEAR(effects(rounds, method::same_core, false).head.at(0), std::log(1.05), 1e-12);
}

TEST(Paired, UsesWallTimeForProcessesThatAlternate) {
  measure::round round = flat_round(100, 100, 100);
  for (auto& r : round.head) r.real_ns = 120;
  const std::vector<measure::round> rounds{round};
  EXPECT_NEAR(effects(rounds, method::same_core, false).head.at(0), 0, 1e-12);
  EXPECT_NEAR(effects(rounds, method::alternating, false).head.at(0), std::log(1.2), 1e-12);
}

TEST(Paired, PairsUpToTheShortestArm) {
  measure::round round = flat_round(100, 105, 100, 4);
  round.control.resize(2);
  round.head[3].cpu_ns = 1e9;
  const std::vector<measure::round> rounds{round};
  EXPECT_NEAR(effects(rounds, method::same_core, false).head.at(0), std::log(1.05), 1e-12);
}

TEST(Paired, LeavesOutTimesThatAreNoTimes) {
  for (const double nonsense :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    measure::round round = flat_round(100, 105, 100, 3);
    round.base[0].cpu_ns = nonsense;
    round.head[1].cpu_ns = nonsense;
    const std::vector<measure::round> rounds{round};
    const auto e = effects(rounds, method::same_core, false);
    ASSERT_EQ(e.head.size(), 1U);
    EXPECT_NEAR(e.head[0], std::log(1.05), 1e-12);
  }
}

TEST(Paired, LeavesOutRoundsInWhichAnArmIsEmpty) {
  std::vector<measure::round> rounds{flat_round(100, 105, 100), flat_round(100, 105, 100)};
  rounds[0].control.clear();
  EXPECT_EQ(effects(rounds, method::same_core, false).head.size(), 1U);
}

TEST(Paired, KeepsFirstRoundsAndConfirmationApart) {
  std::vector<measure::round> rounds{flat_round(100, 105, 100), flat_round(100, 100, 100)};
  rounds[1].confirmation = true;
  EXPECT_NEAR(effects(rounds, method::same_core, false).head.at(0), std::log(1.05), 1e-12);
  EXPECT_NEAR(effects(rounds, method::same_core, true).head.at(0), 0, 1e-12);
}
