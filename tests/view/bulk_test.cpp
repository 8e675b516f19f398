#include "deft/view/bulk.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"
#include "deft/view/zip.hpp"

namespace {

using deft::view;

template <typename T>
T made_of(int i) {
  if constexpr (std::is_same_v<T, std::string>) {
    return "a string that is long enough for the heap " + std::to_string(i);
  } else {
    return static_cast<T>(i);
  }
}

template <typename T>
std::vector<T> elements(int size) {
  std::vector<T> made;
  for (int i = 0; i < size; ++i) made.push_back(made_of<T>(i));
  return made;
}

template <typename T>
class ViewCopy : public testing::Test {};

using copied_types = testing::Types<int, double, std::uint8_t, std::string>;
TYPED_TEST_SUITE(ViewCopy, copied_types);

TYPED_TEST(ViewCopy, IsAsIfFromACopyHoweverTheTwoOverlap) {
  std::mt19937 random(1);
  const auto any = [&](int low, int high) { return std::uniform_int_distribution<>(low, high)(random); };
  for (int round = 0; round < 3000; ++round) {
    std::vector<TypeParam> memory = elements<TypeParam>(24);
    std::vector<TypeParam> expected = memory;
    const int strides[] = {-3, -2, -1, 1, 2, 3};
    const int size = any(0, 6);
    // Two views of `size` elements anywhere in the same memory.
    const auto place = [&](int stride) {
      const int reach = size == 0 ? 0 : (size - 1) * (stride < 0 ? -stride : stride);
      const int low = any(0, 23 - reach);
      return stride < 0 ? low + reach : low;
    };
    const int from_stride = strides[any(0, 5)];
    const int to_stride = any(0, 1) == 0 ? from_stride : strides[any(0, 5)];
    const int from = place(from_stride);
    const int to = place(to_stride);
    std::vector<TypeParam> held;
    for (int i = 0; i < size; ++i) held.push_back(expected[static_cast<std::size_t>(from + i * from_stride)]);
    for (int i = 0; i < size; ++i)
      expected[static_cast<std::size_t>(to + i * to_stride)] = held[static_cast<std::size_t>(i)];

    deft::copy(deft::strided_view<const TypeParam>(memory.data() + from, static_cast<std::size_t>(size),
                                                   from_stride),
               deft::strided_view<TypeParam>(memory.data() + to, static_cast<std::size_t>(size), to_stride));
    ASSERT_EQ(memory, expected) << size << ": " << from << " by " << from_stride << " to " << to << " by "
                                << to_stride;
  }
}

TEST(ViewBulk, CopiesBetweenContainersAndConverts) {
  const std::vector<int> from{1, 2, 3};
  std::vector<double> to(3);
  deft::copy(from, to);
  EXPECT_EQ(to, (std::vector<double>{1, 2, 3}));
  deft::copy(view<const int>(from).reversed(), view<double>(to));
  EXPECT_EQ(to, (std::vector<double>{3, 2, 1}));
  deft::copy(view<int>(), view<int>());
}

TEST(ViewBulk, CopiesWithinMemoryThatIsSeenAsSignedAndUnsigned) {
  std::vector<int> numbers{1, 2, 3, 4, 5};
  const view<unsigned> same(reinterpret_cast<unsigned*>(numbers.data()), numbers.size());
  deft::copy(view<int>(numbers).first(4), same.last(4));
  EXPECT_EQ(numbers, (std::vector<int>{1, 1, 2, 3, 4}));
}

TEST(ViewBulk, ForEachAndAccumulateGoInOrder) {
  std::vector<int> numbers(5);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<int> seen;
  deft::for_each(view<int>(numbers).slice({}, {}, -2), [&](int& x) { seen.push_back(x++); });
  EXPECT_EQ(seen, (std::vector<int>{4, 2, 0}));
  EXPECT_EQ(numbers, (std::vector<int>{1, 1, 3, 3, 5}));
  EXPECT_EQ(deft::accumulate(numbers, 0), 13);
  EXPECT_EQ(deft::accumulate(view<int>(numbers).slice<2>(), std::string("="),
                             [](std::string text, int x) { return std::move(text) + std::to_string(x); }),
            "=135");
}

TEST(ViewBulk, TransformsOneOrTwoViewsAlsoInPlace) {
  std::vector<int> a{1, 2, 3, 4};
  const std::vector<int> b{10, 20, 30, 40};
  deft::transform(a, b, a, std::plus<>());
  EXPECT_EQ(a, (std::vector<int>{11, 22, 33, 44}));
  deft::transform(view<int>(a).slice<2>(), view<int>(a).slice<2>(1), [](int x) { return -x; });
  EXPECT_EQ(a, (std::vector<int>{11, -11, 33, -33}));
  std::vector<std::string> words(4);
  deft::transform(view<int>(a).reversed(), words, [](int x) { return std::to_string(x); });
  EXPECT_EQ(words[0], "-33");
}

TEST(ViewBulk, FillsWithAValueThatMayBeOneOfTheElements) {
  std::vector<int> a{1, 2, 3, 4, 5};
  deft::fill(view<int>(a).slice<2>(), a[4]);
  EXPECT_EQ(a, (std::vector<int>{5, 2, 5, 4, 5}));
  deft::fill(a, a[1]);
  EXPECT_EQ(a, (std::vector<int>(5, 2)));
}

TEST(ViewBulk, GathersByIndicesOfAnyType) {
  std::vector<double> from(1000);
  std::iota(from.begin(), from.end(), 0);
  std::vector<std::uint16_t> indices(777);
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint16_t>(i * 7919 % 1000);
  std::vector<double> out(indices.size());
  deft::gather(from, indices, out);
  for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], indices[i]);
  const std::vector<std::int64_t> signed_indices{2, 0};
  deft::gather(view<double>(from).reversed(), signed_indices, view<double>(out).first(2));
  EXPECT_EQ(out[0], 997);
  deft::gather(from, std::vector<int>(), view<double>());
}

TEST(ViewBulk, CallsWhateverIsInvocable) {
  struct point {
    int x = 0;

    int doubled() const { return 2 * x; }
  };

  const std::vector<point> points{{1}, {2}};
  std::vector<int> out(2);
  deft::transform(points, out, &point::doubled);
  EXPECT_EQ(out, (std::vector<int>{2, 4}));
  deft::transform(points, out, &point::x);
  EXPECT_EQ(out, (std::vector<int>{1, 2}));
}

TEST(ViewZip, GivesReferencesSideBySide) {
  std::vector<int> a{1, 2, 3};
  const std::vector<double> b{0.5, 1.5, 2.5};
  double sum = 0;
  for (auto [x, y] : deft::zip(a, b)) {
    x *= 10;
    sum += y;
  }
  EXPECT_EQ(a, (std::vector<int>{10, 20, 30}));
  EXPECT_EQ(sum, 4.5);
  const auto rows = deft::zip(view<int>(a).reversed(), b, a);
  EXPECT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], (std::tuple<int, double, int>(30, 0.5, 10)));
  EXPECT_EQ(rows.begin()[2], (std::tuple<int, double, int>(10, 2.5, 30)));
  static_assert(std::ranges::random_access_range<decltype(rows)> &&
                std::ranges::borrowed_range<decltype(rows)>);
  int calls = 0;
  rows.for_each([&](int x, double, int y) { calls += x == y ? 1 : 0; });
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(deft::zip(view<int>(), view<char>()).empty());
}

TEST(ViewBulkPreconditions, DifferentSizesTrapAndNothingIsWritten) {
  std::vector<int> three{1, 2, 3};
  std::vector<int> four{1, 2, 3, 4};
  EXPECT_DEATH(deft::copy(three, four), "copy\\(from, to\\) of different sizes");
  EXPECT_DEATH(deft::transform(three, four, [](int x) { return x; }),
               "transform\\(in, out, f\\) of different sizes");
  EXPECT_DEATH(deft::transform(three, four, four, [](int x, int) { return x; }),
               "transform\\(in1, in2, out, f\\) of different sizes");
  EXPECT_DEATH((void)deft::zip(three, four), "zip\\(...\\) of different sizes");
  EXPECT_DEATH(deft::gather(three, four, three), "gather\\(from, indices, out\\) of different sizes");
  EXPECT_DEATH((void)deft::zip(three, three)[3], "zip: \\[i\\] is outside");
}

TEST(ViewBulkPreconditions, AnIndexOutsideTrapsBeforeItIsUsed) {
  std::vector<int> from{1, 2, 3};
  std::vector<int> out(2);
  EXPECT_DEATH(deft::gather(from, std::vector<int>{0, 3}, out), "gather: an index is outside");
  EXPECT_DEATH(deft::gather(from, std::vector<int>{-1, 0}, out), "gather: an index is outside");
  EXPECT_DEATH(deft::gather(from, std::vector<std::int8_t>{0, -128}, out), "gather: an index is outside");
}

}  // namespace
