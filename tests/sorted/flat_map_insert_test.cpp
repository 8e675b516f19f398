// What insertion into flat_map and flat_multimap does: who wins, where equals go, what hints are for, and
// arguments that lie in the map itself.
#include <functional>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

namespace {

using map = deft::flat_map<int, std::string>;
using multimap = deft::flat_multimap<int, std::string>;
using rows = std::vector<std::pair<int, std::string>>;

template <typename Map>
rows rows_of(const Map& m) {
  rows out;
  for (const auto& [key, value] : m) out.emplace_back(key, value);
  return out;
}

TEST(FlatMapInsert, TheFirstOfEqualKeysWinsHoweverTheyCome) {
  const rows expected{{1, "a"}, {2, "b"}};
  const rows unsorted{{2, "b"}, {1, "a"}, {2, "x"}, {1, "y"}};
  EXPECT_EQ(rows_of(map(unsorted.begin(), unsorted.end())), expected);
  EXPECT_EQ(rows_of(map(deft::from_range, unsorted)), expected);
  EXPECT_EQ(rows_of(map{{2, "b"}, {1, "a"}, {2, "x"}, {1, "y"}}), expected);
  EXPECT_EQ(rows_of(map({2, 1, 2, 1}, {"b", "a", "x", "y"})), expected);
  map m{{1, "a"}};
  m.insert_range(rows{{2, "b"}, {1, "x"}, {2, "y"}});
  EXPECT_EQ(rows_of(m), expected);
  m.insert(deft::sorted_unique, {{0, "z"}, {1, "x"}, {2, "x"}, {3, "c"}});
  EXPECT_EQ(rows_of(m), (rows{{0, "z"}, {1, "a"}, {2, "b"}, {3, "c"}}));
  m = {{5, "e"}, {5, "f"}};
  EXPECT_EQ(rows_of(m), (rows{{5, "e"}}));
}

TEST(FlatMapInsert, SaysWhetherTheRowIsNew) {
  map m;
  const auto [first, is_new] = m.insert({1, "a"});
  EXPECT_TRUE(is_new);
  EXPECT_EQ(first->second, "a");
  const auto [second, is_new_again] = m.emplace(1, "b");
  EXPECT_FALSE(is_new_again);
  EXPECT_EQ(second->second, "a");
  EXPECT_EQ(m.emplace(std::piecewise_construct, std::tuple(2), std::tuple(3, 'x')).first->second, "xxx");
  EXPECT_EQ(m.insert(std::pair<const short, const char*>(3, "c")).first->second, "c");
}

TEST(FlatMapInsert, LeavesTheArgumentsAloneWhereTheKeyIsThere) {
  deft::flat_map<std::string, std::unique_ptr<int>> m;
  m.try_emplace("a", std::make_unique<int>(1));
  auto value = std::make_unique<int>(2);
  std::string key = "a";
  EXPECT_FALSE(m.try_emplace(std::move(key), std::move(value)).second);
  EXPECT_EQ(key, "a");
  ASSERT_NE(value, nullptr);
  EXPECT_FALSE(m.emplace(std::move(key), std::move(value)).second);
  EXPECT_EQ(key, "a");
  ASSERT_NE(value, nullptr);
  m.insert_or_assign(std::move(key), std::move(value));
  EXPECT_EQ(key, "a");
  EXPECT_EQ(value, nullptr);
  EXPECT_EQ(*m.at("a"), 2);
}

TEST(FlatMapInsert, InsertOrAssignKeepsTheKeyThatIsThere) {
  const auto same_length = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
  deft::flat_map<std::string, int, decltype(same_length)> m(same_length);
  EXPECT_TRUE(m.insert_or_assign("aa", 1).second);
  EXPECT_FALSE(m.insert_or_assign("bb", 2).second);
  EXPECT_EQ(m.insert_or_assign(m.end(), "ccc", 3)->first, "ccc");
  EXPECT_EQ(m.insert_or_assign(m.begin(), "dd", 4)->first, "aa");
  EXPECT_EQ(m.at("xx"), 4);
}

TEST(FlatMapInsert, BracketsValueInitialise) {
  deft::flat_map<std::string, int, std::less<>> m;
  EXPECT_EQ(m["a"], 0);
  m["a"] += 2;
  m[std::string("b")] = 1;
  m[{}] = 7;
  EXPECT_EQ(m.at("a"), 2);
  EXPECT_EQ(m.at(""), 7);
  EXPECT_THROW(m.at("z"), std::out_of_range);
  EXPECT_THROW(std::as_const(m).at(std::string("z")), std::out_of_range);
}

TEST(FlatMapInsert, AWrongHintIsOnlySlower) {
  for (std::size_t hint = 0; hint <= 3; ++hint) {
    map m{{10, "a"}, {20, "b"}, {30, "c"}};
    EXPECT_EQ(m.index_of(m.emplace_hint(m.nth(hint), 15, "x")), 1u);
    EXPECT_EQ(m.index_of(m.insert(m.nth(hint), {15, "y"})), 1u);
    EXPECT_EQ(m.try_emplace(m.nth(hint), 25, "z")->second, "z");
    EXPECT_EQ(m.insert_or_assign(m.nth(hint), 25, "w")->second, "w");
    EXPECT_EQ(rows_of(m), (rows{{10, "a"}, {15, "x"}, {20, "b"}, {25, "w"}, {30, "c"}}));
  }
}

TEST(FlatMultimapInsert, EqualsKeepTheOrderInWhichTheyCome) {
  multimap m{{2, "a"}, {1, "b"}, {2, "c"}, {1, "d"}};
  EXPECT_EQ(rows_of(m), (rows{{1, "b"}, {1, "d"}, {2, "a"}, {2, "c"}}));
  EXPECT_EQ(m.index_of(m.emplace(1, "e")), 2u);
  m.insert_range(rows{{2, "f"}, {1, "g"}, {2, "h"}});
  m.insert(deft::sorted_equivalent, {{1, "i"}, {1, "j"}});
  EXPECT_EQ(rows_of(m), (rows{{1, "b"},
                              {1, "d"},
                              {1, "e"},
                              {1, "g"},
                              {1, "i"},
                              {1, "j"},
                              {2, "a"},
                              {2, "c"},
                              {2, "f"},
                              {2, "h"}}));
  EXPECT_EQ(m.count(1), 6u);
  EXPECT_EQ(m.find(2)->second, "a");
  EXPECT_EQ(m.erase(1), 6u);
}

TEST(FlatMultimapInsert, GoesAsCloseBeforeTheHintAsTheOrderAllows) {
  const multimap m{{1, "a"}, {2, "b"}, {2, "c"}, {2, "d"}, {3, "e"}};
  const std::size_t expected[] = {1, 1, 2, 3, 4, 4};
  for (std::size_t hint = 0; hint <= m.size(); ++hint) {
    multimap copy = m;
    EXPECT_EQ(copy.index_of(copy.insert(copy.nth(hint), {2, "x"})), expected[hint]) << hint;
  }
}

TEST(FlatMapInsert, ArgumentsMayLieInTheMap) {
  for (int growth = 0; growth < 2; ++growth) {
    deft::flat_multimap<std::string, std::string> m{{"a long key beyond the small ones", "a value"},
                                                    {"b", "another value that is on the heap"}};
    m.reserve(growth == 0 ? m.size() : 100);
    m.emplace(m.begin()->first, m.nth(1)->second);
    EXPECT_EQ(m.nth(1)->first, "a long key beyond the small ones");
    EXPECT_EQ(m.nth(1)->second, "another value that is on the heap");
    m.insert(*m.begin());
    EXPECT_EQ(m.count(m.begin()->first), 3u);
    m.insert(m.begin(), m.end());
    m.insert_range(m);
    EXPECT_EQ(m.size(), 16u);
    EXPECT_EQ(m.erase(m.begin()->first), 12u);
  }
}

TEST(FlatMapInsert, KeyAndValueOfTryEmplaceMayLieInTheMap) {
  deft::flat_map<std::string, std::string> m{{"a", "some value that is on the heap"}};
  m.try_emplace(m.begin()->second, m.begin()->first);
  EXPECT_EQ(m.at("some value that is on the heap"), "a");
  m.insert_or_assign("0", m.begin()->second);
  m.insert_or_assign("a", m.nth(2)->second);
  EXPECT_EQ(m.at("0"), "some value that is on the heap");
  EXPECT_EQ(m.at("a"), "a");
}

/// Counts how many are made of a std::string_view.
struct counted_key {
  static inline int made = 0;
  std::string text;

  explicit counted_key(std::string_view t) : text(t) { ++made; }

  [[maybe_unused]] friend bool operator<(const counted_key& a, const counted_key& b) {
    return a.text < b.text;
  }

  friend bool operator<(const counted_key& a, std::string_view b) { return a.text < b; }

  friend bool operator<(std::string_view a, const counted_key& b) { return a < b.text; }
};

TEST(FlatMapInsert, ANeedleOfAnotherTypeBecomesAKeyOnlyIfInserted) {
  deft::flat_map<counted_key, int, std::less<>> m;
  counted_key::made = 0;
  const std::string_view a = "a";
  m[a] = 1;
  EXPECT_EQ(counted_key::made, 1);
  m[a] = 2;
  EXPECT_FALSE(m.try_emplace(a, 3).second);
  EXPECT_FALSE(m.insert_or_assign(a, 4).second);
  EXPECT_EQ(m.try_emplace(m.begin(), a, 5)->second, 4);
  EXPECT_EQ(m.insert_or_assign(m.begin(), a, 6)->second, 6);
  EXPECT_EQ(m.at(a), 6);
  EXPECT_EQ(m.count(a) + m.rank(a) + m.erase(std::string_view("b")), 1u);
  EXPECT_EQ(counted_key::made, 1);
  m.insert_or_assign(m.end(), std::string_view("b"), 7);
  EXPECT_EQ(counted_key::made, 2);
  EXPECT_EQ(m.erase(a), 1u);
}

TEST(FlatMapLookup, ANeedleMayEqualSeveralUniqueKeys) {
  struct by_tens {
    using is_transparent = void;

    bool operator()(int a, int b) const { return a < b; }

    bool operator()(int a, double tens) const { return a / 10 < static_cast<int>(tens); }

    bool operator()(double tens, int a) const { return static_cast<int>(tens) < a / 10; }
  };

  deft::flat_map<int, char, by_tens> m{{9, 'a'}, {10, 'b'}, {15, 'c'}, {20, 'd'}};
  EXPECT_EQ(m.count(1.0), 2u);
  EXPECT_EQ(m.equal_range(1.0).second - m.equal_range(1.0).first, 2);
  EXPECT_EQ(m.find(1.0)->second, 'b');
  EXPECT_EQ(m.rank(2.0), 3u);
  EXPECT_EQ(m.erase(1.0), 2u);
  EXPECT_EQ(m.keys(), (std::vector<int>{9, 20}));
}

TEST(FlatMapInsert, TakesInputThatCanBeReadOnce) {
  std::istringstream words("2 1 2 3");
  auto twice = std::views::istream<int>(words) |
               std::views::transform([](int n) { return std::pair(n, std::to_string(n)); });
  map m;
  m.insert_range(std::move(twice));
  EXPECT_EQ(rows_of(m), (rows{{1, "1"}, {2, "2"}, {3, "3"}}));
}

}  // namespace
