// Every kernel of every instruction set that this machine has, against the linear model.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/bisect.hpp"

#include "src/core/isa.hpp"
#include "tests/sorted/bisect_model.hpp"

namespace {

using deft::detail::all_isas;
using deft::detail::is_supported;
using deft::detail::isa;
using deft::detail::isa_name;
using deft::detail::scoped_isa;

template <typename Key>
class BisectKernels : public testing::Test {
 protected:
  std::mt19937_64 random{20260601};

  /// Few distinct values give duplicates, many give none.
  auto key(std::uint64_t distinct) -> Key {
    const std::uint64_t bits = random();
    if constexpr (std::is_floating_point_v<Key>) {
      return static_cast<Key>(static_cast<std::int64_t>(bits % distinct) -
                              static_cast<std::int64_t>(distinct / 2)) /
             Key{8};
    } else {
      return static_cast<Key>(bits % distinct + static_cast<std::uint64_t>(std::numeric_limits<Key>::min()));
    }
  }

  auto sorted_keys(std::size_t size, std::uint64_t distinct) -> std::vector<Key> {
    std::vector<Key> keys(size);
    for (Key& each : keys) each = key(distinct);
    std::ranges::sort(keys);
    return keys;
  }

  /// All keys, their neighbours and the type's extremes.
  static auto needles_for(const std::vector<Key>& keys) -> std::vector<Key> {
    using limits = std::numeric_limits<Key>;
    std::vector<Key> needles{limits::lowest(), limits::max(), Key{0}, Key{1}};
    if constexpr (limits::has_infinity) {
      needles.insert(needles.end(), {limits::infinity(), -limits::infinity(), -Key{0}, limits::denorm_min()});
    }
    for (const Key each : keys) {
      needles.push_back(each);
      if constexpr (std::is_integral_v<Key>) {
        if (each != limits::max()) needles.push_back(static_cast<Key>(each + 1));
        if (each != limits::lowest()) needles.push_back(static_cast<Key>(each - 1));
      } else {
        needles.push_back(std::nextafter(each, limits::infinity()));
      }
    }
    return needles;
  }

  static void expect_model(const std::vector<Key>& keys, const std::vector<Key>& needles) {
    std::vector<std::size_t> left(needles.size());
    std::vector<std::size_t> right(needles.size());
    std::vector<std::size_t> out(needles.size());
    for (std::size_t i = 0; i < needles.size(); ++i) {
      left[i] = deft_test::linear_left(keys, needles[i]);
      right[i] = deft_test::linear_right(keys, needles[i]);
    }
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      SCOPED_TRACE(isa_name(path));
      const scoped_isa forced(path);
      for (std::size_t i = 0; i < needles.size(); ++i) {
        ASSERT_EQ(deft::bisect_left(keys, needles[i]), left[i]) << "size " << keys.size() << " needle " << i;
        ASSERT_EQ(deft::bisect_right(keys, needles[i]), right[i])
            << "size " << keys.size() << " needle " << i;
      }
      deft::bisect_left_many(keys, needles, out);
      ASSERT_EQ(out, left);
      deft::bisect_right_many(keys, needles, out);
      ASSERT_EQ(out, right);
    }
  }
};

using key_types = testing::Types<signed char, unsigned char, short, char16_t, int, unsigned, long long,
                                 unsigned long, float, double>;
TYPED_TEST_SUITE(BisectKernels, key_types);

TYPED_TEST(BisectKernels, AgreeWithTheModelAtEverySmallSize) {
  for (std::size_t size = 0; size <= 300; ++size) {
    const auto keys = this->sorted_keys(size, size % 3 == 0 ? 5 : 250);
    auto needles = this->needles_for(keys);
    std::ranges::shuffle(needles, this->random);
    needles.resize(std::min<std::size_t>(needles.size(), 40));
    this->expect_model(keys, needles);
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(BisectKernels, AgreeWithTheModelForEveryNeedleOfASmallArray) {
  for (const std::size_t size : {1U, 8U, 17U, 64U, 65U, 130U}) {
    const auto keys = this->sorted_keys(size, 100);
    this->expect_model(keys, this->needles_for(keys));
    if (this->HasFatalFailure()) return;
  }
}

// Beyond these sizes the kernels search in another way: prefetched, and in wide batches.
TYPED_TEST(BisectKernels, AgreeWithStdOnBothSidesOfEachThreshold) {
  using key = TypeParam;
  for (const std::size_t bytes : {131072U, 1U << 20}) {
    for (const std::size_t more : {0U, 1U, 77U}) {
      const auto keys = this->sorted_keys(bytes / sizeof(key) + more, std::uint64_t{1} << 62);
      std::vector<key> needles = this->needles_for(std::vector<key>(keys.begin(), keys.begin() + 20));
      needles.insert(needles.end(), keys.end() - 30, keys.end());
      for (int i = 0; i < 300; ++i) needles.push_back(this->key(std::uint64_t{1} << 62));
      std::vector<std::size_t> out(needles.size());
      for (const isa path : all_isas) {
        if (!is_supported(path)) continue;
        const scoped_isa forced(path);
        deft::bisect_left_many(keys, needles, out);
        for (std::size_t i = 0; i < needles.size(); ++i) {
          const auto expected = std::ranges::lower_bound(keys, needles[i]) - keys.begin();
          ASSERT_EQ(out[i], static_cast<std::size_t>(expected)) << isa_name(path);
          ASSERT_EQ(deft::bisect_left(keys, needles[i]), static_cast<std::size_t>(expected))
              << isa_name(path);
        }
      }
    }
  }
}

TYPED_TEST(BisectKernels, AnswerEveryCountOfNeedles) {
  const auto keys = this->sorted_keys(100, 90);
  const auto all = this->needles_for(keys);
  for (std::size_t count = 0; count <= 40; ++count) {
    this->expect_model(keys,
                       std::vector<TypeParam>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)));
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(BisectKernels, ReadNothingOutsideTheArray) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 63U, 64U, 65U}) {
    // An allocation of its own, so that AddressSanitizer sees a read beyond either end.
    const auto keys = std::make_unique<TypeParam[]>(size);
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      const std::span<const TypeParam> all(keys.get(), size);
      EXPECT_EQ(deft::bisect_left(all, TypeParam{0}), 0U);
      EXPECT_EQ(deft::bisect_right(all, TypeParam{0}), size);
    }
  }
}

template <typename Key>
class BisectNan : public testing::Test {};

using floating_types = testing::Types<float, double>;
TYPED_TEST_SUITE(BisectNan, floating_types);

TYPED_TEST(BisectNan, AsTheNeedleIsAfterEverythingOnTheRightAndBeforeItOnTheLeft) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN();
  std::vector<TypeParam> keys(100);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<TypeParam>(i);
  for (const isa path : all_isas) {
    if (!is_supported(path)) continue;
    const scoped_isa forced(path);
    EXPECT_EQ(deft::bisect_left(keys, nan), 0U);
    EXPECT_EQ(deft::bisect_right(keys, nan), keys.size());
  }
}

TYPED_TEST(BisectNan, AmongTheKeysNeverLeadsOutOfTheArray) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN();
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    std::vector<TypeParam> keys(size);
    for (TypeParam& key : keys) key = random() % 3 == 0 ? nan : static_cast<TypeParam>(random() % 100);
    std::vector<TypeParam> needles{nan, 0, 50, 99, 200, -1};
    std::vector<std::size_t> out(needles.size());
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      for (const TypeParam needle : needles) {
        EXPECT_LE(deft::bisect_left(keys, needle), size);
        EXPECT_LE(deft::bisect_right(keys, needle), size);
      }
      deft::bisect_left_many(keys, needles, out);
      for (const std::size_t position : out) EXPECT_LE(position, size);
    }
  }
}

}  // namespace
