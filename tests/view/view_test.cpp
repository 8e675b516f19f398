#include "deft/view/view.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <numeric>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/bulk.hpp"

namespace {

using deft::view;

static_assert(std::ranges::contiguous_range<view<int>> && std::ranges::view<view<int>> &&
              std::ranges::borrowed_range<view<int>>);
static_assert(std::is_trivially_copyable_v<view<int>> && sizeof(view<int>) == 2 * sizeof(void*));

// Of what a view can be made, and of what not.
static_assert(std::convertible_to<std::vector<int>&, view<int>> &&
              std::convertible_to<int (&)[3], view<const int>>);
static_assert(std::convertible_to<std::span<int>, view<const int>> &&
              std::convertible_to<view<int>, view<const int>>);
static_assert(std::convertible_to<std::string_view, view<const char>>);
static_assert(!std::constructible_from<view<const int>, std::vector<int>>);        // a temporary
static_assert(!std::constructible_from<view<const int>, const std::vector<int>>);  // another
static_assert(!std::constructible_from<view<const int>, std::array<int, 2>>);
static_assert(!std::constructible_from<view<int>, const std::vector<int>&>);
static_assert(!std::constructible_from<view<int>, view<const int>>);
static_assert(!std::constructible_from<view<int>, std::vector<long>&>);

struct base {
  int x = 0;
};

struct derived : base {
  int y = 0;
};

static_assert(!std::constructible_from<view<base>, std::vector<derived>&>);  // of another size
static_assert(std::convertible_to<view<int>, std::span<int>> &&
              std::convertible_to<view<int>, std::span<const int>>);

static_assert(std::same_as<decltype(view(std::declval<std::vector<int>&>())), view<int>>);
static_assert(std::same_as<decltype(view(std::declval<const std::vector<int>&>())), view<const int>>);

std::vector<int> numbers(int size) {
  std::vector<int> made(static_cast<std::size_t>(size));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

TEST(View, ShowsTheElementsOfContainersArraysSpansAndPointers) {
  std::vector<int> owner = numbers(4);
  int array[] = {1, 2, 3};
  view<int> v(owner);
  EXPECT_EQ(v.data(), owner.data());
  EXPECT_EQ(v.size(), 4u);
  EXPECT_EQ(v.size_bytes(), 16u);
  EXPECT_EQ(view<const int>(array).size(), 3u);
  EXPECT_EQ(view<int>(std::span(array)).data(), array);
  EXPECT_EQ(view(array, 2).size(), 2u);
  EXPECT_TRUE(view<int>().empty());
  EXPECT_TRUE(view<int>(static_cast<int*>(nullptr), 0).empty());
  v[1] = 7;
  EXPECT_EQ(owner[1], 7);
}

TEST(View, IsARangeThatAlgorithmsTake) {
  std::vector<int> owner{3, 1, 2};
  std::ranges::sort(view<int>(owner));
  EXPECT_EQ(owner, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(std::vector<int>(view<int>(owner).rbegin(), view<int>(owner).rend()),
            (std::vector<int>{3, 2, 1}));
  EXPECT_TRUE(view<const int>().begin() == view<const int>().end());
}

TEST(View, TakesPythonsPositionsByAt) {
  const std::vector<int> owner = numbers(4);
  const view<const int> v(owner);
  EXPECT_EQ(v.at(0), 0);
  EXPECT_EQ(v.at(-1), 3);
  EXPECT_EQ(v.at(-4), 0);
  EXPECT_THROW((void)v.at(4), std::out_of_range);
  EXPECT_THROW((void)v.at(-5), std::out_of_range);
  EXPECT_THROW((void)v.at(PTRDIFF_MIN), std::out_of_range);
}

TEST(View, GivesPartsThatAreThere) {
  std::vector<int> owner = numbers(5);
  const view<int> v(owner);
  EXPECT_EQ(v.first(2).tolist(), (std::vector<int>{0, 1}));
  EXPECT_EQ(v.last(2).tolist(), (std::vector<int>{3, 4}));
  EXPECT_EQ(v.subview(1, 3).tolist(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(v.subview(5, 0).size(), 0u);
  EXPECT_EQ(v.front(), 0);
  EXPECT_EQ(v.back(), 4);
  EXPECT_EQ(v.reversed().tolist(), (std::vector<int>{4, 3, 2, 1, 0}));
}

struct tick {
  std::int64_t time;
  double price;
  int size;
};

TEST(View, ShowsOneMemberOfEachStruct) {
  std::vector<tick> ticks{{1, 1.5, 10}, {2, 2.5, 20}};
  const auto prices = view<tick>(ticks).column<&tick::price>();
  static_assert(std::same_as<decltype(prices)::element_type, double>);
  EXPECT_EQ(prices.tolist(), (std::vector<double>{1.5, 2.5}));
  prices[1] = 4;
  EXPECT_EQ(ticks[1].price, 4);
  const auto sizes = view<const tick>(ticks).column<&tick::size>();
  static_assert(std::same_as<decltype(sizes)::element_type, const int>);
  EXPECT_EQ(sizes.tolist(), (std::vector<int>{10, 20}));
  EXPECT_TRUE(view<tick>().column<&tick::size>().empty());
}

TEST(View, CopiesBytesAndWritesThemAsHexadecimalDigits) {
  const std::vector<unsigned char> owner{0x00, 0x1f, 0xab, 0xff, 0x7e};
  const view<const unsigned char> v(owner);
  EXPECT_EQ(v.hex(), "001fabff7e");
  // As Python's bytes.hex('-', n).
  EXPECT_EQ(v.hex("-"), "00-1f-ab-ff-7e");
  EXPECT_EQ(v.hex(":", 2), "00:1fab:ff7e");
  EXPECT_EQ(v.hex(":", -2), "001f:abff:7e");
  EXPECT_EQ(v.hex(":", 99), "001fabff7e");
  EXPECT_EQ(v.hex(":", 0), "001fabff7e");
  EXPECT_EQ(v.hex(":", PTRDIFF_MIN), "001fabff7e");
  EXPECT_EQ(v.first(0).hex(":"), "");
  EXPECT_EQ(v.tobytes()[2], std::byte{0xab});
  EXPECT_EQ(v.slice<2>().tobytes().size(), 3u);
  EXPECT_EQ(v.slice<-2>().hex(), "7eab00");
}

std::size_t length_of(view<const char> text) {
  return text.size();
}

TEST(View, BorrowsTemporariesOnPurpose) {
  EXPECT_EQ(length_of(deft::borrow(std::string("four"))), 4u);
  EXPECT_EQ(deft::accumulate(deft::borrow(numbers(5)), 0), 10);
}

TEST(View, ComparesElements) {
  const std::vector<int> a{1, 2, 3};
  std::vector<int> b{1, 2, 3};
  EXPECT_TRUE(view(a) == view(b));
  EXPECT_TRUE(view(a) == b);
  EXPECT_TRUE(b == view(a));
  EXPECT_FALSE(view(a) == view(b).first(2));
  EXPECT_TRUE(view(a).reversed() == view(b).reversed());
  EXPECT_FALSE(view(a).reversed() == view(b));
  b[2] = 4;
  EXPECT_TRUE(view(a) != view(b));
  EXPECT_TRUE(view<int>() == view<int>());
}

TEST(View, ComparesNumbersByValueWhateverTheirTypes) {
  const std::vector<int> ints{-1, 5};
  const std::vector<unsigned> unsigneds{0xffffffffu, 5};
  const std::vector<double> doubles{-1.0, 5.0};
  const std::vector<std::int8_t> bytes{-1, 5};
  EXPECT_FALSE(view(ints) == view(unsigneds));
  EXPECT_TRUE(view(ints) == view(doubles));
  EXPECT_TRUE(view(ints) == view(bytes));
  EXPECT_FALSE(view(unsigneds) == view(bytes));
  const std::vector<double> zeros{0.0, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<double> minus{-0.0};
  EXPECT_TRUE(view(zeros).first(1) == view(minus));
  EXPECT_FALSE(view(zeros) == view(zeros));
}

TEST(View, WorksInConstantExpressions) {
  static constexpr std::array<int, 4> numbers{1, 2, 3, 4};
  constexpr view<const int> v(numbers);
  static_assert(v[2] == 3 && v.at(-1) == 4 && v.first(2).back() == 2);
  static_assert(deft::accumulate(v, 0) == 10);
  static_assert(v == view<const int>(numbers) && !(v == v.reversed()));
  constexpr int sum = [] {
    std::array<int, 4> copy{};
    deft::copy(view<const int>(numbers).reversed(), view<int>(copy));
    deft::transform(copy, copy, [](int x) { return x * 2; });
    return copy[0] + copy[3];
  }();
  static_assert(sum == 10);
}

TEST(ViewPreconditions, PositionsOutsideTrapAndNameTheFunction) {
  std::vector<int> owner = numbers(3);
  const view<int> v(owner);
  EXPECT_DEATH((void)v[3], "view: \\[i\\] is outside");
  EXPECT_DEATH((void)v[static_cast<std::size_t>(-1)], "view: \\[i\\] is outside");
  EXPECT_DEATH((void)view<int>().front(), "front\\(\\) of an empty");
  EXPECT_DEATH((void)view<int>().back(), "back\\(\\) of an empty");
  EXPECT_DEATH((void)v.first(4), "first\\(count\\)");
  EXPECT_DEATH((void)v.last(4), "last\\(count\\)");
  EXPECT_DEATH((void)v.subview(2, 2), "reaches outside");
  EXPECT_DEATH((void)v.subview(1, static_cast<std::size_t>(-1)), "reaches outside");
  EXPECT_DEATH((void)v.slice(0, 2, 0), "step of 0");
  EXPECT_DEATH((void)view<int>(nullptr, 1), "null pointer");
}

TEST(ViewPreconditions, StridedPositionsOutsideTrapAndNameTheFunction) {
  std::vector<int> owner = numbers(6);
  const auto v = view<int>(owner).slice({}, {}, 2);
  EXPECT_DEATH((void)v[3], "strided_view: \\[i\\] is outside");
  EXPECT_DEATH((void)v.first(4), "first\\(count\\)");
  EXPECT_DEATH((void)v.last(4), "last\\(count\\)");
  EXPECT_DEATH((void)v.subview(2, 2), "reaches outside");
  EXPECT_DEATH((void)v.slice(0, 2, 0), "step of 0");
  EXPECT_DEATH((void)v.first(0).front(), "front\\(\\) of an empty");
  EXPECT_DEATH((void)v.first(0).back(), "back\\(\\) of an empty");
  EXPECT_THROW((void)v.at(3), std::out_of_range);
  EXPECT_EQ(v.at(-1), 4);
}

}  // namespace
