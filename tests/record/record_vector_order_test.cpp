#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/record/record_vector_schemas.hpp"

namespace {

using deft_test::everything;
using deft_test::make_everything;
using deft_test::trade;
using table = deft::record_vector<everything>;
using trades = deft::record_vector<trade>;

std::vector<everything> shuffled(int n, unsigned seed) {
  std::vector<everything> rows;
  for (int i = 0; i < n; ++i) rows.push_back(make_everything(i % (n / 2 + 1)));
  std::mt19937 random(seed);
  std::ranges::shuffle(rows, random);
  for (int i = 0; i < n; ++i) rows[static_cast<std::size_t>(i)].id = i;
  return rows;
}

// Below and above the sizes at which the ways of sorting change.
template <auto Member, typename Compare>
void sorts_as_stable_sort(Compare comp) {
  for (const int n : {1, 2, 63, 200, 300, 3000}) {
    auto model = shuffled(n, static_cast<unsigned>(n));
    table v(model.begin(), model.end());
    table w = v;
    std::ranges::stable_sort(model, comp, Member);
    v.sort_by<Member>(comp);
    ASSERT_TRUE(std::ranges::equal(v, model, [](const auto& a, const auto& b) { return a == b; })) << n;
    const auto order = w.argsort_by<Member>(comp);
    w.permute(order);
    ASSERT_EQ(v, w);
  }
}

template <auto Member>
void sorts_both_ways() {
  sorts_as_stable_sort<Member>(std::ranges::less{});
  sorts_as_stable_sort<Member>(std::ranges::greater{});
}

TEST(RecordVectorSortBy, SortsAsStableSortDoesByEveryKindOfField) {
  sorts_both_ways<&everything::id>();
  sorts_both_ways<&everything::level>();
  sorts_both_ways<&everything::flag>();
  sorts_both_ways<&everything::price>();
  sorts_both_ways<&everything::count>();
  sorts_both_ways<&everything::name>();
  sorts_both_ways<&everything::way>();
  sorts_both_ways<&everything::answer>();
  sorts_both_ways<&everything::note>();
  sorts_both_ways<&everything::triple>();
  sorts_both_ways<&everything::when>();
  sorts_both_ways<&everything::grade>();
  sorts_both_ways<&everything::where>();
  sorts_both_ways<&everything::plain_side>();
}

TEST(RecordVectorSortBy, TakesAnyComparator) {
  const auto descending = [](const auto& a, const auto& b) { return b < a; };
  sorts_as_stable_sort<&everything::id>(descending);
  sorts_as_stable_sort<&everything::grade>(descending);
  sorts_as_stable_sort<&everything::name>(descending);
  sorts_as_stable_sort<&everything::level>(std::less<>{});
  sorts_as_stable_sort<&everything::count>(std::greater<>{});
}

TEST(RecordVectorSortBy, SortsByTheFirstFieldFirst) {
  auto model = shuffled(2000, 3);
  table v(model.begin(), model.end());
  std::ranges::stable_sort(model, {}, [](const everything& e) {
    return std::tuple(e.way.value(), e.count, std::string_view(e.name), e.price);
  });
  v.sort_by<&everything::way, &everything::count, &everything::name, &everything::price>();
  EXPECT_TRUE(std::ranges::equal(v, model, [](const auto& a, const auto& b) { return a == b; }));
}

struct number {
  double value;
  std::int64_t whole;
  int serial;
};

TEST(RecordVectorSortBy, PutsNaNBehindAllElseAndTakesZerosForEqual) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const std::size_t repeated : {1u, 100u}) {
    deft::record_vector<number> v;
    for (std::size_t n = 0; n < repeated; ++n) {
      int serial = static_cast<int>(n) * 10;
      for (const double x : {nan, 0.0, -0.0, inf, -inf, -nan, 1.5, -1.5}) v.push_back({x, 0, serial++});
    }
    v.sort_by<&number::value>();
    const auto values = v.column<&number::value>();
    const auto serials = v.column<&number::serial>();
    const auto last = values.size() - 2 * repeated;
    EXPECT_TRUE(std::ranges::is_sorted(values.first(last)));
    for (std::size_t i = last; i < values.size(); ++i) EXPECT_TRUE(std::isnan(values[i]));
    for (std::size_t i = 1; i < values.size(); ++i) {
      if (values[i - 1] == values[i] || std::isnan(values[i - 1])) {
        EXPECT_LT(serials[i - 1], serials[i]);
      }
    }
  }
}

TEST(RecordVectorSortBy, OrdersTheWholeRangeOfIntegers) {
  std::mt19937_64 random(1);
  deft::record_vector<number> v;
  for (int i = 0; i < 5000; ++i) v.push_back({0, static_cast<std::int64_t>(random()), i});
  v.push_back({0, std::numeric_limits<std::int64_t>::min(), 0});
  v.push_back({0, std::numeric_limits<std::int64_t>::max(), 0});
  v.sort_by<&number::whole>();
  EXPECT_TRUE(std::ranges::is_sorted(v.column<&number::whole>()));
}

TEST(RecordVectorAlgorithms, OfRangesSortRotateAndPartitionRows) {
  auto model = shuffled(500, 9);
  table v(model.begin(), model.end());
  std::ranges::sort(v, {}, deft::project<&everything::id>);
  std::ranges::sort(model, {}, deft::project<&everything::id>);
  const auto same = [](const auto& a, const auto& b) { return a == b; };
  EXPECT_TRUE(std::ranges::equal(v, model, same));
  std::ranges::rotate(v, v.begin() + 100);
  std::ranges::rotate(model, model.begin() + 100);
  EXPECT_TRUE(std::ranges::equal(v, model, same));
  std::ranges::stable_partition(v, [](bool flag) { return flag; }, deft::project<&everything::flag>);
  std::ranges::stable_partition(model, [](bool flag) { return flag; }, deft::project<&everything::flag>);
  EXPECT_TRUE(std::ranges::equal(v, model, same));
  std::ranges::sort(v, {}, deft::project<&everything::name>);
  std::ranges::sort(model, {}, deft::project<&everything::name>);
  EXPECT_TRUE(std::ranges::equal(v, model, [](const auto& a, const everything& b) {
    return a.template get<&everything::name>() == b.name;
  }));
  const auto found = std::ranges::find(v, 250, deft::project<&everything::id>);
  ASSERT_NE(found, v.end());
  EXPECT_EQ((*found).get<&everything::id>(), 250);
  const auto [low, high] = std::ranges::minmax(v.column<&everything::price>());
  EXPECT_EQ(std::ranges::min_element(v, {}, deft::project<&everything::price>) - v.begin(),
            std::ranges::min_element(model, {}, &everything::price) - model.begin());
  EXPECT_LE(low, high);
  std::ranges::stable_sort(v, std::ranges::greater{}, deft::project<&everything::when>);
  EXPECT_TRUE(std::ranges::is_sorted(v, std::ranges::greater{}, deft::project<&everything::when>));
}

TEST(RecordVectorPermute, RearrangesAndChecksPositions) {
  table v;
  for (int i = 0; i < 130; ++i) v.push_back(make_everything(i));
  std::vector<int> order(130);
  std::iota(order.rbegin(), order.rend(), 0);
  v.permute(order);
  for (int i = 0; i < 130; ++i) ASSERT_EQ(v[static_cast<std::size_t>(i)], make_everything(129 - i));
  order[3] = 130;
  EXPECT_DEATH(v.permute(order), "position");
  order[3] = -1;
  EXPECT_DEATH(v.permute(order), "position");
  order.pop_back();
  order[3] = 0;
  EXPECT_DEATH(v.permute(order), "length");
  const table some = v.take(std::vector{5, 5, 0});
  EXPECT_EQ(some.size(), 3u);
  EXPECT_EQ(some[1], make_everything(124));
  EXPECT_EQ(some[2], make_everything(129));
}

TEST(RecordVectorGroupBy, GivesEachKeyItsRowsInOrder) {
  trades v;
  for (int i = 0; i < 1000; ++i) {
    v.push_back({i, i * 7 % 20, i % 3 == 0 ? std::nullopt : std::optional(i % 5), i % 2 == 0, 1.0});
  }
  const auto groups = v.group_by<&trade::venue>();
  ASSERT_EQ(groups.size(), 20u);
  std::size_t rows = 0;
  int expected = 0;
  for (const auto& [venue, positions] : groups) {
    EXPECT_EQ(venue, expected++);
    EXPECT_TRUE(std::ranges::is_sorted(positions));
    for (const std::size_t i : positions) EXPECT_EQ(v[i].get<&trade::venue>(), venue);
    rows += positions.size();
  }
  EXPECT_EQ(rows, 1000u);
  const auto by_two = v.group_by<&trade::buy, &trade::condition>();
  ASSERT_EQ(by_two.size(), 12u);
  EXPECT_EQ(by_two[0].key, (std::tuple(false, std::optional<std::int32_t>())));
  for (std::size_t i = 1; i < by_two.size(); ++i) EXPECT_LT(by_two[i - 1].key, by_two[i].key);
  EXPECT_TRUE(trades().group_by<&trade::venue>().empty());
}

}  // namespace
