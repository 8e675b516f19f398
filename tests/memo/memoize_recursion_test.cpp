// Functions that call themselves, one another, and throw.
#include <atomic>
#include <barrier>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

TEST(MemoizeRecursive, ComputesFibonacci90OnOneThread) {
  int calls = 0;
  const auto fib = deft::memoize_recursive<std::uint64_t(int)>([&calls](auto& self, int n) {
    ++calls;
    return n < 2 ? static_cast<std::uint64_t>(n) : self(n - 1) + self(n - 2);
  });
  EXPECT_EQ(fib(90), 2'880'067'194'370'816'120u);
  EXPECT_EQ(calls, 91);
  EXPECT_EQ(fib.cache_info().misses, 91u);
  EXPECT_EQ(fib.cache_info().hits, 88u);
}

TEST(MemoizeRecursive, GoesAThousandDeep) {
  const auto depth = deft::memoize_recursive<int(int)>(
      [](auto& self, int n) -> int { return n == 0 ? 0 : self(n - 1) + 1; }, {.max_size = deft::unbounded});
  EXPECT_EQ(depth(1000), 1000);
}

TEST(MemoizeRecursive, PinsWhatCannotBeCopiedAndIsFoundByAView) {
  const auto reversed = deft::memoize_recursive<std::unique_ptr<std::string>(const std::string&)>(
      [](auto& self, const std::string& s) {
        if (s.empty()) return std::make_unique<std::string>();
        return std::make_unique<std::string>(**self.pin(std::string_view(s).substr(1)) + s[0]);
      });
  EXPECT_EQ(**reversed.pin("abcd"), "dcba");
  EXPECT_EQ(reversed.cache_info().size, 5u);
}

TEST(MemoizeRecursive, GivesAnObjectThatIsOnlyCalled) {
  const auto f = deft::memoize_recursive<int(int)>([](auto& self, int n) {
    static_assert(!std::is_copy_constructible_v<std::remove_cvref_t<decltype(self)>>);
    const std::function<int(int)> erased = std::ref(self);
    return n == 0 ? 0 : erased(n - 1) + 1;
  });
  EXPECT_EQ(f(5), 5);
}

struct move_only_steps {
  std::unique_ptr<int> step;

  template <typename Self>
  int operator()(Self& self, int n) {
    return n <= 0 ? 0 : self(n - *step) + 1;
  }
};

TEST(MemoizeRecursive, TakesAFunctionObjectThatCanOnlyBeMoved) {
  EXPECT_EQ(deft::memoize_recursive<int(int)>(move_only_steps{std::make_unique<int>(2)})(10), 5);
}

TEST(MemoizeRecursive, ReturnsNothingAsWell) {
  int calls = 0;
  const auto count_down = deft::memoize_recursive<void(int)>([&calls](auto& self, int n) {
    ++calls;
    if (n > 0) self(n - 1);
  });
  count_down(5);
  count_down(6);
  EXPECT_EQ(calls, 7);
}

TEST(MemoizeRecursion, ThroughTwoFunctionsWorks) {
  std::function<bool(int)> odd;
  const auto even = deft::memoize([&odd](int n) { return n == 0 || odd(n - 1); });
  odd = deft::memoize([&even](int n) { return n != 0 && even(n - 1); });
  EXPECT_TRUE(even(50));
  EXPECT_FALSE(odd(50));
}

TEST(MemoizeRecursion, ThroughTwoFunctionsBackToTheSameKeyIsAnError) {
  std::function<int(int)> second;
  const auto first = deft::memoize([&second](int n) { return second(n) + 1; });
  second = deft::memoize([&first](int n) { return first(n) + 1; });
  EXPECT_THROW((void)first(1), deft::recursive_memo_error);
  EXPECT_THROW((void)first(1), deft::recursive_memo_error);
  EXPECT_EQ(first.cache_info().size, 0u);
}

TEST(MemoizeRecursion, OfTwoThreadsThatNeedEachOtherIsAnErrorForBoth) {
  std::function<int(int)> call;
  std::barrier inside(2);
  const auto f = deft::memoize([&](int n) {
    inside.arrive_and_wait();
    return call(1 - n) + 1;
  });
  call = f;
  std::atomic<int> errors = 0;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 2; ++n) {
      threads.emplace_back([&f, &errors, n] {
        try {
          (void)f(n);
        } catch (const deft::recursive_memo_error&) {
          ++errors;
        }
      });
    }
  }
  EXPECT_EQ(errors, 2);
}

TEST(MemoizeExceptions, ReachAllWhoWaitAndTheNextCallTriesAgain) {
  constexpr int waiters = 64;
  std::atomic<int> calls = 0;
  std::atomic<int> arrived = 0;
  const auto f = deft::memoize([&](int x) {
    if (++calls > 1) return x;
    while (arrived < waiters) std::this_thread::yield();
    // They have yet to begin to wait: give them the time, without relying on it.
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    throw std::runtime_error("once");
  });
  std::atomic<int> failed = 0;
  std::atomic<int> succeeded = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < waiters; ++i) {
      threads.emplace_back([&] {
        ++arrived;
        try {
          succeeded += f(1);
        } catch (const std::runtime_error&) {
          ++failed;
        }
      });
    }
  }
  EXPECT_GE(failed, 1);
  EXPECT_EQ(failed + succeeded, waiters);
  EXPECT_EQ(f(1), 1);
  EXPECT_EQ(calls, 2);
}

}  // namespace
