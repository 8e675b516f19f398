// What a sorted_map promises, member by member.
#include "deft/sorted/sorted_map.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/sorted/get_or.hpp"

namespace {

using testing::ElementsAre;
using testing::Pair;
using map = deft::sorted_map<int, std::string>;

/// GoogleMock's matchers know containers only.
template <typename View>
auto listed(const View& view) {
  std::vector<std::pair<int, std::string>> all;
  for (const auto& x : view) all.push_back(x);
  return all;
}

deft::sorted_map<int, int> many(int n = 20'000) {
  deft::sorted_map<int, int> m;
  for (int i = 0; i < n; ++i) m.emplace(i * 7919 % n * 3, -(i * 7919 % n));
  return m;
}

TEST(SortedMap, IsMadeOfAnyRange) {
  const std::vector<std::pair<int, std::string>> from{{2, "b"}, {1, "a"}, {2, "c"}};
  EXPECT_THAT(map(from.begin(), from.end()), ElementsAre(Pair(1, "a"), Pair(2, "b")));
  EXPECT_THAT(map(deft::from_range, from), ElementsAre(Pair(1, "a"), Pair(2, "b")));
  EXPECT_THAT((map{{3, "x"}, {1, "y"}}), ElementsAre(Pair(1, "y"), Pair(3, "x")));
  EXPECT_THAT(map(deft::sorted_unique, {{1, "y"}, {3, "x"}}), ElementsAre(Pair(1, "y"), Pair(3, "x")));
  const std::map<int, std::string> standard(from.begin(), from.end());
  EXPECT_EQ(map(standard.begin(), standard.end()), map(from.begin(), from.end()));
  map m;
  m = {{7, "seven"}};
  EXPECT_EQ(m.at(7), "seven");
}

TEST(SortedMap, IsReadAndWrittenByKey) {
  map m;
  m[2] = "two";
  EXPECT_EQ(m[2], "two");
  EXPECT_EQ(m[1], "");
  EXPECT_EQ(m.at(2), "two");
  EXPECT_EQ(std::as_const(m).at(2), "two");
  EXPECT_THROW((void)m.at(3), std::out_of_range);
  EXPECT_EQ(m.size(), 2U);
  EXPECT_EQ(deft::get_or(m, 3, "none"), "none");
  EXPECT_EQ(deft::get_or(m, 2, "none"), "two");
  EXPECT_EQ(deft::get_or_emplace(m, 3, [] { return "three"; }), "three");
  EXPECT_EQ(m.at(3), "three");
}

TEST(SortedMap, InsertsUnlessTheKeyIsThere) {
  map m;
  EXPECT_TRUE(m.insert({1, "a"}).second);
  EXPECT_FALSE(m.insert(std::pair(1, "b")).second);
  EXPECT_TRUE(m.emplace(2, "c").second);
  EXPECT_TRUE(m.emplace(std::piecewise_construct, std::tuple(3), std::tuple(2, 'x')).second);
  EXPECT_EQ(m.insert(m.end(), {4, "d"})->second, "d");
  EXPECT_EQ(m.emplace_hint(m.begin(), 0, "z")->first, 0);
  EXPECT_THAT(m, ElementsAre(Pair(0, "z"), Pair(1, "a"), Pair(2, "c"), Pair(3, "xx"), Pair(4, "d")));
}

TEST(SortedMap, TryEmplaceMakesNothingInVain) {
  deft::sorted_map<std::string, std::unique_ptr<int>> m;
  auto value = std::make_unique<int>(1);
  EXPECT_TRUE(m.try_emplace("a", std::move(value)).second);
  value = std::make_unique<int>(2);
  std::string key = "a";
  EXPECT_FALSE(m.try_emplace(std::move(key), std::move(value)).second);
  EXPECT_EQ(key, "a");        // NOLINT(bugprone-use-after-move): said to be
  ASSERT_NE(value, nullptr);  // NOLINT(bugprone-use-after-move): said to be
  EXPECT_EQ(*m.at("a"), 1);
  EXPECT_EQ(m.try_emplace(m.end(), "b")->second, nullptr);
  EXPECT_FALSE(m.insert_or_assign("a", std::move(value)).second);
  EXPECT_EQ(*m.at("a"), 2);
  EXPECT_EQ(m.insert_or_assign(m.begin(), "c", std::make_unique<int>(3))->first, "c");
  EXPECT_EQ(m.size(), 3U);
}

TEST(SortedMap, InsertsBatchesAndTheFirstStays) {
  map m{{1, "a"}, {3, "c"}};
  EXPECT_EQ(m.insert_many({{2, "b"}, {3, "x"}, {2, "y"}}), 1U);
  EXPECT_THAT(m, ElementsAre(Pair(1, "a"), Pair(2, "b"), Pair(3, "c")));
  std::vector<std::pair<int, std::string>> more{{9, "i"}, {8, "h"}};
  m.insert_range(more);
  m.insert(deft::sorted_unique, {{10, "j"}, {11, "k"}});
  m.insert(more.begin(), more.end());
  EXPECT_EQ(m.update(m), 0U);
  EXPECT_EQ(m.size(), 7U);
  EXPECT_EQ(m.at(8), "h");
}

TEST(SortedMap, RefersToKeysAndValues) {
  auto m = many(3'000);
  static_assert(std::same_as<decltype(*m.begin()), std::pair<const int&, int&>>);
  static_assert(std::same_as<decltype(*m.cbegin()), std::pair<const int&, const int&>>);
  for (auto&& [key, value] : m) value = key + 1;
  for (const auto [key, value] : std::as_const(m)) ASSERT_EQ(value, key + 1);
  m.find(30)->second = 5;
  EXPECT_EQ(m.at(30), 5);
  deft::sorted_map<int, int>::const_iterator i = m.begin();
  EXPECT_EQ(i, m.begin());
  EXPECT_EQ(std::prev(m.end())->first, 8'997);
  EXPECT_EQ(m.rbegin()->first, 8'997);
}

TEST(SortedMap, FindsWhatIsThere) {
  auto m = many();
  for (int i = 0; i < 60'000; i += 59) {
    const bool there = i % 3 == 0;
    EXPECT_EQ(m.contains(i), there);
    EXPECT_EQ(m.count(i), there ? 1U : 0U);
    ASSERT_EQ(m.find(i) != m.end(), there);
    if (there) {
      EXPECT_EQ(m.find(i)->second, -i / 3);
    }
    EXPECT_EQ(m.rank(i), static_cast<std::size_t>((i + 2) / 3));
    EXPECT_EQ(m.bisect_right(i), static_cast<std::size_t>(i / 3 + 1));
    EXPECT_EQ(m.index_of(m.upper_bound(i)), static_cast<std::size_t>(i / 3 + 1));
  }
  std::vector<int> needles{3, 4, 59'997, -3};
  std::vector<deft::sorted_map<int, int>::iterator> found(4);
  m.find_many(needles, found);
  EXPECT_THAT(found, ElementsAre(m.find(3), m.end(), m.find(59'997), m.end()));
  std::vector<deft::sorted_map<int, int>::const_iterator> const_found(4);
  m.find_many(needles, const_found);
  EXPECT_EQ(const_found[2]->second, -19'999);
}

TEST(SortedMap, LooksUpWhatComparesWithAKey) {
  deft::sorted_map<std::string, int, std::less<>> m{{"a", 1}, {"b", 2}};
  EXPECT_EQ(m.at(std::string_view("b")), 2);
  EXPECT_EQ(m.find(std::string_view("c")), m.end());
  m[std::string_view("c")] = 3;
  EXPECT_FALSE(m.try_emplace(std::string_view("c"), 4).second);
  EXPECT_FALSE(m.insert_or_assign(std::string_view("c"), 5).second);
  EXPECT_EQ(m.pop(std::string_view("c")), 5);
  EXPECT_EQ(m.erase(std::string_view("a")), 1U);
  EXPECT_EQ(m.size(), 1U);
}

TEST(SortedMap, PeeksAndPops) {
  map m{{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}};
  EXPECT_THAT(m.peekitem(0), Pair(1, "a"));
  EXPECT_THAT(m.peekitem(), Pair(4, "d"));
  EXPECT_THAT(std::as_const(m).peekitem(1), Pair(2, "b"));
  EXPECT_THAT(std::as_const(m).peekitem(), Pair(4, "d"));
  m.peekitem(0).second = "z";
  EXPECT_THAT(m.popitem(0), Pair(1, "z"));
  EXPECT_THAT(m.popitem(), Pair(4, "d"));
  EXPECT_EQ(m.pop(2), "b");
  EXPECT_THROW(m.pop(2), std::out_of_range);
  EXPECT_THAT(m, ElementsAre(Pair(3, "c")));
}

TEST(SortedMap, ShowsKeysAndValues) {
  auto m = many(3'000);
  EXPECT_TRUE(std::ranges::is_sorted(m.keys()));
  EXPECT_EQ(m.keys().size(), 3'000U);
  for (int& value : m.values()) value = 7;
  EXPECT_TRUE(std::ranges::all_of(std::as_const(m).values(), [](int x) { return x == 7; }));
  std::size_t seen = 0;
  for (const auto chunk : m.chunks()) {
    static_assert(std::same_as<decltype(chunk.keys), std::span<const int>>);
    static_assert(std::same_as<decltype(chunk.values), std::span<int>>);
    ASSERT_EQ(chunk.keys.size(), chunk.values.size());
    for (int& value : chunk.values) value = 8;
    seen += chunk.keys.size();
  }
  EXPECT_EQ(seen, 3'000U);
  for (const auto chunk : std::as_const(m).chunks()) {
    static_assert(std::same_as<decltype(chunk.values), std::span<const int>>);
    EXPECT_EQ(chunk.values[0], 8);
  }
}

TEST(SortedMap, SlicesAndPositions) {
  map m{{1, "a"}, {3, "c"}, {5, "e"}};
  for (auto&& [key, value] : m.irange(2, 5)) value += key == 3 ? "!" : "?";
  EXPECT_THAT(listed(m.islice(1)), ElementsAre(Pair(3, "c!"), Pair(5, "e?")));
  EXPECT_THAT(listed(std::as_const(m).irange(1, 3, {.hi = false})), ElementsAre(Pair(1, "a")));
  EXPECT_EQ(m.nth(2)->first, 5);
  EXPECT_EQ(m.index(5), 2U);
}

TEST(SortedMap, ErasesByIteratorKeyAndPosition) {
  map m{{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}, {5, "e"}};
  EXPECT_EQ(m.erase(m.begin())->first, 2);
  EXPECT_EQ(m.erase(m.cbegin())->first, 3);
  EXPECT_EQ(m.erase(3), 1U);
  EXPECT_EQ(m.erase(3), 0U);
  EXPECT_EQ(m.erase_range(1, 9), 1U);
  EXPECT_EQ(erase_if(m, [](const auto& row) { return row.second == "d"; }), 1U);
  const auto behind_all = m.erase(m.begin(), m.end());
  EXPECT_EQ(behind_all, m.end());
}

TEST(SortedMap, MergesIsCutAndJoined) {
  map a{{1, "a"}, {3, "c"}};
  map b{{3, "x"}, {4, "d"}};
  a.merge(b);
  EXPECT_THAT(a, ElementsAre(Pair(1, "a"), Pair(3, "c"), Pair(4, "d")));
  EXPECT_THAT(b, ElementsAre(Pair(3, "x")));
  map tail = a.split_at(1);
  EXPECT_THAT(tail, ElementsAre(Pair(3, "c"), Pair(4, "d")));
  a.concat(std::move(tail));
  EXPECT_EQ(a.size(), 3U);
  auto big = many();
  auto half = big.split_at(7'777);
  EXPECT_EQ(half.peekitem(0).first, 7'777 * 3);
  big.concat(std::move(half));
  EXPECT_EQ(big, many());
}

TEST(SortedMap, CopiesMovesSwapsAndCompares) {
  map a{{1, "a"}, {2, "b"}};
  map b(a);
  EXPECT_EQ(a, b);
  b[2] = "c";
  EXPECT_LT(a, b);
  EXPECT_NE(a, b);
  swap(a, b);
  EXPECT_EQ(a.at(2), "c");
  const map c(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): said to be
  a = c;
  EXPECT_EQ(a, c);
  EXPECT_TRUE(a.value_comp()(*a.begin(), *std::next(a.begin())));
}

TEST(SortedMap, HoldsBoolsAndFreezesThem) {
  deft::sorted_map<int, bool> m;
  for (int i = 0; i < 1'000; ++i) m[i] = i % 3 == 0;
  EXPECT_TRUE(m.at(999));
  const auto frozen = m.freeze();
  EXPECT_TRUE(frozen.at(999));
  EXPECT_FALSE(frozen.at(1));
  EXPECT_THROW((void)frozen.at(1'000), std::out_of_range);
  const auto moved = std::move(m).freeze();
  EXPECT_EQ(moved.size(), 1'000U);
  EXPECT_TRUE(m.empty());  // NOLINT(bugprone-use-after-move): said to be
}

TEST(SortedMap, DeducesItsParameters) {
  const std::vector<std::pair<int, std::string>> from;
  static_assert(std::same_as<decltype(deft::sorted_map(from.begin(), from.end())), map>);
  static_assert(std::same_as<decltype(deft::sorted_map(deft::from_range, from)), map>);
  static_assert(std::same_as<decltype(deft::sorted_map{std::pair(1, 2.0)}), deft::sorted_map<int, double>>);
  static_assert(std::same_as<decltype(deft::sorted_map(from.begin(), from.end(), std::greater<>())),
                             deft::sorted_map<int, std::string, std::greater<>>>);
}

}  // namespace
