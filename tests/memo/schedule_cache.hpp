/// @file
/// What the schedule tests share: caches over the model scheduler, values that show when they are torn or
/// dead, and a search both depth first and at random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "deft/core/hash.hpp"
#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/options.hpp"

#include "tests/memo/model_scheduler.hpp"
#include "tests/memo/model_sync.hpp"

#if defined(__SANITIZE_THREAD__)
#define DEFT_TEST_FEW_SCHEDULES 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DEFT_TEST_FEW_SCHEDULES 1
#endif
#endif

namespace deft_test {

/// ThreadSanitizer sees one thread only, and slowly.
#if defined(DEFT_TEST_FEW_SCHEDULES)
inline constexpr std::size_t one_in = 10;
#else
inline constexpr std::size_t one_in = 1;
#endif

/// Lies in the table, in several words: a reader that sees half of a change finds that they differ.
struct wide_value {
  std::uint64_t words[3];

  static wide_value of(std::uint64_t key, std::uint64_t version = 0) {
    const std::uint64_t word = key * 1000 + version;
    return {{word, word, word}};
  }

  [[nodiscard]] bool is_whole() const { return words[0] == words[1] && words[1] == words[2]; }

  [[nodiscard]] std::uint64_t key() const { return words[0] / 1000; }

  [[nodiscard]] std::uint64_t version() const { return words[0] % 1000; }
};

/// Lies in a node, and knows whether it is alive.
class node_value {
 public:
  static node_value of(std::uint64_t key, std::uint64_t version = 0) {
    return node_value(key * 1000 + version);
  }

  explicit node_value(std::uint64_t word) : word_(word) { ++alive; }

  node_value(const node_value& other) : word_(other.word_), check_(other.check_) { ++alive; }

  node_value& operator=(const node_value&) = delete;

  ~node_value() {
    check_ = 0;
    --alive;
  }

  [[nodiscard]] bool is_whole() const { return check_ == living; }

  [[nodiscard]] std::uint64_t key() const { return word_ / 1000; }

  [[nodiscard]] std::uint64_t version() const { return word_ % 1000; }

  static inline long alive = 0;

 private:
  static constexpr std::uint64_t living = 0x600d600d600d600d;

  std::uint64_t word_;
  std::uint64_t check_ = living;
};

/// A cache over the scheduler. Its look-ups are always inlined, and its flights compiled for each type of
/// function: here each is compiled once.
template <typename V, typename Policy>
class scheduled_cache {
 public:
  using function = std::function<V()>;

  explicit scheduled_cache(const deft::memo_options& options) : cache_(options) {}

  [[gnu::noinline]] std::optional<V> get(std::uint64_t key) { return cache_.get(key); }

  [[gnu::noinline]] deft::handle<V> pin(std::uint64_t key) { return cache_.pin(key); }

  [[gnu::noinline]] V get_or_compute(std::uint64_t key, const function& f) {
    return cache_.get_or_compute(key, f);
  }

  [[gnu::noinline]] deft::handle<V> pin_or_compute(std::uint64_t key, const function& f) {
    return cache_.pin_or_compute(key, f);
  }

  [[gnu::noinline]] deft::handle<V> put(std::uint64_t key, const V& value) { return cache_.put(key, value); }

  bool invalidate(std::uint64_t key) { return cache_.invalidate(key); }

  void clear() { cache_.clear(); }

  void resize(std::size_t max_size) { cache_.resize(max_size); }

  [[nodiscard]] std::size_t size() const { return cache_.size(); }

  [[nodiscard]] deft::cache_info info() const { return cache_.info(); }

 private:
  deft::concurrent_cache<std::uint64_t, V, Policy, model_sync> cache_;
};

/// A cache and the memory that shows what is used after it was freed.
template <typename V, typename Policy>
struct watched_cache {
  model_resource memory;
  scheduled_cache<V, Policy> cache;

  explicit watched_cache(deft::memo_options options) : cache((options.resource = &memory, options)) {}
};

/// Fails the run unless what was found is of that key, whole and alive.
template <typename Found>
void expect_of(const Found& found, std::uint64_t key) {
  if (!found) return;
  model_run::expect(found->is_whole(), "a value is whole");
  model_run::expect(found->key() == key, "a value is its key's");
}

/// Different schedules of all searches of this process.
inline std::size_t schedules_seen = 0;

/// At least so many different schedules, or all that there are.
inline void search(const scenario& test, std::size_t schedules, exploration_options options = {}) {
  options.schedules = schedules / 2 / one_in;
  options.seed = schedules;
  for (auto* const explore : {&explore_all, &explore_random}) {
    const exploration found = explore(test, options);
    schedules_seen += found.distinct;
    EXPECT_EQ(found.failure, "") << "schedule " << found.schedule
                                 << " with DEFT_HASH_SEED=" << deft::hash_seed();
    EXPECT_TRUE(found.exhausted || found.distinct >= options.schedules) << found.distinct;
  }
}

}  // namespace deft_test
