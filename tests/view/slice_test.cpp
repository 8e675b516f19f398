#include "deft/view/slice.hpp"

#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/bulk.hpp"

namespace {

using position = std::optional<std::ptrdiff_t>;

deft::slice_bound bound(position p) {
  return p ? deft::slice_bound(*p) : deft::slice_bound();
}

/// Python's definition, word by word: the elements start, start + step, ... that are before stop, where
/// positions outside are those of the nearest end.
std::vector<int> by_definition(const std::vector<int>& from, position start, position stop,
                               std::ptrdiff_t step) {
  const auto n = static_cast<std::ptrdiff_t>(from.size());
  const std::ptrdiff_t lowest = step < 0 ? -1 : 0;
  const std::ptrdiff_t highest = step < 0 ? n - 1 : n;
  const auto placed = [&](position p, std::ptrdiff_t otherwise) {
    if (!p) return otherwise;
    const std::ptrdiff_t i = *p < 0 ? *p + n : *p;
    return i < lowest ? lowest : i > highest ? highest : i;
  };
  const std::ptrdiff_t last = placed(stop, step < 0 ? lowest : highest);
  std::vector<int> found;
  for (std::ptrdiff_t i = placed(start, step < 0 ? highest : lowest); step < 0 ? i > last : i < last;
       i += step) {
    found.push_back(from[static_cast<std::size_t>(i)]);
  }
  return found;
}

std::vector<position> positions() {
  std::vector<position> all{std::nullopt};
  for (std::ptrdiff_t i = -9; i <= 9; ++i) all.emplace_back(i);
  return all;
}

TEST(Slice, TakesTheElementsThatPythonTakes) {
  for (int size = 0; size <= 7; ++size) {
    std::vector<int> numbers(static_cast<std::size_t>(size));
    std::iota(numbers.begin(), numbers.end(), 0);
    const deft::view<const int> v(numbers);
    for (const position start : positions()) {
      for (const position stop : positions()) {
        EXPECT_EQ(v.slice(bound(start), bound(stop)).tolist(), by_definition(numbers, start, stop, 1));
        for (std::ptrdiff_t step = -5; step <= 5; ++step) {
          if (step == 0) continue;
          const auto part = v.slice(bound(start), bound(stop), step);
          ASSERT_EQ(part.tolist(), by_definition(numbers, start, stop, step));
          ASSERT_EQ(part.reversed().size(), part.size());
        }
      }
    }
  }
}

TEST(Slice, OfASliceTakesTheElementsThatPythonTakes) {
  std::vector<int> numbers(9);
  std::iota(numbers.begin(), numbers.end(), 0);
  const deft::view<const int> v(numbers);
  for (const std::ptrdiff_t first : {-3, -1, 1, 2, 4}) {
    const auto once = v.slice({}, {}, first);
    const std::vector<int> held = once.tolist();
    for (const position start : positions()) {
      for (const position stop : positions()) {
        EXPECT_EQ(once.slice(bound(start), bound(stop)).tolist(), by_definition(held, start, stop, 1));
        for (const std::ptrdiff_t step : {-4, -2, -1, 1, 3}) {
          ASSERT_EQ(once.slice(bound(start), bound(stop), step).tolist(),
                    by_definition(held, start, stop, step));
        }
      }
    }
  }
}

TEST(Slice, TakesPositionsAndStepsOfAnySize) {
  constexpr std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max();
  constexpr std::ptrdiff_t least = std::numeric_limits<std::ptrdiff_t>::min();
  const std::vector<int> numbers{0, 1, 2, 3};
  const deft::view<const int> v(numbers);
  EXPECT_EQ(v.slice(least, most).size(), 4u);
  EXPECT_EQ(v.slice(most, least).size(), 0u);
  EXPECT_EQ(v.slice(0, static_cast<std::size_t>(-1)).size(), 4u);  // no -1
  EXPECT_EQ(v.slice(std::uint64_t{1} << 63, 4).size(), 0u);
  EXPECT_EQ(v.slice({}, {}, most).tolist(), std::vector<int>{0});
  EXPECT_EQ(v.slice({}, {}, least).tolist(), std::vector<int>{3});
  EXPECT_EQ(v.slice(most, least, -1).tolist(), (std::vector<int>{3, 2, 1, 0}));
  EXPECT_EQ(v.slice(1, 3, least).size(), 0u);
  EXPECT_EQ(v.slice({}, {}, -2).slice({}, {}, most).tolist(), std::vector<int>{3});
}

TEST(Slice, IsAConstantExpression) {
  static constexpr int numbers[] = {0, 1, 2, 3, 4, 5};
  constexpr deft::view<const int> v(numbers);
  static_assert(v.slice(-3).size() == 3 && v.slice(-3)[0] == 3);
  static_assert(v.slice(99, -101, -3)[1] == 2);
  static_assert(v.slice<2>(1).stride() == 2 && v.slice<2>(1).back() == 5);
  static_assert(v.reversed().slice(1, 3)[0] == 4);
}

}  // namespace
