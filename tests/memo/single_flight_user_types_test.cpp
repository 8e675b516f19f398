// Keys whose hash, equality and copy throw, take their time or use the cache; memory that runs out.
#include <atomic>
#include <functional>
#include <memory_resource>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/memo/flight_mock.hpp"
#include "tests/memo/watched.hpp"

namespace deft::test {
namespace {

class WatchedKeys : public testing::Test {
 protected:
  ~WatchedKeys() override {
    watched::watch = nullptr;
    EXPECT_EQ(watched::living, 0);
  }
};

/// Memory of which the n-th allocation fails, or none.
class failing_memory : public std::pmr::memory_resource {
 public:
  ~failing_memory() override { EXPECT_EQ(bytes_, 0); }

  std::atomic<int> until_failure{-1};

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (until_failure >= 0 && until_failure-- == 0) throw std::bad_alloc();
    bytes_ += bytes;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }

  void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
    bytes_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(at, bytes, alignment);
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::atomic<std::size_t> bytes_{0};
};

/// Wants four keys of two hashes inside of one another, puts and invalidates others of these hashes
/// meanwhile.
int use_many_keys(mock_cache<watched_key, int>& cache, int depth = 0) {
  return *cache.get(watched_key(depth), [&] {
    cache.put(watched_key(depth + 10), depth);
    cache.invalidate(watched_key(depth + 12));
    return depth == 3 ? 0 : 1 + use_many_keys(cache, depth + 1);
  });
}

TEST_F(WatchedKeys, LeaveNothingBehindWhereverOneThrows) {
  bool thrown = true;
  int first_to_throw = 0;
  for (; thrown; ++first_to_throw) {
    mock_cache<watched_key, int> cache({.on_error = on_error::cache_for(std::chrono::hours(1))});
    int until_throw = first_to_throw;
    watched::watch = [&](watched::act what) {
      if (what != watched::act::destroy && until_throw-- == 0) throw std::runtime_error("key");
    };
    thrown = false;
    try {
      use_many_keys(cache);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    watched::watch = nullptr;
    cache.clear();
    EXPECT_EQ(watched::living, 0);
    EXPECT_EQ(use_many_keys(cache), 3);
    EXPECT_EQ(cache.core.size(), 8);
  }
  EXPECT_GT(first_to_throw, 30);
}

TEST_F(WatchedKeys, ThatThrowInAThreadThatWouldWaitDoNotReachTheLeader) {
  mock_cache<watched_key, int> cache;
  signal leads;
  signal thrown;
  in_threads(2, [&](int i) {
    if (i == 0) {
      EXPECT_EQ(*cache.get(watched_key(1),
                           [&] {
                             watched::watch = [](watched::act what) {
                               if (what == watched::act::equal) throw std::runtime_error("equal");
                             };
                             leads.set();
                             thrown.wait();
                             watched::watch = nullptr;
                             return 5;
                           }),
                5);
    } else {
      leads.wait();
      EXPECT_THROW(cache.get(watched_key(1), [] { return 6; }), std::runtime_error);
      thrown.set();
    }
  });
  EXPECT_EQ(*cache.get(watched_key(1), [] { return 7; }), 5);
  EXPECT_EQ(cache.core.misses, 2);
}

TEST_F(WatchedKeys, MayUseTheCacheWhenTheyAreCompared) {
  mock_cache<watched_key, int> cache;
  bool inside = false;
  watched::watch = [&](watched::act what) {
    if (what == watched::act::destroy || std::exchange(inside, true)) return;
    cache.get(watched_key(21), [] { return 21; });
    cache.put(watched_key(23), 23);
    cache.clear();
    inside = false;
  };
  EXPECT_EQ(use_many_keys(cache), 3);
}

TEST_F(WatchedKeys, MayBeComparedWhileTheirFlightEnds) {
  mock_cache<watched_key, int> cache;
  signal leads;
  signal compares;
  signal ended;
  in_threads(2, [&](int i) {
    if (i == 0) {
      cache.get(watched_key(1), [&] {
        watched::watch = [&](watched::act what) {
          if (what != watched::act::equal) return;
          compares.set();
          ended.wait();
        };
        leads.set();
        compares.wait();
        return 5;
      });
      ended.set();
    } else {
      leads.wait();
      EXPECT_EQ(*cache.get(watched_key(1), [] { return 6; }), 5);
    }
  });
  EXPECT_EQ(cache.core.hits, 1);
  EXPECT_EQ(cache.core.misses, 1);
}

TEST_F(WatchedKeys, ThatAreComparedForInvalidationWhileTheirFlightEndsDoNotTouchIt) {
  mock_cache<watched_key, int> cache;
  signal leads;
  signal compares;
  signal ended;
  in_threads(2, [&](int i) {
    if (i == 0) {
      cache.get(watched_key(1), [&] {
        watched::watch = [&](watched::act what) {
          if (what != watched::act::equal) return;
          compares.set();
          ended.wait();
        };
        leads.set();
        compares.wait();
        return 5;
      });
      ended.set();
    } else {
      leads.wait();
      cache.invalidate(watched_key(1));
    }
  });
  EXPECT_EQ(cache.core.size(), 0);
}

TEST(SingleFlightMemory, FailsForWhoWouldWaitAndNotForTheLeader) {
  failing_memory memory;
  mock_cache<std::string, int> cache({.resource = &memory});
  signal leads;
  signal failed;
  in_threads(2, [&](int i) {
    if (i == 0) {
      EXPECT_EQ(*cache.get("k",
                           [&] {
                             leads.set();
                             failed.wait();
                             await_waiting_threads(1);
                             return 5;
                           }),
                5);
    } else {
      leads.wait();
      memory.until_failure = 0;
      EXPECT_THROW(cache.get("k", [] { return 6; }), std::bad_alloc);
      failed.set();
      EXPECT_EQ(*cache.get("k", [] { return 6; }), 5);
    }
  });
  EXPECT_EQ(cache.core.misses, 3);
}

TEST(SingleFlightMemory, IsNotNeededByWhoComputesAlone) {
  failing_memory memory;
  mock_cache<std::string, int> cache({.resource = &memory});
  memory.until_failure = 0;
  EXPECT_EQ(*cache.get("k", [] { return 5; }), 5);
}

TEST_F(WatchedKeys, NeedMemoryBeforeTheFunctionRuns) {
  failing_memory memory;
  mock_cache<watched_key, int> cache({.resource = &memory});
  memory.until_failure = 0;
  EXPECT_THROW(cache.get(watched_key(1), []() -> int { throw std::logic_error("not to be run"); }),
               std::bad_alloc);
  EXPECT_EQ(*cache.get(watched_key(1), [] { return 5; }), 5);
}

TEST(SingleFlightMemory, ThatRunsOutLetsAnExceptionBeForgotten) {
  failing_memory memory;
  mock_cache<int, int> cache({.on_error = on_error::cache_for(std::chrono::hours(1)), .resource = &memory});
  memory.until_failure = 0;
  EXPECT_THROW(cache.get(1, []() -> int { throw std::runtime_error("f"); }), std::runtime_error);
  EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
}

}  // namespace
}  // namespace deft::test
