/// @file
/// deft::concurrent_cache: a bounded map that many threads share, with a function that computes what is
/// missing once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/cache_core.hpp"
#include "deft/memo/detail/flight_sampling.hpp"
#include "deft/memo/detail/key_traits.hpp"
#include "deft/memo/detail/registry.hpp"
#include "deft/memo/detail/single_flight.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/options.hpp"
#include "deft/memo/policy.hpp"

namespace deft {

/// A cache of `options.max_size` entries for any number of threads.
///
/// When to use it: several threads want values that are costly to get. When not: one thread only
/// (deft::lru_cache), or a function is to be cached as a whole (deft::memoize, which has one of these
/// inside).
///
/// A hit takes no lock with the policies fifo, clock, sieve, s3_fifo and unbounded, and writes nothing that
/// other threads read, once the entry's mark is up. Keys and values that are trivially copyable and small (64
/// bytes) lie in the table; others in a node each, which handles share. A miss takes the lock of one shard.
/// No lock is held while anything of the user's runs: functions, hashes, comparisons, copies, destructors,
/// listeners.
///
/// Differs from a std map: values are copied out or pinned (there are no references into the cache, and no
/// iterators); what was stored may be gone at any time; NaNs are one key, and -0.0 and 0.0 are one key. Keys
/// are looked up by `key_view`: a std::string_view for strings, a std::span for vectors, tuples of such for
/// tuples.
///
/// Memory per entry beyond key and value: 6.4 bytes of table, and the policy's (see
/// deft/memo/policy.hpp): 7.5 with clock, 11.5 with lru, 15.5 with s3_fifo; in nodes 40 more and what the
/// allocator takes. Grows with the entries. A removed node is destroyed when no other thread can be reading
/// it: at once if no other thread uses caches, else at a later removal.
///
/// The table is that of F14 (Bronson, Shi 2019), read under a seqlock per chunk and freed by epochs.
///
/// Threads: every member function may be called at any time from any thread, from the user's functions that
/// the cache calls, too; except construction, and destruction, by which all other calls must have ended
/// (checked for functions that are running). After a fork both processes may go on using it; what other
/// threads were computing is given up in the child.
template <typename K, typename V, typename Policy = policy::s3_fifo, typename Sync = detail::standard_sync>
class concurrent_cache final : private detail::listed_cache {
  static_assert(std::is_same_v<K, std::decay_t<K>> && std::is_same_v<V, std::decay_t<V>>,
                "deft: keys and values are objects of their own");
  static_assert(std::is_move_constructible_v<V>, "deft: a value must be movable into the cache");

 public:
  using key_type = K;
  using mapped_type = V;
  using handle_type = handle<V>;
  /// How a call names a key, without owning it.
  using key_view = typename detail::key_traits<K>::view;

  /// @throws      std::invalid_argument if a callable in the options takes other types than K and V; what the
  /// resource throws.
  /// @complexity  O(1): room comes with the entries. @concurrency Safe.
  DEFT_TAGGED explicit concurrent_cache(memo_options options = {})
      : core_(options), flights_(core_.options()) {
    if constexpr (std::is_same_v<Sync, detail::standard_sync>) this->list();
  }

  concurrent_cache(const concurrent_cache&) = delete;
  concurrent_cache& operator=(const concurrent_cache&) = delete;

  /// @pre         No function that the cache called is running, no other call is under way.
  /// @complexity  O(n). @invalidates Nothing: handles stay valid.
  DEFT_TAGGED ~concurrent_cache() {
    if constexpr (std::is_same_v<Sync, detail::standard_sync>) this->unlist();
  }

  /// Looks a key up. Counts a hit or a miss.
  /// @returns     A copy of the value, if it is there.
  /// @throws      What hashing, comparing and copying throw.
  /// @complexity  O(1). @concurrency Safe; without a lock but for lru and tiny_lfu.
  [[nodiscard, gnu::always_inline]] DEFT_TAGGED std::optional<V> get(key_view key) {
    return core_.get_or(key, core_.hash(key), [this] {
      core_.count_miss();
      return std::optional<V>();
    });
  }

  /// Looks a key up without copying the value. Counts a hit or a miss.
  /// @returns     A handle of the value; an empty one if it is not there.
  /// @throws      What hashing and comparing throw.
  /// @complexity  O(1), no allocation. @concurrency Safe; as get.
  [[nodiscard, gnu::always_inline]] DEFT_TAGGED handle<V> pin(key_view key) {
    handle<V> result = core_.find(key, core_.hash(key));
    if (!result) core_.count_miss();
    return result;
  }

  /// The value; if it is not there, that of `f()` (or of `f(key)`, as a view or a const K&), which is stored.
  ///
  /// Of several threads that want the same key at the same time one runs f, the others wait for it (see
  /// deft::flight). f may use this cache, for other keys. If the key is invalidated, put or cleared while f
  /// runs, the value is returned but not stored.
  /// @returns     A copy.
  /// @throws      What f throws: to all that wait, unless options.on_error says else; nothing is stored then.
  ///              recursive_memo_error if f wants the key that it computes, also through other threads. As
  ///              get.
  /// @guarantee   Strong.
  /// @complexity  O(1) and f. @concurrency Safe.
  template <typename F>
  [[gnu::always_inline]] DEFT_TAGGED V get_or_compute(key_view key, F&& f) {
    const std::uint64_t hash = core_.hash(key);
    std::optional<V> found = core_.get_or(key, hash, [] { return std::optional<V>(); });
    if (found) [[likely]] {
      if (core_.options().verify > 0) [[unlikely]]
        verify(key, *found, f);
      return *std::move(found);
    }
    return *flights_.run(core_, key, hash, f);
  }

  /// As get_or_compute, without a copy: for values that cannot be copied, or should not.
  /// @returns     A handle, never empty.
  /// @throws      As get_or_compute.
  /// @guarantee   Strong.
  /// @complexity  O(1) and f; a hit allocates nothing. @concurrency Safe.
  template <typename F>
  [[gnu::always_inline]] DEFT_TAGGED handle<V> pin_or_compute(key_view key, F&& f) {
    const std::uint64_t hash = core_.hash(key);
    if (handle<V> found = core_.find(key, hash)) {
      if (core_.options().verify > 0) [[unlikely]]
        verify(key, *found, f);
      return found;
    }
    return flights_.run(core_, key, hash, f);
  }

  /// Stores a value, in place of another one if there is one.
  /// @param ttl   Shortens what the options say.
  /// @returns     A handle of the value, also if it was not stored (max_size 0, too heavy, expired already).
  /// @throws      What hashing, comparing, copying the key, moving the value and allocation throw.
  /// @guarantee   Strong; entries whose time was up may be gone.
  /// @complexity  O(1) amortised. @concurrency Safe; locks one shard.
  DEFT_TAGGED handle<V> put(key_view key, V value, std::chrono::nanoseconds ttl = never) {
    const std::uint64_t hash = core_.hash(key);
    flights_.cancel_before_put(key, hash);
    if constexpr (detail::is_word_value<V>) {
      if (ttl == never && core_.put_simply(key, hash, value)) [[likely]]
        return detail::handle_access::hold<V>(value);
    }
    return core_.store(key, hash, std::move(value), {.ttl = ttl});
  }

  /// Removes an entry; a value that is just being computed for the key will not be stored.
  /// @returns     Whether there was one.
  /// @throws      What hashing and comparing throw; std::bad_alloc with a listener.
  /// @guarantee   Strong.
  /// @complexity  O(1). @concurrency Safe; locks one shard.
  DEFT_TAGGED bool invalidate(key_view key) {
    const std::uint64_t hash = core_.hash(key);
    flights_.cancel(key, hash);
    return core_.erase(key, hash);
  }

  /// Removes the entries for which `predicate(const K&, const V&)` is true. It sees each entry that is there
  /// all the time once or, if the cache is resized meanwhile, oftener, and may use the cache. What is just
  /// being computed will not be stored.
  /// @returns     How many.
  /// @throws      What the predicate throws; std::bad_alloc. What was removed by then stays so.
  /// @complexity  O(n), with memory for the handles of one shard. @concurrency Safe; locks one shard at a
  /// time, not for the predicate.
  template <typename Predicate>
  DEFT_TAGGED std::size_t invalidate_if(Predicate predicate) {
    flights_.cancel_all();
    return core_.erase_if(std::move(predicate));
  }

  /// Removes all entries, and begins to count anew. What is just being computed will not be stored.
  /// @throws      std::bad_alloc with a listener, having removed some.
  /// @complexity  O(n). @concurrency Safe; locks one shard at a time, so that what others store meanwhile may
  /// stay.
  DEFT_TAGGED void clear() {
    flights_.cancel_all();
    core_.clear();
    core_.reset_statistics();
  }

  /// Removes the entries whose time is up. They are never returned; this only gives back their room at once.
  /// @returns     How many.
  /// @throws      std::bad_alloc with a listener. @complexity O(n). @concurrency Safe; locks one shard at a
  /// time.
  DEFT_TAGGED std::size_t remove_expired() { return core_.erase_expired(); }

  /// Changes max_size; what is too much is evicted in the policy's order.
  /// @throws      std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n). @concurrency Safe; hits go on, everything else waits.
  DEFT_TAGGED void resize(std::size_t max_size) { core_.resize(max_size); }

  /// @returns     Entries, also those whose time is up and which were not yet removed. Exact when nobody
  /// changes the cache.
  /// @throws      std::bad_alloc at a thread's first call of any cache, after 128 threads.
  /// @complexity  O(shards). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED std::size_t size() const { return core_.size(); }

  /// @returns     What the cache holds and what it has seen since it was made or cleared.
  /// @throws      As size().
  /// @complexity  O(shards). @concurrency Safe; what other threads are just counting may be missing.
  [[nodiscard]] DEFT_TAGGED cache_info info() const { return core_.info(); }

  /// @returns     What the cache was made with.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED const memo_options& options() const noexcept { return core_.options(); }

 private:
  template <typename F>
  DEFT_TAGGED void verify(const key_view& key, const V& cached, F& f) {
    if constexpr (requires {
                    { cached == cached } -> std::convertible_to<bool>;
                  }) {
      if (!detail::should_verify(core_.options().verify)) return;
      const V again = detail::single_flight<K, V, Sync>::compute(f, key);
      if (!(again == cached)) core_.count_impure();
    }
  }

  // listed_cache, for deft::named_caches() and fork().
  DEFT_TAGGED const std::string& name() const noexcept override { return core_.options().name; }

  DEFT_TAGGED cache_info current_info() const override { return core_.info(); }

  DEFT_TAGGED void before_fork() noexcept override {
    flights_.lock_all();
    core_.lock_all();
  }

  DEFT_TAGGED void after_fork(bool child) noexcept override {
    core_.unlock_all(child);
    if (child) flights_.after_fork_in_child();
    flights_.unlock_all();
  }

  detail::cache_core<K, V, Policy, Sync> core_;
  detail::single_flight<K, V, Sync> flights_;
};

}  // namespace deft
