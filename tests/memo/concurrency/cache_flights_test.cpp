// Flights in caches of every policy. The details are single_flight's tests.
#include <atomic>
#include <barrier>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/errors.hpp"

#include "tests/memo/concurrency/policies.hpp"
#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

template <typename Types>
class CacheFlights : public testing::Test {
 protected:
  /// What computing and looking up have to say. Not a template: a cache compiles its search and its flights
  /// anew for each type of function.
  static int get(typename Types::cache_type& cache, int key, const std::function<int()>& f) {
    return Types::number(cache.get_or_compute(Types::key(key), [&] { return Types::value(f()); }));
  }
};

TYPED_TEST_SUITE(CacheFlights, every_policy, policy_names);

TYPED_TEST(CacheFlights, ComputeOnceForSixtyFourThreads) {
  typename TypeParam::cache_type cache;
  std::atomic<int> calls{0};
  in_threads(64, [&](int) {
    EXPECT_EQ(this->get(cache, 7,
                        [&] {
                          await_waiting_threads(63);
                          return ++calls;
                        }),
              1);
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(cache.info().misses, 64);
  EXPECT_EQ(cache.info().hits, 0);
  EXPECT_EQ(cache.size(), 1);
}

TYPED_TEST(CacheFlights, ShareAnExceptionAndTryAgainAtTheNextCall) {
  typename TypeParam::cache_type cache;
  std::atomic<int> calls{0};
  std::atomic<int> thrown{0};
  auto throw_once = [&] {
    if (++calls > 1) return 6;
    await_waiting_threads(64);
    throw std::runtime_error("once");
  };
  in_threads(65, [&](int) {
    try {
      this->get(cache, 1, throw_once);
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  });
  EXPECT_EQ(thrown, 65);
  EXPECT_EQ(this->get(cache, 1, throw_once), 6);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(cache.info().load_failures, 1);
  EXPECT_EQ(cache.info().misses, 66);
}

TYPED_TEST(CacheFlights, LetAFunctionWantOtherKeys) {
  typename TypeParam::cache_type cache;
  int calls = 0;
  const std::function<int(int)> fibonacci = [&](int n) {
    return this->get(cache, n, [&, n] {
      ++calls;
      return n < 2 ? n : (fibonacci(n - 1) + fibonacci(n - 2)) % 1'000'007;
    });
  };
  EXPECT_EQ(fibonacci(90), 2880067194370816120 % 1'000'007);
  EXPECT_EQ(calls, 91);
}

TYPED_TEST(CacheFlights, RefuseRecursionOnTheSameKey) {
  typename TypeParam::cache_type cache;
  const std::function<int()> f = [&] { return this->get(cache, 1, f); };
  EXPECT_THROW(this->get(cache, 1, f), recursive_memo_error);
  EXPECT_EQ(this->get(cache, 1, [] { return 5; }), 5);
}

TYPED_TEST(CacheFlights, RefuseACircleOfThreadsAndOfCaches) {
  typename TypeParam::cache_type first;
  typename TypeParam::cache_type second;
  for (const bool one : {true, false}) {
    std::barrier leading(2);
    std::atomic<int> thrown{0};
    in_threads(2, [&](int i) {
      auto& own = one || i == 0 ? first : second;
      auto& other = one || i == 1 ? first : second;
      try {
        this->get(own, i, [&] {
          leading.arrive_and_wait();
          return this->get(other, 1 - i, [] { return 0; });
        });
      } catch (const recursive_memo_error&) {
        ++thrown;
      }
    });
    EXPECT_EQ(thrown, 2);
    EXPECT_EQ(first.size() + second.size(), 0);
  }
}

TYPED_TEST(CacheFlights, KeepWhatWasOvertakenOutOfTheCache) {
  for (const flight how : {flight::single, flight::duplicate}) {
    typename TypeParam::cache_type cache({.flight = how});
    const auto key = TypeParam::key(1);
    auto expect_overtaken = [&](auto change, int then) {
      EXPECT_EQ(this->get(cache, 1, [&] { return change(), 1; }), 1);
      EXPECT_EQ(this->get(cache, 1, [] { return 3; }), then);
      cache.clear();
    };
    expect_overtaken([&] { cache.invalidate(key); }, 3);
    expect_overtaken([&] { cache.clear(); }, 3);
    expect_overtaken([&] { cache.invalidate_if([](const auto&, const auto&) { return false; }); }, 3);
    expect_overtaken([&] { cache.put(key, TypeParam::value(2)); }, 2);
    expect_overtaken([&] { cache.resize(1'000); }, 1);
  }
}

// functools' test_lru_cache_threaded2.
TYPED_TEST(CacheFlights, RunAtTheSameTimeWhenTheyAreDuplicates) {
  constexpr int n = 5;
  constexpr int m = 7;
  typename TypeParam::cache_type cache({.max_size = unbounded, .flight = flight::duplicate});
  std::barrier start(n);
  std::barrier pause(n);
  in_threads(n, [&](int) {
    for (int i = 0; i < m; ++i) {
      start.arrive_and_wait();
      EXPECT_EQ(this->get(cache, i,
                          [&] {
                            pause.arrive_and_wait();
                            return 3 * i;
                          }),
                3 * i);
    }
  });
  EXPECT_EQ(cache.info().hits, 0);
  EXPECT_EQ(cache.info().misses, n * m);
  EXPECT_EQ(cache.size(), m);
}

TYPED_TEST(CacheFlights, AreSharedWhereNothingIsEverStored) {
  typename TypeParam::cache_type cache({.max_size = 0});
  const bool stores = std::is_same_v<TypeParam, numbers<policy::unbounded>>;
  int calls = 0;
  for (int i = 0; i < 3; ++i) this->get(cache, 1, [&] { return ++calls; });
  EXPECT_EQ(calls, stores ? 1 : 3);
  std::atomic<int> together{0};
  in_threads(8, [&](int) {
    this->get(cache, 2, [&] {
      await_waiting_threads(7);
      return ++together;
    });
  });
  EXPECT_EQ(together, 1);
}

}  // namespace
}  // namespace deft::test
