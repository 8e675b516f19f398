/// @file
/// A cache that is obviously right under detail::single_flight, and how its tests wait for one another.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "deft/memo/detail/key_traits.hpp"
#include "deft/memo/detail/single_flight.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/options.hpp"

namespace deft::test {

/// How many threads wait for another thread's flight.
inline std::size_t waiting_threads() {
  using sync = detail::standard_sync;
  const std::lock_guard lock(sync::wait_graph());
  std::size_t n = 0;
  for (const auto* t = sync::threads(); t != nullptr; t = t->next) n += t->waiting_for != nullptr;
  return n;
}

/// Returns when so many threads wait for another thread's flight. They are as good as asleep: whatever
/// happens to the flight now, they learn from it.
inline void await_waiting_threads(std::size_t n) {
  while (waiting_threads() != n) std::this_thread::yield();
}

/// What one thread tells another.
class signal {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    set_ = true;
    changed_.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

/// Runs f(i) in n threads and waits for them.
template <typename F>
void in_threads(int n, F f) {
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) threads.emplace_back([&f, i] { f(i); });
}

/// A vector under a mutex.
template <typename K, typename V>
class mock_core {
 public:
  using traits = detail::key_traits<K>;
  using key_view = typename traits::view;

  struct store_request {
    bool replace = true;
    const std::atomic<bool>* cancelled = nullptr;
  };

  handle<V> find(key_view key, std::uint64_t) {
    const std::lock_guard lock(mutex_);
    for (const auto& [k, v] : entries_) {
      if (same(k, key)) {
        ++hits;
        return v;
      }
    }
    return {};
  }

  handle<V> store(key_view key, std::uint64_t, V&& value, store_request request) {
    K stored = traits::make(key);
    handle<V> added = make(std::move(value));
    const std::lock_guard lock(mutex_);
    if (request.cancelled != nullptr && request.cancelled->load()) return added;
    for (auto& [k, v] : entries_) {
      if (same(k, key)) return request.replace ? v = std::move(added) : v;
    }
    entries_.emplace_back(std::move(stored), added);
    return added;
  }

  void erase(key_view key) {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [&](const auto& e) { return same(e.first, key); });
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
  }

  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

  void count_miss() noexcept { ++misses; }

  void count_load_failure() noexcept { ++load_failures; }

  std::atomic<std::uint64_t> hits{0};
  std::atomic<std::uint64_t> misses{0};
  std::atomic<std::uint64_t> load_failures{0};

 private:
  // Keys that test what comparing does to flights are told apart by their number, which does nothing.
  static bool same(const K& stored, key_view key) {
    if constexpr (requires { stored.number; }) {
      return stored.number == static_cast<const K&>(key).number;
    } else {
      return traits::equal(stored, key);
    }
  }

  static handle<V> make(V&& value) {
    if constexpr (detail::is_word_value<V>) {
      return detail::handle_access::hold<V>(value);
    } else {
      return detail::handle_access::adopt(new detail::value_block<V>(
          [](detail::value_block<V>* block) noexcept { delete block; }, std::move(value)));
    }
  }

  std::mutex mutex_;
  std::vector<std::pair<K, handle<V>>> entries_;
};

/// The mock and its flights, put together as a cache does it.
template <typename K, typename V>
class mock_cache {
 public:
  using key_view = typename detail::key_traits<K>::view;

  explicit mock_cache(const memo_options& options = {}) : flights(options) {}

  template <typename F>
  handle<V> get(key_view key, F&& f) {
    const std::uint64_t hash = detail::key_traits<K>::hash(key, 0);
    if (auto found = core.find(key, hash)) return found;
    return flights.run(core, key, hash, std::forward<F>(f));
  }

  void put(key_view key, V value) {
    const std::uint64_t hash = detail::key_traits<K>::hash(key, 0);
    flights.cancel_before_put(key, hash);
    core.store(key, hash, std::move(value), {});
  }

  void invalidate(key_view key) {
    flights.cancel(key, detail::key_traits<K>::hash(key, 0));
    core.erase(key);
  }

  void clear() {
    flights.cancel_all();
    core.clear();
  }

  mock_core<K, V> core;
  detail::single_flight<K, V, detail::standard_sync> flights;
};

}  // namespace deft::test
