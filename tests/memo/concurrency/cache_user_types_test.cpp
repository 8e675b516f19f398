// Keys and values in a cache whose hash, equality, copy and destructor throw, or use the cache.
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"

#include "tests/memo/flight_mock.hpp"
#include "tests/memo/watched.hpp"

namespace deft::test {
namespace {

using act = watched::act;

template <typename Policy>
class CacheUserTypes : public testing::Test {
 protected:
  using cache_type = concurrent_cache<watched_key, watched_value, Policy>;

  ~CacheUserTypes() override {
    watched::watch = nullptr;
    EXPECT_EQ(watched::living, 0);
  }

  /// Wants four keys of two hashes inside of one another, and changes others of these hashes meanwhile.
  static int use_many_keys(cache_type& cache, int depth = 0) {
    const watched_value got = cache.get_or_compute(watched_key(depth), [&] {
      cache.put(watched_key(depth + 10), watched_value(depth));
      cache.invalidate(watched_key(depth + 12));
      cache.invalidate_if([](const auto& key, const auto&) { return key.number == 11; });
      return watched_value(depth == 3 ? 0 : 1 + use_many_keys(cache, depth + 1));
    });
    return got.number;
  }

  /// Whether the cache is as it should be for who looks at all its entries.
  static void expect_sound(cache_type& cache) {
    std::size_t seen = 0;
    cache.invalidate_if([&](const auto& key, const auto& value) {
      EXPECT_TRUE(key.number >= 10 ? value.number == key.number - 10 : value.number == 3 - key.number);
      ++seen;
      return false;
    });
    EXPECT_EQ(seen, cache.size());
  }
};

using orders = testing::Types<policy::lru, policy::s3_fifo>;
TYPED_TEST_SUITE(CacheUserTypes, orders);

TYPED_TEST(CacheUserTypes, LeaveASoundCacheWhereverOneThrows) {
  bool thrown = true;
  int first_to_throw = 0;
  for (; thrown; ++first_to_throw) {
    typename TestFixture::cache_type cache;
    int until_throw = first_to_throw;
    watched::watch = [&](act what) {
      if (what != act::destroy && until_throw-- == 0) throw std::runtime_error("user");
    };
    thrown = false;
    try {
      this->use_many_keys(cache);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    watched::watch = nullptr;
    this->expect_sound(cache);
    EXPECT_EQ(this->use_many_keys(cache), 3);
    this->expect_sound(cache);
  }
  EXPECT_GT(first_to_throw, 30);
}

TYPED_TEST(CacheUserTypes, MayUseTheCacheInWhateverTheyDo) {
  typename TestFixture::cache_type cache({.max_size = 6});
  bool inside = false;
  int times = 0;
  watched::watch = [&](act what) {
    if (std::exchange(inside, true)) return;
    ++times;
    static_cast<void>(cache.pin(watched_key(21)));
    // A comparison that changed the cache each time would make the search begin again each time.
    if (what != act::equal) {
      cache.get_or_compute(watched_key(21), [] { return watched_value(11); });
      cache.put(watched_key(23), watched_value(13));
      if (times % 8 == 0) cache.clear();
      if (times % 8 == 4) cache.resize(times % 16 == 4 ? 4 : 6);
    }
    inside = false;
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(this->use_many_keys(cache), 3);
  watched::watch = nullptr;
  EXPECT_GT(times, 100);
  this->expect_sound(cache);
}

TYPED_TEST(CacheUserTypes, MayUseTheCacheInWhateverTheyDoInSeveralThreads) {
  typename TestFixture::cache_type cache({.max_size = 6});
  watched::watch = [&](act what) {
    thread_local bool inside = false;
    if (std::exchange(inside, true)) return;
    static_cast<void>(cache.pin(watched_key(21)));
    if (what != act::equal) {
      cache.put(watched_key(23), watched_value(13));
      cache.invalidate(watched_key(21));
    }
    inside = false;
  };
  in_threads(4, [&](int thread) {
    for (int i = 0; i < 100; ++i) {
      const int n = (thread + i) % 9;
      EXPECT_EQ(cache.get_or_compute(watched_key(n + 10), [&] { return watched_value(n); }).number, n);
    }
  });
  watched::watch = nullptr;
  this->expect_sound(cache);
}

}  // namespace
}  // namespace deft::test
