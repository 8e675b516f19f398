// What a sorted_list promises beyond sorted_set_test.cpp: equals.
#include "deft/sorted/sorted_list.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/sorted/compare_by.hpp"

namespace {

using testing::ElementsAre;
using list = deft::sorted_list<int>;
using record = std::pair<int, int>;
using records = deft::sorted_list<record, deft::compare_by<&record::first>>;

static_assert(std::same_as<deft::sorted_multiset<int>, list>);

TEST(SortedList, KeepsEqualsInInsertionOrder) {
  records l;
  for (int i = 0; i < 4'000; ++i) l.insert({i % 3, i});
  EXPECT_TRUE(std::ranges::is_sorted(l));
  EXPECT_EQ(l.count(1), 1'333U);
  EXPECT_EQ(l.find(2)->second, 2);
  EXPECT_EQ(l.insert_many({{1, 9'001}, {0, 9'002}, {1, 9'003}}), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(l));
  std::vector<record> more;
  for (int i = 0; i < 4'000; ++i) more.emplace_back(i % 3, 10'000 + i);
  l.insert_range(more);
  EXPECT_TRUE(std::ranges::is_sorted(l));
  EXPECT_EQ(l.size(), 8'003U);
}

TEST(SortedList, InsertsAsCloseToAHintAsTheOrderAllows) {
  records l{{1, 1}, {2, 1}, {2, 2}, {3, 1}};
  EXPECT_EQ(l.index_of(l.insert(l.nth(2), {2, 9})), 2U);     // among its equals
  EXPECT_EQ(l.index_of(l.insert(l.begin(), {2, 8})), 1U);    // before them
  EXPECT_EQ(l.index_of(l.emplace_hint(l.end(), 2, 7)), 5U);  // behind them
  EXPECT_EQ(l.index_of(l.insert(l.end(), {3, 6})), 7U);
  EXPECT_THAT(l, ElementsAre(record(1, 1), record(2, 8), record(2, 1), record(2, 9), record(2, 2),
                             record(2, 7), record(3, 1), record(3, 6)));
}

TEST(SortedList, IsMadeOfAnyRange) {
  const std::vector<int> from{3, 1, 2, 3};
  EXPECT_THAT(list(from.begin(), from.end()), ElementsAre(1, 2, 3, 3));
  EXPECT_THAT(list(deft::from_range, from), ElementsAre(1, 2, 3, 3));
  EXPECT_THAT((list{5, 4, 5}), ElementsAre(4, 5, 5));
  EXPECT_THAT(list(deft::sorted_equivalent, {1, 5, 5}), ElementsAre(1, 5, 5));
  EXPECT_THAT(deft::sorted_list({1, 2, 1}, std::greater<>()), ElementsAre(2, 1, 1));
}

TEST(SortedList, KnowsTheRunOfEquals) {
  const list l{1, 2, 2, 2, 3};
  EXPECT_EQ(l.count(2), 3U);
  EXPECT_EQ(l.bisect_left(2), 1U);
  EXPECT_EQ(l.bisect_right(2), 4U);
  EXPECT_EQ(l.index(2), 1U);
  EXPECT_EQ(l.index_of(l.find(2)), 1U);
  EXPECT_EQ(std::distance(l.equal_range(2).first, l.equal_range(2).second), 3);
  EXPECT_EQ(l.irange(2, 2).size(), 3U);
  EXPECT_EQ(l.irange(2, 2, {false, false}).size(), 0U);
  EXPECT_THROW((void)l.index(5), std::out_of_range);
}

TEST(SortedList, KnowsARunOverManyLeaves) {
  list l;
  for (int i = 0; i < 5'000; ++i) l.insert(i % 2 == 0 ? 7 : i % 13);
  std::multiset<int> expected(l.begin(), l.end());
  for (int x = -1; x < 15; ++x) {
    EXPECT_EQ(l.count(x), expected.count(x));
    EXPECT_EQ(l.rank(x), static_cast<std::size_t>(std::distance(expected.begin(), expected.lower_bound(x))));
    EXPECT_EQ(l.find(x), l.contains(x) ? l.lower_bound(x) : l.end());
  }
  std::vector<list::const_iterator> found(3);
  l.find_many(std::vector<int>{7, 12, 99}, found);
  EXPECT_THAT(found, ElementsAre(l.find(7), l.find(12), l.end()));
  EXPECT_EQ(l.erase(7), expected.erase(7));
  EXPECT_TRUE(std::ranges::equal(l, expected));
}

TEST(SortedList, RemovesOneOrAllEquals) {
  records l{{1, 1}, {2, 1}, {2, 2}, {2, 3}};
  EXPECT_TRUE(l.remove(2));
  EXPECT_EQ(l[1].second, 2);
  EXPECT_FALSE(l.remove(7));
  EXPECT_EQ(l.erase(2), 2U);
  EXPECT_TRUE(l.remove(*l.begin()));
  EXPECT_TRUE(l.empty());
}

TEST(SortedList, MergesEverything) {
  records a{{1, 1}, {2, 1}};
  records b{{1, 2}, {3, 2}};
  a.merge(b);
  EXPECT_THAT(a, ElementsAre(record(1, 1), record(1, 2), record(2, 1), record(3, 2)));
  EXPECT_TRUE(b.empty());
  a.merge(records{{2, 3}});
  EXPECT_THAT(a, ElementsAre(record(1, 1), record(1, 2), record(2, 1), record(2, 3), record(3, 2)));
}

TEST(SortedList, IsCutAndJoinedWithinARun) {
  list l(deft::sorted_equivalent, {1, 2, 2, 2, 3});
  list tail = l.split_at(2);
  EXPECT_THAT(l, ElementsAre(1, 2));
  EXPECT_THAT(tail, ElementsAre(2, 2, 3));
  l.concat(std::move(tail));
  EXPECT_THAT(l, ElementsAre(1, 2, 2, 2, 3));
}

TEST(SortedList, RunsAMedian) {
  list window;
  std::vector<int> values;
  for (int i = 0; i < 2'000; ++i) {
    values.push_back(i * 7919 % 1'009);
    window.insert(values.back());
    if (values.size() > 101) {
      EXPECT_TRUE(window.remove(values[values.size() - 102]));
    }
    const std::size_t n = window.size();
    std::vector<int> sorted(values.end() - static_cast<std::ptrdiff_t>(n), values.end());
    std::ranges::sort(sorted);
    ASSERT_EQ(window[n / 2], sorted[n / 2]);
  }
}

TEST(SortedList, PopsAndErasesByPosition) {
  list l{3, 1, 2, 2};
  EXPECT_EQ(l.pop(1), 2);
  EXPECT_EQ(l.pop(), 3);
  EXPECT_EQ(l.erase_range(0, 1), 1U);
  EXPECT_THAT(l, ElementsAre(2));
  EXPECT_EQ(erase_if(l, [](int x) { return x == 2; }), 1U);
}

TEST(SortedList, FreezesIntoAnIndexedFlatMultiset) {
  const list l{2, 2, 1};
  const auto frozen = l.freeze();
  static_assert(std::same_as<decltype(frozen), const deft::frozen<deft::flat_multiset<int>>>);
  EXPECT_EQ(frozen.count(2), 2U);
  EXPECT_EQ(frozen.bisect_right(2), 3U);
}

TEST(SortedList, ComparesElementByElement) {
  EXPECT_EQ((list{1, 2, 2}), (list{2, 1, 2}));
  EXPECT_LT((list{1, 2}), (list{1, 2, 2}));
}

}  // namespace
