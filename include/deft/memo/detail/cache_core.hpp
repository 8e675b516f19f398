/// @file
/// detail::cache_core: the table, its order, expiry and removal under concurrent_cache. It knows nothing of
/// functions.
///
/// A layout lists the shards' tables; readers go layout -> table -> chunk -> entry without a lock, under a
/// read_guard. Writers take the shard's lock. What they replace (an entry's node, a table that has grown, all
/// of a cache that was resized) goes to the reclaimer. Nothing of the user's runs under a lock:
/// nodes are compared outside of it and then recognized by their addresses.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/memo/detail/compared_nodes.hpp"
#include "deft/memo/detail/entries.hpp"
#include "deft/memo/detail/eviction/all.hpp"
#include "deft/memo/detail/layout.hpp"
#include "deft/memo/detail/notifier.hpp"
#include "deft/memo/detail/reclaim.hpp"
#include "deft/memo/detail/shard.hpp"
#include "deft/memo/detail/statistics.hpp"
#include "deft/memo/detail/ticks.hpp"
#include "deft/memo/options.hpp"

namespace deft::detail {

template <typename K, typename V, typename Policy, typename Sync>
class cache_core {
 public:
  using traits = key_traits<K>;
  using key_view = typename traits::view;

  using cancellation = typename Sync::template atomic<bool>;

  /// How store() stores.
  struct store_request {
    bool replace = true;
    /// Looked at under the shard's lock: set, nothing is stored.
    const cancellation* cancelled = nullptr;
    std::chrono::nanoseconds ttl = never;
  };

  /// @throws std::invalid_argument where an option's callable takes other types; what the resource throws.
  DEFT_TAGGED explicit cache_core(const memo_options& options)
      : options_(options),
        resource_(options.resource),
        seed_(hash_seed()),
        notifier_(options.listener, options.resource) {
    options.weigher.template check<K, V>("weigher");
    options.expiry.template check<K, V>("expiry");
    options.listener.template check<K, V>("listener");
    is_simple_ = !options.weigher && !options.listener;
    max_size_.store(eviction<Policy>::evicts ? options.max_size : unbounded, std::memory_order_relaxed);
    const bool timed =
        options.ttl != never || options.idle != never || options.expiry || options.negative_ttl != never;
    layout_.store(make_layout(max_size(), shards_for(max_size()), timed), std::memory_order_release);
  }

  cache_core(const cache_core&) = delete;
  cache_core& operator=(const cache_core&) = delete;

  /// @pre Nobody uses the cache any more.
  DEFT_TAGGED ~cache_core() {
    layout_type* const last = layout_.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < last->count; ++i) {
      table_type* const table = last->views[i].table;
      if constexpr (!entries::in_words) {
        table->for_each([&](entry_slot s) { entries::load(table->entries[s])->release(); });
      }
    }
    discard(last);
  }

  [[nodiscard]] DEFT_TAGGED std::uint64_t hash(const key_view& key) const { return traits::hash(key, seed_); }

  /// Looks a key up. A hit moves the entry in its order and is counted; a miss is not, but calls
  /// if_missing(), which returns the same and does not take long.
  /// @returns A copy.
  template <typename Miss>
  [[gnu::always_inline]] DEFT_TAGGED std::optional<V> get_or(const key_view& key, std::uint64_t hash,
                                                             Miss if_missing) {
    return look(
        key, hash,
        [](const snapshot& found) {
          if constexpr (entries::in_words) {
            return std::optional<V>(found.value());
          } else {
            return std::optional<V>(std::as_const(found->value));
          }
        },
        if_missing);
  }

  /// The same without a copy; an empty handle if it is not there.
  [[gnu::always_inline]] DEFT_TAGGED handle<V> find(const key_view& key, std::uint64_t hash) {
    return look(
        key, hash,
        [](const snapshot& found) {
          if constexpr (entries::in_words) {
            return handle_access::hold<V>(found.value());
          } else {
            return entries::pin_node(found);
          }
        },
        [] { return handle<V>(); });
  }

  /// Stores a value, unless `request` or the options speak against it.
  /// @returns   What callers shall get: the value given, or, if nothing is to be replaced, the one that was
  /// there.
  /// @guarantee Strong; entries whose time was up may be gone.
  DEFT_TAGGED handle<V> store(const key_view& key, std::uint64_t hash, V&& value,
                              const store_request& request);

  /// store() in place of what is there, without a time to live of its own, where that is simple.
  /// @returns false: not done.
  [[gnu::always_inline]] DEFT_TAGGED bool put_simply(const key_view& key, std::uint64_t hash, V& value) {
    if constexpr (entries::in_words && order::evicts) {
      return is_simple_ && store_simply<true>(key, hash, value, nullptr, value);
    } else {
      return false;
    }
  }

  /// @returns Whether there was an entry.
  DEFT_TAGGED bool erase(const key_view& key, std::uint64_t hash,
                         removal_cause cause = removal_cause::discarded);

  /// Removes the entries for which predicate(const K&, const V&) is true; it runs outside of locks. @returns
  /// How many.
  template <typename Predicate>
  DEFT_TAGGED std::size_t erase_if(Predicate predicate);

  /// Removes all entries whose time is up. @returns How many.
  DEFT_TAGGED std::size_t erase_expired();

  /// Removes every entry that was there at the beginning.
  DEFT_TAGGED void clear();

  /// Changes the bound; evicts what is too much. @guarantee Strong.
  DEFT_TAGGED void resize(std::size_t max_size);

  [[nodiscard]] DEFT_TAGGED std::size_t size() const {
    const read_guard<Sync> guard(Sync::this_thread());
    const layout_type* const now = layout_.load(std::memory_order_acquire);
    std::size_t sum = 0;
    for (std::uint32_t i = 0; i < now->count; ++i)
      sum += now->views[i].state->size.load(std::memory_order_relaxed);
    return sum;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t max_size() const noexcept {
    return max_size_.load(std::memory_order_relaxed);
  }

  DEFT_TAGGED void count_miss() { counters_.count_miss(Sync::this_thread()); }

  DEFT_TAGGED void count_load_failure() noexcept { add(load_failures_, 1); }

  DEFT_TAGGED void count_impure() noexcept { add(impure_, 1); }

  [[nodiscard]] DEFT_TAGGED cache_info info() const;
  DEFT_TAGGED void reset_statistics();

  [[nodiscard]] DEFT_TAGGED const memo_options& options() const noexcept { return options_; }

  [[nodiscard]] DEFT_TAGGED std::pmr::memory_resource* resource() const noexcept { return resource_; }

  /// The clock of the options, in nanoseconds.
  [[nodiscard]] DEFT_TAGGED std::int64_t now() const {
    if (!options_.clock) return coarse_now();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(options_.clock().time_since_epoch()).count();
  }

  // For a fork: nothing is in the midst of a change.
  DEFT_TAGGED void lock_all() noexcept {
    const read_guard<Sync> guard(Sync::this_thread());
    lock_shards();
    notifier_.lock();
    reclaimer_.lock();
  }

  DEFT_TAGGED void unlock_all(bool child) noexcept {
    reclaimer_.unlock();
    notifier_.unlock(child);
    unlock_shards(*layout_.load(std::memory_order_acquire));
  }

 private:
  using entries = entries_for<K, V, Sync>;
  using needle = typename entries::needle;
  using order = eviction<Policy>;
  using chunk_type = chunk<Sync>;
  using table_type = shard_table<entries, Sync>;
  using state_type = shard_state<Policy, entries, Sync>;
  using layout_type = cache_layout<state_type, table_type>;
  using view_type = typename layout_type::view;
  using access = order_access<entries, Sync>;
  using notices = typename notifier<entries, Sync>::room;
  using counter = typename Sync::template atomic<std::uint64_t>;

  /// What a reader takes out of an entry: the words of a value, or the node.
  template <typename E>
  struct snapshot_of {
    using type = typename E::node_type*;
  };

  template <typename E>
    requires(E::in_words)
  struct snapshot_of<E> {
    using type = typename E::copy;
  };

  using snapshot = typename snapshot_of<entries>::type;

  struct position {
    chunk_type* where = nullptr;
    std::uint64_t version = 0;  // Of the chunk, when the entry was there.
    entry_slot at = no_slot;
  };

  [[nodiscard]] DEFT_TAGGED static needle make_needle(const key_view& key,
                                                      [[maybe_unused]] std::uint64_t hash) {
    if constexpr (entries::in_words) {
      return needle(key);
    } else {
      return needle(key, hash);
    }
  }

  /// Of one chunk, the entry with this key, read as a whole. Nodes are compared when it is certain that these
  /// were the ones: a comparison of the user's may change the chunk.
  /// @returns false: not here; or the chunk has changed meanwhile, which `changed` tells.
  template <typename Table>
  [[gnu::always_inline]] DEFT_TAGGED static bool look_into(const Table& table, chunk_type& c,
                                                           const needle& wanted, std::uint64_t hash,
                                                           snapshot& found, position& at, bool& passes,
                                                           bool& changed) {
    const std::uint64_t version = c.version.load(std::memory_order_acquire);
    if constexpr (entries::in_words) {
      for (place_set places = c.find(chunk_type::tag_of(hash)); !places.empty(); places.remove_first()) {
        // SAFETY: every slot that was ever in the index is one of the table's.
        const entry_slot s = c.slots[places.first()].load(std::memory_order_acquire);
        const auto& entry = table.entries[s];
        if (!entries::same_key(entry, wanted)) [[unlikely]]
          continue;
        entries::read(entry, found);
        changed = has_changed(c, version);
        at = {&c, version, s};
        return !changed;
      }
      passes = c.overflow.load(std::memory_order_acquire) != 0;
      changed = has_changed(c, version);
      return false;
    } else {
      snapshot nodes[chunk_type::places];
      entry_slot slots[chunk_type::places];
      unsigned count = 0;
      for (place_set places = c.find(chunk_type::tag_of(hash)); !places.empty(); places.remove_first()) {
        const entry_slot s = c.slots[places.first()].load(std::memory_order_acquire);
        auto* const node = entries::load(table.entries[s]);
        if (node == nullptr || node->hash != hash) continue;
        slots[count] = s;
        nodes[count++] = node;
      }
      passes = c.overflow.load(std::memory_order_acquire) != 0;
      changed = has_changed(c, version);
      if (changed) [[unlikely]]
        return false;
      for (unsigned i = 0; i < count; ++i) {
        if (!entries::same_key(*nodes[i], wanted)) continue;
        found = nodes[i];
        at = {&c, version, slots[i]};
        return true;
      }
      return false;
    }
  }

  /// Finds a key in a table. `Table` is a view or a table: what has chunks and entries.
  /// @pre Under a read_guard, or the shard's lock; the latter not for keys with an equality of the user's.
  template <typename Table>
  DEFT_TAGGED static bool look_up(const Table& table, const needle& wanted, std::uint64_t hash,
                                  snapshot& found, position& at) {
    std::uint32_t index = chunk_type::home_of(hash, table.chunk_count);
    unsigned waits = 0;
    for (std::uint32_t passed = 0; passed < table.chunk_count;) {
      bool passes = false;
      bool changed = false;
      if (look_into(table, table.chunks[index], wanted, hash, found, at, passes, changed)) return true;
      if (changed) [[unlikely]] {
        Sync::pause(waits++);
        continue;
      }
      if (!passes) return false;
      index = index + 1 == table.chunk_count ? 0 : index + 1;
      ++passed;
    }
    return false;
  }

  [[nodiscard]] DEFT_TAGGED static bool has_changed(const chunk_type& c, std::uint64_t version) noexcept {
    // An odd one never equals.
    return c.version.load(std::memory_order_relaxed) != (version & ~std::uint64_t{1});
  }

  enum class outcome : unsigned char { hit, miss, unsure };

  /// look_up without waiting for anybody.
  [[gnu::always_inline]] DEFT_TAGGED static outcome look_up_once(const view_type& shard, const needle& wanted,
                                                                 std::uint64_t hash, snapshot& found,
                                                                 position& at) {
    std::uint32_t index = chunk_type::home_of(hash, shard.chunk_count);
    for (std::uint32_t end = index;;) {
      bool passes = false;
      bool changed = false;
      if (look_into(shard, shard.chunks[index], wanted, hash, found, at, passes, changed)) [[likely]]
        return outcome::hit;
      if (changed) [[unlikely]]
        return outcome::unsure;
      if (!passes) return outcome::miss;
      index = index + 1 == shard.chunk_count ? 0 : index + 1;
      if (index == end) return outcome::miss;
    }
  }

  /// The usual hit: few instructions, no calls. Everything else is left to on_hit_carefully().
  /// @pre `thread` is one for a light_guard. Under that guard.
  [[gnu::always_inline]] DEFT_TAGGED outcome on_usual_hit(thread_state<Sync>& thread, const key_view& key,
                                                          std::uint64_t hash, snapshot& found) {
    const view_type& shard = layout_.load(std::memory_order_acquire)->shard_of(hash);
    if (shard.times != nullptr) [[unlikely]]
      return outcome::unsure;
    position at;
    const outcome result = look_up_once(shard, make_needle(key, hash), hash, found, at);
    if (result == outcome::hit) [[likely]] {
      touch(shard, at);
      counters_.count_own_hit(thread);
    }
    return result;
  }

  /// hit(snapshot) if the key is there, else miss(). One of them is called, once, and they return the same
  /// type; for nodes under a guard. They may throw. (Results are returned from where they are made: through a
  /// variable, or out of a function, they would go by way of the stack, in stores of other sizes than the
  /// loads.)
  template <typename Hit, typename Miss>
  [[gnu::always_inline]] DEFT_TAGGED auto look(const key_view& key, std::uint64_t hash, Hit hit, Miss miss) {
    thread_state<Sync>& thread = *Sync::light_thread();
    if (thread.reading.load(std::memory_order_relaxed) == 0) [[likely]] {
      const light_guard<Sync> guard(thread);
      snapshot found;
      const outcome result = on_usual_hit(thread, key, hash, found);
      if (result == outcome::hit) [[likely]]
        return hit(found);
      if (result == outcome::miss) return miss();
    }
    if constexpr (entries::in_words) {
      snapshot found;
      const auto keep = [&found](const snapshot& seen) {
        found = seen;
        return true;
      };
      if (look_carefully(key, hash, keep, [] { return false; })) return hit(found);
      return miss();
    } else {
      return look_carefully(key, hash, hit, miss);
    }
  }

  template <typename Hit, typename Miss>
  [[gnu::noinline]] DEFT_TAGGED auto look_carefully(key_view key, std::uint64_t hash, Hit hit, Miss miss) {
    thread_state<Sync>& thread = Sync::this_thread();
    const read_guard<Sync> guard(thread);
    const view_type& shard = layout_.load(std::memory_order_acquire)->shard_of(hash);
    const needle wanted = make_needle(key, hash);
    snapshot found;
    position at;
    for (;;) {
      if (!look_up(shard, wanted, hash, found, at)) return miss();
      if (shard.times == nullptr) break;
      const bool alive = refresh_times(shard, at.at);
      // In between the slot may have become another entry's.
      if (has_changed(*at.where, at.version)) continue;
      if (!alive) return miss();
      break;
    }
    touch(shard, at);
    counters_.count_hit(thread);
    return hit(found);
  }

  /// Whether the entry's time is not up; then its idle time begins again.
  DEFT_TAGGED bool refresh_times(const view_type& shard, entry_slot s) {
    entry_times<Sync>& times = shard.times[s];
    const std::int64_t time = now();
    if (times.expires.load(std::memory_order_relaxed) <= time) return false;
    if (options_.idle == never) return true;
    const std::int64_t until = times.idle_until.load(std::memory_order_relaxed);
    if (until <= time) return false;
    const std::int64_t later = after(time, options_.idle);
    if (later != until) times.idle_until.store(later, std::memory_order_relaxed);
    return true;
  }

  [[nodiscard]] DEFT_TAGGED static bool expired(const table_type& table, entry_slot s,
                                                std::int64_t time) noexcept {
    return table.times != nullptr && (table.times[s].expires.load(std::memory_order_relaxed) <= time ||
                                      table.times[s].idle_until.load(std::memory_order_relaxed) <= time);
  }

  [[nodiscard]] DEFT_TAGGED static std::int64_t after(std::int64_t time,
                                                      std::chrono::nanoseconds span) noexcept {
    return span.count() > INT64_MAX - time ? INT64_MAX : time + span.count();
  }

  /// The order hears of a hit, without the lock where it can. A mark that already says all is not written
  /// again.
  [[gnu::always_inline]] DEFT_TAGGED void touch(const view_type& shard, const position& at) noexcept {
    if constexpr (order::ordered_by_hits) {
      if (shard.marks[at.at].load(std::memory_order_relaxed) != 1) move_in_order(shard, at);
    } else if constexpr (order::mark_limit > 0) {
      auto& mark = shard.marks[at.at];
      const std::uint8_t m = mark.load(std::memory_order_relaxed);
      if (m < order::mark_limit) mark.store(static_cast<std::uint8_t>(m + 1), std::memory_order_relaxed);
    }
  }

  [[gnu::noinline]] DEFT_TAGGED void move_in_order(const view_type& shard, const position& at) noexcept
    requires(order::ordered_by_hits)
  {
    const std::lock_guard lock(shard.state->mutex);
    // Another writer may have been quicker; what is gone is not moved.
    if (shard.state->table != shard.table || at.where->version.load(std::memory_order_relaxed) != at.version)
      return;
    access seen(*shard.table, seed_);
    shard.state->order.hit(seen, at.at);
  }

  /// The same for an entry that was stored again.
  DEFT_TAGGED static void touch_locked(access& seen, state_type& state, entry_slot s) noexcept {
    if constexpr (order::ordered_by_hits) {
      if (seen.mark(s) != 1) state.order.hit(seen, s);
    } else if constexpr (order::mark_limit > 0) {
      if (seen.mark(s) < order::mark_limit) seen.set_mark(s, seen.mark(s) + 1);
    }
  }

  /// Everything that one change leaves to do when its locks are free.
  struct aftermath {
    DEFT_TAGGED explicit aftermath(cache_core& owner)
        : core(owner), thread(Sync::this_thread()), room(owner.notifier_) {}

    aftermath(const aftermath&) = delete;
    aftermath& operator=(const aftermath&) = delete;

    DEFT_TAGGED ~aftermath() {
      core.reclaimer_.retire(dead, thread);
      core.notifier_.deliver();
    }

    cache_core& core;
    thread_state<Sync>& thread;
    retired_list dead;
    notices room;
  };

  // cache_core-inl.hpp: under the lock of the shard whose state is given.
  DEFT_TAGGED void detach(state_type& state, entry_slot s, removal_cause cause,
                          aftermath& after_all) noexcept;
  DEFT_TAGGED void remove(state_type& state, entry_slot s, removal_cause cause,
                          aftermath& after_all) noexcept;
  DEFT_TAGGED void remove_some_expired(state_type& state, std::int64_t time, aftermath& after_all) noexcept;
  DEFT_TAGGED bool make_room(state_type& state, std::uint64_t hash, int& prepared, aftermath& after_all);
  DEFT_TAGGED void insert(state_type& state, std::uint64_t hash, typename entries::made& pair,
                          std::size_t weight, std::int64_t expires, std::int64_t time, int prepared) noexcept;
  DEFT_TAGGED void replace(state_type& state, const position& at, typename entries::made& pair,
                           std::size_t weight, std::int64_t expires, std::int64_t time,
                           aftermath& after_all) noexcept;
  DEFT_TAGGED void set_times(table_type& table, entry_slot s, std::int64_t expires,
                             std::int64_t time) noexcept;
  DEFT_TAGGED void grow(state_type& state, aftermath& after_all);

  /// Runs change(state, found, at) under the lock of the key's shard; again if it returns false.
  template <typename Change>
  DEFT_TAGGED void under_lock(const key_view& key, std::uint64_t hash, aftermath& after_all, Change change);

  [[nodiscard]] DEFT_TAGGED static snapshot find_compared(const table_type& table, std::uint64_t hash,
                                                          const compared_nodes& compared,
                                                          position& at) noexcept
    requires(!entries::trusted);

  // cache_core_resize.hpp: all shards at once.
  [[nodiscard]] DEFT_TAGGED std::uint32_t shards_for(std::size_t max_size) const noexcept;

  [[nodiscard]] DEFT_TAGGED typename table_type::parts parts_of(bool timed) const noexcept {
    // S3-FIFO's own memory leaves less for the table.
    const std::uint32_t load = std::is_same_v<Policy, policy::s3_fifo> ? 12 : 10;
    return {load, order::ordered_by_hits || order::mark_limit > 0, timed,
            static_cast<bool>(options_.weigher)};
  }

  [[nodiscard]] DEFT_TAGGED layout_type* make_layout(std::size_t max_size, std::uint32_t count, bool timed);
  DEFT_TAGGED void discard(layout_type* whole) noexcept;
  DEFT_TAGGED void lock_shards() noexcept;
  DEFT_TAGGED static void unlock_shards(layout_type& locked) noexcept;
  DEFT_TAGGED void rebuild(std::size_t max_size, std::uint32_t times_shards, bool timed);
  [[nodiscard]] DEFT_TAGGED bool layout_timed(thread_state<Sync>& thread) const noexcept;
  template <typename Matches>
  DEFT_TAGGED std::size_t remove_each(removal_cause cause, Matches matches);

  DEFT_TAGGED std::int64_t expiry_of(const K& key, const V& value, std::uint64_t hash,
                                     std::chrono::nanoseconds ttl, std::int64_t time) const;
  template <bool Replace>
  DEFT_TAGGED bool store_simply(key_view key, std::uint64_t hash, const V& value,
                                const cancellation* cancelled, V& existing);
  DEFT_TAGGED void reserve_weight(std::uint64_t hash, std::size_t weight);

  DEFT_TAGGED static void add(counter& c, std::uint64_t n) noexcept {
    c.fetch_add(n, std::memory_order_relaxed);
  }

  /// To what only the holder of a lock writes.
  template <typename Counter>
  DEFT_TAGGED static void add_own(Counter& c, decltype(c.load()) n) noexcept {
    c.store(c.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  typename Sync::template atomic<layout_type*> layout_{nullptr};
  const memo_options options_;
  std::pmr::memory_resource* const resource_;
  const std::uint64_t seed_;
  bool is_simple_ = false;
  typename Sync::template atomic<std::size_t> max_size_{0};
  typename Sync::template atomic<std::size_t> weight_{0};
  counter evictions_{0};
  counter expirations_{0};
  counter load_failures_{0};
  counter impure_{0};
  typename Sync::shard_mutex layout_mutex_;  // Taken after shards' locks.
  reclaimer<Sync> reclaimer_;
  notifier<entries, Sync> notifier_;
  thread_counters<Sync> counters_;
};

}  // namespace deft::detail

#include "deft/memo/detail/cache_core-inl.hpp"
#include "deft/memo/detail/cache_core_resize.hpp"
#include "deft/memo/detail/cache_core_store.hpp"
