// Weights, listeners, names, statistics, sizes.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/named_caches.hpp"

namespace {

using deft::concurrent_cache;
using deft::removal_cause;
using text_cache = concurrent_cache<std::string, std::string, deft::policy::lru>;
using int_cache = concurrent_cache<int, int, deft::policy::lru>;

TEST(CacheWeight, TheBoundIsThatOfTheWeights) {
  text_cache cache({.max_size = 10, .weigher = [](const std::string& value) { return value.size(); }});
  cache.put("a", "xxxx");
  cache.put("b", "yyyy");
  EXPECT_EQ(cache.info().weight, 8U);
  cache.put("c", "zzz");
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.info().weight, 7U);
  EXPECT_FALSE(cache.pin("a"));
  EXPECT_EQ(cache.info().evictions, 1U);
}

TEST(CacheWeight, TooHeavyIsReturnedButNotStored) {
  text_cache cache({.max_size = 10, .weigher = [](const std::string& key, const std::string& value) {
                      return key.size() + value.size();
                    }});
  cache.put("a", "x");
  EXPECT_EQ(*cache.put("heavy", "0123456789"), "0123456789");
  EXPECT_EQ(cache.get_or_compute("heavy too", [] { return std::string(20, 'x'); }), std::string(20, 'x'));
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_TRUE(cache.pin("a"));
}

TEST(CacheWeight, ReplacingAndRemovingGiveTheWeightBack) {
  text_cache cache({.max_size = 100, .weigher = [](const std::string& value) { return value.size(); }});
  cache.put("a", std::string(30, 'x'));
  cache.put("b", std::string(30, 'x'));
  cache.put("a", std::string(10, 'x'));
  EXPECT_EQ(cache.info().weight, 40U);
  cache.invalidate("b");
  EXPECT_EQ(cache.info().weight, 10U);
  cache.clear();
  EXPECT_EQ(cache.info().weight, 0U);
}

TEST(CacheWeight, WeightlessEntriesAreWithoutNumber) {
  concurrent_cache<int, int, deft::policy::clock> cache(
      {.max_size = 1, .weigher = [](const int&) { return std::size_t{0}; }});
  for (int i = 0; i < 100'000; ++i) cache.put(i, i);
  EXPECT_EQ(cache.size(), 100'000U);
  for (int i = 0; i < 100'000; ++i) ASSERT_EQ(cache.get(i), i);
}

TEST(CacheWeight, ResizeEvictsWhatIsTooMuch) {
  text_cache cache({.max_size = 100, .weigher = [](const std::string& value) { return value.size(); }});
  for (int i = 0; i < 10; ++i) cache.put(std::to_string(i), std::string(10, 'x'));
  cache.resize(35);
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_TRUE(cache.pin("9"));
  EXPECT_FALSE(cache.pin("6"));
}

TEST(CacheListener, IsToldOfEachEntryThatLeavesAndWhy) {
  std::vector<std::tuple<std::string, std::string, removal_cause>> told;
  {
    text_cache cache(
        {.max_size = 2, .listener = [&](const std::string& k, const std::string& v, removal_cause c) {
           told.emplace_back(k, v, c);
         }});
    cache.put("a", "1");
    cache.put("a", "2");
    cache.put("b", "3");
    cache.put("c", "4");
    cache.invalidate("b");
    cache.invalidate("never there");
    cache.put("d", "5");
    cache.invalidate_if([](const std::string& k, const std::string&) { return k == "d"; });
    cache.clear();
    cache.put("e", "6");
  }
  using c = removal_cause;
  const std::vector<std::tuple<std::string, std::string, removal_cause>> expected = {{"a", "1", c::replaced},
                                                                                     {"a", "2", c::size},
                                                                                     {"b", "3", c::discarded},
                                                                                     {"d", "5", c::discarded},
                                                                                     {"c", "4", c::cleared}};
  EXPECT_EQ(told, expected) << "destruction tells of nothing";
}

TEST(CacheListener, WordsAreToldAsWell) {
  std::vector<std::pair<int, removal_cause>> told;
  int_cache cache(
      {.max_size = 3, .listener = [&](const int& v, removal_cause c) { told.emplace_back(v, c); }});
  for (int i = 0; i < 5; ++i) cache.put(i, 10 * i);
  cache.resize(1);
  const std::vector<std::pair<int, removal_cause>> expected = {{0, removal_cause::size},
                                                               {10, removal_cause::size},
                                                               {20, removal_cause::size},
                                                               {30, removal_cause::size}};
  EXPECT_EQ(told, expected);
  EXPECT_EQ(cache.info().evictions, 4U);
}

TEST(CacheListener, MayUseTheCache) {
  std::unique_ptr<int_cache> cache;
  std::vector<int> told;
  cache = std::make_unique<int_cache>(
      deft::memo_options{.max_size = 2, .listener = [&](const int& k, const int&, removal_cause) {
                           told.push_back(k);
                           if (k < 3) cache->put(k + 100, 0);
                         }});
  for (int i = 0; i < 4; ++i) cache->put(i, i);
  EXPECT_EQ(cache->size(), 2U);
  EXPECT_EQ(std::count(told.begin(), told.end(), 0), 1);
}

TEST(CacheListener, WhatItThrowsIsCountedAndGoesNoFurther) {
  int_cache cache(
      {.max_size = 1, .listener = [](const int&, removal_cause) { throw std::runtime_error("no"); }});
  cache.put(1, 1);
  cache.put(2, 2);
  cache.put(3, 3);
  EXPECT_EQ(cache.get(3), 3);
  EXPECT_EQ(cache.info().listener_failures, 2U);
}

TEST(CacheOptions, CallablesOfOtherTypesAreRefusedByName) {
  try {
    text_cache cache({.weigher = [](const int& v) { return static_cast<std::size_t>(v); }});
    FAIL();
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("weigher takes int where this cache has std::"), std::string::npos)
        << e.what();
  }
  EXPECT_THROW(text_cache({.listener = [](const int&, const std::string&, removal_cause) {}}),
               std::invalid_argument);
  EXPECT_THROW(int_cache({.expiry = [](const long&) { return std::chrono::nanoseconds(1); }}),
               std::invalid_argument);
}

TEST(CacheNames, NamedCachesAreListedWhileTheyLive) {
  const auto names = [] {
    std::vector<std::string> all;
    for (const auto& cache : deft::named_caches()) all.push_back(cache.name);
    return all;
  };
  EXPECT_EQ(names(), std::vector<std::string>{});
  {
    int_cache users({.name = "users"});
    const int_cache nameless;
    const text_cache pages({.max_size = 7, .name = "pages"});
    EXPECT_EQ(names(), (std::vector<std::string>{"users", "pages"}));
    users.put(1, 1);
    EXPECT_EQ(users.get(1), 1);
    EXPECT_EQ(deft::named_caches()[0].info.hits, 1U);
    EXPECT_EQ(deft::named_caches()[1].info.max_size, 7U);
  }
  EXPECT_EQ(names(), std::vector<std::string>{});
}

TEST(CacheStatistics, CountHitsMissesAndWhatIsThere) {
  int_cache cache({.max_size = 2});
  EXPECT_EQ(cache.get(1), std::nullopt);
  cache.put(1, 1);
  EXPECT_EQ(cache.get(1), 1);
  EXPECT_EQ(*cache.pin(1), 1);
  EXPECT_FALSE(cache.pin(2));
  EXPECT_EQ(cache.get_or_compute(2, [] { return 2; }), 2);
  EXPECT_EQ(cache.get_or_compute(2, [] { return 3; }), 2);
  EXPECT_THROW(cache.get_or_compute(3, []() -> int { throw 1; }), int);
  cache.put(4, 4);
  const deft::cache_info info = cache.info();
  EXPECT_EQ(info.hits, 3U);
  EXPECT_EQ(info.misses, 4U);
  EXPECT_EQ(info.load_failures, 1U);
  EXPECT_EQ(info.evictions, 1U);
  EXPECT_EQ(info.size, 2U);
  EXPECT_EQ(info.weight, 2U);
  EXPECT_EQ(info.max_size, 2U);
  cache.clear();
  EXPECT_EQ(cache.info().hits + cache.info().misses + cache.info().load_failures + cache.info().evictions,
            0U);
}

TEST(CacheStatistics, ImpureFunctionsAreFound) {
  int_cache cache({.verify = 1.0});
  int calls = 0;
  EXPECT_EQ(cache.get_or_compute(1, [&] { return ++calls; }), 1);
  EXPECT_EQ(cache.get_or_compute(1, [&] { return ++calls; }), 1) << "the old value goes on";
  EXPECT_EQ(cache.info().impure, 1U);
  EXPECT_EQ(cache.get_or_compute(1, [] { return 1; }), 1);
  EXPECT_EQ(cache.info().impure, 1U);
}

/// A cache of ints, or of texts, which lie in nodes.
template <typename T, typename Policy>
struct kind {
  using cache_type = concurrent_cache<T, T, Policy>;

  static T of(int n) {
    if constexpr (std::is_same_v<T, int>) {
      return n;
    } else {
      return std::to_string(n);
    }
  }
};

template <typename Kind>
class CacheSize : public testing::Test {
 protected:
  using cache_type = typename Kind::cache_type;

  // Each called from one place only: a cache's search is compiled anew wherever it is called.
  static void put(cache_type& cache, int n) { cache.put(Kind::of(n), Kind::of(n)); }

  /// Whether it is there.
  static bool holds(cache_type& cache, int n) {
    const auto value = cache.get(Kind::of(n));
    EXPECT_EQ(value.value_or(Kind::of(n)), Kind::of(n));
    return value.has_value();
  }

  static int count(cache_type& cache, int below) {
    int found = 0;
    for (int i = 0; i < below; ++i) found += holds(cache, i) ? 1 : 0;
    return found;
  }
};

using bounded = testing::Types<kind<int, deft::policy::fifo>, kind<int, deft::policy::lru>,
                               kind<int, deft::policy::clock>, kind<int, deft::policy::sieve>,
                               kind<int, deft::policy::s3_fifo>, kind<int, deft::policy::tiny_lfu>,
                               kind<std::string, deft::policy::lru>>;
TYPED_TEST_SUITE(CacheSize, bounded);

TYPED_TEST(CacheSize, IsNeverAboveTheBoundAndReachesItExactly) {
  for (const int max_size : {1, 2, 3, 15, 16, 17, 127, 1000, 4097, 20'000}) {
    const auto bound = static_cast<std::size_t>(max_size);
    typename TypeParam::cache_type cache({.max_size = bound});
    for (int i = 0; i < 4 * max_size; ++i) {
      this->put(cache, i);
      ASSERT_LE(cache.size(), bound);
    }
    EXPECT_EQ(cache.size(), bound);
    EXPECT_EQ(this->count(cache, 4 * max_size), max_size);
  }
}

TYPED_TEST(CacheSize, ZeroStoresNothing) {
  typename TypeParam::cache_type cache({.max_size = 0});
  EXPECT_EQ(*cache.put(TypeParam::of(1), TypeParam::of(1)), TypeParam::of(1));
  for (const int n : {2, 3}) {
    EXPECT_EQ(cache.get_or_compute(TypeParam::of(1), [n] { return TypeParam::of(n); }), TypeParam::of(n));
  }
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.info().misses, 2U);
}

TYPED_TEST(CacheSize, BoundsNearTheLargestNumberTakeNoMemoryBeforehand) {
  for (const std::size_t max_size :
       {deft::unbounded, deft::unbounded - 1, deft::unbounded / 2, std::size_t{1} << 40}) {
    typename TypeParam::cache_type cache({.max_size = max_size});
    for (int i = 0; i < 1000; ++i) this->put(cache, i);
    EXPECT_EQ(cache.size(), 1000U);
    EXPECT_EQ(this->count(cache, 1000), 1000);
    EXPECT_EQ(cache.info().max_size, max_size);
    EXPECT_EQ(cache.info().evictions, 0U);
  }
}

TYPED_TEST(CacheSize, AShardThatIsFullDivides) {
  typename TypeParam::cache_type cache({.max_size = 1'000'000, .shards = 1});
  for (int i = 0; i < 150'000; ++i) this->put(cache, i);
  EXPECT_EQ(cache.size(), 150'000U);
  EXPECT_EQ(this->count(cache, 150'000), 150'000);
}

TYPED_TEST(CacheSize, ResizeKeepsWhatFitsAndBoundsWhatComes) {
  typename TypeParam::cache_type cache({.max_size = 100});
  for (int i = 0; i < 100; ++i) this->put(cache, i);
  cache.resize(5000);
  EXPECT_EQ(cache.size(), 100U);
  for (int i = 100; i < 4000; ++i) this->put(cache, i);
  EXPECT_EQ(this->count(cache, 4000), 4000);
  cache.resize(10);
  EXPECT_EQ(cache.size(), 10U);
  EXPECT_EQ(cache.info().evictions, 3990U);
  for (int i = 10'000; i < 10'050; ++i) this->put(cache, i);
  EXPECT_EQ(cache.size(), 10U);
  cache.resize(0);
  EXPECT_EQ(cache.size(), 0U);
  this->put(cache, 1);
  EXPECT_EQ(cache.size(), 0U);
  cache.resize(1);
  this->put(cache, 1);
  EXPECT_TRUE(this->holds(cache, 1));
}

TEST(CacheOrder, ResizingKeepsTheOrderOfLru) {
  int_cache cache({.max_size = 10});
  for (int i = 0; i < 10; ++i) cache.put(i, i);
  EXPECT_EQ(cache.get(0), 0);
  EXPECT_EQ(cache.get(5), 5);
  cache.resize(4);
  for (const int kept : {8, 9, 0, 5}) EXPECT_EQ(cache.get(kept), kept) << kept;
  for (const int gone : {1, 2, 3, 4, 6, 7}) EXPECT_EQ(cache.get(gone), std::nullopt) << gone;
}

TEST(CacheOrder, AnInvalidatedEntrysRoomIsUsedAtOnce) {
  int_cache cache({.max_size = 3});
  for (int i = 0; i < 3; ++i) cache.put(i, i);
  EXPECT_TRUE(cache.invalidate(1));
  cache.put(3, 3);
  EXPECT_EQ(cache.get(0), 0);
  EXPECT_EQ(cache.get(2), 2);
  EXPECT_EQ(cache.get(3), 3);
}

TEST(CacheHandles, OutliveEvictionReplacementAndTheCache) {
  deft::handle<std::string> evicted;
  deft::handle<std::string> replaced;
  deft::handle<std::string> last;
  {
    text_cache cache({.max_size = 2});
    evicted = cache.put("a", "first");
    replaced = cache.put("b", "second");
    cache.put("b", "third");
    cache.put("c", "x");
    cache.put("d", "x");
    EXPECT_FALSE(cache.pin("a"));
    last = cache.pin("d");
  }
  EXPECT_EQ(*evicted, "first");
  EXPECT_EQ(*replaced, "second");
  EXPECT_EQ(*last, "x");
}

TEST(CacheValues, MoveOnlyOnesArePinned) {
  concurrent_cache<int, std::unique_ptr<int>, deft::policy::lru> cache;
  EXPECT_EQ(**cache.pin_or_compute(1, [] { return std::make_unique<int>(5); }), 5);
  EXPECT_EQ(**cache.pin(1), 5);
  EXPECT_EQ(**cache.put(2, std::make_unique<int>(6)), 6);
}

TEST(CacheValues, NeedNeitherBeAssignableNorHaveADefault) {
  struct fixed {
    explicit fixed(int v) : value(v) {}

    const int value;
  };

  concurrent_cache<int, fixed, deft::policy::clock> cache({.max_size = 2});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(cache.get_or_compute(i, [&] { return fixed(10 * i); }).value, 10 * i);
  EXPECT_EQ(cache.put(4, fixed(41))->value, 41);
  EXPECT_EQ(cache.get(4)->value, 41);
}

TEST(CacheValues, AnEvictedValueIsDestroyedAtOnceWhileOneThreadUsesCaches) {
  const auto value = std::make_shared<int>(1);
  concurrent_cache<int, std::shared_ptr<int>, deft::policy::lru> cache({.max_size = 3});
  for (int i = 0; i < 10; ++i) {
    cache.put(i, value);
    EXPECT_EQ(value.use_count(), 1 + std::min(i + 1, 3));
  }
}

}  // namespace
