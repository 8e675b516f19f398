// Every kernel of every instruction set that this machine has, against std::lower_bound and std::upper_bound.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/search_index.hpp"

#include "src/core/isa.hpp"

namespace {

using deft::detail::all_isas;
using deft::detail::is_supported;
using deft::detail::isa;
using deft::detail::isa_name;
using deft::detail::scoped_isa;

template <typename Key>
class SearchIndexKernels : public testing::Test {
 protected:
  using limits = std::numeric_limits<Key>;
  static constexpr std::size_t node_keys = sizeof(deft::detail::key_node) / sizeof(Key);

  std::mt19937_64 random{20261122};

  /// Few distinct values give duplicates, many give none.
  auto key(std::uint64_t distinct) -> Key {
    const std::uint64_t bits = random() % distinct;
    if constexpr (std::is_floating_point_v<Key>) {
      return (static_cast<Key>(bits) - static_cast<Key>(distinct / 2)) / Key{8};
    } else {
      return static_cast<Key>(bits + static_cast<std::uint64_t>(limits::min()));
    }
  }

  auto sorted_keys(std::size_t size, std::uint64_t distinct) -> std::vector<Key> {
    std::vector<Key> keys(size);
    for (Key& each : keys) each = key(distinct);
    std::ranges::sort(keys);
    return keys;
  }

  /// Some keys, their neighbours and the type's extremes, in any order.
  auto needles_for(std::span<const Key> keys, std::size_t count) -> std::vector<Key> {
    std::vector<Key> needles{limits::lowest(), limits::max(), Key{0}, Key{1}};
    if constexpr (limits::has_infinity) {
      needles.insert(needles.end(), {limits::infinity(), -limits::infinity(), -Key{0}, limits::denorm_min(),
                                     -limits::denorm_min(), limits::quiet_NaN(), -limits::quiet_NaN()});
    }
    while (!keys.empty() && needles.size() < count) {
      const Key each = keys[random() % keys.size()];
      needles.push_back(each);
      if constexpr (std::is_integral_v<Key>) {
        if (each != limits::max()) needles.push_back(static_cast<Key>(each + 1));
        if (each != limits::lowest()) needles.push_back(static_cast<Key>(each - 1));
      } else {
        needles.push_back(std::nextafter(each, limits::infinity()));
      }
    }
    std::ranges::shuffle(needles, random);
    return needles;
  }

  static void expect_std(std::span<const Key> keys, const std::vector<Key>& needles) {
    std::vector<std::size_t> lower(needles.size());
    std::vector<std::size_t> upper(needles.size());
    std::vector<std::size_t> out(needles.size());
    for (std::size_t i = 0; i < needles.size(); ++i) {
      lower[i] =
          static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), needles[i]) - keys.begin());
      upper[i] =
          static_cast<std::size_t>(std::upper_bound(keys.begin(), keys.end(), needles[i]) - keys.begin());
    }
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      const deft::search_index<Key> index(keys);
      for (std::size_t i = 0; i < needles.size(); ++i) {
        ASSERT_EQ(index.lower_bound(needles[i]), lower[i])
            << isa_name(path) << " size " << keys.size() << " needle " << +needles[i];
        ASSERT_EQ(index.upper_bound(needles[i]), upper[i])
            << isa_name(path) << " size " << keys.size() << " needle " << +needles[i];
      }
      index.lower_bound_many(needles, out);
      ASSERT_EQ(out, lower) << isa_name(path) << " size " << keys.size();
      index.upper_bound_many(needles, out);
      ASSERT_EQ(out, upper) << isa_name(path) << " size " << keys.size();
    }
  }
};

using key_types = testing::Types<signed char, unsigned char, short, char16_t, int, unsigned, long long,
                                 unsigned long, float, double>;
TYPED_TEST_SUITE(SearchIndexKernels, key_types);

TYPED_TEST(SearchIndexKernels, AgreeWithStdAtEverySmallSize) {
  for (std::size_t size = 0; size <= 2 * this->node_keys + 40; ++size) {
    const auto keys = this->sorted_keys(size, size % 3 == 0 ? 5 : 250);
    this->expect_std(keys, this->needles_for(keys, 20 + size % 12));
    if (this->HasFatalFailure()) return;
  }
}

// Where a node, a level or the whole tree is just full; and wherever the array begins within a node's cache
// lines.
TYPED_TEST(SearchIndexKernels, AgreeWithStdAroundEveryNodeBoundary) {
  constexpr std::size_t per_node = TestFixture::node_keys;
  std::vector<TypeParam> keys = this->sorted_keys(9000 + per_node, std::uint64_t{1} << 62);
  std::size_t begin = 0;
  for (std::size_t full = per_node; full < 9000; full *= per_node + 1) {
    for (std::size_t times = 1; times <= 4 && full * times < 8990; ++times) {
      for (std::size_t size = full * times - 2; size <= full * times + 2; ++size) {
        const std::span<const TypeParam> part = std::span(keys).subspan(begin++ % per_node, size);
        auto needles = this->needles_for(part, 24);
        needles.insert(needles.end(), {part.front(), part.back(), part[size / 2]});
        this->expect_std(part, needles);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

// What fills the room behind separators must not be taken for keys.
TYPED_TEST(SearchIndexKernels, KeepExtremeKeysApartFromPadding) {
  using type_limits = std::numeric_limits<TypeParam>;
  const TypeParam top = type_limits::has_infinity ? type_limits::infinity() : type_limits::max();
  const TypeParam bottom = type_limits::has_infinity ? -type_limits::infinity() : type_limits::lowest();
  for (const std::size_t size : {1U, 15U, 16U, 17U, 100U, 300U, 5000U}) {
    for (const std::size_t tops : {std::size_t{1}, size / 2, size}) {
      std::vector<TypeParam> keys(size, bottom);
      std::fill(keys.end() - static_cast<std::ptrdiff_t>(tops), keys.end(), top);
      this->expect_std(keys, this->needles_for(keys, 20));
      std::fill(keys.begin(), keys.end(), TypeParam{0});
      this->expect_std(keys, this->needles_for(keys, 20));
      if (this->HasFatalFailure()) return;
    }
  }
}

// Beyond this size many needles go down level by level, each level fetched.
TYPED_TEST(SearchIndexKernels, AgreeWithStdOnBothSidesOfTheCachesSize) {
  for (const std::size_t more : {0U, 1U, 77U}) {
    const auto keys = this->sorted_keys((1U << 20) / sizeof(TypeParam) + more, std::uint64_t{1} << 62);
    for (const std::size_t count : {127U, 128U, 300U}) {
      auto needles = this->needles_for(keys, count + 5);
      needles.resize(count);
      this->expect_std(keys, needles);
      if (this->HasFatalFailure()) return;
    }
  }
}

TYPED_TEST(SearchIndexKernels, AnswerEveryCountOfNeedles) {
  const auto keys = this->sorted_keys(1000, 900);
  const auto needles = this->needles_for(keys, 40);
  for (std::size_t count = 0; count <= 30; ++count) {
    this->expect_std(
        keys, std::vector<TypeParam>(needles.begin(), needles.begin() + static_cast<std::ptrdiff_t>(count)));
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(SearchIndexKernels, ReadNothingOutsideTheArray) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 127U, 128U, 129U, 1000U}) {
    // An allocation of its own, so that AddressSanitizer sees a read beyond either end.
    const auto keys = std::make_unique<TypeParam[]>(size);
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      const deft::search_index<TypeParam> index(std::span<const TypeParam>(keys.get(), size));
      EXPECT_EQ(index.lower_bound(TypeParam{0}), 0U);
      EXPECT_EQ(index.upper_bound(TypeParam{0}), size);
    }
  }
}

// Whatever the comparisons say, positions stay within the array.
TYPED_TEST(SearchIndexKernels, StayInsideAnArrayThatIsNotSorted) {
  using type_limits = std::numeric_limits<TypeParam>;
  for (const std::size_t size : {5U, 40U, 400U, 5000U}) {
    std::vector<TypeParam> keys(size);
    for (TypeParam& key : keys) key = this->random() % 3 == 0 ? type_limits::quiet_NaN() : this->key(100);
    const auto needles = this->needles_for(keys, 40);
    std::vector<std::size_t> out(needles.size());
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      const deft::search_index<TypeParam> index(keys);
      for (const TypeParam needle : needles) {
        EXPECT_LE(index.lower_bound(needle), size);
        EXPECT_LE(index.upper_bound(needle), size);
      }
      index.lower_bound_many(needles, out);
      for (const std::size_t position : out) EXPECT_LE(position, size);
      index.upper_bound_many(needles, out);
      for (const std::size_t position : out) EXPECT_LE(position, size);
    }
  }
}

}  // namespace
