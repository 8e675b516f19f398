// Records ordered by a field, and looked up by it.
#include "deft/sorted/compare_by.hpp"

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

namespace {

using deft::compare_by;

struct trade {
  long ts = 0;
  std::string venue = {};

  std::size_t venue_length() const { return venue.size(); }
};

static_assert(std::is_empty_v<compare_by<&trade::ts>>);
static_assert(std::predicate<compare_by<&trade::ts>, trade, trade>);
static_assert(std::predicate<compare_by<&trade::ts>, trade, int>);
static_assert(!std::predicate<compare_by<&trade::ts>, trade, std::string>);

struct point {
  int x;
  int y;
};

static_assert(compare_by<&point::y>()(point{5, 1}, 2) &&
              !compare_by<&point::x, std::greater<>>()(1, point{2, 0}));

TEST(CompareBy, AFieldOrdersASetAndFindsIn) {
  deft::flat_set<trade, compare_by<&trade::ts>> trades{{3, "X"}, {1, "Y"}, {3, "Z"}};
  EXPECT_EQ(trades.size(), 2u);
  EXPECT_EQ(trades.find(3)->venue, "X");
  EXPECT_TRUE(trades.contains(trade{1}));
  EXPECT_EQ(trades.rank(2), 1u);
  EXPECT_EQ(trades.erase(1L), 1u);
  trades.insert(trade{2, "W"});
  EXPECT_EQ(trades.begin()->venue, "W");
}

TEST(CompareBy, AnotherOrderMayBeGiven) {
  const deft::flat_multiset<trade, compare_by<&trade::venue, std::greater<>>> trades{
      {1, "A"}, {2, "B"}, {3, "A"}};
  EXPECT_EQ(trades.begin()->ts, 2);
  EXPECT_EQ(trades.count(std::string_view("A")), 2u);
}

TEST(CompareBy, AFunctionOrALambdaProjectsToo) {
  deft::flat_set<trade, compare_by<&trade::venue_length>> by_length{{1, "aaa"}, {2, "b"}};
  EXPECT_EQ(by_length.find(3u)->ts, 1);
  constexpr auto last_digit = [](const trade& x) { return x.ts % 10; };
  const deft::flat_map<trade, int, compare_by<last_digit>> by_digit{{trade{19}, 1}, {trade{28}, 2}};
  EXPECT_EQ(by_digit.at(trade{8}), 2);
}

}  // namespace
