// Every allocation of every operation fails once, and every copy, hash and comparison of the user's throws
// once: afterwards the cache is as it was or as it should be, goes on working, and nothing is lost.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>
#include <new>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

#include "tests/support_types/elements.hpp"
#include "tests/support_types/faults.hpp"

namespace {

using deft_test::faults;
using deft_test::throwing_copy;

/// Fails where the schedule says, and counts what is not given back.
class failing_resource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    faults::allocation_point();
    void* const block = std::pmr::new_delete_resource()->allocate(bytes, alignment);
    faults::allocated += static_cast<long>(bytes);
    return block;
  }

  void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override {
    faults::allocated -= static_cast<long>(bytes);
    std::pmr::new_delete_resource()->deallocate(block, bytes, alignment);
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

/// A key whose copies, hashes and comparisons may throw.
struct throwing_key {
  explicit throwing_key(int n) : tracked(n, 0) {}

  throwing_copy tracked;

  friend bool operator==(const throwing_key& a, const throwing_key& b) {
    faults::point();
    return a.tracked.key == b.tracked.key;
  }
};

}  // namespace

template <>
struct std::hash<throwing_key> {
  std::size_t operator()(const throwing_key& key) const {
    faults::point();
    return deft::hash_integer(static_cast<std::uint64_t>(key.tracked.key), 7);
  }
};

namespace {

template <typename K>
K key_of(int n) {
  if constexpr (std::is_same_v<K, std::string>) {
    return "a key that needs memory of its own: " + std::to_string(n);
  } else {
    return K(n);
  }
}

template <typename V>
V value_of(int n) {
  if constexpr (std::is_same_v<V, throwing_copy>) {
    return V(n, n);
  } else {
    return static_cast<V>(n);
  }
}

int number(const throwing_copy& value) {
  return value.key;
}

int number(std::uint64_t value) {
  return static_cast<int>(value);
}

template <typename K, typename V, typename Policy>
struct held_cache {
  using cache_type = deft::concurrent_cache<K, V, Policy>;
  static constexpr int filled = 20;
  static constexpr int most = 24;

  failing_resource memory;
  std::unique_ptr<cache_type> cache;

  deft::memo_options options() { return {.max_size = most, .resource = &memory}; }

  held_cache() : cache(std::make_unique<cache_type>(options())) {
    for (int n = 0; n < filled; ++n) cache->put(key_of<K>(n), value_of<V>(n));
  }
};

/// Applies the operation with each of its failures in turn to a cache of 20 entries, of at most 24.
template <typename K, typename V, typename Policy>
void sweep_cache(const char* what, bool may_fail,
                 const std::function<void(deft::concurrent_cache<K, V, Policy>&)>& operation) {
  SCOPED_TRACE(what);
  using held = held_cache<K, V, Policy>;
  const long alive = faults::alive;
  const long allocated = faults::allocated;
  {
    const auto result = deft_test::sweep([] { return std::make_unique<held>(); },
                                         [&](std::unique_ptr<held>& state) { operation(*state->cache); },
                                         [&](std::unique_ptr<held>& state, bool completed) {
                                           auto& cache = *state->cache;
                                           EXPECT_LE(cache.size(), static_cast<std::size_t>(held::most) * 4);
                                           std::size_t found = 0;
                                           for (int n = 0; n < 400; ++n) {
                                             const auto value = cache.pin(key_of<K>(n));
                                             if (!value) continue;
                                             ++found;
                                             EXPECT_EQ(number(*value) % 1000, n) << "a value is its key's";
                                           }
                                           EXPECT_EQ(found, cache.size());
                                           if (!completed) {
                                             EXPECT_GE(found, 1U);
                                           }
                                           // And it goes on.
                                           cache.put(key_of<K>(1), value_of<V>(2001));
                                           EXPECT_EQ(number(*cache.pin(key_of<K>(1))), 2001);
                                         });
    EXPECT_TRUE(result.completed);
    if (!may_fail) {
      EXPECT_EQ(result.failures, 0);
    }
  }
  EXPECT_EQ(faults::alive, alive) << "a key or a value is lost";
  EXPECT_EQ(faults::allocated, allocated) << "memory is lost";
}

template <typename K, typename V, typename Policy>
void sweep_operations() {
  // Hits and removals without a listener need no memory; they fail only by the user's own.
  constexpr bool throws = std::is_same_v<K, throwing_key>;
  constexpr bool copies_throw = throws || std::is_same_v<V, throwing_copy>;
  sweep_cache<K, V, Policy>("get", copies_throw,
                            [k = key_of<K>(3)](auto& cache) { static_cast<void>(cache.get(k)); });
  sweep_cache<K, V, Policy>("pin", throws,
                            [k = key_of<K>(3)](auto& cache) { static_cast<void>(cache.pin(k)); });
  sweep_cache<K, V, Policy>("get of what is not there", throws,
                            [k = key_of<K>(30)](auto& cache) { static_cast<void>(cache.get(k)); });
  sweep_cache<K, V, Policy>("put of another value", true,
                            [k = key_of<K>(3)](auto& cache) { cache.put(k, value_of<V>(1003)); });
  sweep_cache<K, V, Policy>("puts until entries are evicted", true, [](auto& cache) {
    for (int n = 20; n < 30; ++n) cache.put(key_of<K>(n), value_of<V>(n));
  });
  sweep_cache<K, V, Policy>("get_or_compute", true, [k = key_of<K>(31)](auto& cache) {
    static_cast<void>(cache.get_or_compute(k, [] { return value_of<V>(31); }));
  });
  sweep_cache<K, V, Policy>("pin_or_compute", true, [k = key_of<K>(31)](auto& cache) {
    static_cast<void>(cache.pin_or_compute(k, [] { return value_of<V>(31); }));
  });
  sweep_cache<K, V, Policy>("invalidate", throws, [k = key_of<K>(3)](auto& cache) { cache.invalidate(k); });
  sweep_cache<K, V, Policy>("invalidate_if", true, [](auto& cache) {
    cache.invalidate_if(
        [](const K&, const V& value) { return number(value) % 2 == 1 && number(value) != 1; });
  });
  sweep_cache<K, V, Policy>("resize to less", true, [](auto& cache) { cache.resize(5); });
  sweep_cache<K, V, Policy>("resize to more, and puts", true, [](auto& cache) {
    cache.resize(90);
    for (int n = 20; n < 90; ++n) cache.put(key_of<K>(n), value_of<V>(n));
  });
}

template <typename Policy>
struct CacheSweep : testing::Test {};

using policies =
    testing::Types<deft::policy::fifo, deft::policy::lru, deft::policy::clock, deft::policy::sieve,
                   deft::policy::s3_fifo, deft::policy::tiny_lfu, deft::policy::unbounded>;
TYPED_TEST_SUITE(CacheSweep, policies);

// A policy allocates for slots, whatever is in them.
TYPED_TEST(CacheSweep, EveryAllocationOfWordsFailsOnce) {
  sweep_operations<std::uint64_t, std::uint64_t, TypeParam>();
}

TYPED_TEST(CacheSweep, ConstructionFailsWithoutTraces) {
  const long allocated = faults::allocated;
  failing_resource memory;
  using cache_type = deft::concurrent_cache<std::uint64_t, std::uint64_t, TypeParam>;
  const auto result = deft_test::sweep(
      [] { return 0; }, [&](int&) { const cache_type cache({.max_size = 100, .resource = &memory}); },
      [&](int&, bool) { EXPECT_EQ(faults::allocated, allocated); });
  EXPECT_TRUE(result.completed);
}

TYPED_TEST(CacheSweep, SizesAtTheEndsOfTheRange) {
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, SIZE_MAX - 1, SIZE_MAX, SIZE_MAX / 2 + 1}) {
    deft::concurrent_cache<std::uint64_t, std::uint64_t, TypeParam> cache({.max_size = most});
    for (std::uint64_t n = 0; n < 3000; ++n) cache.put(n, n);
    const bool unbounded = std::is_same_v<TypeParam, deft::policy::unbounded>;
    EXPECT_EQ(cache.size(), unbounded ? 3000U : std::min<std::size_t>(most, 3000)) << most;
    EXPECT_EQ(cache.get_or_compute(5000, [] { return std::uint64_t{7}; }), 7U);
    cache.resize(most / 2);
    cache.resize(most);
    for (std::uint64_t n = 0; n < 3000; ++n) {
      const auto found = cache.get(n);
      EXPECT_TRUE(!found || *found == n);
    }
  }
}

/// Nodes and what the user's types do: none of the policies' matter. Some that are looked up with and without
/// a lock, with a list, marks, a ghost queue and a sketch.
template <typename Policy>
struct CacheSweepOfNodes : testing::Test {};

using some_policies =
    testing::Types<deft::policy::lru, deft::policy::clock, deft::policy::s3_fifo, deft::policy::tiny_lfu>;
TYPED_TEST_SUITE(CacheSweepOfNodes, some_policies);

TYPED_TEST(CacheSweepOfNodes, EveryAllocationAndCopyFailsOnce) {
  sweep_operations<std::string, throwing_copy, TypeParam>();
}

TYPED_TEST(CacheSweepOfNodes, ClearingNeedsNoMemory) {
  const long alive = faults::alive;
  {
    held_cache<std::string, throwing_copy, TypeParam> held;
    faults::countdown = 0;
    held.cache->clear();
    faults::countdown = -1;
    EXPECT_EQ(held.cache->size(), 0U);
  }
  EXPECT_EQ(faults::alive, alive);
}

TEST(CacheSweepOfKeys, EveryHashComparisonAndCopyThrowsOnce) {
  sweep_operations<throwing_key, std::uint64_t, deft::policy::lru>();
  sweep_operations<throwing_key, std::uint64_t, deft::policy::s3_fifo>();
}

}  // namespace
