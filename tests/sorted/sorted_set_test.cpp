// What a sorted_set promises, member by member.
#include "deft/sorted/sorted_set.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/sorted/compare_by.hpp"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using set = deft::sorted_set<int>;

/// GoogleMock's matchers know containers only.
template <typename View>
auto listed(const View& view) {
  std::vector<int> all;
  for (const auto& x : view) all.push_back(x);
  return all;
}

/// Of several leaves and two levels: 0, 3, 6, ...
set many(int n = 20'000) {
  set s;
  for (int i = 0; i < n; ++i) s.insert(i * 7919 % n * 3);
  return s;
}

TEST(SortedSet, BeginsEmpty) {
  const set s;
  EXPECT_TRUE(s.empty());
  EXPECT_EQ(s.size(), 0U);
  EXPECT_EQ(s.begin(), s.end());
  EXPECT_EQ(s.max_size(), 4'294'967'295U);
  EXPECT_FALSE(s.contains(1));
  EXPECT_EQ(s.find(1), s.end());
  EXPECT_EQ(s.lower_bound(1), s.end());
  EXPECT_EQ(s.rank(1), 0U);
  EXPECT_TRUE(s.chunks().empty());
  EXPECT_EQ(s.memory_bytes(), 0U);
}

TEST(SortedSet, IsMadeOfAnyRange) {
  const std::vector<int> from{3, 1, 2, 3};
  EXPECT_THAT(set(from.begin(), from.end()), ElementsAre(1, 2, 3));
  EXPECT_THAT(set(deft::from_range, from | std::views::filter([](int x) { return x != 1; })),
              ElementsAre(2, 3));
  EXPECT_THAT((set{5, 4, 5}), ElementsAre(4, 5));
  EXPECT_THAT(set(deft::sorted_unique, {1, 5, 9}), ElementsAre(1, 5, 9));
  EXPECT_THAT((deft::sorted_set<int, std::greater<>>{1, 2, 3}), ElementsAre(3, 2, 1));
  set s{1};
  s = {7, 6};
  EXPECT_THAT(s, ElementsAre(6, 7));
}

TEST(SortedSet, KeepsTheFirstOfEquals) {
  using record = std::pair<int, int>;
  deft::sorted_set<record, deft::compare_by<&record::first>> s{{1, 1}, {1, 2}, {2, 3}};
  EXPECT_THAT(s, ElementsAre(record(1, 1), record(2, 3)));
  EXPECT_FALSE(s.insert({2, 4}).second);
  EXPECT_EQ(s.insert_many({{3, 5}, {3, 6}, {1, 7}}), 1U);
  EXPECT_THAT(s, ElementsAre(record(1, 1), record(2, 3), record(3, 5)));
}

TEST(SortedSet, InsertsWhereTheKeyBelongs) {
  set s;
  const auto [at, fresh] = s.insert(5);
  EXPECT_TRUE(fresh);
  EXPECT_EQ(*at, 5);
  const auto [again, second] = s.insert(5);
  EXPECT_FALSE(second);
  EXPECT_EQ(again, s.begin());
  EXPECT_EQ(*s.emplace(3).first, 3);
  EXPECT_EQ(*s.insert(s.end(), 9), 9);
  EXPECT_EQ(*s.insert(s.begin(), 7), 7);  // a wrong hint
  EXPECT_EQ(*s.emplace_hint(s.find(9), 8), 8);
  EXPECT_EQ(*s.insert(s.find(9), 8), 8);
  EXPECT_THAT(s, ElementsAre(3, 5, 7, 8, 9));
}

TEST(SortedSet, InsertsOneOfItsOwnKeys) {
  deft::sorted_set<std::string> s{"a string too long to lie in itself", "b"};
  EXPECT_FALSE(s.insert(*s.begin()).second);
  EXPECT_EQ(s.insert_many(s), 0U);
  EXPECT_EQ(s.size(), 2U);
}

TEST(SortedSet, InsertsBatchesOfAnySize) {
  std::set<int> expected;
  set s;
  for (int size : {1, 5, 1'000, 3, 20'000, 40}) {
    std::vector<int> batch;
    for (int i = 0; i < size; ++i) batch.push_back(i * 7919 % (size * 3 + 1));
    std::size_t fresh = 0;
    for (const int x : batch) fresh += expected.insert(x).second ? 1U : 0U;
    EXPECT_EQ(s.insert_many(batch), fresh);
    ASSERT_TRUE(std::ranges::equal(s, expected));
  }
  s.insert_range(deft::sorted_unique, std::vector<int>{-2, -1});
  s.insert(deft::sorted_unique, {-4, -3});
  s.insert({-5});
  EXPECT_EQ(s.update(std::vector<int>{-6, -5}), 1U);
  EXPECT_EQ(s.front(), -6);
  EXPECT_EQ(s.size(), expected.size() + 6);
}

TEST(SortedSet, FindsWhatIsThere) {
  const set s = many();
  for (int i = 0; i < 60'000; i += 59) {
    const bool there = i % 3 == 0;
    EXPECT_EQ(s.contains(i), there);
    EXPECT_EQ(s.count(i), there ? 1U : 0U);
    EXPECT_EQ(s.find(i) != s.end(), there);
    const int low = (i + 2) / 3;
    const int high = i / 3 + 1;
    EXPECT_EQ(s.index_of(s.lower_bound(i)), static_cast<std::size_t>(low));
    EXPECT_EQ(s.index_of(s.upper_bound(i)), static_cast<std::size_t>(high));
    EXPECT_EQ(s.rank(i), static_cast<std::size_t>(low));
    EXPECT_EQ(s.bisect_left(i), static_cast<std::size_t>(low));
    EXPECT_EQ(s.bisect_right(i), static_cast<std::size_t>(high));
    EXPECT_EQ(s.bisect(i), static_cast<std::size_t>(high));
    const auto [first, last] = s.equal_range(i);
    EXPECT_EQ(std::distance(first, last), there ? 1 : 0);
  }
}

TEST(SortedSet, FindsManyAtOnce) {
  const set s = many();
  std::vector<int> needles;
  for (int i = -5; i < 60'010; i += 7) needles.push_back(i);
  std::vector<set::const_iterator> found(needles.size());
  s.find_many(needles, found);
  for (std::size_t i = 0; i < needles.size(); ++i) ASSERT_EQ(found[i], s.find(needles[i])) << needles[i];
  const set none;
  none.find_many(needles, found);
  EXPECT_TRUE(std::ranges::all_of(found, [&](auto i) { return i == none.end(); }));
}

TEST(SortedSet, LooksUpWhatComparesWithAKey) {
  deft::sorted_set<std::string, std::less<>> s{"apple", "banana", "cherry"};
  EXPECT_TRUE(s.contains(std::string_view("banana")));
  EXPECT_EQ(s.rank(std::string_view("b")), 1U);
  EXPECT_EQ(s.index("cherry"), 2U);
  EXPECT_EQ(s.erase(std::string_view("apple")), 1U);
  EXPECT_EQ(*s.insert(std::string_view("date")).first, "date");
  EXPECT_FALSE(s.insert("date").second);
}

struct decade {
  int first;
};

struct by_decade {
  using is_transparent = void;

  bool operator()(int a, int b) const { return a < b; }

  bool operator()(int a, decade b) const { return a < b.first; }

  bool operator()(decade a, int b) const { return a.first + 9 < b; }
};

TEST(SortedSet, FindsTheFirstOfSeveralEquivalentToANeedle) {
  deft::sorted_set<int, by_decade> s;
  for (int i = 0; i < 5'000; ++i) s.insert(i);
  for (int first = 0; first < 5'000; first += 490) {
    EXPECT_EQ(*s.find(decade{first}), first);
    EXPECT_EQ(s.count(decade{first}), 10U);
    EXPECT_EQ(s.index(decade{first}), static_cast<std::size_t>(first));
    const auto [low, high] = s.equal_range(decade{first});
    EXPECT_EQ(std::distance(low, high), 10);
  }
  EXPECT_EQ(s.erase(decade{100}), 10U);
  EXPECT_EQ(s.size(), 4'990U);
}

TEST(SortedSet, ConvertsANeedleOnce) {
  const deft::sorted_set<std::string> s{"a", "b"};
  EXPECT_TRUE(s.contains("a"));
  EXPECT_EQ(s.bisect_right("a"), 1U);
  EXPECT_EQ(*s.irange("a", "b", {.lo = false}).begin(), "b");
}

TEST(SortedSet, KnowsPositions) {
  const set s = many(5'000);
  for (std::size_t i = 0; i < s.size(); i += 97) {
    EXPECT_EQ(s[i], static_cast<int>(i) * 3);
    EXPECT_EQ(*s.nth(i), s[i]);
    EXPECT_EQ(s.index_of(s.nth(i)), i);
    EXPECT_EQ(s.index(s[i]), i);
  }
  EXPECT_EQ(s.index_of(s.end()), s.size());
  EXPECT_EQ(s.front(), 0);
  EXPECT_EQ(s.back(), 14'997);
  EXPECT_THROW((void)s.index(1), std::out_of_range);
}

TEST(SortedSet, SlicesByValue) {
  const set s{1, 3, 5, 7, 9};
  EXPECT_THAT(listed(s.irange(3, 7)), ElementsAre(3, 5, 7));
  EXPECT_THAT(listed(s.irange(3, 7, {.lo = false})), ElementsAre(5, 7));
  EXPECT_THAT(listed(s.irange(3, 7, {.hi = false})), ElementsAre(3, 5));
  EXPECT_THAT(listed(s.irange(3, 7, {false, false})), ElementsAre(5));
  EXPECT_THAT(listed(s.irange(4, 6)), ElementsAre(5));
  EXPECT_THAT(listed(s.irange(7, 3)), IsEmpty());
  EXPECT_THAT(listed(s.irange(3, 3, {false, false})), IsEmpty());
  EXPECT_EQ(s.irange(-5, 50).size(), 5U);
  EXPECT_EQ(many().irange(300, 30'000).size(), 9'901U);
  EXPECT_THAT(listed(many().irange(30'000, 300)), IsEmpty());
}

TEST(SortedSet, SlicesByPosition) {
  const set s{1, 3, 5, 7, 9};
  EXPECT_THAT(listed(s.islice(1, 3)), ElementsAre(3, 5));
  EXPECT_THAT(listed(s.islice(3)), ElementsAre(7, 9));
  EXPECT_THAT(listed(s.islice(4, 99)), ElementsAre(9));
  EXPECT_THAT(listed(s.islice(3, 2)), IsEmpty());
  EXPECT_THAT(listed(s.islice(7, 9)), IsEmpty());
  EXPECT_EQ(s.islice(1, 4).size(), 3U);
  EXPECT_THAT(listed(set().islice(0)), IsEmpty());
}

TEST(SortedSet, GoesBothWays) {
  const set s = many(3'000);
  EXPECT_TRUE(std::ranges::is_sorted(s));
  std::vector<int> backwards(s.rbegin(), s.rend());
  std::ranges::reverse(backwards);
  EXPECT_TRUE(std::ranges::equal(s, backwards));
  EXPECT_EQ(*std::prev(s.end()), s.back());
  EXPECT_EQ(*std::ranges::prev(s.end()), s.back());
}

TEST(SortedSet, GivesItsKeysAsSpans) {
  const set s = many();
  std::vector<int> all;
  for (const std::span<const int> chunk : s.chunks()) {
    EXPECT_FALSE(chunk.empty());
    all.insert(all.end(), chunk.begin(), chunk.end());
  }
  EXPECT_TRUE(std::ranges::equal(s, all));
}

TEST(SortedSet, ErasesByIteratorValueAndPosition) {
  set s{1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(*s.erase(s.begin()), 2);
  const auto behind_last = s.erase(std::prev(s.end()));
  EXPECT_EQ(behind_last, s.end());
  EXPECT_EQ(*s.erase(s.find(3), s.find(5)), 5);
  EXPECT_EQ(s.erase(6), 1U);
  EXPECT_EQ(s.erase(6), 0U);
  EXPECT_THAT(s, ElementsAre(2, 5, 7, 8));
  EXPECT_EQ(s.erase_range(1, 3), 2U);
  EXPECT_EQ(s.erase_range(5, 9), 0U);
  EXPECT_EQ(s.erase_range(1), 1U);
  EXPECT_THAT(s, ElementsAre(2));
  const auto behind_all = s.erase(s.begin(), s.end());
  EXPECT_EQ(behind_all, s.end());
  EXPECT_TRUE(s.empty());
}

TEST(SortedSet, ErasesWhileWalking) {
  set s = many(5'000);
  for (auto i = s.begin(); i != s.end();) i = *i % 2 == 0 ? s.erase(i) : std::next(i);
  EXPECT_EQ(s.size(), 2'500U);
  EXPECT_TRUE(std::ranges::all_of(s, [](int x) { return x % 2 == 1; }));
}

TEST(SortedSet, ErasesWhatAPredicateHoldsFor) {
  set s = many(5'000);
  EXPECT_EQ(erase_if(s, [](int x) { return x % 2 == 0; }), 2'500U);
  EXPECT_EQ(s.erase_if([](int x) { return x < 0; }), 0U);
  EXPECT_EQ(s.size(), 2'500U);
  EXPECT_EQ(s.erase_if([](int) { return true; }), 2'500U);
  EXPECT_TRUE(s.empty());
}

TEST(SortedSet, APredicateThatThrowsChangesNothing) {
  set s{1, 2, 3};
  EXPECT_THROW(s.erase_if([](int x) { return x == 3 ? throw 1 : true; }), int);
  EXPECT_EQ(s.size(), 3U);
}

TEST(SortedSet, PopsByPosition) {
  set s{1, 2, 3};
  EXPECT_EQ(s.pop(), 3);
  EXPECT_EQ(s.pop(0), 1);
  EXPECT_THAT(s, ElementsAre(2));
}

TEST(SortedSet, HoldsWhatCannotBeCopied) {
  deft::sorted_set<std::unique_ptr<int>> s;
  int* const raw = s.insert(std::make_unique<int>(5)).first->get();
  s.emplace(new int(6));
  EXPECT_EQ(s.size(), 2U);
  deft::sorted_set<std::unique_ptr<int>> other;
  other.emplace(new int(7));
  s.merge(other);
  EXPECT_EQ(s.size(), 3U);
  std::vector<int> values;
  while (!s.empty()) values.push_back(*s.pop());
  EXPECT_EQ(values.size(), 3U);
  EXPECT_THAT(values, testing::Contains(5));
  (void)raw;
}

TEST(SortedSet, MergesWhatIsNotThere) {
  set a{1, 3, 5};
  set b{3, 4, 6};
  a.merge(b);
  EXPECT_THAT(a, ElementsAre(1, 3, 4, 5, 6));
  EXPECT_THAT(b, ElementsAre(3));
  a.merge(set{0, 9});
  EXPECT_EQ(a.front(), 0);
  a.merge(a);
  EXPECT_EQ(a.size(), 7U);
}

TEST(SortedSet, IsCutAndJoined) {
  for (const std::size_t cut : {0, 1, 137, 9'999, 19'999, 20'000}) {
    set head = many();
    set tail = head.split_at(cut);
    ASSERT_EQ(head.size(), cut);
    ASSERT_EQ(tail.size(), 20'000 - cut);
    if (!tail.empty()) {
      EXPECT_EQ(tail.front(), static_cast<int>(cut) * 3);
    }
    head.concat(std::move(tail));
    EXPECT_TRUE(tail.empty());  // NOLINT(bugprone-use-after-move): said to be
    ASSERT_EQ(head, many());
    EXPECT_EQ(head.rank(30'000), 10'000U);
  }
}

TEST(SortedSet, CopiesMovesAndSwaps) {
  set a = many(1'000);
  set b(a);
  EXPECT_EQ(a, b);
  const auto kept = b.find(300);
  set c(std::move(b));
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move): said to be
  EXPECT_EQ(*kept, 300);
  EXPECT_EQ(c.index_of(kept), 100U);
  b.insert(1);
  swap(b, c);
  EXPECT_EQ(b.index_of(kept), 100U);
  EXPECT_THAT(c, ElementsAre(1));
  c = b;
  EXPECT_EQ(c, a);
  c = std::move(a);
  EXPECT_EQ(c, b);
  const set& self = c;
  c = self;
  EXPECT_EQ(c, b);
  c.clear();
  EXPECT_TRUE(c.empty());
  EXPECT_EQ(c.memory_bytes(), 0U);
}

TEST(SortedSet, ComparesKeyByKey) {
  EXPECT_EQ((set{1, 2}), (set{2, 1}));
  EXPECT_NE((set{1, 2}), (set{1, 3}));
  EXPECT_LT((set{1, 2}), (set{1, 3}));
  EXPECT_LT((set{1}), (set{1, 3}));
  EXPECT_EQ((set{1} <=> set{1}), std::strong_ordering::equal);
}

TEST(SortedSet, OrdersExtremeValues) {
  using limits = std::numeric_limits<std::int64_t>;
  deft::sorted_set<std::int64_t> s{limits::max(), 0, limits::min(), -1};
  EXPECT_THAT(s, ElementsAre(limits::min(), -1, 0, limits::max()));
  EXPECT_EQ(s.rank(limits::max()), 3U);
  EXPECT_EQ(s.bisect_right(limits::max()), 4U);
  EXPECT_EQ(s.rank(limits::min()), 0U);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const deft::sorted_set<double> d{infinity, -infinity, 0.0, -0.0};
  EXPECT_THAT(d, ElementsAre(-infinity, 0.0, infinity));
  EXPECT_TRUE(d.contains(-0.0));
  EXPECT_EQ(d.bisect_right(infinity), 3U);
}

TEST(SortedSet, NaNTouchesNothingElse) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  deft::sorted_set<double> s;
  for (int i = 0; i < 3'000; ++i) s.insert(i % 5 == 0 ? nan : i * 7919 % 3'001);
  const std::size_t size = s.size();
  EXPECT_LE(s.rank(nan), size);
  EXPECT_LE(s.irange(nan, 5.0).size(), size);
  EXPECT_LE(s.irange(5.0, nan).size(), size);
  EXPECT_EQ(static_cast<std::size_t>(std::distance(s.begin(), s.end())), size);
  s.erase(nan);
  s.insert_many(std::vector<double>{nan, 1.5, nan});
  EXPECT_EQ(static_cast<std::size_t>(std::distance(s.begin(), s.end())), s.size());
}

TEST(SortedSet, FreezesIntoAnIndexedFlatSet) {
  set s = many(3'000);
  const auto frozen = s.freeze();
  static_assert(std::same_as<decltype(frozen), const deft::frozen<deft::flat_set<int>>>);
  EXPECT_TRUE(std::ranges::equal(s, frozen));
  for (int i = -1; i < 9'005; i += 5) ASSERT_EQ(frozen.rank(i), s.rank(i));
  const auto moved = std::move(s).freeze();
  EXPECT_TRUE(s.empty());  // NOLINT(bugprone-use-after-move): said to be
  EXPECT_TRUE(std::ranges::equal(moved, frozen));
}

TEST(SortedSet, DeducesItsParameters) {
  const std::vector<int> from{3, 1};
  static_assert(std::same_as<decltype(deft::sorted_set(from.begin(), from.end())), set>);
  static_assert(std::same_as<decltype(deft::sorted_set{1, 2}), set>);
  static_assert(std::same_as<decltype(deft::sorted_set(deft::from_range, from)), set>);
  static_assert(std::same_as<decltype(deft::sorted_set({1, 2}, std::greater<>())),
                             deft::sorted_set<int, std::greater<>>>);
  static_assert(std::same_as<decltype(deft::sorted_set(deft::sorted_unique, {1, 2})), set>);
  static_assert(
      std::same_as<decltype(deft::sorted_set(from.begin(), from.end(), std::allocator<int>())), set>);
}

}  // namespace
