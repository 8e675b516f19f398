// What traps, at the default level of hardening.
#include <functional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

#include "tests/support_types/allocators.hpp"

namespace {

TEST(SortedTreePreconditions, PositionsOutsideTrap) {
  deft::sorted_list<int> l{1, 2};
  EXPECT_DEATH((void)l[2], "\\[i\\] is outside");
  EXPECT_DEATH((void)l.nth(2), "nth\\(i\\) is outside");
  EXPECT_DEATH(l.pop(2), "pop\\(i\\) is outside");
  EXPECT_DEATH((void)l.split_at(3), "split_at\\(i\\) is outside");
  deft::sorted_map<int, int> m{{1, 1}};
  EXPECT_DEATH((void)m.peekitem(1), "is outside");
  EXPECT_DEATH(m.popitem(1), "is outside");
}

TEST(SortedTreePreconditions, EmptyOnesHaveNoEnds) {
  deft::sorted_set<int> s;
  EXPECT_DEATH((void)s.front(), "front\\(\\) of an empty");
  EXPECT_DEATH((void)s.back(), "back\\(\\) of an empty");
  EXPECT_DEATH(s.pop(), "pop\\(\\) of an empty");
  deft::sorted_map<int, int> m;
  EXPECT_DEATH((void)m.peekitem(), "empty map");
  EXPECT_DEATH(m.popitem(), "empty map");
}

TEST(SortedTreePreconditions, TheEndCannotBeErased) {
  deft::sorted_set<int> s{1, 2};
  EXPECT_DEATH(s.erase(s.end()), "erase\\(end\\(\\)\\)");
  EXPECT_DEATH(s.erase(std::next(s.begin()), s.begin()), "first after last");
  deft::sorted_set<int> none;
  EXPECT_DEATH(none.erase(none.begin()), "erase\\(end\\(\\)\\)");
}

TEST(SortedTreePreconditions, OnlyWhatFollowsIsJoined) {
  deft::sorted_set<int> s{1, 2};
  EXPECT_DEATH(s.concat(deft::sorted_set<int>{2, 3}), "not all behind");
  EXPECT_DEATH(s.concat(std::move(s)), "with itself");
  deft::sorted_list<int> l{1, 2};
  l.concat(deft::sorted_list<int>{2, 3});
  EXPECT_EQ(l.size(), 4U);
  EXPECT_DEATH(l.concat(deft::sorted_list<int>{2}), "not all behind");
}

TEST(SortedTreePreconditions, UnequalAllocatorsNeitherSwapNorJoin) {
  using list = deft::sorted_list<int, std::less<int>, deft_test::test_allocator<int>>;
  list a(deft_test::test_allocator<int>(1));
  list b(deft_test::test_allocator<int>(2));
  EXPECT_DEATH(a.swap(b), "unequal allocators");
  EXPECT_DEATH(a.concat(std::move(b)), "unequal allocators");
}

TEST(SortedTreePreconditions, FindManyNeedsRoom) {
  const deft::sorted_set<int> s{1, 2};
  const std::vector<int> needles{1, 2, 3};
  std::vector<deft::sorted_set<int>::const_iterator> found(2);
  EXPECT_DEATH(s.find_many(needles, found), "room for one iterator per needle");
}

}  // namespace
