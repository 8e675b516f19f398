// flat_map with comparators, keys and values of all kinds.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"

#include "tests/support_types/elements.hpp"
#include "tests/support_types/faults.hpp"

namespace {

using deft::flat_map;

struct tree {
  flat_map<std::string, tree> children;
};

TEST(FlatMap, MayMapToATypeThatHoldsIt) {
  tree root;
  root.children["a"].children["b"];
  const tree copy = root;
  EXPECT_TRUE(copy.children.at("a").children.contains("b"));
}

/// An int on the heap.
struct boxed {
  std::unique_ptr<int> n;

  boxed(int i) : n(std::make_unique<int>(i)) {}

  friend bool operator<(const boxed& a, const boxed& b) { return *a.n < *b.n; }

  friend bool operator<(const boxed& a, int b) { return *a.n < b; }

  friend bool operator<(int a, const boxed& b) { return a < *b.n; }
};

TEST(FlatMap, KeysAndValuesMayBeMovableOnly) {
  flat_map<boxed, boxed, std::less<>> m;
  for (const int n : {3, 1, 2, 1}) m.emplace(n, 10 * n);
  m.try_emplace(5, 50);
  m.insert_or_assign(5, boxed(55));
  m.insert(std::pair<boxed, boxed>(4, 40));
  m.insert_range(std::vector<std::pair<int, int>>{{7, 70}, {1, 99}, {6, 60}});
  ASSERT_EQ(m.size(), 7u);
  EXPECT_EQ(*m.at(5).n, 55);
  EXPECT_EQ(*m.at(1).n, 10);
  EXPECT_EQ(m.erase(4), 1u);
  EXPECT_EQ(erase_if(m, [](const auto& row) { return *row.second.n == 20; }), 1u);
  auto other = std::move(m);
  EXPECT_TRUE(m.empty());
  EXPECT_EQ(other.rank(6), 3u);
  EXPECT_EQ(*std::ranges::find_if(other, [](const auto& row) { return *row.second.n > 55; })->first.n, 6);
}

struct ordered_by {
  bool descending;

  bool operator()(int a, int b) const { return descending ? b < a : a < b; }
};

TEST(FlatMap, ComparatorsMayHaveState) {
  using map = flat_map<int, char, ordered_by>;
  map down({{1, 'a'}, {3, 'c'}, {2, 'b'}}, ordered_by{true});
  map up(ordered_by{false});
  EXPECT_EQ(down.keys(), (std::vector<int>{3, 2, 1}));
  EXPECT_EQ(down.rank(2), 1u);
  up.insert_range(down);
  EXPECT_EQ(up.values(), (std::vector<char>{'a', 'b', 'c'}));
  EXPECT_TRUE(down.value_comp()(*down.begin(), *down.nth(1)));
  up = std::move(down);
  EXPECT_TRUE(up.key_comp().descending);
  down.insert({{8, 'x'}, {9, 'y'}});
  EXPECT_EQ(down.keys(), (std::vector<int>{9, 8})) << "a moved-from map keeps its comparator";
  down = {{1, 'z'}, {2, 'z'}};
  EXPECT_EQ(down.keys(), (std::vector<int>{2, 1})) << "and so does one that is assigned a list";
}

TEST(FlatMap, ComparatorsMayBeMadeOnTheSpot) {
  int modulus = 10;
  const auto by_last_digit = [modulus](int a, int b) { return a % modulus < b % modulus; };
  flat_map m(std::vector{21, 12, 31}, std::vector{'a', 'b', 'c'}, by_last_digit);
  EXPECT_EQ(m.keys(), (std::vector<int>{21, 12}));
  EXPECT_EQ(m.at(1), 'a');
}

TEST(FlatMap, ReserveThatFailsLeavesEitherAllOrNothing) {
  using deft_test::throwing_move_only;
  const auto setup = [] {
    flat_map<int, throwing_move_only> m;
    for (int i = 0; i < 4; ++i) m.try_emplace(i, i, 0);
    return m;
  };
  const auto result = deft_test::sweep(
      setup, [](auto& m) { m.reserve(1000); },
      [](const auto& m, bool completed) {
        EXPECT_EQ(m.keys().size(), m.values().size());
        EXPECT_TRUE(completed ? m.size() == 4 : m.size() == 4 || m.empty());
      });
  EXPECT_TRUE(result.completed);
  EXPECT_GT(result.failures, 0);
}

}  // namespace
