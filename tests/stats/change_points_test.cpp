#include "stats/change_points.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace deft::stats;

namespace {

/// The yearly flow of the Nile at Aswan, 1871 to 1970, in 10^8 cubic metres (Cobb, "The problem of the Nile",
/// Biometrika 65, 1978; `Nile` in R). Published analyses agree on one change, between 1898 and 1899.
const std::vector<double> nile{
    1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994, 1020, 960,  1180,
    799,  958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,  874, 694,  940,  833,
    701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,  1120, 1100, 832, 764,  821,  768,
    845,  864,  862,  698,  845,  744,  796,  1040, 759,  781,  865,  845,  944,  984, 897,  822,  1010,
    771,  676,  649,  846,  812,  742,  801,  1040, 860,  874,  848,  890,  744,  749, 838,  1050, 918,
    986,  797,  923,  975,  815,  1020, 906,  901,  1170, 912,  746,  919,  718,  714, 740};

/// Disasters in British coal mines a year, 1851 to 1961 (Jarrett, "A note on the intervals between
/// coal-mining disasters", Biometrika 66, 1979). Carlin, Gelfand and Smith (Applied Statistics 41, 1992)
/// place the change at 1890 to 1892.
const std::vector<double> coal{4, 5, 4, 0, 1, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1,
                               4, 4, 1, 5, 5, 3, 4, 2, 5, 2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3,
                               0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0,
                               0, 0, 2, 1, 0, 0, 0, 1, 1, 0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 4, 2,
                               0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1};

std::vector<std::size_t> places(const std::vector<change_point>& found) {
  std::vector<std::size_t> at;
  for (const change_point& c : found) at.push_back(c.index);
  return at;
}

/// Normal noise of 1 % by sums of twelve uniform values: the same with every standard library.
class noise {
 public:
  double operator()() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(engine_() >> 11) * 0x1p-53;
    return 0.01 * sum;
  }

 private:
  std::mt19937_64 engine_{2014};
};

}  // namespace

TEST(ChangePoints, FindsTheDamOfTheNile) {
  EXPECT_THAT(places(change_points(nile)), testing::ElementsAre(1899 - 1871));
}

TEST(ChangePoints, FindsWhenCoalMinesBecameSafer) {
  const auto at = places(change_points(coal));
  ASSERT_FALSE(at.empty());
  EXPECT_GE(at[0], 1890U - 1851U);
  EXPECT_LE(at[0], 1892U - 1851U);
}

TEST(ChangePoints, AreTheSameEachTime) {
  EXPECT_EQ(change_points(nile), change_points(nile));
}

TEST(ChangePoints, FindsAStretchThatIsDifferentInTheMiddle) {
  std::vector<double> series;
  noise next;
  for (int i = 0; i < 60; ++i) series.push_back((i >= 25 && i < 40 ? 1.1 : 1) + next());
  EXPECT_THAT(places(change_points(series)), testing::ElementsAre(25, 40));
}

TEST(ChangePoints, FindsFivePercentFiveValuesLater) {
  noise next;
  int found = 0;
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<double> series;
    for (int i = 0; i < 45; ++i) series.push_back((i >= 40 ? 1.05 : 1) + next());
    found += places(change_points(series)) == std::vector<std::size_t>{40};
  }
  EXPECT_GE(found, 38);
}

TEST(ChangePoints, SeldomFindsOneInNoise) {
  // At the level of 1 % two of 200 are expected; eight would have a chance of 0.1 %.
  noise next;
  int found = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> series;
    for (int i = 0; i < 50; ++i) series.push_back(1 + next());
    found += !change_points(series).empty();
  }
  EXPECT_LT(found, 8);
}

TEST(ChangePoints, FindsNoneWhereThereCanBeNone) {
  EXPECT_TRUE(change_points({}).empty());
  EXPECT_TRUE(change_points(std::vector<double>{1}).empty());
  EXPECT_TRUE(change_points(std::vector<double>{1, 1, 1, 5, 5}).empty());
  EXPECT_TRUE(change_points(std::vector<double>(50, 3.0)).empty());
}

TEST(ChangePoints, CallsNothingThatTooFewOrdersCouldShow) {
  // Of the 20 ways to divide six values one in ten separates as well: no order is convincing.
  EXPECT_TRUE(change_points(std::vector<double>{1, 1.1, 1.2, 5, 5.1, 5.2}).empty());
}

TEST(WithoutSpikes, MovesAWildValueAndNothingElse) {
  std::vector<double> series;
  noise next;
  for (int i = 0; i < 30; ++i) series.push_back((i >= 15 ? 1.2 : 1) + next());
  EXPECT_EQ(without_spikes(series), series);
  std::vector<double> wild = series;
  wild[7] = 9;
  const std::vector<double> calm = without_spikes(wild);
  EXPECT_LT(calm[7], 1.2);
  for (std::size_t i = 0; i < calm.size(); ++i) {
    if (i == 7) continue;
    EXPECT_EQ(calm[i], wild[i]) << i;
  }
}

TEST(WithoutSpikes, KeepsAChangeThatLasts) {
  const std::vector<double> series{1, 1.01, 1, 1.01, 1, 1.01, 2, 2.01, 2, 2.01};
  EXPECT_EQ(without_spikes(series), series);
  EXPECT_EQ(without_spikes(std::vector<double>{1, 9}), (std::vector<double>{1, 9}));
}
