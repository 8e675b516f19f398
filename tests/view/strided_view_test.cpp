#include "deft/view/strided_view.hpp"

#include <algorithm>
#include <concepts>
#include <iterator>
#include <limits>
#include <numeric>
#include <ranges>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/bulk.hpp"
#include "deft/view/view.hpp"

namespace {

using deft::strided_view;
using deft::view;

template <typename V>
concept sound_view =
    std::ranges::random_access_range<V> && std::ranges::common_range<V> && std::ranges::view<V> &&
    std::ranges::borrowed_range<V> && std::sortable<std::ranges::iterator_t<V>>;
static_assert(sound_view<strided_view<int>> && sound_view<strided_view<int, -1>> &&
              sound_view<strided_view<int, 3>>);
static_assert(std::is_trivially_copyable_v<strided_view<int, 3>>);
static_assert(sizeof(strided_view<int, 3>) == 2 * sizeof(void*) &&
              sizeof(strided_view<int>) == 3 * sizeof(void*));

// Strides and constness that convert, and those that do not.
static_assert(std::convertible_to<strided_view<int, 3>, strided_view<int>>);
static_assert(std::convertible_to<strided_view<int, 3>, strided_view<const int, 3>>);
static_assert(std::convertible_to<view<int>, strided_view<const int>> &&
              std::convertible_to<view<int>, strided_view<int, 1>>);
static_assert(!std::constructible_from<strided_view<int, 3>, strided_view<int>>);
static_assert(!std::constructible_from<strided_view<int>, strided_view<const int>>);
static_assert(!std::constructible_from<strided_view<int, 2>, view<int>>);
static_assert(!std::constructible_from<view<int>, strided_view<int>>);
static_assert(!std::constructible_from<std::vector<int>&, strided_view<int>>);

std::vector<int> numbers(int size) {
  std::vector<int> made(static_cast<std::size_t>(size));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

TEST(StridedView, WalksForwardsBackwardsAndStandsStill) {
  std::vector<int> owner = numbers(7);
  EXPECT_EQ(strided_view<int>(owner.data(), 4, 2).tolist(), (std::vector<int>{0, 2, 4, 6}));
  EXPECT_EQ(strided_view<int>(owner.data() + 6, 3, -3).tolist(), (std::vector<int>{6, 3, 0}));
  EXPECT_EQ((strided_view<int, -3>(owner.data() + 6, 3).tolist()), (std::vector<int>{6, 3, 0}));
  EXPECT_EQ(strided_view<int>(owner.data() + 1, 3, 0).tolist(), (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(strided_view<int>(owner.data() + 6, 3, -3).data(), owner.data() + 6);
}

TEST(StridedView, IteratorsAreRandomAccess) {
  std::vector<int> owner = numbers(10);
  const auto v = view<int>(owner).slice(9, {}, -3);  // 9 6 3 0
  auto i = v.begin();
  EXPECT_EQ(*i++, 9);
  EXPECT_EQ(*i, 6);
  EXPECT_EQ(i[2], 0);
  EXPECT_EQ(*(i + 1), 3);
  EXPECT_EQ(*(1 + i), 3);
  EXPECT_EQ(*--i, 9);
  EXPECT_EQ(v.end() - v.begin(), 4);
  EXPECT_EQ(*(v.end() - 1), 0);
  EXPECT_LT(v.begin(), v.end());
  EXPECT_EQ(*v.rbegin(), 0);
  EXPECT_EQ(std::vector<int>(v.rbegin(), v.rend()), (std::vector<int>{0, 3, 6, 9}));
}

TEST(StridedView, IsSortedByStandardAlgorithms) {
  std::vector<int> owner{9, 0, 7, 1, 8, 2};
  std::ranges::sort(view<int>(owner).slice<2>());
  EXPECT_EQ(owner, (std::vector<int>{7, 0, 8, 1, 9, 2}));
  std::ranges::sort(view<int>(owner).slice({}, {}, -1));
  EXPECT_EQ(owner, (std::vector<int>{9, 8, 7, 2, 1, 0}));
  std::ranges::sort(view<int>(owner).reversed(), std::greater<>());
  EXPECT_TRUE(std::ranges::is_sorted(owner));
}

TEST(StridedView, PartsAndBackwardsComposeWithSlices) {
  std::vector<int> owner = numbers(12);
  const auto v = view<int>(owner).slice(1, {}, 3);  // 1 4 7 10
  EXPECT_EQ(v.first(2).tolist(), (std::vector<int>{1, 4}));
  EXPECT_EQ(v.last(2).tolist(), (std::vector<int>{7, 10}));
  EXPECT_EQ(v.subview(1, 2).tolist(), (std::vector<int>{4, 7}));
  EXPECT_EQ(v.slice(-2).tolist(), (std::vector<int>{7, 10}));
  EXPECT_EQ(v.slice({}, {}, -2).tolist(), (std::vector<int>{10, 4}));
  EXPECT_EQ(v.slice({}, {}, -2).stride(), -6);
  EXPECT_EQ(v.reversed().reversed().tolist(), v.tolist());
  EXPECT_EQ(v.front(), 1);
  EXPECT_EQ(v.back(), 10);
  EXPECT_EQ(v.first(0).reversed().size(), 0u);
  EXPECT_TRUE(v.to_readonly() == v);
}

TEST(StridedView, OfOneElementMayHaveAnyStride) {
  std::vector<int> owner{1, 2, 3};
  const auto one = view<int>(owner).slice({}, {}, std::numeric_limits<std::ptrdiff_t>::min());
  EXPECT_EQ(one.tolist(), std::vector<int>{3});
  EXPECT_EQ(one.reversed().tolist(), std::vector<int>{3});
  EXPECT_EQ(one.reversed().reversed().slice({}, {}, -1).tolist(), std::vector<int>{3});
}

}  // namespace
