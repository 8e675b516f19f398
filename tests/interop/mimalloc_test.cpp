#include "deft/interop/mimalloc.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <mimalloc.h>

#include "deft/memo/concurrent_cache.hpp"

namespace {

TEST(MimallocResource, AllocatesWithMimallocAsAligned) {
  std::pmr::memory_resource* const resource = deft::mimalloc_resource();
  EXPECT_EQ(resource, deft::mimalloc_resource());
  for (const std::size_t alignment : {1U, 8U, 64U, 4096U}) {
    void* const memory = resource->allocate(100, alignment);
    EXPECT_GE(mi_usable_size(memory), 100U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0U);
    resource->deallocate(memory, 100, alignment);
  }
}

TEST(MimallocResource, ReportsThatMemoryIsOut) {
  EXPECT_THROW(static_cast<void>(deft::mimalloc_resource()->allocate(std::size_t{1} << 62, 8)),
               std::bad_alloc);
}

TEST(MimallocResource, ServesACacheOfManyThreads) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer does not see how mimalloc hands memory from one thread to another";
#endif
  deft::concurrent_cache<std::string, std::string> cache(
      {.max_size = 100, .resource = deft::mimalloc_resource()});
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&cache] {
      for (int i = 0; i < 2000; ++i) {
        const std::string key = std::to_string(i % 300);
        EXPECT_EQ(cache.get_or_compute(key, [&] { return key + key; }), key + key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache.size(), 100U);
}

}  // namespace
