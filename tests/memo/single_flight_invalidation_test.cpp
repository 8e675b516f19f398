// put, invalidate and clear while a value is computed: its callers get it, the cache does not.
#include <atomic>
#include <string>

#include <gtest/gtest.h>

#include "tests/memo/flight_mock.hpp"

namespace deft::test {
namespace {

template <typename Change>
void expect_not_stored(flight how, Change change) {
  mock_cache<std::string, int> cache({.flight = how});
  EXPECT_EQ(*cache.get("k",
                       [&] {
                         EXPECT_EQ(*cache.get("inner", [] { return 2; }), 2);
                         change(cache);
                         return 1;
                       }),
            1);
  EXPECT_EQ(*cache.get("k", [] { return 3; }), 3);
  EXPECT_EQ(*cache.get("k", [] { return 4; }), 3);
}

TEST(SingleFlightInvalidation, KeepsWhatIsComputedOutOfTheCache) {
  for (const flight how : {flight::single, flight::duplicate}) {
    expect_not_stored(how, [](auto& cache) { cache.invalidate("k"); });
    expect_not_stored(how, [](auto& cache) { cache.clear(); });
  }
}

TEST(SingleFlightInvalidation, OfAnotherKeyChangesNothing) {
  mock_cache<int, int> cache;
  cache.get(1, [&] {
    cache.invalidate(2);
    cache.put(3, 3);
    return 1;
  });
  EXPECT_EQ(*cache.get(1, [] { return 9; }), 1);
}

TEST(SingleFlightInvalidation, OfAnotherKeyWithTheSameHashChangesNothing) {
  mock_cache<int, int> cache;
  cache.flights.run(cache.core, 1, 42, [&] {
    cache.flights.cancel(2, 42);
    return 1;
  });
  EXPECT_EQ(cache.core.size(), 1);
}

TEST(SingleFlightInvalidation, LeavesWhatWasPutMeanwhile) {
  for (const flight how : {flight::single, flight::duplicate}) {
    mock_cache<int, int> cache({.flight = how});
    EXPECT_EQ(*cache.get(1,
                         [&] {
                           cache.put(1, 20);
                           return 10;
                         }),
              10);
    EXPECT_EQ(*cache.get(1, [] { return 30; }), 20);
  }
}

TEST(SingleFlightInvalidation, GivesTheOldValueToWhoWaitedAndStartsANewFlightForWhoComesLater) {
  mock_cache<int, int> cache;
  signal leads;
  signal cleared;
  signal second_done;
  std::atomic<int> calls{0};
  in_threads(3, [&](int i) {
    if (i == 0) {  // leads
      EXPECT_EQ(*cache.get(1,
                           [&] {
                             leads.set();
                             second_done.wait();
                             return ++calls, 10;
                           }),
                10);
    } else if (i == 1) {  // waits
      leads.wait();
      EXPECT_EQ(*cache.get(1, [] { return -1; }), 10);
    } else {
      leads.wait();
      await_waiting_threads(1);
      cache.clear();
      EXPECT_EQ(*cache.get(1, [&] { return ++calls, 20; }), 20);
      second_done.set();
    }
  });
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(*cache.get(1, [] { return 30; }), 20);
}

TEST(SingleFlightInvalidation, LetsTheNewFlightBeJoined) {
  mock_cache<int, int> cache;
  signal leads;
  signal old_may_end;
  in_threads(3, [&](int i) {
    if (i == 0) {
      EXPECT_EQ(*cache.get(1,
                           [&] {
                             leads.set();
                             old_may_end.wait();
                             return 10;
                           }),
                10);
    } else if (i == 1) {
      leads.wait();
      cache.invalidate(1);
      EXPECT_EQ(*cache.get(1,
                           [&] {
                             old_may_end.set();
                             await_waiting_threads(1);
                             return 20;
                           }),
                20);
    } else {
      old_may_end.wait();
      EXPECT_EQ(*cache.get(1, [] { return -1; }), 20);
    }
  });
}

}  // namespace
}  // namespace deft::test
