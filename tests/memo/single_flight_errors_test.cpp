// What becomes of a function's exception.
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

int fail() {
  throw std::runtime_error("failed");
}

TEST(SingleFlightError, ReachesAllWhoWaitAndTheNextCallComputesAgain) {
  mock_cache<int, int> cache;
  std::atomic<int> calls{0};
  std::atomic<int> thrown{0};
  auto throw_once = [&] {
    if (++calls > 1) return 6;
    await_waiting_threads(64);
    return fail();
  };
  in_threads(65, [&](int) {
    try {
      cache.get(1, throw_once);
    } catch (const std::runtime_error& error) {
      thrown += error.what() == std::string("failed");
    }
  });
  EXPECT_EQ(thrown, 65);
  EXPECT_EQ(*cache.get(1, throw_once), 6);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(cache.core.load_failures, 1);
  EXPECT_EQ(cache.core.misses, 66);
}

TEST(SingleFlightError, IsTheSameObjectForAllWhoWait) {
  mock_cache<int, int> cache;
  std::vector<const std::exception*> seen(8);
  std::vector<std::exception_ptr> kept(8);
  in_threads(8, [&](int i) {
    try {
      cache.get(1, [&] {
        await_waiting_threads(7);
        return fail();
      });
    } catch (const std::exception& error) {
      seen[i] = &error;
      kept[i] = std::current_exception();
    }
  });
  EXPECT_EQ(seen, std::vector<const std::exception*>(8, seen[0]));
}

TEST(SingleFlightError, MayBeOfAnyType) {
  mock_cache<int, int> cache;
  EXPECT_THROW(cache.get(1, []() -> int { throw 5; }), int);
}

TEST(RetryEach, LetsWhoWaitedTryOneAfterAnother) {
  mock_cache<int, int> cache({.on_error = on_error::retry_each});
  std::atomic<int> calls{0};
  std::atomic<int> thrown{0};
  std::atomic<int> running{0};
  std::atomic<int> got{0};
  in_threads(16, [&](int) {
    try {
      got += *cache.get(1, [&] {
        EXPECT_EQ(++running, 1);
        const int call = ++calls;
        if (call == 1) await_waiting_threads(15);
        --running;
        return call <= 5 ? fail() : 100;
      });
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  });
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(thrown, 5);
  EXPECT_EQ(got, 1100);
  EXPECT_EQ(cache.core.load_failures, 5);
  EXPECT_EQ(cache.core.misses + cache.core.hits, 16);
}

/// A clock that stands still until it is told.
struct fake_clock {
  std::atomic<nanoseconds> now{nanoseconds(0)};

  memo_options options(nanoseconds time, flight how = flight::single) {
    return {.flight = how, .on_error = on_error::cache_for(time), .clock = [this] {
              return std::chrono::steady_clock::time_point(now.load());
            }};
  }
};

TEST(CacheFor, GivesTheExceptionWithoutRunningTheFunctionUntilItsTimeIsUp) {
  for (const flight how : {flight::single, flight::duplicate}) {
    fake_clock clock;
    mock_cache<std::string, int> cache(clock.options(milliseconds(10), how));
    int calls = 0;
    auto f = [&] { return ++calls, fail(); };
    EXPECT_THROW(cache.get("k", f), std::runtime_error);
    clock.now = milliseconds(9);
    EXPECT_THROW(cache.get("k", f), std::runtime_error);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(cache.core.load_failures, 1);
    EXPECT_EQ(cache.core.misses, 2);
    EXPECT_EQ(*cache.get("other", [] { return 1; }), 1);
    clock.now = milliseconds(10);
    EXPECT_THROW(cache.get("k", f), std::runtime_error);
    EXPECT_EQ(calls, 2);
    clock.now = milliseconds(20);
    EXPECT_EQ(*cache.get("k", [] { return 4; }), 4);
    EXPECT_EQ(*cache.get("k", f), 4);
  }
}

TEST(CacheFor, MayLastForEver) {
  fake_clock clock;
  clock.now = std::chrono::hours(1);
  mock_cache<int, int> cache(clock.options(never));
  EXPECT_THROW(cache.get(1, fail), std::runtime_error);
  clock.now = nanoseconds::max() - nanoseconds(1);
  EXPECT_THROW(cache.get(1, [] { return 1; }), std::runtime_error);
}

TEST(CacheFor, OfNoTimeRemembersNothing) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(nanoseconds(0)));
  EXPECT_THROW(cache.get(1, fail), std::runtime_error);
  EXPECT_EQ(*cache.get(1, [] { return 1; }), 1);
}

TEST(CacheFor, ForgetsWhatIsPutInvalidatedOrCleared) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(milliseconds(10)));
  auto fail_all = [&] {
    for (int k = 0; k < 4; ++k) EXPECT_THROW(cache.get(k, fail), std::runtime_error);
  };
  fail_all();
  cache.invalidate(1);
  EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
  cache.put(2, 6);
  EXPECT_EQ(*cache.get(2, [] { return 5; }), 6);
  cache.invalidate(2);
  EXPECT_EQ(*cache.get(2, [] { return 5; }), 5);
  EXPECT_THROW(cache.get(3, [] { return 5; }), std::runtime_error);
  cache.clear();
  EXPECT_EQ(*cache.get(3, [] { return 5; }), 5);
  EXPECT_EQ(*cache.get(0, [] { return 5; }), 5);
}

TEST(CacheFor, DoesNotRememberAFailureThatBeganBeforeAnInvalidation) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(milliseconds(10)));
  EXPECT_THROW(cache.get(1,
                         [&] {
                           cache.invalidate(1);
                           return fail();
                         }),
               std::runtime_error);
  EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
}

TEST(CacheFor, DoesNotRememberRecursion) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(milliseconds(10)));
  EXPECT_THROW(cache.get(1, [&] { return *cache.get(1, [] { return 0; }); }), recursive_memo_error);
  EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
}

TEST(CacheFor, RemembersABoundedNumberAndTheLatest) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(milliseconds(10)));
  constexpr int n = 5'000;
  for (int k = 0; k < n; ++k) EXPECT_THROW(cache.get(k, fail), std::runtime_error);
  EXPECT_THROW(cache.get(n - 1, [] { return 5; }), std::runtime_error);
  int remembered = 0;
  for (int k = 0; k < n; ++k) {
    try {
      cache.get(k, [] { return 5; });
    } catch (const std::runtime_error&) {
      ++remembered;
    }
  }
  EXPECT_EQ(remembered, 16 * 64);
}

TEST(CacheFor, AgreesWithANaiveModel) {
  fake_clock clock;
  mock_cache<int, int> cache(clock.options(milliseconds(10)));
  std::vector<nanoseconds> until(24, nanoseconds::min());
  std::uint64_t random = 1;
  for (int step = 0; step < 4'000; ++step) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const int key = static_cast<int>((random >> 33) % until.size());
    switch ((random >> 60) % 8) {
      case 0:
        clock.now = clock.now.load() + milliseconds(random >> 40 & 7);
        break;
      case 1:
        cache.invalidate(key);
        until[key] = nanoseconds::min();
        break;
      default: {
        bool ran = false;
        EXPECT_THROW(cache.get(key, [&] { return ran = true, fail(); }), std::runtime_error);
        ASSERT_EQ(ran, until[key] <= clock.now.load());
        if (ran) until[key] = clock.now.load() + milliseconds(10);
      }
    }
  }
}

}  // namespace
}  // namespace deft::test
