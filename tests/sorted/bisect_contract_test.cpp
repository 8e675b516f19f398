#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <numeric>
#include <random>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/bisect.hpp"

#include "tests/sorted/bisect_model.hpp"

namespace {

using deft_test::linear_left;
using deft_test::linear_right;

const std::vector<std::string> words{"", "a", "a", "ab", "b", "bb", "bb", "bb", "c"};

struct employee {
  int age;
  std::string name;

  [[nodiscard]] auto next_age() const -> int { return age + 1; }
};

const std::vector<employee> staff{{20, "z"}, {30, "y"}, {30, "x"}, {40, "w"}};

TEST(BisectLeft, PutsEverythingBeforeTheNeedleOnTheLeft) {
  for (const char* x : {"", "0", "a", "aa", "ab", "b", "bb", "c", "d"}) {
    const std::size_t p = deft::bisect_left(words, x);
    EXPECT_TRUE(std::all_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(p),
                            [&](auto& e) { return e < x; }));
    EXPECT_TRUE(std::none_of(words.begin() + static_cast<std::ptrdiff_t>(p), words.end(),
                             [&](auto& e) { return e < x; }));
  }
}

TEST(BisectRight, PutsEverythingAfterTheNeedleOnTheRight) {
  for (const char* x : {"", "0", "a", "aa", "ab", "b", "bb", "c", "d"}) {
    const std::size_t p = deft::bisect_right(words, x);
    EXPECT_TRUE(std::none_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(p),
                             [&](auto& e) { return x < e; }));
    EXPECT_TRUE(std::all_of(words.begin() + static_cast<std::ptrdiff_t>(p), words.end(),
                            [&](auto& e) { return x < e; }));
  }
}

TEST(Bisect, TakesNeedlesOfAnotherType) {
  EXPECT_EQ(deft::bisect_left(words, std::string_view("bb")), 5U);
  EXPECT_EQ(deft::bisect_right(words, "bb"), 8U);
  const std::vector<int> ints{1, 2, 3};
  EXPECT_EQ(deft::bisect_left(ints, 2.5), 2U);
  EXPECT_EQ(deft::bisect_left(ints, std::int64_t{1} << 40), 3U);
  EXPECT_EQ(deft::bisect_left(ints, -(std::int64_t{1} << 40)), 0U);
  const std::vector<float> floats{1, 2, 3};
  EXPECT_EQ(deft::bisect_right(floats, 2), 2U);
}

TEST(Bisect, ProjectsElementsAndNotTheNeedle) {
  EXPECT_EQ(deft::bisect_left(staff, 30, {}, &employee::age), 1U);
  EXPECT_EQ(deft::bisect_right(staff, 30, {}, &employee::age), 3U);
  EXPECT_EQ(deft::bisect_right(staff, 31, {}, &employee::next_age), 3U);
  EXPECT_EQ(deft::bisect_left(staff, 30, {}, [](const employee& e) { return e.age; }), 1U);
}

TEST(Bisect, ProjectsThroughPointersAndReferenceWrappers) {
  const std::vector<const employee*> pointers{&staff[0], &staff[1], &staff[3]};
  EXPECT_EQ(deft::bisect_left(pointers, 40, {}, &employee::age), 2U);
  EXPECT_EQ(deft::bisect_left(pointers, 41, {}, &employee::next_age), 2U);
  const std::vector<std::reference_wrapper<const employee>> references(staff.begin(), staff.end());
  EXPECT_EQ(deft::bisect_left(references, 40, {}, &employee::age), 3U);
  EXPECT_EQ(deft::bisect_left(references, 41, {}, &employee::next_age), 3U);
}

TEST(Bisect, FollowsTheComparator) {
  const std::vector<int> descending{9, 7, 7, 5, 1};
  EXPECT_EQ(deft::bisect_left(descending, 7, std::greater<>{}), 1U);
  EXPECT_EQ(deft::bisect_right(descending, 7, std::ranges::greater{}), 3U);
  EXPECT_EQ(deft::bisect_right(descending, 7, std::greater<int>{}), 3U);
  EXPECT_EQ(deft::bisect_left(descending, 7, [](int a, int b) { return b < a; }), 1U);
}

struct truth {
  bool value;

  explicit operator bool() const { return value; }

  auto operator!() const -> truth = delete;
};

TEST(Bisect, TakesComparatorsThatReturnSomethingOtherThanBool) {
  const std::vector<int> sorted{1, 3, 3, 5};
  const auto less = [](int a, int b) { return truth{a < b}; };
  EXPECT_EQ(deft::bisect_left(sorted, 3, less), 1U);
  EXPECT_EQ(deft::bisect_right(sorted, 3, less), 3U);
}

struct only_less {
  int value;

  friend auto operator<(const only_less& a, const only_less& b) -> bool { return a.value < b.value; }
};

TEST(Bisect, AsksForLessThanAlone) {
  const std::vector<only_less> sorted{{1}, {2}, {2}, {3}};
  EXPECT_EQ(deft::bisect_left(sorted, only_less{2}), 1U);
  EXPECT_EQ(deft::bisect_right(sorted, only_less{2}), 3U);
}

TEST(Bisect, OrdersStringsAsTheyCompare) {
  std::mt19937 random(5);
  const std::string letters("\0\1aAz\x7f\x80\xff", 8);
  for (std::size_t size = 0; size < 120; ++size) {
    const std::string prefix = size % 4 == 0 ? "https://example.org/" : "";
    const auto word = [&] {
      std::string made = prefix;
      for (std::size_t length = random() % 12; length > 0; --length)
        made += letters[random() % letters.size()];
      return made;
    };
    std::vector<std::string> sorted(size);
    for (std::string& each : sorted) each = word();
    std::ranges::sort(sorted);
    const std::vector<std::string_view> views(sorted.begin(), sorted.end());
    for (int i = 0; i < 40; ++i) {
      const std::string x = i % 2 == 0 && size != 0 ? sorted[random() % size] : word();
      EXPECT_EQ(deft::bisect_left(sorted, x), linear_left(sorted, x));
      EXPECT_EQ(deft::bisect_right(sorted, x), linear_right(sorted, x));
      EXPECT_EQ(deft::bisect_left(sorted, std::string_view(x)), linear_left(sorted, x));
      EXPECT_EQ(deft::bisect_right(views, x), linear_right(views, x));
    }
  }
}

struct upside_down : std::char_traits<char> {
  static auto lt(char a, char b) -> bool { return b < a; }

  static auto compare(const char* a, const char* b, std::size_t size) -> int {
    return -std::char_traits<char>::compare(a, b, size);
  }
};

TEST(Bisect, OrdersStringsByTheirOwnTraits) {
  using string = std::basic_string<char, upside_down>;
  const std::vector<string> sorted{"c", "b", "a"};
  EXPECT_EQ(deft::bisect_left(sorted, string("a")), 2U);
}

TEST(Bisect, ComparesLogarithmicallyOften) {
  std::vector<int> sorted(1000);
  std::iota(sorted.begin(), sorted.end(), 0);
  int comparisons = 0;
  const auto counting = [&](int a, int b) { return ++comparisons, a < b; };
  EXPECT_EQ(deft::bisect_left(sorted, 700, counting), 700U);
  EXPECT_LE(comparisons, 10);
}

TEST(Bisect, StaysWithinBounds) {
  const std::vector<int> sorted{1, 2, 3, 4, 5, 6, 7, 8};
  for (std::size_t lo = 0; lo <= sorted.size(); ++lo) {
    for (std::size_t hi = lo; hi <= sorted.size(); ++hi) {
      for (int x = 0; x <= 9; ++x) {
        EXPECT_EQ(deft::bisect_left(sorted, x, {lo, hi}), std::clamp(linear_left(sorted, x), lo, hi));
        EXPECT_EQ(deft::bisect_right(sorted, x, {lo, hi}), std::clamp(linear_right(sorted, x), lo, hi));
      }
    }
  }
}

TEST(Bisect, TakesOpenBounds) {
  const std::vector<int> sorted{1, 2, 3, 4, 5};
  EXPECT_EQ(deft::bisect_left(sorted, 9, {.lo = 2}), 5U);
  EXPECT_EQ(deft::bisect_left(sorted, 0, {.lo = 2}), 2U);
  EXPECT_EQ(deft::bisect_left(sorted, 9, {.hi = 3}), 3U);
  EXPECT_EQ(deft::bisect_left(staff, 30, {.lo = 2}, {}, &employee::age), 2U);
}

template <typename Range>
void expect_model(const Range& range) {
  for (int x = -1; x <= 101; ++x) {
    EXPECT_EQ(deft::bisect_left(range, x), linear_left(range, x));
    EXPECT_EQ(deft::bisect_right(range, x), linear_right(range, x));
  }
}

TEST(Bisect, SearchesAnyRandomAccessRange) {
  std::mt19937 random(3);
  for (std::size_t size = 0; size < 130; ++size) {
    std::vector<int> sorted(size);
    for (int& each : sorted) each = static_cast<int>(random() % 100);
    std::ranges::sort(sorted);
    expect_model(std::deque<int>(sorted.begin(), sorted.end()));
    expect_model(std::vector<bool>(size, true));
    expect_model(sorted | std::views::transform([](int each) { return each; }));
    expect_model(std::views::iota(0, static_cast<int>(size)));
    const std::vector<int> backwards(sorted.rbegin(), sorted.rend());
    expect_model(backwards | std::views::reverse);
  }
}

TEST(Bisect, SearchesMembersOfLargeElementsBeyondTheCache) {
  std::vector<employee> many(40000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].age = static_cast<int>(i / 3);
  for (const int x : {-1, 0, 1, 77, 6000, 13332, 13333, 99999}) {
    const auto expected = std::ranges::lower_bound(many, x, {}, &employee::age) - many.begin();
    EXPECT_EQ(deft::bisect_left(many, x, {}, &employee::age), static_cast<std::size_t>(expected));
  }
}

TEST(BisectMany, AnswersForAnyElementsComparatorsAndProjections) {
  std::vector<std::size_t> out(3);
  const std::vector<std::string_view> needles{"bb", "", "zz"};
  deft::bisect_left_many(words, needles, out);
  EXPECT_EQ(out, (std::vector<std::size_t>{5, 0, 9}));
  const std::deque<int> ages{30, 99, 20};
  deft::bisect_right_many(staff, ages, out, {}, &employee::age);
  EXPECT_EQ(out, (std::vector<std::size_t>{3, 4, 1}));
}

TEST(BisectMany, WritesOnlyAsManyPositionsAsThereAreNeedles) {
  const std::vector<int> sorted{1, 2, 3};
  const std::vector<int> needles{3, 1};
  std::vector<std::size_t> out(4, 77);
  const auto written = deft::bisect_left_many(sorted, needles, out);
  EXPECT_EQ(written.data(), out.data());
  EXPECT_EQ(written.size(), 2U);
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 0, 77, 77}));
}

}  // namespace
