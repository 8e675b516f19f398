// What search_index promises for every type: the same answers as std::lower_bound, through copies, moves and
// assignments.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory_resource>
#include <new>
#include <numeric>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/search_index.hpp"

namespace {

template <typename Index, typename Array>
concept built_from = requires(Array&& array) { Index(std::forward<Array>(array)); };

using numbers = std::vector<std::uint64_t>;
using number_index = deft::search_index<std::uint64_t>;

static_assert(built_from<number_index, numbers&>);
static_assert(built_from<number_index, const numbers&>);
static_assert(built_from<number_index, std::span<const std::uint64_t>>);
static_assert(!built_from<number_index, numbers>, "a temporary would be gone");
static_assert(!built_from<number_index, const numbers>);
static_assert(!std::is_convertible_v<numbers&, number_index>);
static_assert(std::is_nothrow_move_constructible_v<number_index>);
static_assert(std::is_nothrow_move_assignable_v<number_index>);

auto squares(std::size_t size) -> numbers {
  numbers squares(size);
  for (std::size_t i = 0; i < size; ++i) squares[i] = i * i;
  return squares;
}

template <typename Index>
void expect_squares(const Index& index, const numbers& squares) {
  ASSERT_EQ(index.size(), squares.size());
  ASSERT_EQ(index.data(), squares.data());
  for (std::size_t i = 0; i < squares.size(); i += 7) {
    ASSERT_EQ(index.lower_bound(squares[i]), i);
    ASSERT_EQ(index.upper_bound(squares[i]), i + 1);
  }
}

TEST(SearchIndex, AnswersWithPositionsRangesAndCounts) {
  const numbers keys{1, 2, 2, 2, 9};
  const deft::search_index index(keys);
  static_assert(std::is_same_v<decltype(index), const number_index>);
  EXPECT_EQ(index.lower_bound(2U), 1U);
  EXPECT_EQ(index.upper_bound(2U), 4U);
  EXPECT_EQ(index.equal_range(2U), (std::pair<std::size_t, std::size_t>(1, 4)));
  EXPECT_EQ(index.equal_range(3U), (std::pair<std::size_t, std::size_t>(4, 4)));
  EXPECT_EQ(index.count(2U), 3U);
  EXPECT_EQ(index.count(3U), 0U);
  EXPECT_TRUE(index.contains(9U));
  EXPECT_FALSE(index.contains(10U));
  EXPECT_EQ(index.as_span().data(), keys.data());
  EXPECT_EQ(index.size(), 5U);
  EXPECT_FALSE(index.empty());
}

TEST(SearchIndex, OverNothingFindsNothing) {
  const number_index none;
  const numbers no_keys;
  const number_index over_none(no_keys);
  for (const number_index* index : {&none, &over_none}) {
    EXPECT_TRUE(index->empty());
    EXPECT_EQ(index->lower_bound(7U), 0U);
    EXPECT_EQ(index->upper_bound(std::numeric_limits<std::uint64_t>::max()), 0U);
    EXPECT_FALSE(index->contains(7U));
    EXPECT_EQ(index->count(7U), 0U);
    EXPECT_EQ(index->memory_bytes(), 0U);
  }
}

TEST(SearchIndex, ManyAnswersAreWrittenToTheFirstElementsOfOut) {
  const numbers keys = squares(1000);
  const number_index index(keys);
  const numbers needles{4, 5, 0, 998001, 998002};
  std::vector<std::size_t> out(7, 77);
  EXPECT_EQ(index.lower_bound_many(needles, out).size(), 5U);
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 3, 0, 999, 1000, 77, 77}));
  EXPECT_EQ(index.upper_bound_many(needles, out).data(), out.data());
  EXPECT_EQ(out, (std::vector<std::size_t>{3, 3, 1, 1000, 1000, 77, 77}));
}

TEST(SearchIndex, ManyNeedlesMayComeInAnyRangeAndType) {
  const numbers keys = squares(1000);
  const number_index index(keys);
  std::vector<std::size_t> out(3);
  index.lower_bound_many(std::deque<std::uint64_t>{4, 9, 17}, out);
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 3, 5}));
  index.lower_bound_many(std::vector<int>{4, 9, 17}, out);
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 3, 5}));
  index.upper_bound_many(std::views::iota(std::uint64_t{3}, std::uint64_t{6}), out);
  EXPECT_EQ(out, (std::vector<std::size_t>{2, 3, 3}));
  index.lower_bound_many(std::vector<bool>{true, false}, out);
  EXPECT_EQ(out[0], 1U);
  EXPECT_EQ(out[1], 0U);
}

TEST(SearchIndexDeathTest, ManyAnswersNeedRoom) {
  const numbers keys = squares(10);
  const number_index index(keys);
  std::vector<std::size_t> out(2);
  EXPECT_DEATH(index.lower_bound_many(keys, out), "room for one position per needle");
}

TEST(SearchIndex, TakesAtMostOneByteForEachElement) {
  for (const std::size_t size : {10'000U, 50'000U, 100'000U}) {
    const numbers keys = squares(size);
    EXPECT_LE(number_index(keys).memory_bytes(), size * 55 / 100) << size;
    const std::vector<std::int32_t> ints(size, 1);
    EXPECT_LE(deft::search_index<std::int32_t>(ints).memory_bytes(), size / 7) << size;
  }
}

TEST(SearchIndex, CopiesAndMovesStayOverTheSameArray) {
  for (const std::size_t size : {5U, 100U, 5000U}) {
    const numbers keys = squares(size);
    const numbers other_keys = squares(300);
    const number_index original(keys);
    number_index copy(original);
    expect_squares(copy, keys);
    number_index moved(std::move(copy));
    expect_squares(moved, keys);
    // NOLINTNEXTLINE(bugprone-use-after-move): promised to be over nothing
    EXPECT_TRUE(copy.empty());
    EXPECT_EQ(copy.lower_bound(3U), 0U);
    number_index assigned(other_keys);
    assigned = moved;
    expect_squares(assigned, keys);
    expect_squares(moved, keys);
    number_index taken(other_keys);
    taken = std::move(moved);
    expect_squares(taken, keys);
    EXPECT_EQ(moved.upper_bound(3U), 0U);  // NOLINT(bugprone-use-after-move)
    const number_index& self = taken;
    taken = self;
    expect_squares(taken, keys);
    std::swap(taken, assigned);
    expect_squares(assigned, keys);
    copy = original;
    expect_squares(copy, keys);
  }
}

TEST(SearchIndex, KeepsItsLayersInTheGivenResource) {
  using pmr_index = deft::search_index<std::uint64_t, std::less<std::uint64_t>, std::identity,
                                       std::pmr::polymorphic_allocator<std::uint64_t>>;
  std::pmr::monotonic_buffer_resource one;
  std::pmr::monotonic_buffer_resource two;
  for (const std::size_t size : {5U, 100U, 5000U}) {
    const numbers keys = squares(size);
    pmr_index index(keys, &one);
    EXPECT_EQ(index.get_allocator().resource(), &one);
    expect_squares(index, keys);
    pmr_index elsewhere(index, &two);
    EXPECT_EQ(elsewhere.get_allocator().resource(), &two);
    expect_squares(elsewhere, keys);
    EXPECT_EQ(pmr_index(index).get_allocator().resource(), std::pmr::get_default_resource());
    elsewhere = index;
    EXPECT_EQ(elsewhere.get_allocator().resource(), &two);
    expect_squares(elsewhere, keys);
    elsewhere = std::move(index);  // copied: the resources differ
    EXPECT_EQ(elsewhere.get_allocator().resource(), &two);
    expect_squares(elsewhere, keys);
    EXPECT_EQ(index.lower_bound(3U), 0U);  // NOLINT(bugprone-use-after-move)
  }
}

// From 4 MB on layers lie in pages of their own.
TEST(SearchIndex, LargeLayersAreCopiedMovedAndReturned) {
  using pmr_index = deft::search_index<std::uint64_t, std::less<std::uint64_t>, std::identity,
                                       std::pmr::polymorphic_allocator<std::uint64_t>>;
  numbers keys(8'500'000);
  std::iota(keys.begin(), keys.end(), 0U);
  const auto expect_iota = [&](const auto& index) {
    for (std::uint64_t x = 0; x < keys.size(); x += 99'991) ASSERT_EQ(index.lower_bound(x), x);
    numbers needles(keys.end() - 1000, keys.end());
    std::vector<std::size_t> out(needles.size());
    index.lower_bound_many(needles, out);
    ASSERT_TRUE(std::equal(out.begin(), out.end(), needles.begin(), needles.end()));
  };
  pmr_index index(keys);
  EXPECT_GE(index.memory_bytes(), keys.size() / 2);
  EXPECT_LE(index.memory_bytes(), keys.size() * 3 / 4);
  expect_iota(index);
  std::pmr::monotonic_buffer_resource resource;
  pmr_index elsewhere(index, &resource);
  expect_iota(elsewhere);
  index = std::move(elsewhere);
  expect_iota(index);
  const pmr_index moved(std::move(index));
  expect_iota(moved);
}

TEST(SearchIndex, WithoutMemoryChangesNothing) {
  using pmr_index = deft::search_index<std::uint64_t, std::less<std::uint64_t>, std::identity,
                                       std::pmr::polymorphic_allocator<std::uint64_t>>;
  const numbers keys = squares(100);
  const numbers others = squares(5000);
  std::byte room[1024];
  std::pmr::monotonic_buffer_resource small(room, sizeof(room), std::pmr::null_memory_resource());
  pmr_index index(keys, &small);
  pmr_index other(others);
  EXPECT_THROW(pmr_index(others, &small), std::bad_alloc);
  EXPECT_THROW(index = other, std::bad_alloc);
  expect_squares(index, keys);
  EXPECT_THROW(index = std::move(other), std::bad_alloc);
  expect_squares(index, keys);
  expect_squares(other, others);  // NOLINT(bugprone-use-after-move)
}

struct person {
  std::string name;
  int age;
};

TEST(SearchIndex, ProjectsElementsAndNotNeedles) {
  std::vector<person> people;
  for (int age = 0; age < 500; ++age) people.push_back({"p" + std::to_string(age), age / 2});
  const deft::search_index by_age(people, std::less<>(), &person::age);
  for (int age = -1; age < 252; ++age) {
    const auto expected = std::ranges::equal_range(people, age, std::less<>(), &person::age);
    ASSERT_EQ(by_age.lower_bound(age), static_cast<std::size_t>(expected.begin() - people.begin()));
    ASSERT_EQ(by_age.upper_bound(age), static_cast<std::size_t>(expected.end() - people.begin()));
    ASSERT_EQ(by_age.count(age), expected.size());
    ASSERT_EQ(by_age.contains(age), !expected.empty());
  }
}

TEST(SearchIndex, TakesAnyOrderAndTheComparatorByReferenceWhereItHasState) {
  numbers keys = squares(300);
  std::ranges::reverse(keys);
  const deft::search_index descending(keys, std::greater<>());
  std::size_t calls = 0;
  const auto counted = [&calls](std::uint64_t a, std::uint64_t b) {
    ++calls;
    return a > b;
  };
  const deft::search_index with_state(keys, counted);
  for (const std::uint64_t x : {0U, 1U, 2U, 400U, 90000U}) {
    const auto expected =
        static_cast<std::size_t>(std::ranges::lower_bound(keys, x, std::greater<>()) - keys.begin());
    EXPECT_EQ(descending.lower_bound(x), expected);
    EXPECT_EQ(with_state.lower_bound(x), expected);
  }
  EXPECT_GT(calls, 0U);
}

TEST(SearchIndex, ComparesNeedlesOfOtherTypesAsTheComparatorDoes) {
  const numbers keys = squares(100);
  const deft::search_index<std::uint64_t, std::less<>> mixed(keys);
  EXPECT_EQ(mixed.lower_bound(9.5), 4U);
  EXPECT_EQ(mixed.lower_bound(9U), 3U);
  EXPECT_EQ(mixed.lower_bound('\t'), 3U);
  const number_index converting(keys);
  EXPECT_EQ(converting.lower_bound(9), 3U);
}

TEST(SearchIndex, KnowsEveryArithmeticType) {
  const auto check = []<typename T>(std::vector<T> keys) {
    const std::vector<T>& array = keys;
    const deft::search_index<T> index(array);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto [first, last] = std::ranges::equal_range(keys, keys[i]);
      EXPECT_EQ(index.lower_bound(keys[i]), static_cast<std::size_t>(first - keys.begin()));
      EXPECT_EQ(index.upper_bound(keys[i]), static_cast<std::size_t>(last - keys.begin()));
    }
  };
  check(std::vector<long double>{-1, 0, 0.5, 2});
  check(std::vector<char>{'a', 'b', 'b'});
  check(std::vector<wchar_t>{L'a', L'b'});
  check(std::vector<char32_t>{U'a', U'b'});
  check(std::vector<unsigned long long>{1, std::numeric_limits<unsigned long long>::max()});
  const bool bits[] = {false, false, true};
  const deft::search_index<bool> flags(bits);
  EXPECT_EQ(flags.lower_bound(true), 2U);
  EXPECT_EQ(flags.upper_bound(false), 2U);
}

TEST(SearchIndex, NanIsNeverFoundAndMinusZeroIsZero) {
  const std::vector<double> keys{-1, -0.0, 0.0, 0.0, 5};
  const deft::search_index index(keys);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(index.contains(nan));
  EXPECT_EQ(index.count(nan), 0U);
  EXPECT_EQ(index.count(-0.0), 3U);
  EXPECT_EQ(index.equal_range(0.0), (std::pair<std::size_t, std::size_t>(1, 4)));
}

}  // namespace
