// A comparator that is no order, or input that is not sorted, spoils the answers and nothing else. Meant for
// a run under AddressSanitizer.
#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

namespace {

template <typename Vector, typename Make>
void use_everything(Vector v, Make make) {
  for (int i = 0; i < 300; ++i) v.insert(make());
  for (int round = 0; round < 20; ++round) {
    std::vector<typename Vector::value_type> batch;
    for (int i = 0; i < 50; ++i) batch.push_back(make());
    v.update(batch);
    v.insert_range(deft::sorted_equivalent, batch);
    Vector other = v;
    v.merge(other);
    v.erase_range(200);
    const auto x = make();
    EXPECT_LE(v.bisect_left(x), v.size());
    EXPECT_LE(v.bisect_right(x), v.size());
    EXPECT_LE(v.irange(x, make()).size(), v.size());
    v.erase_if([](const auto& y) { return y == 7; });
    (void)v.insert(v.nth(v.size() / 2), x);
  }
  EXPECT_GE(v.capacity(), v.size());
}

TEST(SortedVectorBrokenOrder, NaNTouchesNoForeignMemory) {
  std::mt19937 random(1);
  use_everything(deft::sorted_vector<double>(), [&] {
    return random() % 4 == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(random() % 64);
  });
}

TEST(SortedVectorBrokenOrder, AnInconsistentComparatorTouchesNoForeignMemory) {
  std::mt19937 random(1);
  const auto always = [](int, int) { return true; };
  use_everything(deft::sorted_vector<int, decltype(always)>(),
                 [&] { return static_cast<int>(random() % 64); });
  const auto circular = [](int a, int b) { return (b - a + 64) % 64 < 32; };
  use_everything(deft::sorted_vector<int, decltype(circular)>(),
                 [&] { return static_cast<int>(random() % 64); });
}

}  // namespace
