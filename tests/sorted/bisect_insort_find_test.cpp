#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/bisect.hpp"

namespace {

using tagged = std::pair<int, char>;
constexpr auto by_key = &tagged::first;

TEST(InsortLeft, GoesBeforeItsEquals) {
  std::vector<tagged> v{{1, 'a'}, {2, 'b'}, {2, 'c'}, {3, 'd'}};
  const auto at = deft::insort_left(v, {2, 'x'}, {}, by_key);
  EXPECT_EQ(at - v.begin(), 1);
  EXPECT_EQ(v[1].second, 'x');
}

TEST(InsortRight, GoesAfterItsEquals) {
  std::vector<tagged> v{{1, 'a'}, {2, 'b'}, {2, 'c'}, {3, 'd'}};
  const auto at = deft::insort_right(v, {2, 'x'}, {}, by_key);
  EXPECT_EQ(at - v.begin(), 3);
  EXPECT_EQ(at->second, 'x');
}

TEST(Insort, KeepsAnyContainerSorted) {
  std::mt19937 random(11);
  std::vector<int> vector;
  std::deque<int> deque;
  std::vector<bool> bits;
  for (int i = 0; i < 300; ++i) {
    const int value = static_cast<int>(random() % 50);
    EXPECT_EQ(*deft::insort_left(vector, value), value);
    EXPECT_EQ(*deft::insort_right(deque, value), value);
    deft::insort_right(bits, value % 2 == 0);
  }
  EXPECT_TRUE(std::ranges::is_sorted(vector));
  EXPECT_TRUE(std::ranges::equal(vector, deque));
  EXPECT_TRUE(std::is_sorted(bits.begin(), bits.end()));
}

TEST(Insort, FollowsTheComparator) {
  std::vector<int> descending{9, 5, 1};
  deft::insort_right(descending, 7, std::greater<>{});
  EXPECT_EQ(descending, (std::vector<int>{9, 7, 5, 1}));
}

TEST(Insort, TakesMoveOnlyValues) {
  std::vector<std::unique_ptr<int>> v;
  const auto pointee = [](const std::unique_ptr<int>& p) { return *p; };
  for (const int value : {3, 1, 2}) deft::insort_right(v, std::make_unique<int>(value), {}, pointee);
  EXPECT_EQ(*v[0] * 100 + *v[1] * 10 + *v[2], 123);
}

TEST(Insort, TakesAnElementOfTheContainerItself) {
  std::vector<std::string> v{"a long string that lives on the heap", "b"};
  v.shrink_to_fit();
  deft::insort_right(v, v[0]);
  EXPECT_EQ(v, (std::vector<std::string>{"a long string that lives on the heap",
                                         "a long string that lives on the heap", "b"}));
}

#if __cpp_exceptions
TEST(Insort, LeavesTheContainerAloneWhenComparingThrows) {
  std::vector<int> v{1, 2, 3};
  const auto throwing = [](int, int) -> bool { throw std::runtime_error("compare"); };
  EXPECT_THROW(deft::insort_left(v, 2, throwing), std::runtime_error);
  EXPECT_EQ(v, (std::vector<int>{1, 2, 3}));
}
#endif

const std::vector<int> evens{2, 4, 4, 6};

TEST(FindLt, IsTheLastElementBeforeTheNeedle) {
  EXPECT_EQ(deft::find_lt(evens, 4) - evens.begin(), 0);
  EXPECT_EQ(deft::find_lt(evens, 5) - evens.begin(), 2);
  EXPECT_EQ(deft::find_lt(evens, 2), evens.end());
}

TEST(FindLe, IsTheLastElementNotAfterTheNeedle) {
  EXPECT_EQ(deft::find_le(evens, 4) - evens.begin(), 2);
  EXPECT_EQ(deft::find_le(evens, 9) - evens.begin(), 3);
  EXPECT_EQ(deft::find_le(evens, 1), evens.end());
}

TEST(FindGt, IsTheFirstElementAfterTheNeedle) {
  EXPECT_EQ(deft::find_gt(evens, 4) - evens.begin(), 3);
  EXPECT_EQ(deft::find_gt(evens, 0) - evens.begin(), 0);
  EXPECT_EQ(deft::find_gt(evens, 6), evens.end());
}

TEST(FindGe, IsTheFirstElementNotBeforeTheNeedle) {
  EXPECT_EQ(deft::find_ge(evens, 4) - evens.begin(), 1);
  EXPECT_EQ(deft::find_ge(evens, 5) - evens.begin(), 3);
  EXPECT_EQ(deft::find_ge(evens, 7), evens.end());
}

TEST(Find, GivesTheEndOfAnEmptyRange) {
  const std::vector<std::string> none;
  EXPECT_EQ(deft::find_lt(none, "x"), none.end());
  EXPECT_EQ(deft::find_le(none, "x"), none.end());
  EXPECT_EQ(deft::find_gt(none, "x"), none.end());
  EXPECT_EQ(deft::find_ge(none, "x"), none.end());
}

TEST(Find, GivesMutableIteratorsOfMutableRanges) {
  std::vector<tagged> v{{1, 'a'}, {2, 'b'}};
  deft::find_ge(v, 2, {}, by_key)->second = 'x';
  EXPECT_EQ(v[1].second, 'x');
}

}  // namespace
