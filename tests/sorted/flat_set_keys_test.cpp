// Kinds of keys and comparators in a flat_set or flat_multiset.
#include <cmath>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

#include "tests/sorted/flat_set_numbers.hpp"
#include "tests/support_types/elements.hpp"

namespace {

using deft::flat_multiset;
using deft::flat_set;

TEST(FlatSet, StatefulComparatorsAreCopiedAndStayWithTheMovedFrom) {
  using order = std::function<bool(int, int)>;
  const order by_last_digit = [](int a, int b) { return a % 10 < b % 10; };
  flat_set<int, order> s(by_last_digit);
  s.insert({21, 13, 2, 33});
  EXPECT_EQ(s.size(), 3u);
  auto moved = std::move(s);
  s.insert({5, 31});
  EXPECT_EQ(*s.begin(), 31);
  EXPECT_EQ(*moved.rbegin(), 13);
  EXPECT_TRUE(moved.key_comp()(9, 8) == false && moved.value_comp()(21, 2));
  const order ascending = std::less<int>();
  flat_set<int, order> other(ascending);
  other.insert({7, 3});
  swap(other, moved);
  EXPECT_TRUE(other.contains(101) && !moved.contains(101));
  moved = other;
  EXPECT_TRUE(moved.contains(101));
  moved = {14, 24};
  EXPECT_EQ(moved.size(), 1u) << "a list keeps the comparator";
}

TEST(FlatSet, HoldsMoveOnlyKeys) {
  flat_multiset<std::unique_ptr<int>> all;
  std::vector<std::unique_ptr<int>> batch;
  for (int i = 0; i < 40; ++i) batch.push_back(std::make_unique<int>(i));
  all.insert(std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  all.insert(std::make_unique<int>(99));
  all.emplace(new int(100));
  all.emplace_hint(all.begin(), nullptr);
  EXPECT_EQ(all.size(), 43u);
  EXPECT_EQ(*all.begin(), nullptr);
  auto keys = std::move(all).extract();
  flat_set<std::unique_ptr<int>, std::less<>, std::deque<std::unique_ptr<int>>> unique;
  unique.insert(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
  EXPECT_TRUE(unique.insert(std::make_unique<int>(1)).second);
  EXPECT_EQ(unique.size(), 44u);
}

TEST(FlatSet, OverAlignedKeysAreAligned) {
  struct aligned_by_key {
    bool operator()(const deft_test::over_aligned& a, const deft_test::over_aligned& b) const {
      EXPECT_TRUE(a.is_aligned() && b.is_aligned());
      return a.key < b.key;
    }
  };

  flat_set<deft_test::over_aligned, aligned_by_key> s;
  for (int i = 0; i < 20; ++i) s.emplace(i * 7 % 20, i);
  std::vector<deft_test::over_aligned> batch;
  for (int i = 0; i < 100; ++i) batch.emplace_back(i * 37 % 100, i);
  s.insert_range(batch);
  EXPECT_EQ(s.size(), 100u);
  for (const auto& x : s) EXPECT_TRUE(x.is_aligned());
}

TEST(FlatSet, ComparesKeyByKey) {
  const flat_set<int> a{1, 2};
  const flat_set<int> b{1, 3};
  EXPECT_TRUE(a < b && b > a && a != b && (a <=> a) == 0);
  const flat_set<int, std::greater<int>> down{1, 2};
  EXPECT_TRUE((down > flat_set<int, std::greater<int>>{1, 1, 0})) << "by the keys' own order";
}

TEST(FlatSet, KeepsEveryFloatingPointTypeInOrder) {
  deft_test::keeps_extreme_values<flat_set<float>>();
  deft_test::keeps_extreme_values<flat_set<double>>();
  deft_test::keeps_extreme_values<flat_set<long double>>();
}

TEST(FlatMultiset, KeepsZerosOfEitherSignInTheOrderOfInsertion) {
  flat_multiset<double> s{0.0, -0.0, 1.0, -1.0};
  s.insert_range(std::vector<double>{-0.0, 0.0});
  s.insert(-0.0);
  std::vector<bool> signs;
  for (const double x : s) {
    if (x == 0) signs.push_back(std::signbit(x));
  }
  EXPECT_EQ(signs, (std::vector<bool>{false, true, true, false, true}));
}

}  // namespace
