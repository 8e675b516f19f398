// Each order against its paper, eviction by eviction.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <random>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/memo/eviction_harness.hpp"
#include "tests/memo/eviction_models.hpp"
#include "tests/support_types/faults.hpp"

namespace {

namespace policy = deft::policy;
using deft_test::model_cache;
using deft_test::simple_cache;

template <typename Policy>
class EvictionOrder : public testing::Test {};

using policies = testing::Types<policy::fifo, policy::lru, policy::clock, policy::sieve, policy::s3_fifo,
                                policy::tiny_lfu>;
TYPED_TEST_SUITE(EvictionOrder, policies);

/// Zipf-like requests, loops and scans in turn, over about `keys` keys.
class workload {
 public:
  workload(std::uint64_t seed, std::uint64_t keys) : random_(seed), keys_(keys) {}

  std::uint64_t next() {
    if (phase_left_ == 0) {
      phase_ = random_() % 4;
      phase_left_ = keys_ / 2 + random_() % (keys_ * 2);
      loop_length_ = 1 + random_() % keys_;
    }
    --phase_left_;
    switch (phase_) {
      case 0:
        return phase_left_ % loop_length_;  // a loop
      case 1:
        return 1'000'000 + scanned_++;  // never again
      default:
        return static_cast<std::uint64_t>(std::pow(static_cast<double>(keys_), uniform_(random_)));
    }
  }

  bool one_in(std::uint64_t n) { return random_() % n == 0; }

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_{0, 1};
  std::uint64_t keys_;
  std::uint64_t phase_ = 0;
  std::uint64_t phase_left_ = 0;
  std::uint64_t loop_length_ = 1;
  std::uint64_t scanned_ = 0;
};

TYPED_TEST(EvictionOrder, EvictsWhatThePaperSays) {
  for (const std::size_t max_size : {1, 2, 3, 9, 10, 64, 65, 200}) {
    simple_cache<TypeParam> cache(max_size);
    model_cache<TypeParam> model(max_size);
    workload requests(max_size, 3 * max_size + 2);
    for (int i = 0; i < 8'000; ++i) {
      const std::uint64_t key = requests.next();
      ASSERT_EQ(cache.access(key), model.access(key)) << "request " << i << ", size " << max_size;
      ASSERT_EQ(cache.evicted, model.evicted) << "request " << i << ", size " << max_size;
      cache.evicted.clear();
      model.evicted.clear();
    }
  }
}

TYPED_TEST(EvictionOrder, GoesOnWithoutErasedEntries) {
  for (const std::size_t max_size : {1, 2, 10, 100}) {
    simple_cache<TypeParam> cache(max_size);
    model_cache<TypeParam> model(max_size);
    workload requests(77 + max_size, 2 * max_size + 2);
    for (int i = 0; i < 8'000; ++i) {
      const std::uint64_t key = requests.next();
      ASSERT_EQ(cache.access(key), model.access(key)) << "request " << i << ", size " << max_size;
      if (requests.one_in(3)) {
        const std::uint64_t erased = requests.one_in(2) ? key : requests.below(2 * max_size);
        if (cache.erase(erased)) model.erased(erased);
      }
      // As where entries have weights: room for one may cost several.
      for (std::uint64_t n = requests.one_in(20) ? requests.below(5) : 0; n != 0 && cache.size() != 0; --n) {
        cache.evict();
        model.evict();
      }
      ASSERT_EQ(cache.evicted, model.evicted) << "request " << i << ", size " << max_size;
      cache.evicted.clear();
      model.evicted.clear();
    }
  }
}

TYPED_TEST(EvictionOrder, ServesItsEntriesOutInOrderWhenEmptied) {
  simple_cache<TypeParam> cache(50);
  model_cache<TypeParam> model(50);
  workload requests(5, 150);
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t key = requests.next();
    cache.access(key);
    model.access(key);
  }
  while (cache.size() != 0) {
    cache.evict();
    model.evict();
  }
  EXPECT_EQ(cache.evicted, model.evicted);
}

TYPED_TEST(EvictionOrder, KeepsItsOrderWhenItGrows) {
  auto cache = simple_cache<TypeParam>::growing(100);
  model_cache<TypeParam> model(100);
  workload requests(6, 300);
  for (int i = 0; i < 5'000; ++i) {
    const std::uint64_t key = requests.next();
    const bool hit = cache.access(key);
    // Counts of W-TinyLFU are approximate when it has grown.
    if constexpr (!std::is_same_v<TypeParam, policy::tiny_lfu>) {
      ASSERT_EQ(hit, model.access(key));
      ASSERT_EQ(cache.evicted, model.evicted);
    }
  }
  EXPECT_EQ(cache.size(), 100u);
}

TYPED_TEST(EvictionOrder, IsRebuiltFromItsOwnOrder) {
  simple_cache<TypeParam> cache(100);
  workload requests(9, 300);
  for (int i = 0; i < 5'000; ++i) cache.access(requests.next());
  for (std::uint64_t key = 0; key < 100; key += 7) cache.erase(key);
  auto copy = cache.rebuilt(100);
  ASSERT_EQ(copy.size(), cache.size());

  std::vector<std::pair<std::uint64_t, int>> order;
  std::vector<std::pair<std::uint64_t, int>> order_of_copy;
  cache.order.for_each_in_order(
      [&](deft::detail::entry_slot s, int queue) { order.emplace_back(cache.hash(s), queue); });
  copy.order.for_each_in_order(
      [&](deft::detail::entry_slot s, int queue) { order_of_copy.emplace_back(copy.hash(s), queue); });
  EXPECT_EQ(order, order_of_copy);

  // The same future, where nothing is remembered of the past but the order.
  if constexpr (!std::is_same_v<TypeParam, policy::s3_fifo> && !std::is_same_v<TypeParam, policy::tiny_lfu> &&
                !std::is_same_v<TypeParam, policy::sieve>) {
    cache.evicted.clear();
    while (cache.size() != 0) cache.evict();
    while (copy.size() != 0) copy.evict();
    EXPECT_EQ(cache.evicted, copy.evicted);
  }
}

/// A reader that marks whatever is looked at again at once.
template <typename Policy>
struct stubborn_shard {
  unsigned mark(deft::detail::entry_slot) const { return deft::detail::eviction<Policy>::mark_limit; }

  void set_mark(deft::detail::entry_slot, unsigned) {}

  std::uint64_t hash(deft::detail::entry_slot s) const { return s; }
};

TYPED_TEST(EvictionOrder, FindsAVictimWhateverReadersDo) {
  deft::detail::eviction<TypeParam> order(std::pmr::get_default_resource());
  order.reserve(100);
  stubborn_shard<TypeParam> shard;
  for (deft::detail::entry_slot s = 0; s < 100; ++s) order.insert(shard, s, s, s % 2);
  std::vector<bool> evicted(100, false);
  for (int i = 0; i < 100; ++i) evicted[order.evict(shard)] = true;
  EXPECT_EQ(std::ranges::count(evicted, true), 100);
}

/// Counts, and fails where the schedule says.
class scheduled_resource : public std::pmr::memory_resource {
 public:
  int allocations = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    deft_test::faults::allocation_point();
    ++allocations;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }

  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

TYPED_TEST(EvictionOrder, StaysAsItWasWhenThereIsNoMemoryToGrow) {
  scheduled_resource memory;
  model_cache<TypeParam> model(40);
  for (std::uint64_t i = 0; i < 120; ++i) model.access(i % 45);
  for (int i = 0; i < 40; ++i) model.evict();

  const auto result = deft_test::sweep(
      [&] {
        simple_cache<TypeParam> cache(40, &memory);
        for (std::uint64_t i = 0; i < 120; ++i) cache.access(i % 45);
        return cache;
      },
      [](simple_cache<TypeParam>& cache) { cache.order.reserve(1'000); },
      [&](simple_cache<TypeParam>& cache, bool) {
        while (cache.size() != 0) cache.evict();
        EXPECT_EQ(cache.evicted, model.evicted);
      });
  EXPECT_GE(result.failures, 1);
}

TYPED_TEST(EvictionOrder, AllocatesNothingAfterReserve) {
  scheduled_resource memory;
  simple_cache<TypeParam> cache(64, &memory);
  workload requests(3, 200);
  for (int i = 0; i < 64; ++i) cache.access(static_cast<std::uint64_t>(i));
  const int before = memory.allocations;
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t key = requests.next();
    cache.access(key);
    if (requests.one_in(5)) cache.erase(key);
  }
  EXPECT_EQ(memory.allocations, before);
}

TYPED_TEST(EvictionOrder, HasNoMemoryBeforeReserve) {
  deft::detail::eviction<TypeParam> order(std::pmr::null_memory_resource());
  EXPECT_EQ(order.memory_bytes(), 0u);
  EXPECT_THROW(order.reserve(1), std::bad_alloc);
  EXPECT_EQ(order.memory_bytes(), 0u);
}

TYPED_TEST(EvictionOrder, CostsAFewBytesASlot) {
  const double limit = std::is_same_v<TypeParam, policy::clock>      ? 0.2
                       : std::is_same_v<TypeParam, policy::s3_fifo>  ? 9
                       : std::is_same_v<TypeParam, policy::tiny_lfu> ? 8
                                                                     : 4;
  for (const std::size_t slots : {1'000, 4'000, 30'000, 65'535}) {
    deft::detail::eviction<TypeParam> order(std::pmr::get_default_resource());
    order.reserve(slots);
    EXPECT_LE(static_cast<double>(order.memory_bytes()), limit * static_cast<double>(slots)) << slots;
  }
}

TYPED_TEST(EvictionOrder, FillsAWholeShard) {
  simple_cache<TypeParam> cache(65'535);
  for (std::uint64_t key = 0; key < 140'000; ++key) {
    cache.access(key);
    cache.access(key * 5 % 60'000);
  }
  EXPECT_EQ(cache.size(), 65'535u);
  while (cache.size() != 0) cache.evict();
}

}  // namespace
