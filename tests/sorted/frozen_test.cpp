// What a frozen container promises.
#include "deft/sorted/frozen.hpp"

#include <algorithm>
#include <limits>
#include <memory_resource>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/sorted_vector.hpp"

namespace {

using testing::ElementsAre;

std::vector<int> thirds(int n) {
  std::vector<int> keys;
  for (int i = 0; i < n; ++i) keys.push_back(i * 3);
  return keys;
}

TEST(Frozen, AnswersAsTheContainer) {
  const deft::flat_set<int> set(thirds(10'000));
  const deft::frozen frozen(set);
  static_assert(std::same_as<decltype(frozen), const deft::frozen<deft::flat_set<int>>>);
  EXPECT_EQ(frozen.size(), set.size());
  EXPECT_TRUE(std::ranges::equal(frozen, set));
  std::vector<int> needles;
  for (int x = -7; x < 30'010; x += 11) {
    needles.push_back(x);
    ASSERT_EQ(frozen.rank(x), set.rank(x));
    ASSERT_EQ(frozen.bisect_left(x), set.rank(x));
    ASSERT_EQ(frozen.contains(x), set.contains(x));
    ASSERT_EQ(frozen.count(x), set.count(x));
    ASSERT_EQ(frozen.find(x) - frozen.begin(), set.find(x) - set.begin());
    ASSERT_EQ(frozen.lower_bound(x) - frozen.begin(), set.lower_bound(x) - set.begin());
    ASSERT_EQ(frozen.upper_bound(x) - frozen.begin(), set.upper_bound(x) - set.begin());
    ASSERT_EQ(frozen.index_of(frozen.equal_range(x).second), frozen.bisect(x));
  }
  std::vector<deft::frozen<deft::flat_set<int>>::const_iterator> found(needles.size());
  frozen.find_many(needles, found);
  for (std::size_t i = 0; i < needles.size(); ++i) ASSERT_EQ(found[i], frozen.find(needles[i]));
  EXPECT_EQ(frozen[5], 15);
  EXPECT_EQ(*frozen.nth(5), 15);
  EXPECT_EQ(frozen.nth(frozen.size()), frozen.end());
  EXPECT_GT(frozen.memory_bytes(), frozen.container().memory_bytes());
}

TEST(Frozen, FreezesMapsMultisetsAndVectors) {
  const deft::frozen map(deft::flat_map<std::string, int, std::less<>>{{"a", 1}, {"b", 2}});
  EXPECT_EQ(map.at(std::string_view("b")), 2);
  EXPECT_THROW((void)map.at("c"), std::out_of_range);
  EXPECT_EQ(map.find("a")->second, 1);
  const deft::frozen multiset(deft::flat_multiset<int>{1, 2, 2, 3});
  EXPECT_EQ(multiset.count(2), 2U);
  const deft::frozen vector(deft::sorted_vector<int>{2, 1, 2});
  EXPECT_EQ(vector.bisect_right(2), 3U);
}

TEST(Frozen, CopiesAndMovesWithItsIndex) {
  using frozen_set = deft::frozen<deft::flat_set<int>>;
  static_assert(std::is_nothrow_move_constructible_v<frozen_set>);
  frozen_set a{deft::flat_set<int>(thirds(5'000))};
  frozen_set b(a);
  EXPECT_EQ(b.rank(3'000), 1'000U);
  frozen_set c(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): said to be
  EXPECT_EQ(a.rank(3'000), 0U);
  EXPECT_EQ(c.rank(3'000), 1'000U);
  a = c;
  EXPECT_EQ(a.rank(3'000), 1'000U);
  b = std::move(c);
  EXPECT_EQ(b.rank(3'000), 1'000U);
  EXPECT_TRUE(c.empty());  // NOLINT(bugprone-use-after-move): said to be
  EXPECT_FALSE(c.contains(3));
  const deft::flat_set<int> back = std::move(b).extract();
  EXPECT_EQ(back.size(), 5'000U);
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move): said to be
  frozen_set none;
  EXPECT_FALSE(none.contains(1));
}

TEST(Frozen, MovesToAnotherAllocatorWithANewIndex) {
  using frozen_set = deft::frozen<deft::pmr::flat_set<int>>;
  std::pmr::monotonic_buffer_resource one;
  std::pmr::monotonic_buffer_resource two;
  const std::vector<int> keys = thirds(5'000);
  frozen_set a(deft::pmr::flat_set<int>(keys.begin(), keys.end(), &one));
  frozen_set b{deft::pmr::flat_set<int>(std::pmr::polymorphic_allocator<int>(&two))};
  b = std::move(a);
  EXPECT_EQ(b.rank(3'000), 1'000U);
  EXPECT_EQ(b.index().data(), b.keys().data());
}

TEST(Frozen, NaNIsNotFound) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const deft::frozen set(deft::flat_set<double>{1.0, 2.0});
  EXPECT_FALSE(set.contains(nan));
  EXPECT_EQ(set.find(nan), set.end());
  EXPECT_EQ(set.count(nan), 0U);
}

TEST(FrozenPreconditions, PositionsOutsideTrap) {
  const deft::frozen set(deft::flat_set<int>{1, 2});
  EXPECT_DEATH((void)set.nth(3), "nth\\(i\\) is outside");
  EXPECT_DEATH((void)set[2], "\\[i\\] is outside");
  std::vector<deft::flat_set<int>::const_iterator> none;
  EXPECT_DEATH(set.find_many(std::vector<int>{1}, none), "room for one iterator per needle");
}

}  // namespace
