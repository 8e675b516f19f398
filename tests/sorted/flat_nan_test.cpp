// NaN among the keys makes the order unspecified, and touches no memory outside the container.
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multiset.hpp"

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> some_keys(std::mt19937& random, std::size_t n) {
  std::vector<double> keys;
  for (std::size_t i = 0; i < n; ++i)
    keys.push_back(random() % 3 == 0 ? nan : static_cast<double>(random() % 50));
  return keys;
}

TEST(FlatNaN, LosesNoKeyOfAMultiset) {
  std::mt19937 random(1);
  deft::flat_multiset<double> set;
  std::size_t expected = 0;
  for (int round = 0; round < 200; ++round) {
    const std::vector<double> batch = some_keys(random, random() % 700);
    set.insert_range(batch);
    set.insert(nan);
    expected += batch.size() + 1;
    ASSERT_EQ(set.size(), expected);
    const auto found = set.equal_range(nan);
    ASSERT_LE(found.first - set.begin(), found.second - set.begin());
    expected -= set.erase(static_cast<double>(random() % 50));
    ASSERT_EQ(set.size(), expected);
    if (round % 20 == 19) {
      set.clear();
      expected = 0;
    }
  }
}

TEST(FlatNaN, LeavesAsManyKeysAsValues) {
  std::mt19937 random(2);
  deft::flat_map<double, double> map;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<double, double>> batch;
    for (const double key : some_keys(random, random() % 100)) batch.emplace_back(key, key);
    map.insert_range(batch);
    map[nan] = nan;
    map.erase(static_cast<double>(random() % 50));
    ASSERT_EQ(map.keys().size(), map.values().size());
  }
}

}  // namespace
