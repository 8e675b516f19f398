// Set algebra on the trees, against the standard's algorithms.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/sorted/compare_by.hpp"
#include "deft/sorted/set_algebra.hpp"
#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_set.hpp"

#include "tests/support_types/elements.hpp"

namespace {

using testing::ElementsAre;

template <typename Set>
class SortedTreeAlgebra : public testing::Test {};

using sets = testing::Types<deft::sorted_set<std::int64_t>, deft::sorted_list<std::int64_t>,
                            deft::sorted_set<std::int16_t>, deft::sorted_list<float>,
                            deft::sorted_set<std::string>, deft::sorted_list<std::string>>;
TYPED_TEST_SUITE(SortedTreeAlgebra, sets);

template <typename Set>
Set some(std::mt19937& random, std::size_t n) {
  Set s;
  for (std::size_t i = 0; i < n; ++i) {
    const int x = static_cast<int>(random() % 1'500);
    if constexpr (std::is_arithmetic_v<typename Set::value_type>) {
      s.insert(static_cast<typename Set::value_type>(x));
    } else {
      s.insert(std::to_string(x * 1'000'003));
    }
  }
  return s;
}

TYPED_TEST(SortedTreeAlgebra, IsThatOfTheStandard) {
  std::mt19937 random(1);
  for (const auto& [n, m] :
       {std::pair(0, 0), {0, 9}, {9, 0}, {40, 30}, {3'000, 2'500}, {2'000, 3}, {3, 2'000}, {2'000, 15}}) {
    const auto a = some<TypeParam>(random, static_cast<std::size_t>(n));
    const auto b = some<TypeParam>(random, static_cast<std::size_t>(m));
    std::vector<typename TypeParam::value_type> expected;
    const auto check = [&](const TypeParam& made, const TypeParam& changed) {
      EXPECT_TRUE(std::ranges::equal(made, expected));
      EXPECT_EQ(made, changed);
      expected.clear();
    };
    TypeParam c = a;
    std::ranges::set_union(a, b, std::back_inserter(expected));
    check(a | b, c |= b);
    c = a;
    std::ranges::set_intersection(a, b, std::back_inserter(expected));
    check(a & b, c &= b);
    c = a;
    std::ranges::set_difference(a, b, std::back_inserter(expected));
    check(a - b, c -= b);
    c = a;
    std::ranges::set_symmetric_difference(a, b, std::back_inserter(expected));
    check(a ^ b, c ^= b);
    EXPECT_EQ(is_subset(a, b), std::ranges::includes(b, a));
    EXPECT_EQ(is_superset(a, b), std::ranges::includes(a, b));
    EXPECT_TRUE(is_subset(a & b, a));
    EXPECT_TRUE(is_superset(a | b, b));
    EXPECT_EQ(is_disjoint(a, b), (a & b).empty());
  }
}

TYPED_TEST(SortedTreeAlgebra, MayHaveTheSameSetOnBothSides) {
  std::mt19937 random(2);
  auto a = some<TypeParam>(random, 1'000);
  const auto copy = a;
  const TypeParam& self = a;
  EXPECT_EQ(a |= self, copy);
  EXPECT_EQ(a &= self, copy);
  EXPECT_TRUE((a -= self).empty());
  a = copy;
  EXPECT_TRUE((a ^= self).empty());
}

TEST(SortedTreeAlgebraElements, OfEqualsTheLeftOnesStay) {
  using record = std::pair<int, int>;
  using set = deft::sorted_set<record, deft::compare_by<&record::first>>;
  const set a{{1, 1}, {2, 1}};
  const set b{{2, 2}, {3, 2}};
  EXPECT_THAT(a | b, ElementsAre(record(1, 1), record(2, 1), record(3, 2)));
  EXPECT_THAT(a & b, ElementsAre(record(2, 1)));
}

TEST(SortedTreeAlgebraElements, WhatCannotBeCopiedIsKeptOrRemoved) {
  using set = deft::sorted_set<deft_test::move_only, deft_test::by_key>;
  set a;
  set b;
  for (int i = 0; i < 900; ++i) a.emplace(i, 0);
  for (int i = 0; i < 900; i += 3) b.emplace(i, 0);
  EXPECT_TRUE(is_subset(b, a));
  a -= b;
  EXPECT_EQ(a.size(), 600U);
  EXPECT_TRUE(is_disjoint(a, b));
  a &= b;
  EXPECT_TRUE(a.empty());
}

}  // namespace
