/// @file
/// What the caches are asked: keys, Zipf-distributed sequences of them, and threads that ask.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "bench/support/keys.hpp"
#include "bench/support/zipf.hpp"

namespace deft_bench {

/// The key with that number: 64 bits, or 32 hexadecimal digits.
template <typename K>
auto cache_key(std::uint64_t number) -> K {
  split_mix random(number * 0x2545f4914f6cdd1dU);
  if constexpr (std::is_same_v<K, std::string>) {
    return key_at<std::string>(random()) + key_at<std::string>(random());
  } else {
    return random();
  }
}

/// How many keys a sequence has: a power of two, so many that no branch predictor remembers them and that the
/// rare keys of a large set occur, too.
inline auto sequence_length(std::size_t keys) -> std::size_t {
  std::size_t length = std::size_t{1} << 18U;
  while (length < 2 * keys) length *= 2;
  return length;
}

/// Keys of 0 to `keys` - 1 by Zipf's law with exponent 0.99, which is YCSB's.
template <typename K>
auto zipf_sequence(std::size_t keys) -> const std::vector<K>& {
  static std::map<std::size_t, std::vector<K>> sequences;
  std::vector<K>& sequence = sequences[keys];
  if (!sequence.empty()) return sequence;
  const zipf ranks(keys, 0.99);
  split_mix random(keys);
  sequence.reserve(sequence_length(keys));
  while (sequence.size() < sequence_length(keys)) sequence.push_back(cache_key<K>(ranks(random)));
  return sequence;
}

/// Different keys, so many that a cache of `capacity` has forgotten the first when they begin again.
template <typename K>
auto different_keys(std::size_t capacity) -> const std::vector<K>& {
  static std::map<std::size_t, std::vector<K>> sequences;
  std::vector<K>& sequence = sequences[capacity];
  if (!sequence.empty()) return sequence;
  const std::size_t length = sequence_length(8 * capacity);
  sequence.reserve(length);
  for (std::uint64_t i = 0; i < length; ++i) sequence.push_back(cache_key<K>(i + (std::uint64_t{1} << 32U)));
  return sequence;
}

/// Threads that do something together, again and again; the caller is the first of them.
class crew {
 public:
  crew(unsigned threads, std::function<void(unsigned)> work) : work_(std::move(work)) {
    for (unsigned i = 1; i < threads; ++i) {
      threads_.emplace_back([this, i] {
        for (unsigned round = 1;; ++round) {
          wait_for(started_, round);
          if (ended_.load(std::memory_order_acquire)) return;
          work_(i);
          done_.fetch_add(1, std::memory_order_release);
        }
      });
    }
  }

  ~crew() {
    ended_.store(true, std::memory_order_release);
    started_.fetch_add(1, std::memory_order_release);
    for (std::thread& thread : threads_) thread.join();
  }

  crew(const crew&) = delete;
  auto operator=(const crew&) -> crew& = delete;

  /// Each does its work once.
  void once() {
    done_.store(0, std::memory_order_relaxed);
    started_.fetch_add(1, std::memory_order_release);
    work_(0);
    wait_for(done_, static_cast<unsigned>(threads_.size()));
  }

 private:
  // Does not sleep: a thread that has to be woken comes late.
  static void wait_for(const std::atomic<unsigned>& counter, unsigned value) {
    while (counter.load(std::memory_order_acquire) < value) std::this_thread::yield();
  }

  std::function<void(unsigned)> work_;
  std::atomic<unsigned> started_{0};
  std::atomic<unsigned> done_{0};
  std::atomic<bool> ended_{false};
  std::vector<std::thread> threads_;
};

}  // namespace deft_bench
