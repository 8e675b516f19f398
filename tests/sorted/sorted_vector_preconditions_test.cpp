// What traps, at the default level of hardening.
#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

#include "tests/support_types/allocators.hpp"

namespace {

using numbers = deft::sorted_vector<int>;

TEST(SortedVectorPreconditions, PositionsOutsideTrapAndNameTheFunction) {
  numbers v{1, 2};
  EXPECT_DEATH((void)v[2], "\\[i\\] is outside");
  EXPECT_DEATH((void)v.nth(3), "nth\\(i\\) is outside");
  EXPECT_DEATH((void)v.pop(2), "pop\\(i\\) is outside");
  EXPECT_DEATH(v.erase(v.end()), "erase\\(end\\(\\)\\)");
  EXPECT_DEATH(v.erase(v.nth(2), v.nth(1)), "first after last");
}

TEST(SortedVectorPreconditions, TheEndsOfAnEmptySequenceTrap) {
  const numbers v;
  EXPECT_DEATH((void)v.front(), "front\\(\\) of an empty");
  EXPECT_DEATH((void)v.back(), "back\\(\\) of an empty");
}

TEST(SortedVectorPreconditions, SwappingUnequalAllocatorsTraps) {
  using alloc = deft_test::test_allocator<int>;
  deft::sorted_vector<int, std::less<int>, alloc> a(alloc(1));
  deft::sorted_vector<int, std::less<int>, alloc> b(alloc(2));
  EXPECT_DEATH(a.swap(b), "unequal allocators");
}

}  // namespace
