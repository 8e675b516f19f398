// Many threads at once. DEFT_STRESS_OPERATIONS=n sets how much each does (the default is small).
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <latch>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"

#include "tests/memo/concurrency/policies.hpp"
#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

int operations() {
  const char* const wanted = std::getenv("DEFT_STRESS_OPERATIONS");
  return wanted != nullptr ? std::atoi(wanted) : 20'000;
}

template <typename Types>
class CacheStress : public testing::Test {};

TYPED_TEST_SUITE(CacheStress, every_policy, policy_names);

/// 64 threads that want 1,000 keys, while another one clears and resizes. @returns How often each was
/// computed.
template <typename Types>
std::vector<std::atomic<int>> hammer(typename Types::cache_type& cache, int clears) {
  constexpr int threads = 64;
  constexpr int keys = 1'000;
  std::vector<std::atomic<int>> calls(keys);
  std::atomic<int> running{threads};
  std::latch start(threads + 1);
  std::jthread disturber([&] {
    start.arrive_and_wait();
    for (int i = 0; running != 0; ++i) {
      if (i < clears) cache.clear();
      cache.resize(i % 2 == 0 ? 8'000 : 4'000);
      std::this_thread::yield();
    }
  });
  in_threads(threads, [&](int thread) {
    std::minstd_rand random(static_cast<unsigned>(thread) + 1);
    start.arrive_and_wait();
    for (int i = 0; i < operations() / threads + keys; ++i) {
      // All want all keys, in different orders; then at random.
      const int n = static_cast<int>(i < keys ? (i * 7 + thread % 8) % keys : random() % keys);
      const auto got = cache.get_or_compute(Types::key(n), [&] {
        ++calls[n];
        return Types::value(n);
      });
      ASSERT_EQ(Types::number(got), n);
    }
    --running;
  });
  return calls;
}

TYPED_TEST(CacheStress, ComputesEachKeyOnceWhileTheCacheIsResized) {
  typename TypeParam::cache_type cache({.max_size = 4'000});
  const auto calls = hammer<TypeParam>(cache, 0);
  EXPECT_TRUE(std::ranges::all_of(calls, [](int n) { return n == 1; }));
  EXPECT_EQ(cache.size(), calls.size());
}

TYPED_TEST(CacheStress, ComputesEachKeyAtMostOnceForEachTimeItIsCleared) {
  constexpr int clears = 20;
  typename TypeParam::cache_type cache({.max_size = 4'000});
  const auto calls = hammer<TypeParam>(cache, clears);
  EXPECT_TRUE(std::ranges::all_of(calls, [](int n) { return n >= 1 && n <= 1 + clears; }));
}

/// Does everything that a cache can do to 300 keys, of which 200 fit.
template <typename Types>
void do_everything(typename Types::cache_type& cache, unsigned seed, int n) {
  constexpr int keys = 300;
  std::minstd_rand random(seed);
  for (int i = 0; i < n; ++i) {
    const int key = static_cast<int>(random() % keys);
    const auto own = Types::key(key);
    switch (random() % 64) {
      case 0:
        cache.put(own, Types::value(key));
        break;
      case 1:
        cache.invalidate(own);
        break;
      case 2: {
        const auto pinned = cache.pin(own);
        if (pinned) {
          ASSERT_EQ(Types::number(*pinned), key);
        }
        break;
      }
      case 3:
        if (i % 16 == 0) cache.resize(i % 32 == 0 ? 200 : 150);
        break;
      case 4:
        if (i % 16 == 0) cache.clear();
        break;
      case 5:
        if (i % 16 == 0)
          cache.invalidate_if([](const auto&, const auto& value) { return Types::number(value) % 7 == 0; });
        break;
      case 6:
        ASSERT_LE(cache.info().size, keys);
        break;
      default:
        if (random() % 2 == 0) {
          const auto got = cache.get(own);
          if (got) {
            ASSERT_EQ(Types::number(*got), key);
          }
        } else {
          ASSERT_EQ(Types::number(cache.get_or_compute(own, [&] { return Types::value(key); })), key);
        }
    }
  }
}

TYPED_TEST(CacheStress, GivesEachKeyItsOwnValueWhateverFourThreadsDo) {
  typename TypeParam::cache_type cache({.max_size = 200});
  in_threads(4, [&](int thread) {
    do_everything<TypeParam>(cache, static_cast<unsigned>(thread) + 1, operations());
  });
}

}  // namespace
}  // namespace deft::test
