// At level `debug` the trees notice iterators that do not belong, and say what is wrong with their keys.
#define DEFT_HARDENING debug
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Not std::next() and std::prev(): of theirs the program has one copy, which may be that of a file without
// checks.
template <typename Iterator>
void step(Iterator at) {
  ++at;
}

template <typename Iterator>
void step_back(Iterator at) {
  --at;
}

TEST(SortedTreeDebugDeathTest, AnInvalidIteratorIsNoticed) {
  deft::sorted_set<int> s{1, 2, 3};
  const auto first = s.begin();
  s.insert(4);
  EXPECT_DEATH((void)*first, "has changed since the iterator was made");
  EXPECT_DEATH(step(first), "has changed since");
  EXPECT_DEATH(step_back(first), "has changed since");
  EXPECT_DEATH(s.erase(first), "has changed since");
  EXPECT_DEATH(s.insert(first, 5), "has changed since");
  EXPECT_DEATH((void)s.index_of(first), "has changed since");
  deft::sorted_map<int, int> m{{1, 1}, {2, 2}};
  const auto row = m.begin();
  m.erase(2);
  EXPECT_DEATH((void)row->second, "has changed since");
}

TEST(SortedTreeDebugDeathTest, TheEndsAreNoticed) {
  const deft::sorted_list<int> l{1, 2};
  EXPECT_DEATH((void)*l.end(), "the iterator is at the end");
  EXPECT_DEATH(step(l.end()), "the iterator is at the end");
  EXPECT_DEATH(step_back(l.begin()), "an iterator to the first element went back");
  const deft::sorted_list<int>::const_iterator none;
  EXPECT_DEATH((void)*none, "belongs to no element");
}

TEST(SortedTreeDebugDeathTest, AnIteratorOfAnotherContainerIsNoticed) {
  deft::sorted_set<int> a{1, 2, 3};
  deft::sorted_set<int> b{1, 2, 3};
  EXPECT_DEATH(a.erase(b.begin()), "not one of this container");
  EXPECT_DEATH((void)a.index_of(b.end()), "not one of this container");
  EXPECT_DEATH(a.emplace_hint(b.begin(), 0), "not one of this container");
  deft::sorted_map<int, int> m{{1, 1}};
  deft::sorted_map<int, int> other{{1, 1}};
  EXPECT_DEATH(m.try_emplace(other.begin(), 0, 0), "not one of this container");
  EXPECT_DEATH(m.insert_or_assign(other.end(), 0, 0), "not one of this container");
}

TEST(SortedTreeDebugDeathTest, SwapAndMoveTakeIteratorsAlong) {
  deft::sorted_set<int> a{1, 2, 3};
  deft::sorted_set<int> b{7};
  const auto second = std::next(a.begin());
  swap(a, b);
  EXPECT_EQ(b.index_of(second), 1U);
  deft::sorted_set<int> c(std::move(b));
  EXPECT_EQ(*c.erase(second), 3);
}

TEST(SortedTreeDebugDeathTest, ANaNIsNoKey) {
  deft::sorted_set<double> s{1.0, 2.0};
  EXPECT_DEATH(s.insert(nan), "a key is NaN");
  EXPECT_DEATH(s.emplace_hint(s.end(), nan), "a key is NaN");
  deft::sorted_list<double> l{1.0, 2.0};
  EXPECT_DEATH(l.insert(nan), "a key is NaN");
  EXPECT_DEATH(l.insert_range(std::vector<double>{3.0, nan}), "a key is NaN");
  deft::sorted_map<double, int> m;
  EXPECT_DEATH(m[nan] = 1, "a key is NaN");
  EXPECT_DEATH(m.insert({nan, 1}), "a key is NaN");
}

TEST(SortedTreeDebugDeathTest, WhatIsSaidToBeSortedIsLookedAt) {
  EXPECT_DEATH((deft::sorted_set<int>(deft::sorted_unique, {1, 1})), "input said to be sorted is not");
  EXPECT_DEATH((deft::sorted_set<int>(deft::sorted_unique, {2, 1})), "input said to be sorted is not");
  deft::sorted_list<int> l(deft::sorted_equivalent, {1, 1});
  EXPECT_DEATH(l.insert(deft::sorted_equivalent, {5, 4}), "input said to be sorted is not");
  deft::sorted_map<int, int> m;
  EXPECT_DEATH(m.insert(deft::sorted_unique, {{2, 1}, {1, 1}}), "input said to be sorted is not");
}

}  // namespace
