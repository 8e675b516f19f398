/// @file
/// Bodies of detail::cache_core: how a value comes in.
#pragma once

#include "deft/memo/detail/cache_core.hpp"

namespace deft::detail {

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED std::int64_t cache_core<K, V, P, Sync>::expiry_of(const K& key, const V& value,
                                                              std::uint64_t hash,
                                                              std::chrono::nanoseconds ttl,
                                                              std::int64_t time) const {
  ttl = std::min(ttl, options_.ttl);
  if (options_.expiry) ttl = std::min(ttl, options_.expiry(std::addressof(key), std::addressof(value)));
  if constexpr (requires {
                  { value.has_value() } -> std::convertible_to<bool>;
                }) {
    if (!value.has_value()) ttl = options_.negative_ttl != never ? options_.negative_ttl : ttl;
  }
  if (ttl == never) return INT64_MAX;
  if (ttl <= std::chrono::nanoseconds::zero()) return time;
  if (options_.jitter > 0) {
    // Differs by key and by time; needs no generator that threads would share.
    const double share =
        static_cast<double>(hash_integer(hash, static_cast<std::uint64_t>(time)) >> 11) * 0x1p-53;
    ttl -= std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(ttl.count()) * std::min(options_.jitter, 1.0) * share));
  }
  return after(time, ttl);
}

/// store() of words where neither weights nor times nor a listener are asked for, and the shard has a slot or
/// evicts: the usual case, in a third of the time. What was there and is not to be replaced goes to
/// `existing`.
/// @returns false, and nothing is changed: store() has to do it.
template <typename K, typename V, typename P, typename Sync>
template <bool Replace>
[[gnu::noinline]] DEFT_TAGGED bool cache_core<K, V, P, Sync>::store_simply(key_view key, std::uint64_t hash,
                                                                           const V& value,
                                                                           const cancellation* cancelled,
                                                                           V& existing) {
  thread_state<Sync>& thread = *Sync::light_thread();
  if (thread.reading.load(std::memory_order_relaxed) != 0) [[unlikely]]
    return false;
  const needle wanted(key);
  const light_guard<Sync> guard(thread);
  state_type& state = *layout_.load(std::memory_order_acquire)->shard_of(hash).state;
  const std::lock_guard lock(state.mutex);
  table_type& table = *state.table;
  if (state.abandoned || state.bound == 0 || table.times != nullptr) [[unlikely]]
    return false;
  if (cancelled != nullptr && cancelled->load(std::memory_order_acquire)) return true;

  access seen(table, seed_);
  const std::uint32_t home = chunk_type::home_of(hash, table.chunk_count);
  std::uint32_t index = home;
  do {
    chunk_type& c = table.chunks[index];
    for (place_set places = c.find(chunk_type::tag_of(hash)); !places.empty(); places.remove_first()) {
      const entry_slot s = c.slots[places.first()].load(std::memory_order_relaxed);
      auto& entry = table.entries[s];
      if (!entries::same_key(entry, wanted)) continue;
      if constexpr (Replace) {
        c.begin_change();
        entries::write_value(entry, value);
        c.end_change();
        touch_locked(seen, state, s);
      } else {
        snapshot found;
        entries::read(entry, found);
        existing = found.value();
      }
      return true;
    }
    if (c.overflow.load(std::memory_order_relaxed) == 0) break;
    index = table.next(index);
  } while (index != home);

  entry_slot s = state.first_free;
  int prepared = 0;
  if (state.size.load(std::memory_order_relaxed) >= state.bound) {
    prepared = state.order.prepare(hash);
    s = state.order.evict(seen);
    chunk_type& c = table.unlink(entries::hash(table.entries[s], seed_), s);
    entries::write(table.entries[s], wanted, value);
    c.end_change();
    add_own(state.evictions, 1);
  } else {
    if (s != no_slot) {
      state.first_free = entries::next_free(table.entries[s]);
    } else if (state.used < table.slots) {
      s = static_cast<entry_slot>(state.used++);
    } else {
      return false;
    }
    prepared = state.order.prepare(hash);
    entries::write(table.entries[s], wanted, value);
    add_own(state.size, 1);
  }
  table.link(hash, s);
  state.order.insert(seen, s, hash, prepared);
  return true;
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED handle<V> cache_core<K, V, P, Sync>::store(const key_view& key, std::uint64_t hash, V&& value,
                                                       const store_request& request) {
  if constexpr (entries::in_words && order::evicts) {
    if (is_simple_ && request.ttl == never) {
      V result = value;
      if (request.replace ? store_simply<true>(key, hash, value, request.cancelled, result)
                          : store_simply<false>(key, hash, value, request.cancelled, result)) {
        return handle_access::hold<V>(result);
      }
    }
  }
  aftermath after_all(*this);
  typename entries::made pair(key, std::move(value), hash, resource_);
  handle<V> result = pair.pin();
  if (max_size() == 0) return result;

  std::size_t weight = 1;
  std::int64_t time = 0;
  std::int64_t expires = INT64_MAX;
  {
    const V& stored_value = pair.value_of();
    const auto& stored_key = pair.key();
    if (options_.weigher) weight = options_.weigher(std::addressof(stored_key), std::addressof(stored_value));
    const bool timed = layout_timed(after_all.thread);
    if (timed || request.ttl != never) {
      time = now();
      expires = expiry_of(stored_key, stored_value, hash, request.ttl, time);
      if (expires <= time) {
        if (request.replace) erase(key, hash, removal_cause::replaced);
        return result;
      }
      if (!timed) rebuild(max_size(), 0, true);
    }
  }
  if (options_.weigher) {
    if (weight > max_size()) {
      if (request.replace) erase(key, hash, removal_cause::replaced);
      return result;
    }
    reserve_weight(hash, weight);
  }

  struct reservation {
    DEFT_TAGGED ~reservation() {
      if (weight != 0) from.fetch_sub(weight, std::memory_order_relaxed);
    }

    typename Sync::template atomic<std::size_t>& from;
    std::size_t weight;
  } reserved{weight_, options_.weigher ? weight : 0};

  for (bool needs_shards = true; needs_shards;) {
    needs_shards = false;
    after_all.room.reserve(4);
    under_lock(key, hash, after_all, [&](state_type& state, bool found, const position& at) {
      if (state.bound == 0 ||
          (request.cancelled != nullptr && request.cancelled->load(std::memory_order_acquire)))
        return true;
      if (found && expired(*state.table, at.at, time)) {
        remove(state, at.at, removal_cause::expired, after_all);
        found = false;
      }
      if (found && !request.replace) {
        result = entries::pin(state.table->entries[at.at]);
        return true;
      }
      if (found) {
        replace(state, at, pair, weight, expires, time, after_all);
      } else {
        int prepared = 0;
        if (state.table->times != nullptr) remove_some_expired(state, time, after_all);
        if (!make_room(state, hash, prepared, after_all)) {
          needs_shards = true;
          return true;
        }
        insert(state, hash, pair, weight, expires, time, prepared);
      }
      reserved.weight = 0;
      return true;
    });
    if (needs_shards) rebuild(max_size(), 4, false);
  }
  return result;
}

/// Makes room for the weight before the entry comes, in its own shard first.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::reserve_weight(std::uint64_t hash, std::size_t weight) {
  weight_.fetch_add(weight, std::memory_order_relaxed);
  if constexpr (order::evicts) {
    for (std::uint32_t tried = 0; weight_.load(std::memory_order_relaxed) > max_size();) {
      aftermath after_all(*this);
      after_all.room.reserve(1);
      const read_guard<Sync> guard(after_all.thread);
      layout_type& layout = *layout_.load(std::memory_order_acquire);
      if (tried >= layout.count) break;  // All are empty: what else weighs is being stored just now.
      state_type& state = *layout.views[(layout.index_of(hash) + tried) % layout.count].state;
      const std::lock_guard lock(state.mutex);
      if (state.abandoned) continue;
      if (state.size.load(std::memory_order_relaxed) == 0) {
        ++tried;
        continue;
      }
      access seen(*state.table, seed_);
      detach(state, state.order.evict(seen), removal_cause::size, after_all);
    }
  }
}

}  // namespace deft::detail
