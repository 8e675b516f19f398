// Values that need themselves: an exception for all of them, and nobody hangs.
#include <array>
#include <barrier>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

TEST(RecursiveMemo, ThrowsForItsOwnKeyAndForgetsIt) {
  mock_cache<int, int> cache;
  const std::function<int()> f = [&] { return *cache.get(1, f); };
  EXPECT_THROW(cache.get(1, f), recursive_memo_error);
  EXPECT_EQ(cache.core.load_failures, 1);
  EXPECT_EQ(cache.core.misses, 2);
  EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
}

TEST(RecursiveMemo, IsALogicErrorThatAFunctionMayCatch) {
  mock_cache<int, int> cache;
  const std::function<int()> f = [&] {
    try {
      return *cache.get(1, f);
    } catch (const std::logic_error&) {
      return 8;
    }
  };
  EXPECT_EQ(*cache.get(1, f), 8);
}

TEST(RecursiveMemo, ThrowsForItsOwnKeyAlthoughThatWasInvalidated) {
  mock_cache<int, int> cache;
  int calls = 0;
  const std::function<int()> f = [&] {
    if (++calls == 100) return 0;
    cache.invalidate(1);
    return *cache.get(1, f);
  };
  EXPECT_THROW(cache.get(1, f), recursive_memo_error);
  EXPECT_EQ(calls, 1);
}

TEST(RecursiveMemo, ThrowsThroughOtherKeys) {
  mock_cache<int, int> cache;
  const std::function<int(int)> f = [&](int n) { return *cache.get(n, [&, n] { return f((n + 1) % 5); }); };
  EXPECT_THROW(f(0), recursive_memo_error);
  EXPECT_EQ(cache.core.size(), 0);
}

// `n` threads, each of which computes its own key and then wants the next one's.
template <typename CacheOf>
void expect_circle_throws(int n, CacheOf cache_of) {
  std::barrier leading(n);
  std::atomic<int> thrown{0};
  in_threads(n, [&](int i) {
    try {
      cache_of(i).get(i, [&, i] {
        leading.arrive_and_wait();
        const int next = (i + 1) % n;
        return *cache_of(next).get(next, [] { return 0; });
      });
    } catch (const recursive_memo_error&) {
      ++thrown;
    }
  });
  EXPECT_EQ(thrown, n);
  EXPECT_EQ(waiting_threads(), 0);
}

TEST(RecursiveMemo, ThrowsInBothOfTwoThreadsThatWaitForEachOther) {
  mock_cache<int, int> cache;
  for (int repeat = 0; repeat < 20; ++repeat) {
    expect_circle_throws(2, [&](int) -> auto& { return cache; });
    EXPECT_EQ(cache.core.size(), 0);
  }
}

TEST(RecursiveMemo, ThrowsInALongerCircle) {
  mock_cache<int, int> cache;
  for (int n : {3, 4, 9}) expect_circle_throws(n, [&](int) -> auto& { return cache; });
}

TEST(RecursiveMemo, ThrowsInACircleThroughSeveralCaches) {
  mock_cache<int, int> first;
  mock_cache<int, int> second;
  expect_circle_throws(2, [&](int i) -> auto& { return i == 0 ? first : second; });
  expect_circle_throws(5, [&](int i) -> auto& { return i % 2 == 0 ? first : second; });
}

TEST(RecursiveMemo, ThrowsInACircleThroughCachesOfDifferentTypes) {
  mock_cache<int, int> numbers;
  mock_cache<std::string, std::string> texts;
  std::barrier leading(2);
  std::atomic<int> thrown{0};
  in_threads(2, [&](int i) {
    try {
      if (i == 0) {
        numbers.get(1, [&] {
          leading.arrive_and_wait();
          return static_cast<int>(texts.get("one", [] { return ""; })->size());
        });
      } else {
        texts.get("one", [&] {
          leading.arrive_and_wait();
          return std::to_string(*numbers.get(1, [] { return 0; }));
        });
      }
    } catch (const recursive_memo_error&) {
      ++thrown;
    }
  });
  EXPECT_EQ(thrown, 2);
}

TEST(RecursiveMemo, ReachesThoseWhoOnlyWaitForACircle) {
  mock_cache<int, int> cache;
  signal leads_0;
  signal leads_1;
  std::atomic<int> thrown{0};
  auto expect_thrown = [&](int key, auto f) {
    try {
      cache.get(key, f);
    } catch (const recursive_memo_error&) {
      ++thrown;
    }
  };
  in_threads(4, [&](int i) {
    if (i == 0) {
      expect_thrown(0, [&] {
        leads_0.set();
        leads_1.wait();
        return *cache.get(1, [] { return 0; });
      });
    } else if (i == 1) {
      expect_thrown(1, [&] {
        leads_1.set();
        leads_0.wait();
        await_waiting_threads(3);  // The first thread for 1, the others for 0.
        return *cache.get(0, [] { return 0; });
      });
    } else {
      leads_0.wait();
      expect_thrown(0, [] { return 0; });
    }
  });
  EXPECT_EQ(thrown, 4);
}

TEST(RecursiveMemo, IsNotThrownWhereWaitingThreadsOnlyFormAChain) {
  mock_cache<int, int> cache;
  constexpr int n = 8;
  std::barrier leading(n);
  in_threads(n, [&](int i) {
    EXPECT_EQ(*cache.get(i,
                         [&, i] {
                           leading.arrive_and_wait();
                           return i == n - 1 ? 0 : 1 + *cache.get(i + 1, [] { return -1; });
                         }),
              n - 1 - i);
  });
}

// A thread that was woken but has not run yet does not wait any more: what led it to sleep may want its
// flight.
TEST(RecursiveMemo, IsNotThrownForThreadsThatWaitForEachOtherOneAfterTheOther) {
  mock_cache<int, int> cache;
  for (int repeat = 0; repeat < 200; ++repeat) {
    signal leads_0;
    signal leads_1;
    const int key = 2 * repeat;
    in_threads(2, [&](int i) {
      if (i == 0) {
        EXPECT_EQ(*cache.get(key,
                             [&] {
                               leads_0.set();
                               leads_1.wait();
                               await_waiting_threads(1);
                               return 4;
                             }),
                  4);
        EXPECT_EQ(*cache.get(key + 1, [] { return 5; }), 5);
      } else {
        EXPECT_EQ(*cache.get(key + 1,
                             [&] {
                               leads_1.set();
                               leads_0.wait();
                               return 1 + *cache.get(key, [] { return 0; });
                             }),
                  5);
      }
    });
  }
}

}  // namespace
}  // namespace deft::test
