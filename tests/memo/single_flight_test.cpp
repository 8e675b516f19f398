// One computation for all who want the value at the same time.
#include <atomic>
#include <barrier>
#include <cstdint>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

TEST(SingleFlight, ComputesOnceForSixtyFourThreads) {
  mock_cache<int, int> cache;
  std::atomic<int> calls{0};
  std::atomic<int> right{0};
  in_threads(64, [&](int) {
    right += *cache.get(7, [&] {
      await_waiting_threads(63);
      return ++calls;
    }) == 1;
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(right, 64);
  EXPECT_EQ(cache.core.misses, 64);
  EXPECT_EQ(cache.core.hits, 0);
  EXPECT_EQ(waiting_threads(), 0);
}

TEST(SingleFlight, GivesAllWhoWaitTheSameObject) {
  mock_cache<std::string, std::unique_ptr<int>> cache;
  std::vector<handle<std::unique_ptr<int>>> got(16);
  in_threads(16, [&](int i) {
    got[i] = cache.get("a key", [] {
      await_waiting_threads(15);
      return std::make_unique<int>(3);
    });
  });
  for (const auto& h : got) EXPECT_EQ(h.get(), got[0].get());
  cache.clear();
  EXPECT_EQ(**got[15], 3);
}

TEST(SingleFlight, RunsDifferentKeysAtTheSameTime) {
  mock_cache<int, int> cache;
  std::barrier both(2);
  in_threads(2, [&](int i) {
    cache.get(i, [&] {
      both.arrive_and_wait();
      return i;
    });
  });
  EXPECT_EQ(cache.core.size(), 2);
}

TEST(SingleFlight, LooksOnceMoreBeforeItComputes) {
  mock_cache<int, int> cache;
  cache.put(1, 10);
  // As if the value had come between the caller's look and the flight.
  const auto got =
      cache.flights.run(cache.core, 1, detail::key_traits<int>::hash(1, 0), []() -> int { throw 1; });
  EXPECT_EQ(*got, 10);
  EXPECT_EQ(cache.core.hits, 1);
  EXPECT_EQ(cache.core.misses, 0);
}

TEST(SingleFlight, CountsTheMissBeforeItComputes) {
  mock_cache<int, int> cache;
  cache.get(1, [&] { return static_cast<int>(cache.core.misses); });
  EXPECT_EQ(*cache.get(1, [] { return 0; }), 1);
  EXPECT_EQ(cache.core.misses, 1);
  EXPECT_EQ(cache.core.hits, 1);
}

TEST(SingleFlight, HandsTheKeyToAFunctionThatTakesOne) {
  mock_cache<std::string, std::string> cache;
  EXPECT_EQ(*cache.get("view", [](std::string_view key) { return std::string(key) + "!"; }), "view!");
  EXPECT_EQ(*cache.get("owned", [](const std::string& key) { return key + "!"; }), "owned!");
  EXPECT_EQ(*cache.get("none", [] { return "!"; }), "!");
}

TEST(SingleFlight, ComputesOtherKeysInsideOfAComputation) {
  mock_cache<int, std::uint64_t> cache;
  int calls = 0;
  const std::function<std::uint64_t(int)> fibonacci = [&](int n) {
    return *cache.get(n, [&, n] {
      ++calls;
      return n < 2 ? static_cast<std::uint64_t>(n) : fibonacci(n - 1) + fibonacci(n - 2);
    });
  };
  EXPECT_EQ(fibonacci(90), 2880067194370816120U);
  EXPECT_EQ(calls, 91);
}

TEST(SingleFlight, TellsKeysOfTheSameHashApart) {
  mock_cache<int, int> cache;
  auto run = [&](int key, auto f) { return *cache.flights.run(cache.core, key, 42, f); };
  EXPECT_EQ(run(1, [&] { return 10 + run(2, [&] { return 20 + run(3, [] { return 30; }); }); }), 60);
  EXPECT_EQ(cache.core.size(), 3);
}

TEST(SingleFlight, JoinsTheRightFlightOfSeveralWithTheSameHash) {
  mock_cache<int, int> cache;
  std::latch leading(3);
  signal all_wait;
  std::atomic<int> calls{0};
  in_threads(6, [&](int i) {
    if (i >= 3) leading.wait();
    const auto got = cache.flights.run(cache.core, i % 3, 42, [&] {
      ++calls;
      leading.count_down();
      if (i == 0) {
        await_waiting_threads(3);
        all_wait.set();
      }
      all_wait.wait();
      return i;
    });
    EXPECT_EQ(*got, i % 3);
  });
  EXPECT_EQ(calls, 3);
}

// functools' test_lru_cache_threaded2.
TEST(DuplicateFlight, RunsTheFunctionInEveryThreadAtOnce) {
  constexpr int n = 5;
  constexpr int m = 7;
  mock_cache<int, int> cache({.flight = flight::duplicate});
  std::barrier start(n);
  std::barrier pause(n);
  in_threads(n, [&](int) {
    for (int i = 0; i < m; ++i) {
      start.arrive_and_wait();
      EXPECT_EQ(*cache.get(i,
                           [&] {
                             pause.arrive_and_wait();
                             return 3 * i;
                           }),
                3 * i);
    }
  });
  EXPECT_EQ(cache.core.hits, 0);
  EXPECT_EQ(cache.core.misses, n * m);
  EXPECT_EQ(cache.core.size(), m);
}

TEST(DuplicateFlight, GivesAllWhatWasStoredFirst) {
  mock_cache<int, int> cache({.flight = flight::duplicate});
  std::barrier pause(8);
  std::atomic<int> next{100};
  std::vector<int> got(8);
  in_threads(8, [&](int i) {
    got[i] = *cache.get(1, [&] {
      pause.arrive_and_wait();
      return ++next;
    });
  });
  EXPECT_EQ(got, std::vector<int>(8, got[0]));
  EXPECT_EQ(*cache.get(1, [] { return 0; }), got[0]);
}

TEST(DuplicateFlight, Recurses) {
  mock_cache<int, int> cache({.flight = flight::duplicate});
  int depth = 0;
  const std::function<int()> f = [&] { return ++depth < 3 ? *cache.get(1, f) : 9; };
  EXPECT_EQ(*cache.get(1, f), 9);
  EXPECT_EQ(depth, 3);
}

}  // namespace
}  // namespace deft::test
