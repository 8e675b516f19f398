// Whatever fails, deft::lru_cache is as it was before, and leaks nothing.
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/lru_cache.hpp"

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"
#include "tests/support_types/faults.hpp"

namespace {

using deft_test::faults;
using deft_test::sweep;

struct throwing_hash {
  template <typename T>
  std::size_t operator()(const T& x) const {
    faults::point();
    return static_cast<std::size_t>(x.key % 3);
  }
};

struct throwing_equal {
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    faults::point();
    return a.key == b.key;
  }
};

template <typename T>
using test_cache =
    deft::lru_cache<T, T, throwing_hash, throwing_equal, deft_test::test_allocator<std::pair<const T, T>>>;

template <typename T>
std::vector<std::pair<int, int>> content(const test_cache<T>& c) {
  std::vector<std::pair<int, int>> result;
  for (const auto& entry : c) result.emplace_back(entry.first.key, entry.second.serial);
  return result;
}

template <typename T>
class LruCacheFailures : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(faults::alive, 0);
    EXPECT_EQ(faults::allocated, 0);
  }

  static test_cache<T> filled(std::size_t max_size, int entries) {
    test_cache<T> c(max_size, deft_test::test_allocator<std::pair<const T, T>>(1));
    for (int i = 0; i < entries; ++i) c.put(T(i, i), T(i, i));
    return c;
  }

  /// `operation` fails at each point in turn; before it gets through nothing has changed.
  template <typename Operation>
  static void check_strong(std::size_t max_size, int entries, Operation operation) {
    const auto before = content<T>(filled(max_size, entries));
    const auto result = sweep([&] { return filled(max_size, entries); }, operation,
                              [&](const test_cache<T>& c, bool completed) {
                                if (!completed) {
                                  EXPECT_EQ(content<T>(c), before);
                                }
                                for (const auto& [key, serial] : content<T>(c)) {
                                  ASSERT_NE(c.peek(T(key, 0)), nullptr);
                                  EXPECT_EQ(c.peek(T(key, 0))->serial, serial);
                                }
                              });
    EXPECT_TRUE(result.completed);
    EXPECT_GT(result.failures, 0);
  }
};

using elements = testing::Types<deft_test::move_only, deft_test::throwing_copy, deft_test::throwing_move,
                                deft_test::throwing_move_only, deft_test::constant, deft_test::over_aligned>;
TYPED_TEST_SUITE(LruCacheFailures, elements);

TYPED_TEST(LruCacheFailures, LeaveItAsItWasWhenANewKeyIsPut) {
  for (const int entries : {0, 3, 15, 16, 20, 40}) {
    this->check_strong(40, entries,
                       [](test_cache<TypeParam>& c) { c.put(TypeParam(100, 1), TypeParam(100, 2)); });
  }
}

TYPED_TEST(LruCacheFailures, LeaveItAsItWasWhenAValueIsReplaced) {
  this->check_strong(5, 5, [](test_cache<TypeParam>& c) { c.put(TypeParam(2, 50), TypeParam(2, 51)); });
}

TYPED_TEST(LruCacheFailures, LeaveItAsItWasWhenAValueIsComputed) {
  if constexpr (std::is_copy_constructible_v<TypeParam>) {
    this->check_strong(5, 5, [](test_cache<TypeParam>& c) {
      (void)c.find_or_compute(TypeParam(9, 9), [](const TypeParam& key) {
        faults::point();
        return TypeParam(key.key, 7);
      });
    });
  }
}

TYPED_TEST(LruCacheFailures, LeaveItAsItWasWhenAnEntryIsLookedUpOrRemoved) {
  this->check_strong(5, 5, [](test_cache<TypeParam>& c) {
    if (c.find(TypeParam(2, 0)) == nullptr) ADD_FAILURE();
  });
  this->check_strong(5, 5, [](test_cache<TypeParam>& c) { c.invalidate(TypeParam(2, 0)); });
}

TYPED_TEST(LruCacheFailures, LeaveBothAsTheyWereWhenOneIsCopied) {
  if constexpr (std::is_copy_constructible_v<TypeParam>) {
    const auto source = this->filled(30, 20);
    const auto expected = content<TypeParam>(source);
    this->check_strong(5, 5, [&](test_cache<TypeParam>& c) { c = source; });
    EXPECT_EQ(content<TypeParam>(source), expected);
    auto copy = source;
    EXPECT_EQ(content<TypeParam>(copy), expected);
  }
}

TYPED_TEST(LruCacheFailures, NeverComeFromShrinkingMovingAndSwapping) {
  auto c = this->filled(30, 20);
  faults::countdown = 0;
  c.resize(7);
  auto moved = std::move(c);
  moved.swap(c);
  c.clear();
  const bool failed = faults::countdown != 0;
  faults::countdown = -1;
  EXPECT_FALSE(failed);
}

TYPED_TEST(LruCacheFailures, AllocateNothingOnAHit) {
  auto c = this->filled(30, 30);
  const long before = faults::allocated;
  for (int i = 0; i < 30; ++i) EXPECT_NE(c.find(TypeParam(i, 0)), nullptr);
  for (int i = 100; i < 200; ++i) c.put(TypeParam(i, 0), TypeParam(i, 0));  // nor when it is full
  EXPECT_EQ(faults::allocated, before);
}

TYPED_TEST(LruCacheFailures, MovesEntriesBetweenUnequalAllocators) {
  if constexpr (std::is_copy_constructible_v<TypeParam>) {
    auto c = this->filled(30, 20);
    const auto expected = content<TypeParam>(c);
    test_cache<TypeParam> other(3, deft_test::test_allocator<std::pair<const TypeParam, TypeParam>>(2));
    other = std::move(c);
    EXPECT_EQ(content<TypeParam>(other), expected);
    EXPECT_TRUE(c.empty());  // NOLINT(bugprone-use-after-move)
  }
}

TEST(LruCacheMemory, IsSixteenBytesAnEntryBesideNumbers) {
  using entry = std::pair<const int, int>;
  using allocator = deft_test::test_allocator<entry>;
  {
    deft::lru_cache<int, int, deft::hash<int>, std::equal_to<>, allocator> c(10'000, allocator(1));
    EXPECT_EQ(faults::allocated, 0);
    for (int i = 0; i < 20'000; ++i) c.put(i, i);
    EXPECT_LE(faults::allocated, static_cast<long>(10'000 * (sizeof(entry) + 16) + 200));
  }
  EXPECT_EQ(faults::allocated, 0);
}

}  // namespace
