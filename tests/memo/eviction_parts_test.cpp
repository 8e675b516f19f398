// What S3-FIFO and W-TinyLFU remember of keys, against memories that forget and confuse nothing.
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

#include "deft/memo/detail/eviction/frequency_sketch.hpp"
#include "deft/memo/detail/eviction/ghost_queue.hpp"

#include "tests/memo/eviction_models.hpp"

namespace {

using deft::detail::frequency_sketch;
using deft::detail::ghost_queue;
using deft_test::exact_ghosts;
using deft_test::test_hash;

ghost_queue ghosts_beside(std::size_t slots) {
  ghost_queue ghosts(std::pmr::get_default_resource());
  ghosts.reserve(slots);
  ghosts.resize(slots);
  return ghosts;
}

TEST(GhostQueue, AnswersLikeAListBesideAnyNumberOfSlots) {
  for (const std::size_t slots : {20, 100, 1'000, 20'000, 65'535}) {
    ghost_queue ghosts = ghosts_beside(slots);
    exact_ghosts exact;
    std::mt19937_64 random(slots);
    const std::size_t limit = slots - slots / 10;
    const int rounds = slots > 10'000 ? 400'000 : 100'000;
    int wrong = 0;
    int found = 0;
    for (int i = 0; i < rounds; ++i) {
      const std::uint64_t hash = test_hash(random() % (2 * slots));
      const bool expected = exact.take(hash);
      if (ghosts.take(hash) != expected) ++wrong;
      if (expected) ++found;
      const std::uint64_t evicted = test_hash(random() % (2 * slots));
      exact.take(evicted);
      (void)ghosts.take(evicted);
      exact.insert(evicted, limit);
      ghosts.insert(evicted, limit);
      ASSERT_LE(ghosts.size(), limit);
    }
    EXPECT_GT(found, rounds / 5) << slots;
    EXPECT_LT(wrong, rounds / 40) << slots;
  }
}

TEST(GhostQueue, NeverTakesWhatItHasToldTwice) {
  ghost_queue ghosts = ghosts_beside(1'000);
  for (std::uint64_t i = 0; i < 900; ++i) ghosts.insert(test_hash(i), 900);
  int found = 0;
  for (std::uint64_t i = 0; i < 900; ++i) {
    if (!ghosts.take(test_hash(i))) continue;
    ++found;
    EXPECT_FALSE(ghosts.take(test_hash(i)));
  }
  EXPECT_GT(found, 880);
  EXPECT_EQ(ghosts.size(), 0u);
}

TEST(GhostQueue, SeldomTakesWhatWasNeverThere) {
  ghost_queue ghosts = ghosts_beside(65'535);
  for (std::uint64_t i = 0; i < 200'000; ++i) ghosts.insert(test_hash(i), 58'982);
  int found = 0;
  for (std::uint64_t i = 0; i < 50'000; ++i) found += ghosts.take(test_hash(1'000'000 + i)) ? 1 : 0;
  EXPECT_LT(found, 100);  // one in 1,200
}

TEST(GhostQueue, LetsTheOldestGoWhenItsLimitShrinks) {
  ghost_queue ghosts = ghosts_beside(100);
  for (std::uint64_t i = 0; i < 80; ++i) ghosts.insert(test_hash(i), 90);
  ghosts.insert(test_hash(80), 10);
  EXPECT_EQ(ghosts.size(), 10u);
  EXPECT_FALSE(ghosts.take(test_hash(70)));
  EXPECT_TRUE(ghosts.take(test_hash(71)));
  EXPECT_TRUE(ghosts.take(test_hash(80)));
}

TEST(GhostQueue, HoldsNothingUnderALimitOfNone) {
  ghost_queue ghosts = ghosts_beside(1);
  ghosts.insert(test_hash(1), 0);
  EXPECT_FALSE(ghosts.take(test_hash(1)));
  EXPECT_EQ(ghosts.size(), 0u);
}

TEST(GhostQueue, IsEmptyAfterItGrew) {
  ghost_queue ghosts = ghosts_beside(100);
  ghosts.insert(test_hash(1), 90);
  ghosts.reserve(200);
  ghosts.resize(200);
  EXPECT_EQ(ghosts.size(), 0u);
  EXPECT_FALSE(ghosts.take(test_hash(1)));
  ghosts.insert(test_hash(2), 180);
  EXPECT_TRUE(ghosts.take(test_hash(2)));
}

frequency_sketch sketch_beside(std::size_t slots) {
  frequency_sketch sketch(std::pmr::get_default_resource());
  sketch.reserve(slots);
  sketch.resize(slots);
  return sketch;
}

TEST(FrequencySketch, NeverCountsTooLittleAndSeldomTooMuch) {
  constexpr std::size_t slots = 1'000;
  frequency_sketch sketch = sketch_beside(slots);
  std::unordered_map<std::uint64_t, unsigned> exact;
  std::mt19937_64 random(1);
  for (int i = 0; i < 5'000; ++i) {  // half of what makes it halve
    const std::uint64_t key = random() % 4 == 0 ? random() % 50 : random() % 1'500;
    ++exact[key];
    EXPECT_FALSE(sketch.add(test_hash(key)));
  }
  int too_much = 0;
  for (const auto& [key, times] : exact) {
    const unsigned expected = std::min(times, frequency_sketch::most);
    ASSERT_GE(sketch.count(test_hash(key)), expected);
    if (sketch.count(test_hash(key)) > expected + 1) ++too_much;
  }
  EXPECT_LT(too_much, 75);
}

TEST(FrequencySketch, HalvesAfterTenSightingsASlot) {
  frequency_sketch sketch = sketch_beside(10);
  for (int i = 0; i < 8; ++i) sketch.add(test_hash(1));
  EXPECT_EQ(sketch.count(test_hash(1)), 8u);
  int additions = 8;
  bool halved = false;
  for (std::uint64_t key = 2; !halved; ++key, ++additions) halved = sketch.add(test_hash(key));
  EXPECT_EQ(additions, 100);
  EXPECT_LE(sketch.count(test_hash(1)), 5u);
  EXPECT_GE(sketch.count(test_hash(1)), 4u);
}

TEST(FrequencySketch, StopsAtFifteenWithoutAgeingTheOthers) {
  frequency_sketch sketch = sketch_beside(10);
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(sketch.add(test_hash(1)));
  EXPECT_EQ(sketch.count(test_hash(1)), 15u);
}

TEST(FrequencySketch, RemembersWhenItGrows) {
  frequency_sketch sketch = sketch_beside(64);
  for (std::uint64_t key = 0; key < 50; ++key) {
    for (std::uint64_t i = 0; i <= key % 7; ++i) sketch.add(test_hash(key));
  }
  for (const std::size_t slots : {128, 512, 4'096}) {
    sketch.reserve(slots);
    sketch.resize(slots);
    for (std::uint64_t key = 0; key < 50; ++key)
      EXPECT_GE(sketch.count(test_hash(key)), key % 7 + 1) << slots;
  }
}

}  // namespace
