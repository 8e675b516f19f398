// A repeated hit writes nothing that another thread reads: it works on pages that cannot be written.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

namespace {

/// Hands out whole pages, which can be made read-only together. The statistics of the threads are the cache's
/// first allocation, and stay as they are: each thread writes lines of its own there.
class page_resource final : public std::pmr::memory_resource {
 public:
  void protect(bool read_only) {
    for (const auto& [pages, bytes] : blocks_) {
      if (pages == counters_) continue;
      ASSERT_EQ(mprotect(pages, bytes, read_only ? PROT_READ : PROT_READ | PROT_WRITE), 0);
    }
  }

  [[nodiscard]] std::size_t protected_blocks() const {
    return blocks_.size() - (counters_ != nullptr ? 1 : 0);
  }

  std::size_t allocations = 0;

 private:
  static std::size_t whole(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
  }

  void* do_allocate(std::size_t bytes, std::size_t) override {
    ++allocations;
    void* const pages =
        mmap(nullptr, whole(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    blocks_.emplace_back(pages, whole(bytes));
    if (counters_ == nullptr && bytes == counters_bytes) counters_ = pages;
    return pages;
  }

  void do_deallocate(void* pages, std::size_t bytes, std::size_t) override {
    std::erase(blocks_, std::pair(pages, whole(bytes)));
    munmap(pages, whole(bytes));
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::vector<std::pair<void*, std::size_t>> blocks_;
  static constexpr std::size_t counters_bytes =
      64 * (deft::detail::thread_counters<deft::detail::standard_sync>::own_lines + 1);
  void* counters_ = nullptr;
};

template <typename K>
K key_of(std::uint64_t n) {
  if constexpr (std::is_same_v<K, std::string>) {
    return "a key that needs memory of its own: " + std::to_string(n);
  } else {
    return n;
  }
}

/// Hits `keys` of 200 entries from two threads, first with the table's pages writable.
template <typename Policy, typename K>
void expect_hits_without_writes(std::uint64_t keys) {
  page_resource pages;
  {
    deft::concurrent_cache<K, std::uint64_t, Policy> cache({.max_size = 400, .resource = &pages});
    for (std::uint64_t n = 200; n-- > 0;) cache.put(key_of<K>(n), n);
    std::vector<K> asked;
    for (std::uint64_t n = 0; n < keys; ++n) asked.push_back(key_of<K>(n));
    bool all = true;
    const auto hit_all = [&] {
      for (int round = 0; round < 4; ++round) {
        for (std::uint64_t n = 0; n < keys; ++n) {
          all = all && cache.get(asked[n]) == n;
          const auto pinned = cache.pin(asked[n]);
          all = all && pinned && *pinned == n;
        }
      }
    };
    hit_all();
    ASSERT_GE(pages.protected_blocks(), 2U);  // the table, and which tables there are
    const std::size_t before = pages.allocations;
    pages.protect(true);
    hit_all();
    std::thread(hit_all).join();
    pages.protect(false);
    EXPECT_TRUE(all);
    EXPECT_EQ(pages.allocations, before) << "a hit allocates";
    EXPECT_GE(cache.info().hits, keys * 16);
  }
}

TEST(HitWithoutWrites, ManyKeysWithMarks) {
  expect_hits_without_writes<deft::policy::clock, std::uint64_t>(200);
  expect_hits_without_writes<deft::policy::sieve, std::uint64_t>(200);
  expect_hits_without_writes<deft::policy::s3_fifo, std::uint64_t>(200);
}

TEST(HitWithoutWrites, ManyKeysWithoutMarks) {
  expect_hits_without_writes<deft::policy::fifo, std::uint64_t>(200);
  expect_hits_without_writes<deft::policy::unbounded, std::uint64_t>(200);
}

TEST(HitWithoutWrites, TheLastUsedKeyOfExactLru) {
  expect_hits_without_writes<deft::policy::lru, std::uint64_t>(1);
}

}  // namespace
