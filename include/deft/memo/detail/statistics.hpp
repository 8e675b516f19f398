/// @file
/// Counters that each thread has for itself, summed when somebody asks: a hit must write no line that others
/// read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/sync.hpp"

namespace deft::detail {

/// Hits and misses of one cache.
///
/// The first threads have a line each, in which they count by a load and a store. Later ones share one, with
/// atomic additions.
template <typename Sync>
class thread_counters {
 public:
  static constexpr std::uint32_t own_lines = threads_with_own_lines;

  DEFT_TAGGED thread_counters() noexcept = default;
  thread_counters(const thread_counters&) = delete;
  thread_counters& operator=(const thread_counters&) = delete;

  /// @pre The thread has a line of its own, as those of Sync::light_thread() have.
  [[gnu::always_inline]] DEFT_TAGGED void count_own_hit(const thread_state<Sync>& thread) noexcept {
    counter& own = lines_[thread.index].hits;
    own.store(own.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  DEFT_TAGGED void count_hit(const thread_state<Sync>& thread) noexcept { add(thread, &line::hits); }

  DEFT_TAGGED void count_miss(const thread_state<Sync>& thread) noexcept { add(thread, &line::misses); }

  struct sums {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
  };

  /// Since the last reset.
  [[nodiscard]] DEFT_TAGGED sums sum() const noexcept {
    sums total = all();
    total.hits -= reset_at_hits_.load(std::memory_order_relaxed);
    total.misses -= reset_at_misses_.load(std::memory_order_relaxed);
    return total;
  }

  /// Counts from 0 again. The threads go on counting in their lines, which nobody else may write.
  DEFT_TAGGED void reset() noexcept {
    const sums now = all();
    reset_at_hits_.store(now.hits, std::memory_order_relaxed);
    reset_at_misses_.store(now.misses, std::memory_order_relaxed);
  }

 private:
  using counter = typename Sync::template atomic<std::uint64_t>;

  struct alignas(64) line {
    counter hits{0};
    counter misses{0};
  };

  DEFT_TAGGED void add(const thread_state<Sync>& thread, counter line::* member) noexcept {
    if (thread.index < own_lines) [[likely]] {
      counter& own = lines_[thread.index].*member;
      own.store(own.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    } else {
      (lines_[own_lines].*member).fetch_add(1, std::memory_order_relaxed);
    }
  }

  [[nodiscard]] DEFT_TAGGED sums all() const noexcept {
    sums total;
    for (std::uint32_t i = 0; i <= own_lines; ++i) {
      total.hits += lines_[i].hits.load(std::memory_order_relaxed);
      total.misses += lines_[i].misses.load(std::memory_order_relaxed);
    }
    return total;
  }

  line lines_[own_lines + 1];
  counter reset_at_hits_{0};
  counter reset_at_misses_{0};
};

}  // namespace deft::detail
