#include "deft/view/nd_view.hpp"

#include <array>
#include <cstddef>
#include <numeric>
#include <random>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#if __has_include(<mdspan>)
#include <mdspan>
#endif

namespace {

using deft::ellipsis;
using deft::full_extent;
using deft::nd_view;
using deft::new_axis;
using deft::slice;
using deft::view;

std::vector<int> numbers(int size) {
  std::vector<int> made(static_cast<std::size_t>(size));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

struct cube : testing::Test {
  std::vector<int> owner = numbers(24);
  nd_view<int, 3> m{view<int>(owner), {2, 3, 4}};
};

static_assert(std::is_trivially_copyable_v<nd_view<int, 3>> && sizeof(nd_view<int, 3>) == 7 * sizeof(void*));
static_assert(std::is_convertible_v<nd_view<int, 2>, nd_view<const int, 2>>);
static_assert(!std::is_constructible_v<nd_view<int, 2>, nd_view<const int, 2>>);
static_assert(!std::is_constructible_v<nd_view<int, 2>, nd_view<int, 3>>);

TEST_F(cube, LooksUpByOnePositionPerDimension) {
  EXPECT_EQ(m(1, 2, 3), 23);
  EXPECT_EQ(m(0, 1, 2), 6);
  EXPECT_EQ(m.at(-1, -1, -1), 23);
  EXPECT_EQ(m.at(-2, 0, 1), 1);
  EXPECT_EQ(m[1][2][3], 23);
  m(1, 0, 0) = 99;
  EXPECT_EQ(owner[12], 99);
  EXPECT_THROW((void)m.at(2, 0, 0), std::out_of_range);
  EXPECT_THROW((void)m.at(0, -4, 0), std::out_of_range);
}

TEST_F(cube, KnowsItsShape) {
  EXPECT_EQ(m.size(), 24u);
  EXPECT_EQ(m.extent(2), 4u);
  EXPECT_EQ(m.stride(0), 12);
  EXPECT_TRUE(m.c_contiguous());
  EXPECT_FALSE(m.f_contiguous());
  EXPECT_TRUE(m.transposed().f_contiguous());
  EXPECT_EQ(m.transposed()(3, 2, 1), 23);
  EXPECT_EQ(m.permuted({1, 0, 2})(2, 1, 3), 23);
  EXPECT_EQ(m.flat().size(), 24u);
  EXPECT_EQ(m.reshaped<2>({6, 4})(5, 3), 23);
  EXPECT_TRUE((nd_view<int, 2>().empty()));
}

TEST_F(cube, SlicesAsNumpyDoes) {
  const auto rows = m.slice(1, slice{{}, {}, -1}, slice{1, 3});
  static_assert(decltype(rows)::rank() == 2);
  EXPECT_EQ(rows.tolist(), (std::vector<int>{21, 22, 17, 18, 13, 14}));
  EXPECT_EQ(m.slice(ellipsis, 2).tolist(), (std::vector<int>{2, 6, 10, 14, 18, 22}));
  EXPECT_EQ(m.slice(full_extent, 0).tolist(), (std::vector<int>{0, 1, 2, 3, 12, 13, 14, 15}));
  EXPECT_EQ(m.slice(-1, -1, -1), 23);
  static_assert(std::is_same_v<decltype(m.slice(0, 0, 0)), int&>);
  const auto with_axis = m.slice(new_axis, 0, ellipsis, new_axis);
  static_assert(decltype(with_axis)::rank() == 4);
  EXPECT_EQ(with_axis.extents(), (std::array<std::size_t, 4>{1, 3, 4, 1}));
  EXPECT_EQ(with_axis(0, 2, 3, 0), 11);
  EXPECT_TRUE(m.slice(full_extent, slice{2, 1}).empty());
  EXPECT_EQ(m.slice(ellipsis).tolist(), owner);
  EXPECT_EQ(m.slice().tolist(), owner);
}

// A model of any slice: the positions that remain in each dimension.
TEST_F(cube, RandomSlicesOfSlicesShowWhatTheModelShows) {
  std::mt19937 random(7);
  const auto any = [&](int low, int high) { return std::uniform_int_distribution<>(low, high)(random); };
  for (int round = 0; round < 2000; ++round) {
    nd_view<int, 3> v = m;
    std::array<std::vector<int>, 3> kept{numbers(2), numbers(3), numbers(4)};
    for (int step = 0; step < 3; ++step) {
      std::array<slice, 3> keys;
      for (std::size_t d = 0; d < 3; ++d) {
        const auto bound = [&] {
          return any(0, 3) == 0 ? deft::slice_bound() : deft::slice_bound(any(-6, 6));
        };
        const int magnitude = any(1, 3);
        keys[d] = {bound(), bound(), any(0, 1) == 0 ? magnitude : -magnitude};
        kept[d] = view<const int>(kept[d]).slice(keys[d].start, keys[d].stop, keys[d].step).tolist();
      }
      v = v.slice(keys[0], keys[1], keys[2]);
    }
    std::vector<int> expected;
    for (const int i : kept[0]) {
      for (const int j : kept[1]) {
        for (const int k : kept[2]) expected.push_back(12 * i + 4 * j + k);
      }
    }
    ASSERT_EQ(v.tolist(), expected);
    ASSERT_EQ(v.size(), expected.size());
    ASSERT_TRUE(v == v.to_readonly());
  }
}

TEST_F(cube, BulkOperationsWalkAnyStrides) {
  std::vector<int> target(24, -1);
  const nd_view<int, 3> out(view<int>(target), {2, 3, 4});
  deft::transform(m, out, [](int x) { return x + 100; });
  EXPECT_EQ(target[23], 123);
  deft::transform(m, out, out, [](int x, int y) { return y - x; });
  EXPECT_EQ(target, std::vector<int>(24, 100));
  deft::fill(out.slice(full_extent, 1), 5);
  EXPECT_EQ(out(1, 1, 3), 5);
  EXPECT_EQ(out(1, 2, 0), 100);
  int sum = 0;
  deft::for_each(out.slice(full_extent, 1), [&](int x) { sum += x; });
  EXPECT_EQ(sum, 8 * 5);
  deft::copy(m.slice(ellipsis, slice{{}, {}, -1}), out);
  EXPECT_EQ(out(0, 0, 0), 3);
  EXPECT_FALSE(m == out);
  EXPECT_TRUE(m == out.slice(ellipsis, slice{{}, {}, -1}));
  EXPECT_FALSE(m.slice(0) == m.slice(1));
}

TEST_F(cube, CopiesOverlappingPartsAsIfFromACopy) {
  const auto square = m.slice(0, full_extent, slice{0, 3});
  const std::vector<int> before = square.tolist();
  deft::copy(square.transposed(), square);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(square(i, j), before[3 * j + i]);
  }
  deft::copy(m.slice(slice{{}, {}, -1}), m);
  EXPECT_EQ(m(0, 0, 0), 12);
}

TEST(NdView, OfOneDimensionIsAStridedView) {
  std::vector<int> owner = numbers(6);
  const nd_view<int, 1> v = view<int>(owner).slice({}, {}, -2);
  EXPECT_EQ(v[0], 5);
  EXPECT_EQ(v(2), 1);
  EXPECT_EQ(v.as_strided().tolist(), (std::vector<int>{5, 3, 1}));
  EXPECT_FALSE(v.c_contiguous());
}

// What std::mdspan with layout_stride offers, where the library lacks it.
struct stand_in {
  using rank_type = std::size_t;
  using index_type = int;

  struct extents_type {
    explicit extents_type(std::array<int, 2> e) : values(e) {}

    std::array<int, 2> values;
  };

  struct mapping_type {
    mapping_type(const extents_type& e, const std::array<int, 2>& s) : extents(e), strides(s) {}

    extents_type extents;
    std::array<int, 2> strides;
  };

  stand_in(int* data, const mapping_type& m) : data_(data), mapping_(m) {}

  static constexpr std::size_t rank() { return 2; }

  int* data_handle() const { return data_; }

  int extent(std::size_t d) const { return mapping_.extents.values[d]; }

  int stride(std::size_t d) const { return mapping_.strides[d]; }

  int* data_;
  mapping_type mapping_;
};

TEST_F(cube, GoesToAndFromMdspan) {
  const auto part = m.slice(1, full_extent, slice{{}, {}, 2});
  const auto there = part.to_mdspan<stand_in>();
  EXPECT_EQ(there.extent(1), 2);
  EXPECT_EQ(there.stride(1), 2);
  const nd_view<const int, 2> back(there);
  EXPECT_TRUE(back == part);
  EXPECT_DEATH((void)m.slice(1, slice{{}, {}, -1}).to_mdspan<stand_in>(), "negative stride");
#if defined(__cpp_lib_mdspan)
  std::mdspan<int, std::dextents<std::size_t, 2>> rows(owner.data(), 6, 4);
  EXPECT_TRUE((nd_view<int, 2>(rows) == m.reshaped<2>({6, 4})));
#endif
}

TEST_F(cube, MistakesTrapAndNameTheFunction) {
  EXPECT_DEATH((void)m(2, 0, 0), "m\\(i, j, ...\\) is outside");
  EXPECT_DEATH((void)m[2], "nd_view: \\[i\\] is outside");
  EXPECT_DEATH((void)m.slice(2), "position outside");
  EXPECT_DEATH((void)m.slice(slice{0, 1, 0}), "step of 0");
  EXPECT_DEATH((void)m.permuted({0, 0, 1}), "no permutation");
  EXPECT_DEATH((void)m.transposed().flat(), "not contiguous");
  EXPECT_DEATH((void)m.reshaped<2>({5, 5}), "product of the extents");
  EXPECT_DEATH((nd_view<int, 2>(view<int>(owner), {static_cast<std::size_t>(-1), 24})),
               "product of the extents");
  EXPECT_DEATH(deft::copy(m.slice(0), m.transposed().slice(0)), "different extents");
  EXPECT_DEATH((void)m.extent(3), "extent\\(d\\)");
}

TEST(NdView, IsAConstantExpression) {
  static constexpr std::array<int, 6> numbers{0, 1, 2, 3, 4, 5};
  constexpr nd_view<const int, 2> m(view<const int>(numbers), {2, 3});
  static_assert(m(1, 2) == 5 && m.slice(full_extent, -1)(1) == 5 && m.transposed()(2, 1) == 5);
  static_assert(m.transposed() == m.transposed() && m.at(-1, 0) == 3);
}

TEST(NdView, OfNoElementsMayHaveAnyOtherExtents) {
  constexpr std::size_t large = std::size_t{1} << 40;
  EXPECT_TRUE((nd_view<int, 3>(view<int>(), {large, large, 0}).empty()));
  EXPECT_TRUE((nd_view<int, 3>(view<int>(), {0, large, large}).empty()));
}

}  // namespace
