// Iterators of flat_map give pairs of references: what algorithms and loops make of that.
#include <algorithm>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"

namespace {

using map = deft::flat_map<int, std::string>;

TEST(FlatMapIterators, WriteValuesThroughPairsOfReferences) {
  map m{{1, "a"}, {2, "b"}, {3, "c"}};
  for (auto [key, value] : m) value += std::to_string(key);
  for (auto&& [key, value] : m) value += "!";
  for (auto i = m.rbegin(); i != m.rend(); ++i) i->second += "?";
  m.begin()[2].second = "z";
  (*m.begin()).second.insert(0, ".");
  EXPECT_EQ(m.values(), (std::vector<std::string>{".a1!?", "b2!?", "z"}));
  static_assert(std::is_same_v<decltype(m.begin()->first), const int&>);
  static_assert(std::is_same_v<decltype(std::as_const(m).begin()->second), const std::string&>);
}

TEST(FlatMapIterators, CalculateAsPositionsDo) {
  map m{{1, "a"}, {2, "b"}, {3, "c"}};
  map::iterator i = m.begin();
  const map::const_iterator end = m.cend();
  EXPECT_EQ(end - i, 3);
  EXPECT_EQ(i++->first, 1);
  EXPECT_EQ((++i)->first, 3);
  EXPECT_EQ((--i)->first, 2);
  EXPECT_EQ(i--->first, 2);
  EXPECT_EQ((i + 2)->first, 3);
  EXPECT_EQ((1 + i)->first, 2);
  EXPECT_EQ((end - 1)->first, 3);
  EXPECT_EQ((i += 2)[-1].first, 2);
  EXPECT_EQ((i -= 1)->first, 2);
  EXPECT_TRUE(i < end && end > i && i <= i && i != end && m.begin() < i);
  EXPECT_EQ(map::iterator(), map::iterator());
  EXPECT_EQ(m.index_of(i), 1u);
  EXPECT_EQ(m.nth(3), m.end());
}

TEST(FlatMapIterators, WorkWithAlgorithmsOfEveryAge) {
  const map m{{1, "a"}, {3, "b"}, {5, "c"}, {7, "d"}};
  const auto key_of = [](const auto& row) { return row.first; };
  EXPECT_EQ(std::ranges::lower_bound(m, 4, {}, key_of)->second, "c");
  EXPECT_EQ(std::ranges::find(m, "d", [](const auto& row) { return row.second; })->first, 7);
  EXPECT_TRUE(std::ranges::is_sorted(m, m.value_comp()));
  EXPECT_TRUE(std::equal(m.begin(), m.end(), m.begin()));
  EXPECT_EQ(std::ranges::max_element(m, {}, key_of)->first, 7);
  const auto odd = [](const auto& row) { return row.first % 4 == 3; };
  EXPECT_EQ(std::count_if(m.begin(), m.end(), odd), 2);
  EXPECT_EQ(std::distance(m.begin(), m.end()), 4);
  EXPECT_EQ(std::next(m.begin(), 2)->first, 5);
  std::vector<std::pair<int, std::string>> copy(m.begin(), m.end());
  std::ranges::copy(m, std::back_inserter(copy));
  EXPECT_EQ(copy.size(), 8u);
  EXPECT_EQ(map(copy.begin(), copy.end()), m);
}

TEST(FlatMapIterators, WorkWithViews) {
  map m{{1, "a"}, {3, "b"}, {5, "c"}, {7, "d"}};
  std::string joined;
  for (const std::string& value : m | std::views::values) joined += value;
  for (const int key : m | std::views::keys | std::views::reverse) joined += std::to_string(key);
  EXPECT_EQ(joined, "abcd7531");
  for (auto&& [key, value] : m | std::views::drop(1) | std::views::take(2)) value = "x";
  EXPECT_EQ(m.values(), (std::vector<std::string>{"a", "x", "x", "d"}));
  auto swapped = std::as_const(m) | std::views::filter([](const auto& row) { return row.second == "x"; }) |
                 std::views::transform([](const auto& row) { return std::pair(row.second, row.first); });
  EXPECT_EQ(deft::flat_map(deft::from_range, swapped).size(), 1u);
  EXPECT_EQ(std::ranges::subrange(m.nth(1), m.nth(3)).size(), 2u);
}

TEST(FlatMapIterators, WorkWhereNothingCanBeCopied) {
  deft::flat_map<int, std::unique_ptr<int>> m;
  for (int i = 0; i < 5; ++i) m.try_emplace(i, std::make_unique<int>(i * i));
  static_assert(std::ranges::random_access_range<decltype(m)>);
  static_assert(std::ranges::random_access_range<const decltype(m)>);
  static_assert(std::same_as<std::ranges::range_value_t<decltype(m)>, std::pair<int, std::unique_ptr<int>>>);
  const auto value_of = [](const auto& row) { return *row.second; };
  EXPECT_EQ(std::ranges::lower_bound(m, 9, {}, value_of)->first, 3);
  EXPECT_EQ(std::ranges::find(std::as_const(m), 16, value_of)->first, 4);
  for (auto&& [key, value] : m | std::views::reverse) value.reset();
  EXPECT_EQ(m.at(4), nullptr);
}

}  // namespace
