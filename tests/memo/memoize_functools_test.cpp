// What Python's functools.lru_cache promises, in C++: the counts, the order of eviction, sizes 0, 1, 2 and
// unbounded, exceptions, re-entrancy, threads. Where deft differs (single flight, recursion), the name of the
// test says so.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

struct counts {
  std::uint64_t hits;
  std::uint64_t misses;
  std::size_t max_size;
  std::size_t size;
  bool operator==(const counts&) const = default;
};

// One type for functions whose type is not the point: a cache is compiled anew for each.
using of_one = std::function<int(int)>;
using of_two = std::function<int(int, int)>;

template <typename Memoized>
counts counts_of(const Memoized& f) {
  const deft::cache_info info = f.cache_info();
  return {info.hits, info.misses, info.max_size, info.size};
}

TEST(MemoizeAsFunctools, CountsHitsMissesAndEntries) {
  const auto f = deft::memoize(of_two([](int x, int y) { return 3 * x + y; }), {.max_size = 20});
  EXPECT_EQ(counts_of(f), (counts{0, 0, 20, 0}));
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const int x = static_cast<int>(random() % 5);
    const int y = static_cast<int>(random() % 5);
    ASSERT_EQ(f(x, y), 3 * x + y);
  }
  const counts full = counts_of(f);
  EXPECT_GT(full.hits, full.misses);
  EXPECT_EQ(full.hits + full.misses, 1000u);
  EXPECT_EQ(full.size, 20u);

  f.cache_clear();
  EXPECT_EQ(counts_of(f), (counts{0, 0, 20, 0}));
  (void)f(1, 2);
  EXPECT_EQ(counts_of(f), (counts{0, 1, 20, 1}));
  (void)f.wrapped()(1, 2);  // bypasses the cache
  EXPECT_EQ(counts_of(f), (counts{0, 1, 20, 1}));
}

TEST(MemoizeAsFunctools, OfSizeZeroCallsEachTime) {
  int calls = 0;
  const auto f = deft::memoize(std::function<int()>([&calls] { return ++calls, 20; }), {.max_size = 0});
  EXPECT_EQ(f.cache_parameters().max_size, 0u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(f(), 20);
  EXPECT_EQ(calls, 5);
  EXPECT_EQ(counts_of(f), (counts{0, 5, 0, 0}));
}

TEST(MemoizeAsFunctools, OfSizeOneKeepsTheLast) {
  int calls = 0;
  const auto f = deft::memoize(std::function<int()>([&calls] { return ++calls, 20; }), {.max_size = 1});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(f(), 20);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(counts_of(f), (counts{4, 1, 1, 1}));
}

TEST(MemoizeAsFunctools, OfSizeTwoKeepsTheTwoUsedLast) {
  int calls = 0;
  const auto f = deft::memoize(of_one([&calls](int x) { return ++calls, x * 10; }), {.max_size = 2});
  // 7 and 9 stay until 8 comes; 7 is the older one then.
  for (const int x : {7, 9, 7, 9, 7, 9, 8, 8, 8, 9, 9, 9, 8, 8, 8, 7}) ASSERT_EQ(f(x), x * 10);
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(counts_of(f), (counts{12, 4, 2, 2}));
}

TEST(MemoizeAsFunctools, KeepsTheLast128UnlessTold) {
  const auto f = deft::memoize(of_one([](int x) { return x; }));
  for (int i = 0; i < 200; ++i) (void)f(i);
  EXPECT_EQ(counts_of(f), (counts{0, 200, 128, 128}));
  for (int i = 199; i >= 72; --i) (void)f(i);
  EXPECT_EQ(f.cache_info().hits, 128u);
}

TEST(MemoizeAsFunctools, WithoutABoundKeepsAll) {
  const auto fib = deft::memoize_recursive<std::int64_t(int)>(
      [](auto& self, int n) -> std::int64_t { return n < 2 ? n : self(n - 1) + self(n - 2); },
      {.max_size = deft::unbounded});
  std::vector<std::int64_t> first;
  for (int n = 0; n < 16; ++n) first.push_back(fib(n));
  EXPECT_EQ(first, (std::vector<std::int64_t>{0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610}));
  EXPECT_EQ(counts_of(fib), (counts{28, 16, deft::unbounded, 16}));
  fib.cache_clear();
  EXPECT_EQ(counts_of(fib), (counts{0, 0, deft::unbounded, 0}));
}

TEST(MemoizeAsFunctools, DoesNotKeepExceptions) {
  int calls = 0;
  const auto f = deft::memoize([&calls](std::size_t i) {
    ++calls;
    return std::string("abc").at(i);
  });
  EXPECT_EQ(f(0), 'a');
  EXPECT_THROW((void)f(15), std::out_of_range);
  EXPECT_THROW((void)f(15), std::out_of_range);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(f.cache_info().size, 1u);
  EXPECT_EQ(f.cache_info().misses, 3u);
  EXPECT_EQ(f.cache_info().load_failures, 2u);
}

// Against a list with the newest in front.
TEST(MemoizeAsFunctools, EvictsTheLeastRecentlyUsedExactly) {
  constexpr std::size_t size = 10;
  std::vector<int> computed;
  const auto f = deft::memoize(of_one([&computed](int x) {
                                 computed.push_back(x);
                                 return x;
                               }),
                               {.max_size = size});
  std::deque<int> model;
  std::vector<int> expected;
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const int x = static_cast<int>(random() % 16);
    (void)f(x);
    if (const auto at = std::find(model.begin(), model.end(), x); at != model.end()) {
      model.erase(at);
    } else {
      expected.push_back(x);
      if (model.size() == size) model.pop_back();
    }
    model.push_front(x);
  }
  EXPECT_EQ(computed, expected);
}

/// Counts how often it is hashed.
struct counting_key {
  int value;
  int* hashes;

  bool operator==(const counting_key& other) const { return value == other.value; }

  template <typename H>
  friend H AbslHashValue(H state, const counting_key& key) {
    ++*key.hashes;
    return H::combine(std::move(state), key.value);
  }
};

TEST(MemoizeAsFunctools, HashesAKeyOncePerCall) {
  int hashes = 0;
  const auto f = deft::memoize([](const counting_key& key) { return key.value; }, {.max_size = 2});
  const counting_key a{1, &hashes};
  EXPECT_EQ(f(a), 1);
  EXPECT_EQ(hashes, 1);
  EXPECT_EQ(f(a), 1);
  EXPECT_EQ(hashes, 2);
  for (int i = 2; i < 6; ++i) (void)f(counting_key{i, &hashes});  // evicts it
  EXPECT_EQ(hashes, 6);
  EXPECT_EQ(f(a), 1);
  EXPECT_EQ(hashes, 7);
  EXPECT_EQ(f.cache_info().misses, 6u);
}

/// Calls the memoized function while it is compared, hashed, copied and destroyed.
struct meddling_key {
  int value;
  const std::function<int(int)>* meddle;

  meddling_key(int v, const std::function<int(int)>& m) : value(v), meddle(&m) {}

  meddling_key(const meddling_key& other) : value(other.value), meddle(other.meddle) { touch(); }

  meddling_key& operator=(const meddling_key&) = delete;

  ~meddling_key() { touch(); }

  void touch() const {
    if (value > 0) (*meddle)(value - 1);
  }

  bool operator==(const meddling_key& other) const {
    touch();
    return value == other.value;
  }

  template <typename H>
  friend H AbslHashValue(H state, const meddling_key& key) {
    key.touch();
    return H::combine(std::move(state), 0);  // all collide, so that all are compared
  }
};

TEST(MemoizeAsFunctools, MayBeEnteredAgainFromHashEqualityCopyAndDestructor) {
  std::function<int(int)> meddle = [](int) { return 0; };
  const auto f = deft::memoize([](const meddling_key& key) { return key.value; }, {.max_size = 2});
  int depth = 0;
  meddle = [&](int value) {
    if (depth == 2) return 0;
    ++depth;
    int result = 0;
    try {
      result = f(meddling_key(value, meddle));
    } catch (const deft::recursive_memo_error&) {
      // It is just being computed, and hashed, compared or copied for that.
    }
    --depth;
    return result;
  };
  for (const int value : {1, 2, 1, 3, 2, 1}) EXPECT_EQ(f(meddling_key(value, meddle)), value);
  EXPECT_LE(f.cache_info().size, 2u);
  f.cache_clear();  // the destructors put something in again
  EXPECT_LE(f.cache_info().size, 2u);
  meddle = [](int) { return 0; };
  f.cache_clear();
  EXPECT_EQ(f.cache_info().size, 0u);
}

TEST(MemoizeAsFunctools, KeysOnTheObjectOfAMemberFunctionByItsValue) {
  struct number {
    int value;
    int* calls;

    bool operator==(const number& other) const { return value == other.value; }

    std::uint64_t plus(int x) const {
      ++*calls;
      return static_cast<std::uint64_t>(10 * x + value);
    }
  };

  int calls = 0;
  const auto plus = deft::memoize_by([](const number& n, int x) { return std::tuple(n.value, x); },
                                     &number::plus, {.max_size = 2});
  const number a{5, &calls};
  const number b{5, &calls};
  for (const int x : {1, 2, 2, 3, 1, 1, 1, 2, 3, 3})
    EXPECT_EQ(plus(a, x), 10u * static_cast<unsigned>(x) + 5);
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(counts_of(plus), (counts{4, 6, 2, 2}));
  for (const int x : {3, 2, 2, 3}) EXPECT_EQ(plus(b, x), 10u * static_cast<unsigned>(x) + 5);
  EXPECT_EQ(calls, 6);  // what a left is b's as well
  EXPECT_EQ(counts_of(plus), (counts{8, 6, 2, 2}));
}

TEST(MemoizeAsFunctools, IsUsedByManyThreads) {
  constexpr int n = 5;
  constexpr int m = 11;
  const auto f = deft::memoize(of_two([](int x, int y) { return 3 * x + y; }), {.max_size = n * m});
  const auto fill = [&](int k) {
    for (int i = 0; i < m; ++i) EXPECT_EQ(f(k, i), 3 * k + i);
  };
  {
    std::vector<std::jthread> threads;
    for (int k = 0; k < n; ++k) threads.emplace_back(fill, k);
  }
  EXPECT_EQ(counts_of(f), (counts{0, n * m, n * m, n * m}));
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] {
      for (int i = 0; i < 2 * m; ++i) f.cache_clear();
    });
    for (int k = 0; k < n; ++k) threads.emplace_back(fill, k);
  }
  EXPECT_LE(f.cache_info().size, static_cast<std::size_t>(n * m));
}

// All threads are inside of the function at once: with single flight this would wait for ever.
TEST(MemoizeAsFunctools, InDuplicateModeComputesInEveryThreadThatMisses) {
  constexpr int n = 5;
  constexpr int m = 7;
  std::barrier inside(n);
  std::barrier round(n + 1);
  const auto f = deft::memoize(of_one([&inside](int x) {
                                 inside.arrive_and_wait();
                                 return 3 * x;
                               }),
                               {.max_size = m * n, .flight = deft::flight::duplicate});
  std::vector<std::jthread> threads;
  for (int k = 0; k < n; ++k) {
    threads.emplace_back([&] {
      for (int i = 0; i < m; ++i) {
        round.arrive_and_wait();
        EXPECT_EQ(f(i), 3 * i);
        round.arrive_and_wait();
      }
    });
  }
  for (int i = 0; i < m; ++i) {
    round.arrive_and_wait();
    round.arrive_and_wait();
    EXPECT_EQ(counts_of(f),
              (counts{0, static_cast<std::uint64_t>((i + 1) * n), m * n, static_cast<std::size_t>(i + 1)}));
  }
}

TEST(MemoizeAsFunctools, ButOneThreadComputesAndTheOthersWait) {
  std::atomic<int> calls = 0;
  const auto f = deft::memoize(of_one([&calls](int x) {
                                 ++calls;
                                 std::this_thread::yield();
                                 return 3 * x;
                               }),
                               {.max_size = 2});
  std::barrier begin(5);
  {
    std::vector<std::jthread> threads;
    for (int k = 0; k < 5; ++k) {
      threads.emplace_back([&] {
        begin.arrive_and_wait();
        EXPECT_EQ(f(1), 3);
      });
    }
  }
  EXPECT_EQ(calls, 1);
}

TEST(MemoizeAsFunctools, ButAFunctionThatAsksForWhatItComputesGetsAnError) {
  bool once = true;
  const auto f = deft::memoize_recursive<std::string(int)>(
      [&once](auto& self, int x) -> std::string {
        if (x == 20 && once) {
          once = false;
          return self(x);
        }
        return "." + std::to_string(x) + ".";
      },
      {.max_size = 1});
  EXPECT_EQ(f(15), ".15.");
  EXPECT_THROW((void)f(20), deft::recursive_memo_error);
  EXPECT_EQ(f(15), ".15.");
  EXPECT_EQ(f(20), ".20.");
  EXPECT_EQ(f.cache_info().size, 1u);
}

}  // namespace
