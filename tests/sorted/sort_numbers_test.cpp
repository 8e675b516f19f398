// Sorting numbers by bytes gives what comparing them gives: every type, sizes around each change of method,
// and distributions that leave bytes alike.
#include "deft/sorted/detail/sort_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

enum class spread { all_bits, few_values, any_width, one_value, high_byte_alone };

constexpr spread spreads[] = {spread::all_bits, spread::few_values, spread::any_width, spread::one_value,
                              spread::high_byte_alone};
constexpr std::size_t sizes[] = {0, 1, 2, 255, 256, 1000, 70'000};

std::uint64_t draw(std::mt19937_64& random, spread kind) {
  switch (kind) {
    case spread::all_bits:
      return random();
    case spread::few_values:
      return random() % 100;
    case spread::any_width:
      return random() >> (random() % 64);
    case spread::one_value:
      return 42;
    case spread::high_byte_alone:
      return random() << 56;
  }
  return 0;
}

template <typename T>
T number_of(std::uint64_t bits) {
  if constexpr (std::is_same_v<T, double>) {
    const auto x = std::bit_cast<double>(bits);
    return x == x ? x : 0.5;
  } else if constexpr (std::is_same_v<T, float>) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    return x == x ? x : 0.5F;
  } else {
    return static_cast<T>(bits);
  }
}

template <typename T>
std::vector<T> numbers(std::size_t n, spread kind) {
  std::mt19937_64 random(n + static_cast<std::size_t>(kind));
  std::vector<T> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(number_of<T>(draw(random, kind)));
  if (n > 2) {
    all[0] = std::numeric_limits<T>::max();
    all[1] = std::numeric_limits<T>::lowest();
    if constexpr (std::is_floating_point_v<T>) all[2] = -std::numeric_limits<T>::infinity();
  }
  return all;
}

template <typename T>
class SortNumbers : public testing::Test {};

using number_types =
    testing::Types<std::int16_t, int, unsigned, long, long long, unsigned long, float, double>;
TYPED_TEST_SUITE(SortNumbers, number_types);

TYPED_TEST(SortNumbers, GivesWhatComparingGives) {
  for (const std::size_t n : sizes) {
    for (const spread kind : spreads) {
      std::vector<TypeParam> sorted = numbers<TypeParam>(n, kind);
      std::vector<TypeParam> expected = sorted;
      std::stable_sort(expected.begin(), expected.end());
      deft::detail::sort_numbers(sorted.data(), n);
      ASSERT_EQ(sorted, expected) << n << " numbers, spread " << static_cast<int>(kind);
    }
  }
}

TYPED_TEST(SortNumbers, OrdersPositionsStably) {
  for (const std::size_t n : sizes) {
    for (const spread kind : spreads) {
      const std::vector<TypeParam> keys = numbers<TypeParam>(n, kind);
      std::vector<std::size_t> expected(n);
      for (std::size_t i = 0; i < n; ++i) expected[i] = i;
      std::stable_sort(expected.begin(), expected.end(),
                       [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
      std::vector<std::size_t> order(n);
      deft::detail::order_numbers(keys.data(), n, order.data());
      ASSERT_EQ(order, expected) << n << " numbers, spread " << static_cast<int>(kind);
    }
  }
}

TEST(SortNumbersZeros, KeepTheirOrderWhateverTheirSign) {
  std::vector<double> zeros{1.0, 0.0, -0.0, 0.0, -0.0, -1.0};
  std::vector<std::size_t> order(zeros.size());
  deft::detail::order_numbers(zeros.data(), zeros.size(), order.data());
  EXPECT_EQ(order, (std::vector<std::size_t>{5, 1, 2, 3, 4, 0}));
  deft::detail::sort_numbers(zeros.data(), zeros.size());
  EXPECT_EQ(std::bit_cast<std::uint64_t>(zeros[1]), 0U);
  EXPECT_NE(std::bit_cast<std::uint64_t>(zeros[2]), 0U);
}

TEST(SortNumbersNan, LosesNoNumberBesideOne) {
  std::vector<double> some{3.0, std::numeric_limits<double>::quiet_NaN(), 1.0, 2.0};
  std::vector<std::size_t> order(some.size());
  deft::detail::order_numbers(some.data(), some.size(), order.data());
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3}));
}

}  // namespace
