// A process forks while its threads are in the midst of a cache: the child goes on using it.
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define DEFT_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define DEFT_TEST_SANITIZED 1
#endif
#endif

namespace {

template <typename Cache>
bool uses(Cache& cache, std::uint64_t rounds, std::uint64_t step) {
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const std::uint64_t key = i * step % 300;
    if (cache.get_or_compute(key, [&] { return std::to_string(key); }) != std::to_string(key)) return false;
    if (i % 5 == 0) cache.put(key + 1, std::to_string(key + 1));
    if (i % 97 == 0) cache.invalidate(key);
  }
  return true;
}

template <typename Policy>
void fork_in_use() {
#if defined(DEFT_TEST_SANITIZED)
  GTEST_SKIP() << "ThreadSanitizer does not follow threads into a child; AddressSanitizer of clang 16 leaves "
                  "the locks of "
                  "its allocator as the other threads held them";
#endif
  deft::concurrent_cache<std::uint64_t, std::string, Policy> cache({.max_size = 200});
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (const std::uint64_t step : {7, 11, 13}) {
    threads.emplace_back([&, step] {
      while (!stop.load()) EXPECT_TRUE(uses(cache, 100, step));
    });
  }
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(20);  // a lock that nobody will ever let go
      bool right = uses(cache, 500, 17);
      cache.clear();
      cache.resize(50);
      right = uses(cache, 500, 19) && right && cache.size() <= 50;
      _exit(right ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
}

TEST(CacheSoak, AChildUsesACacheThatTheParentsThreadsWereIn) {
  fork_in_use<deft::policy::s3_fifo>();
  fork_in_use<deft::policy::lru>();
}

}  // namespace
