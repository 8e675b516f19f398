// What gets into a flat_set or flat_multiset, where it goes, and which of equals wins.
#include <array>
#include <functional>
#include <iterator>
#include <list>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

#include "tests/support_types/elements.hpp"

namespace {

using deft::flat_multiset;
using deft::flat_set;
using deft_test::by_key;
using deft_test::tracked;
using numbers = flat_set<int>;
using bag = flat_multiset<int>;
using unique_tracked = flat_set<tracked, by_key>;
using all_tracked = flat_multiset<tracked, by_key>;

std::vector<std::pair<int, int>> rows(const auto& set) {
  std::vector<std::pair<int, int>> out;
  for (const tracked& x : set) out.emplace_back(x.key, x.serial);
  return out;
}

using expected = std::vector<std::pair<int, int>>;

TEST(FlatSet, IsMadeFromWhateverStdSetIs) {
  const std::list<int> source{3, 1, 2, 1};
  const numbers sorted{1, 2, 3};
  EXPECT_EQ(numbers(source.begin(), source.end()), sorted);
  EXPECT_EQ(numbers(deft::from_range, source), sorted);
  EXPECT_EQ(numbers(std::vector<int>{3, 1, 2, 1}), sorted);
  EXPECT_EQ(numbers(deft::sorted_unique, std::vector<int>{1, 2, 3}), sorted);
  EXPECT_EQ(numbers(deft::sorted_unique, sorted.begin(), sorted.end()), sorted);
  EXPECT_EQ(numbers(deft::sorted_unique, {1, 2, 3}), sorted);
  std::istringstream text("3 1 2 1");
  EXPECT_EQ(numbers(std::istream_iterator<int>(text), std::istream_iterator<int>()), sorted);
  numbers assigned{7};
  assigned = {1, 3, 2, 1};
  EXPECT_EQ(assigned, sorted);
  assigned = {};
  EXPECT_TRUE(assigned.empty());
}

TEST(FlatSet, OfEqualsTheFirstWins) {
  const std::vector<tracked> source{{2, 0}, {1, 1}, {2, 2}, {1, 3}};
  EXPECT_EQ(rows(unique_tracked(deft::from_range, source)), (expected{{1, 1}, {2, 0}}));
  EXPECT_EQ(rows(unique_tracked(source)), (expected{{1, 1}, {2, 0}}));
  unique_tracked s(deft::from_range, source);
  s.insert_range(std::vector<tracked>{{3, 10}, {2, 11}, {3, 12}, {0, 13}});
  EXPECT_EQ(rows(s), (expected{{0, 13}, {1, 1}, {2, 0}, {3, 10}}));
  s.insert(deft::sorted_unique, {{0, 20}, {4, 21}});
  EXPECT_EQ(rows(s), (expected{{0, 13}, {1, 1}, {2, 0}, {3, 10}, {4, 21}}));
}

TEST(FlatMultiset, KeepsEqualsInTheOrderOfInsertion) {
  const std::vector<tracked> source{{2, 0}, {1, 1}, {2, 2}, {1, 3}};
  all_tracked s(source);
  EXPECT_EQ(rows(s), (expected{{1, 1}, {1, 3}, {2, 0}, {2, 2}}));
  s.insert(tracked(1, 4));
  s.emplace(0, 5);
  s.insert_range(std::vector<tracked>{{2, 6}, {1, 7}, {2, 8}});
  EXPECT_EQ(rows(s), (expected{{0, 5}, {1, 1}, {1, 3}, {1, 4}, {1, 7}, {2, 0}, {2, 2}, {2, 6}, {2, 8}}));
  s.insert(deft::sorted_equivalent, {{0, 9}, {3, 10}});
  EXPECT_EQ(s.begin()->serial, 5);
  EXPECT_EQ(s.nth(1)->serial, 9);
}

TEST(FlatSet, InsertTellsWhatIsThere) {
  numbers s{1, 3};
  const auto [there, fresh] = s.insert(3);
  EXPECT_FALSE(fresh);
  EXPECT_EQ(s.index_of(there), 1u);
  const auto [made, inserted] = s.emplace(2);
  EXPECT_TRUE(inserted);
  EXPECT_EQ(s.index_of(made), 1u);
}

TEST(FlatSet, AnArgumentIsMovedFromOnlyIfItIsInserted) {
  flat_set<std::string> s{"a string too long to be stored inside"};
  std::string again("a string too long to be stored inside");
  EXPECT_FALSE(s.insert(std::move(again)).second);
  EXPECT_FALSE(s.emplace(std::move(again)).second);
  s.insert(s.end(), std::move(again));
  EXPECT_EQ(again.size(), 37u);
}

TEST(FlatSet, AnyHintWillDo) {
  for (int key = 0; key <= 6; ++key) {
    for (std::size_t at = 0; at <= 3; ++at) {
      numbers s{1, 3, 5};
      const auto made = s.insert(s.nth(at), key);
      EXPECT_EQ(*made, key);
      numbers other{1, 3, 5};
      other.insert(key);
      EXPECT_EQ(s, other);
    }
  }
}

TEST(FlatMultiset, InsertsAsCloseBeforeTheHintAsTheOrderAllows) {
  const std::vector<tracked> source{{1, 0}, {1, 1}, {1, 2}, {3, 3}};
  all_tracked s(source);
  EXPECT_EQ(s.index_of(s.insert(s.nth(1), tracked(1, 9))), 1u) << "where the hint says";
  EXPECT_EQ(s.index_of(s.emplace_hint(s.nth(0), 2, 9)), 4u) << "hint too early: before all above";
  EXPECT_EQ(s.index_of(s.emplace_hint(s.end(), 1, 8)), 4u) << "hint too late: after the equals";
  EXPECT_EQ(rows(s), (expected{{1, 0}, {1, 9}, {1, 1}, {1, 2}, {1, 8}, {2, 9}, {3, 3}}));
}

TEST(FlatMultiset, TakesItsOwnElementsAsArguments) {
  flat_multiset<std::string> s;
  for (int i = 0; i < 20; ++i) {
    s.insert("a string too long to be stored inside");
    s.insert(*s.begin());
    s.emplace(*s.begin());
    s.emplace_hint(s.begin(), *s.nth(s.size() - 1));
    s.insert(s.end(), *s.begin());
  }
  EXPECT_EQ(s.count("a string too long to be stored inside"), 100u);
  s.insert(s.begin(), s.end());
  s.insert_range(s);
  EXPECT_EQ(s.size(), 400u);
  s.erase(*s.nth(7));
  EXPECT_TRUE(s.empty());
}

TEST(FlatSet, TakesItsOwnElementsAsArguments) {
  flat_set<std::string> s{"b", "a", "c"};
  EXPECT_FALSE(s.insert(*s.begin()).second);
  s.insert(s.begin(), s.end());
  s.insert_range(s);
  s.insert_range(deft::sorted_unique, s);
  EXPECT_EQ(s, (flat_set<std::string>{"a", "b", "c"}));
  EXPECT_EQ(s.erase(*s.nth(1)), 1u);
}

/// Counts how often one is made of a string_view.
struct name {
  static inline int made = 0;
  std::string text;

  explicit name(std::string_view from) : text(from) { ++made; }
};

struct by_text {
  using is_transparent = void;

  static std::string_view text(const name& x) { return x.text; }

  static std::string_view text(std::string_view x) { return x; }

  bool operator()(const auto& a, const auto& b) const { return text(a) < text(b); }
};

TEST(FlatSet, MakesAKeyOfANeedleOnlyToInsertIt) {
  flat_set<name, by_text> s;
  name::made = 0;
  EXPECT_TRUE(s.insert(std::string_view("bob")).second);
  EXPECT_FALSE(s.insert(std::string_view("bob")).second);
  EXPECT_EQ(s.insert(s.end(), std::string_view("bob")), s.begin());
  s.insert(s.begin(), std::string_view("alice"));
  EXPECT_EQ(name::made, 2);
  EXPECT_TRUE(s.contains(std::string_view("alice")));
  EXPECT_EQ(s.rank(std::string_view("b")), 1u);
  EXPECT_EQ(s.erase(std::string_view("bob")), 1u);
  EXPECT_EQ(name::made, 2);
}

struct by_tens {
  using is_transparent = void;

  struct ten {
    int value;
  };

  bool operator()(int a, int b) const { return a < b; }

  bool operator()(int a, ten b) const { return a / 10 < b.value; }

  bool operator()(ten a, int b) const { return a.value < b / 10; }
};

TEST(FlatSet, ANeedleOfAnotherTypeMayEqualSeveralKeys) {
  flat_set<int, by_tens> s{5, 11, 12, 19, 20};
  const by_tens::ten one{1};
  EXPECT_EQ(s.count(one), 3u);
  EXPECT_EQ(*s.find(one), 11);
  EXPECT_EQ(s.rank(one), 1u);
  const auto [first, last] = s.equal_range(one);
  EXPECT_EQ(last - first, 3);
  EXPECT_EQ(s.erase(one), 3u);
  EXPECT_EQ(s, (flat_set<int, by_tens>{5, 20}));
}

TEST(FlatSet, ConvertsANeedleOnceWithoutATransparentComparator) {
  struct counted {
    static int conversions(int add) {
      static int count = 0;
      return count += add;
    }

    operator int() const {
      conversions(1);
      return 5;
    }
  };

  numbers s{1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_TRUE(s.contains(counted()));
  EXPECT_EQ(s.erase(counted()), 1u);
  EXPECT_EQ(counted::conversions(0), 2);
}

TEST(FlatSet, FindsKeysAndTheirPlaces) {
  const bag s{1, 3, 3, 5};
  EXPECT_EQ(s.index_of(s.find(3)), 1u);
  EXPECT_EQ(s.find(4), s.end());
  EXPECT_EQ(s.count(3), 2u);
  EXPECT_EQ(s.rank(4), 3u);
  EXPECT_EQ(s.index_of(s.lower_bound(3)), 1u);
  EXPECT_EQ(s.index_of(s.upper_bound(3)), 3u);
  EXPECT_EQ(s.equal_range(3), std::pair(s.nth(1), s.nth(3)));
  EXPECT_EQ(*s.rbegin(), 5);
  EXPECT_EQ(s.as_span().back(), 5);
}

TEST(FlatSet, ErasesByPlaceByKeyAndByPredicate) {
  bag s{1, 2, 2, 3, 4, 5, 6};
  EXPECT_EQ(*s.erase(s.begin()), 2);
  EXPECT_EQ(s.erase(2), 2u);
  EXPECT_EQ(s.erase(7), 0u);
  const auto behind = s.erase(s.nth(2), s.end());
  EXPECT_EQ(behind, s.end());
  EXPECT_EQ(s, (bag{3, 4}));
  std::vector<int> asked;
  EXPECT_EQ(erase_if(s, [&](const int& x) { return asked.push_back(x), x == 3; }), 1u);
  EXPECT_EQ(asked, (std::vector<int>{3, 4}));
  s.clear();
  EXPECT_TRUE(s.empty() && s.begin() == s.end());
}

TEST(FlatSetPreconditions, WhatIsOutsideTraps) {
  numbers s{1, 2};
  const numbers other{1, 2};
  EXPECT_DEATH((void)s.nth(3), "nth\\(i\\) is outside");
  EXPECT_DEATH(s.erase(s.end()), "erase\\(end\\(\\)\\)");
  EXPECT_DEATH(s.erase(s.nth(2), s.nth(1)), "first after last");
  EXPECT_DEATH((void)s.index_of(s.end() + 1), "not one of this set");
  EXPECT_DEATH(s.insert(other.begin() + 1000, 3), "not one of this set");
}

}  // namespace
