// What traps, at the default level of hardening.
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

#include "tests/support_types/allocators.hpp"

namespace {

using map = deft::flat_map<int, int>;

TEST(FlatMapPreconditions, PositionsOutsideTrap) {
  map m{{1, 10}, {2, 20}};
  EXPECT_DEATH((void)m.nth(3), "nth\\(i\\) is outside");
  EXPECT_DEATH(m.erase(m.end()), "erase\\(end\\(\\)\\)");
  EXPECT_DEATH(m.erase(m.cbegin() + 1, m.cbegin()), "first after last");
  EXPECT_DEATH((void)m.index_of(m.begin() + 3), "not one of this map");
}

TEST(FlatMapPreconditions, IteratorsOfAnotherMapTrap) {
  map m{{1, 10}, {2, 20}};
  map other{{1, 10}, {2, 20}};
  EXPECT_DEATH((void)m.index_of(other.begin()), "not one of this map");
  EXPECT_DEATH(m.erase(other.cbegin()), "not one of this map");
  EXPECT_DEATH(m.erase(m.begin(), other.end()), "not one of this map");
  EXPECT_DEATH(m.insert(other.begin(), {3, 30}), "not one of this map");
  EXPECT_DEATH(m.emplace_hint(other.end(), 3, 30), "not one of this map");
  EXPECT_DEATH(m.try_emplace(other.end(), 3, 30), "not one of this map");
  EXPECT_DEATH(m.insert_or_assign(other.end(), 3, 30), "not one of this map");
}

TEST(FlatMapPreconditions, ContainersOfUnequalLengthTrap) {
  const std::vector<int> two{1, 2};
  const std::vector<int> three{1, 2, 3};
  EXPECT_DEATH(map(two, three), "as many keys as values");
  EXPECT_DEATH(map(deft::sorted_unique, three, two), "as many keys as values");
  map m;
  EXPECT_DEATH(m.replace(std::vector(two), std::vector(three)), "keys and values");
}

TEST(FlatMapPreconditions, SwappingUnequalAllocatorsTraps) {
  using alloc = deft_test::test_allocator<int>;
  using vector = std::vector<int, alloc>;
  deft::flat_multimap<int, int, std::less<int>, vector, vector> a(alloc(1));
  deft::flat_multimap<int, int, std::less<int>, vector, vector> b(alloc(2));
  EXPECT_DEATH(a.swap(b), "unequal allocators");
}

}  // namespace
