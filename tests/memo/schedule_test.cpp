// Two or three threads in a cache, in more than a hundred thousand schedules.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "deft/memo/errors.hpp"
#include "deft/memo/policy.hpp"

#include "tests/memo/schedule_cache.hpp"

namespace {

using deft_test::expect_of;
using deft_test::model_run;
using deft_test::node_value;
using deft_test::search;
using deft_test::watched_cache;
using deft_test::wide_value;

template <typename Value, typename OfPolicy>
struct kind {
  using value = Value;
  using policy = OfPolicy;
};

template <typename Kind>
struct CacheSchedules : testing::Test {
  using value_type = typename Kind::value;
  using cache_type = watched_cache<value_type, typename Kind::policy>;
};

using kinds = testing::Types<kind<wide_value, deft::policy::clock>, kind<wide_value, deft::policy::s3_fifo>,
                             kind<wide_value, deft::policy::lru>, kind<wide_value, deft::policy::tiny_lfu>,
                             kind<node_value, deft::policy::clock>, kind<node_value, deft::policy::s3_fifo>,
                             kind<node_value, deft::policy::lru>, kind<node_value, deft::policy::sieve>>;
TYPED_TEST_SUITE(CacheSchedules, kinds);

constexpr std::size_t each = 4'000;

/// Looks at the end whether they were as many as promised.
struct counting : testing::Environment {
  void TearDown() override {
    const auto* const whole = testing::UnitTest::GetInstance();
    if (whole->test_to_run_count() == whole->total_test_count()) {
      EXPECT_GE(deft_test::schedules_seen, 100'000U / deft_test::one_in);
    }
  }
};

[[maybe_unused]] const auto* const counted = testing::AddGlobalTestEnvironment(new counting);

TYPED_TEST(CacheSchedules, GetSeesWholeValuesOfItsKeyWhileOthersPutAndEvict) {
  using value = typename TestFixture::value_type;
  search(
      [](model_run& run) {
        auto& cache =
            run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 2, .shards = 1}).cache;
        cache.put(1, value::of(1));
        run.fibers({[&] {
                      cache.put(1, value::of(1, 1));
                      cache.put(2, value::of(2));
                      cache.put(3, value::of(3));
                    },
                    [&] {
                      expect_of(cache.get(1), 1);
                      expect_of(cache.get(2), 2);
                      expect_of(cache.pin(1), 1);
                    }});
        model_run::expect(cache.size() <= 2, "at most max_size entries");
        for (const std::uint64_t key : {1, 2, 3}) expect_of(cache.get(key), key);
      },
      each);
  EXPECT_EQ(node_value::alive, 0);
}

TYPED_TEST(CacheSchedules, HandlesOutliveClearAndReplacement) {
  using value = typename TestFixture::value_type;
  search(
      [](model_run& run) {
        auto& cache = run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 4}).cache;
        cache.put(1, value::of(1));
        cache.put(2, value::of(2));
        run.fibers({[&] {
                      const auto first = cache.pin(1);
                      const auto second = cache.pin(2);
                      expect_of(first, 1);
                      expect_of(cache.pin(1), 1);
                      expect_of(second, 2);
                    },
                    [&] {
                      cache.put(1, value::of(1, 1));
                      cache.invalidate(2);
                    },
                    [&] { cache.clear(); }});
        expect_of(cache.pin(1), 1);
        model_run::expect(!cache.pin(2), "an invalidated entry is gone");
      },
      each);
  EXPECT_EQ(node_value::alive, 0);
}

TYPED_TEST(CacheSchedules, ResizingKeepsWholeEntries) {
  using value = typename TestFixture::value_type;
  search(
      [](model_run& run) {
        auto& cache =
            run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 3, .shards = 1}).cache;
        for (const std::uint64_t key : {1, 2, 3}) cache.put(key, value::of(key));
        run.fibers({[&] {
                      cache.resize(1);
                      cache.resize(40);
                    },
                    [&] {
                      cache.put(4, value::of(4));
                      expect_of(cache.get(4), 4);
                    },
                    [&] {
                      expect_of(cache.get(1), 1);
                      expect_of(cache.pin(3), 3);
                    }});
        for (const std::uint64_t key : {1, 2, 3, 4}) expect_of(cache.get(key), key);
      },
      each);
  EXPECT_EQ(node_value::alive, 0);
}

TYPED_TEST(CacheSchedules, AFunctionRunsOncePerKey) {
  using value = typename TestFixture::value_type;
  search(
      [](model_run& run) {
        auto& cache = run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 4}).cache;
        auto& calls = run.make<deft_test::model_atomic<int>>(0);
        const auto body = [&] {
          const auto found = cache.pin_or_compute(7, [&] {
            calls.fetch_add(1);
            return value::of(7);
          });
          expect_of(found, 7);
        };
        run.fibers({body, body, body});
        model_run::expect(calls.load() == 1, "the function runs once");
        model_run::expect(cache.info().hits + cache.info().misses == 3, "each call is a hit or a miss");
      },
      each);
  EXPECT_EQ(node_value::alive, 0);
}

TYPED_TEST(CacheSchedules, WhatIsInvalidatedWhileItIsComputedIsNotStored) {
  using value = typename TestFixture::value_type;
  for (const int how : {0, 1, 2}) {
    search(
        [how](model_run& run) {
          auto& cache = run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 4}).cache;
          auto& version = run.make<deft_test::model_atomic<std::uint64_t>>(0U);
          const auto compute = [&] { return value::of(5, version.load()); };
          run.fibers({[&] { expect_of(cache.pin_or_compute(5, compute), 5); },
                      [&] {
                        version.store(1);
                        if (how == 0) cache.invalidate(5);
                        if (how == 1) cache.clear();
                        if (how == 2) cache.put(5, value::of(5, 1));
                        // Whoever asks from now on must not see what is older.
                        const auto found = cache.pin_or_compute(5, compute);
                        model_run::expect(found->version() == 1, "the value is as new as the question");
                      }});
          const auto left = cache.pin(5);
          model_run::expect(!left || left->version() == 1, "nothing stale is stored");
        },
        each);
  }
  EXPECT_EQ(node_value::alive, 0);
}

TYPED_TEST(CacheSchedules, ComputingWhileOthersClearAndEvictGivesTheRightValues) {
  using value = typename TestFixture::value_type;
  search(
      [](model_run& run) {
        auto& cache =
            run.make<typename TestFixture::cache_type>(deft::memo_options{.max_size = 1, .shards = 1}).cache;
        const auto ask = [&](std::uint64_t key) {
          expect_of(cache.pin_or_compute(key, [&] { return value::of(key); }), key);
        };
        run.fibers({[&] {
                      ask(1);
                      ask(2);
                    },
                    [&] {
                      ask(2);
                      ask(1);
                    },
                    [&] { cache.clear(); }});
        model_run::expect(cache.size() <= 1, "at most max_size entries");
      },
      each);
  EXPECT_EQ(node_value::alive, 0);
}

TEST(FlightSchedules, AFailureReachesAllWhoWaitAndTheNextCallTriesAgain) {
  search(
      [](model_run& run) {
        auto& cache =
            run.make<watched_cache<wide_value, deft::policy::lru>>(deft::memo_options{.max_size = 4}).cache;
        auto& calls = run.make<deft_test::model_atomic<int>>(0);
        auto& failures = run.make<deft_test::model_atomic<int>>(0);
        const auto body = [&] {
          try {
            expect_of(cache.pin_or_compute(7,
                                           [&] {
                                             if (calls.fetch_add(1) == 0) throw std::string("planted");
                                             return wide_value::of(7);
                                           }),
                      7);
          } catch (const std::string&) {
            failures.fetch_add(1);
          }
        };
        run.fibers({body, body, body});
        model_run::expect(failures.load() >= 1, "the one who computed sees the failure");
        model_run::expect(calls.load() <= 2, "two calls at most");
        body();
        model_run::expect(calls.load() == 2, "the second call succeeded and its value is stored");
      },
      10'000);
}

TEST(FlightSchedules, ACycleThroughTwoThreadsIsAnErrorInBoth) {
  search(
      [](model_run& run) {
        auto& cache =
            run.make<watched_cache<wide_value, deft::policy::lru>>(deft::memo_options{.max_size = 4}).cache;
        auto& errors = run.make<deft_test::model_atomic<int>>(0);
        // 1 needs 2, and 2 needs 1.
        const auto body = [&](std::uint64_t first) {
          const auto ask = [&](auto& self, std::uint64_t key) -> wide_value {
            return cache.get_or_compute(key, [&] { return self(self, 3 - key); });
          };
          try {
            ask(ask, first);
          } catch (const deft::recursive_memo_error&) {
            errors.fetch_add(1);
          }
        };
        run.fibers({[&] { body(1); }, [&] { body(2); }});
        model_run::expect(errors.load() == 2, "both get the error");
        model_run::expect(cache.size() == 0, "nothing is stored");
      },
      10'000);
}

TEST(FlightSchedules, WithoutFlightsTheFirstStoredValueWins) {
  search(
      [](model_run& run) {
        auto& cache = run.make<watched_cache<wide_value, deft::policy::clock>>(
                             deft::memo_options{.max_size = 4, .flight = deft::flight::duplicate})
                          .cache;
        auto& calls = run.make<deft_test::model_atomic<std::uint64_t>>(0U);
        std::uint64_t got[2] = {99, 99};
        const auto body = [&](int i) {
          got[i] = cache.get_or_compute(7, [&] { return wide_value::of(7, calls.fetch_add(1)); }).version();
        };
        run.fibers({[&] { body(0); }, [&] { body(1); }});
        model_run::expect(got[0] == got[1], "both get the same value");
        model_run::expect(cache.get(7)->version() == got[0], "which is the stored one");
      },
      5'000);
}

TEST(ExpirySchedules, AHitThatProlongsALifeDoesNotReviveAFreeSlot) {
  search(
      [](model_run& run) {
        auto& now = run.make<std::chrono::steady_clock::time_point>(std::chrono::hours(1));
        auto& cache = run.make<watched_cache<wide_value, deft::policy::clock>>(
                             deft::memo_options{.max_size = 8,
                                                .idle = std::chrono::seconds(1),
                                                .clock = [&now] { return now; },
                                                .shards = 1})
                          .cache;
        for (const std::uint64_t key : {1, 2}) cache.put(key, wide_value::of(key));
        run.fibers({[&] { expect_of(cache.get(1), 1); },
                    [&] {
                      cache.invalidate(1);
                      now += std::chrono::seconds(10);
                      for (const std::uint64_t key : {3, 4}) cache.put(key, wide_value::of(key));
                    }});
        now += std::chrono::seconds(10);
        for (const std::uint64_t key : {5, 6, 7}) cache.put(key, wide_value::of(key));
        model_run::expect(cache.size() <= 8, "free slots are not removed");
      },
      4'000);
}

/// The lines that two threads share while both hit the same entries again and again.
template <typename Value, typename Policy>
void expect_no_shared_writes(int rounds_before, bool one_key) {
  const auto test = [&](model_run& run) {
    auto& cache =
        run.make<watched_cache<Value, Policy>>(deft::memo_options{.max_size = 16, .shards = 1}).cache;
    const auto hit_all = [&] {
      for (std::uint64_t key = 0; key < (one_key ? 1U : 8U); ++key) {
        model_run::expect(static_cast<bool>(cache.get(key)), "a hit");
      }
    };
    for (std::uint64_t key = 8; key-- > 0;) cache.put(key, Value::of(key));
    for (int i = 0; i < rounds_before; ++i) hit_all();
    // A thread that is new registers.
    run.fibers({hit_all, hit_all});
    model_run::record_lines(true);
    run.fibers({hit_all, hit_all});
    model_run::record_lines(false);
    bool both_read = false;
    for (const auto& [line, use] : model_run::lines()) {
      const std::uint32_t users = use.readers | use.writers;
      model_run::expect(use.writers == 0 || (users & (users - 1)) == 0,
                        "what is written only its thread uses");
      both_read = both_read || use.readers == 3;
    }
    model_run::expect(both_read, "the table's lines are read by both");
  };
  search(test, 200);
}

TEST(HitSchedules, RepeatedHitsWriteNoLineThatAnotherThreadUses) {
  expect_no_shared_writes<wide_value, deft::policy::clock>(1, false);
  expect_no_shared_writes<wide_value, deft::policy::sieve>(1, false);
  expect_no_shared_writes<wide_value, deft::policy::fifo>(0, false);
  expect_no_shared_writes<wide_value, deft::policy::unbounded>(0, false);
  expect_no_shared_writes<wide_value, deft::policy::s3_fifo>(3, false);
  expect_no_shared_writes<node_value, deft::policy::clock>(1, false);
  expect_no_shared_writes<node_value, deft::policy::s3_fifo>(3, false);
  // The order changes only when it is not the last used one's turn.
  expect_no_shared_writes<wide_value, deft::policy::lru>(1, true);
}

}  // namespace
