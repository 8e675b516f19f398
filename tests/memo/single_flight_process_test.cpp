// The end of a cache, and of a process's other threads.
#include <cmath>
#include <cstdlib>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deft/memo/detail/flight_sampling.hpp"

#include "tests/memo/flight_mock.hpp"

#if defined(__SANITIZE_THREAD__)
#define DEFT_TEST_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DEFT_TEST_UNDER_TSAN 1
#endif
#endif

namespace deft::test {
namespace {

TEST(SingleFlightDeathTest, ACacheMustOutliveWhatItComputes) {
  std::optional<mock_cache<int, int>> cache;
  cache.emplace();
  EXPECT_DEATH(cache->get(1, [&] { return cache.reset(), 0; }), "destroyed while it computes");
}

/// fork() as a cache's handlers do it. The child's answer is its exit status.
template <typename Flights, typename InChild>
int status_of_child(Flights& flights, InChild in_child) {
  flights.lock_all();
  detail::standard_sync::wait_graph().lock();
  const pid_t child = fork();
  detail::standard_sync::wait_graph().unlock();
  if (child == 0) flights.after_fork_in_child();
  flights.unlock_all();
  if (child == 0) _Exit(in_child());
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SingleFlightFork, LeavesTheChildItsOwnFlightsAndNoOthers) {
#if defined(DEFT_TEST_UNDER_TSAN)
  GTEST_SKIP() << "ThreadSanitizer lets no thread be started after such a fork";
#endif
  mock_cache<int, int> cache;
  signal first_leads;
  signal second_leads;
  signal forked;
  auto in_child = [&] {
    try {
      cache.get(2, [] { return 0; });
      return 1;
    } catch (const recursive_memo_error&) {
    }
    // Another thread cannot know how long the own flight takes: it computes by itself.
    std::jthread([&] { cache.get(2, [] { return 22; }); }).join();
    if (*cache.get(2, [] { return 0; }) != 22) return 2;
    return *cache.get(1, [] { return 11; }) == 11 ? 0 : 3;
  };
  in_threads(3, [&](int i) {
    if (i == 0) {
      EXPECT_EQ(*cache.get(1,
                           [&] {
                             first_leads.set();
                             forked.wait();
                             return 10;
                           }),
                10);
    } else if (i == 1) {
      first_leads.wait();
      EXPECT_EQ(*cache.get(2,
                           [&] {
                             second_leads.set();
                             await_waiting_threads(1);
                             EXPECT_EQ(status_of_child(cache.flights, in_child), 0);
                             forked.set();
                             return 20;
                           }),
                20);
    } else {
      second_leads.wait();
      EXPECT_EQ(*cache.get(2, [] { return -1; }), 20);
    }
  });
}

TEST(ShouldVerify, SaysYesToItsShareOfCalls) {
  EXPECT_FALSE(detail::should_verify(0));
  for (const double rate : {0.01, 0.25, 0.5}) {
    constexpr int n = 200'000;
    int yes = 0;
    for (int i = 0; i < n; ++i) yes += detail::should_verify(rate);
    EXPECT_NEAR(yes, n * rate, 6 * std::sqrt(n * rate * (1 - rate)));  // Six standard deviations.
  }
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(detail::should_verify(1));
}

}  // namespace
}  // namespace deft::test
