// Expiry, told by a clock of the test's.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"

namespace {

using namespace std::chrono_literals;
using deft::concurrent_cache;
using deft::memo_options;
using int_cache = concurrent_cache<int, int, deft::policy::clock>;
using text_cache = concurrent_cache<std::string, std::string, deft::policy::lru>;

class CacheTime : public testing::Test {
 protected:
  memo_options with_clock(memo_options options) {
    options.clock = [this] {
      return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(now_.load()));
    };
    return options;
  }

  void pass(std::chrono::nanoseconds time) { now_ += time.count(); }

 private:
  std::atomic<std::int64_t> now_{1'000'000'000'000};
};

TEST_F(CacheTime, AnEntryIsReturnedUntilItsTimeToLiveIsOver) {
  int_cache cache(with_clock({.ttl = 10s}));
  cache.put(1, 11);
  pass(10s - 1ns);
  EXPECT_EQ(cache.get(1), 11);
  pass(1ns);
  EXPECT_EQ(cache.get(1), std::nullopt);
  EXPECT_FALSE(cache.pin(1));
}

TEST_F(CacheTime, TheSameForNodes) {
  text_cache cache(with_clock({.ttl = 10s}));
  cache.put("a", "first");
  pass(10s - 1ns);
  EXPECT_EQ(cache.get("a"), "first");
  pass(1ns);
  EXPECT_EQ(cache.get("a"), std::nullopt);
}

TEST_F(CacheTime, AHitDoesNotProlongTheTimeToLiveButTheIdleTime) {
  int_cache cache(with_clock({.ttl = 25s, .idle = 10s}));
  cache.put(1, 11);
  cache.put(2, 22);
  pass(9s);
  EXPECT_EQ(cache.get(1), 11);
  pass(9s);
  EXPECT_EQ(cache.get(1), 11);
  EXPECT_EQ(cache.get(2), std::nullopt) << "nobody asked for it for 18 s";
  pass(7s);
  EXPECT_EQ(cache.get(1), std::nullopt) << "25 s are over";
}

TEST_F(CacheTime, AnExpiredValueIsComputedAgain) {
  int_cache cache(with_clock({.ttl = 10s}));
  int calls = 0;
  const auto compute = [&] { return ++calls; };
  EXPECT_EQ(cache.get_or_compute(5, compute), 1);
  EXPECT_EQ(cache.get_or_compute(5, compute), 1);
  pass(10s);
  EXPECT_EQ(cache.get_or_compute(5, compute), 2);
  EXPECT_EQ(cache.size(), 1U);
}

TEST_F(CacheTime, ZeroOrLessMeansNeverReturned) {
  for (const auto ttl : {0ns, std::chrono::nanoseconds(-5)}) {
    int_cache cache(with_clock({.ttl = ttl}));
    EXPECT_EQ(*cache.put(1, 11), 11);
    EXPECT_EQ(cache.get(1), std::nullopt);
    EXPECT_EQ(cache.size(), 0U);
  }
}

TEST_F(CacheTime, OneEntryMayLiveShorterAlsoInACacheWithoutTimes) {
  int_cache cache(with_clock({}));
  for (int i = 0; i < 100; ++i) cache.put(i, i);
  cache.put(7, 77, 5s);
  EXPECT_EQ(cache.get(7), 77);
  pass(5s);
  EXPECT_EQ(cache.get(7), std::nullopt);
  pass(std::chrono::hours(24 * 365));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(cache.get(i), i == 7 ? std::nullopt : std::optional(i));
}

TEST_F(CacheTime, PutWithoutATimeAgainTakesTheTimeAway) {
  int_cache cache(with_clock({}));
  cache.put(7, 77, 5s);
  cache.put(7, 78);
  pass(5s);
  EXPECT_EQ(cache.get(7), 78);
}

TEST_F(CacheTime, TheExpiryFunctionDecidesPerEntry) {
  text_cache cache(
      with_clock({.ttl = 1h, .expiry = [](const std::string& key, const std::string& value) {
                    return std::chrono::nanoseconds(key == "short" ? 1s : value == "long" ? 2h : 1min);
                  }}));
  cache.put("short", "x");
  cache.put("other", "x");
  cache.put("long", "long");
  pass(1s);
  EXPECT_FALSE(cache.pin("short"));
  EXPECT_TRUE(cache.pin("other"));
  pass(1min);
  EXPECT_FALSE(cache.pin("other"));
  pass(1h);
  EXPECT_FALSE(cache.pin("long")) << "the shorter of both counts";
}

TEST_F(CacheTime, JitterShortensByUpToItsShare) {
  int_cache cache(with_clock({.max_size = 1000, .ttl = 100s, .jitter = 0.5}));
  for (int i = 0; i < 500; ++i) cache.put(i, i);
  std::set<std::size_t> seen;
  pass(50s - 1ns);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(cache.get(i), i);
  std::size_t left = 500;
  for (int step = 0; step < 10; ++step) {
    pass(5s);
    std::size_t now = 0;
    for (int i = 0; i < 500; ++i) now += cache.get(i).has_value() ? 1U : 0U;
    EXPECT_LE(now, left);
    seen.insert(left - now);
    left = now;
  }
  pass(1s);
  EXPECT_EQ(cache.remove_expired(), 500U);
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_GT(seen.size(), 3U) << "spread over the second half";
}

TEST_F(CacheTime, EmptyResultsHaveATimeOfTheirOwn) {
  using cache_type = concurrent_cache<int, std::optional<int>, deft::policy::lru>;
  cache_type cache(with_clock({.ttl = 1h, .negative_ttl = 10s}));
  cache.put(1, std::nullopt);
  cache.put(2, 22);
  EXPECT_EQ(cache.get(1), std::optional<std::optional<int>>(std::in_place, std::nullopt));
  pass(10s);
  EXPECT_FALSE(cache.get(1).has_value());
  EXPECT_EQ(cache.get(2), std::optional<std::optional<int>>(22));

  cache_type none(with_clock({.negative_ttl = 0s}));
  none.put(1, std::nullopt);
  EXPECT_EQ(none.size(), 0U);
}

TEST_F(CacheTime, ExpiredEntriesAreSweptByLaterStores) {
  int_cache cache(with_clock({.max_size = 1000, .ttl = 10s}));
  for (int i = 0; i < 500; ++i) cache.put(i, i);
  pass(10s);
  for (int i = 1000; i < 1300; ++i) cache.put(i, i);
  EXPECT_LT(cache.size(), 600U);
  EXPECT_GT(cache.info().expirations, 200U);
  for (int i = 1000; i < 1300; ++i) EXPECT_EQ(cache.get(i), i);
}

TEST_F(CacheTime, RemoveExpiredRemovesThemAndNothingElse) {
  text_cache cache(with_clock({.ttl = 10s}));
  for (int i = 0; i < 50; ++i) cache.put(std::to_string(i), "old");
  pass(9s);
  for (int i = 50; i < 60; ++i) cache.put(std::to_string(i), "new");
  pass(1s);
  EXPECT_EQ(cache.size(), 60U);
  EXPECT_EQ(cache.remove_expired(), 50U);
  EXPECT_EQ(cache.size(), 10U);
  EXPECT_EQ(cache.info().expirations, 50U);
}

TEST_F(CacheTime, TimesSurviveAResize) {
  int_cache cache(with_clock({.max_size = 100, .ttl = 10s}));
  for (int i = 0; i < 50; ++i) cache.put(i, i);
  pass(5s);
  cache.resize(1000);
  pass(5s - 1ns);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(cache.get(i), i);
  pass(1ns);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(cache.get(i), std::nullopt);
}

TEST_F(CacheTime, TheLongestTimesDoNotOverflow) {
  int_cache cache(with_clock({.ttl = deft::never - 1ns, .idle = deft::never - 1ns}));
  cache.put(1, 11);
  pass(std::chrono::hours(24 * 365 * 100));
  EXPECT_EQ(cache.get(1), 11);
}

TEST(CacheDefaultClock, EntriesExpireByTheSystemsTime) {
  int_cache cache({.ttl = 1h});
  cache.put(1, 11);
  EXPECT_EQ(cache.get(1), 11);
  int_cache soon({.ttl = 1ns});
  soon.put(1, 11);
  const auto end = std::chrono::steady_clock::now() + 30ms;  // more than a tick
  while (std::chrono::steady_clock::now() < end) {
  }
  EXPECT_EQ(soon.get(1), std::nullopt);
}

}  // namespace
