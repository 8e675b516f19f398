/// @file
/// Bodies of detail::cache_core: what changes one shard.
#pragma once

#include "deft/memo/detail/cache_core.hpp"

namespace deft::detail {

template <typename K, typename V, typename P, typename Sync>
template <typename Change>
DEFT_TAGGED void cache_core<K, V, P, Sync>::under_lock(const key_view& key, std::uint64_t hash,
                                                       aftermath& after_all, Change change) {
  const needle wanted = make_needle(key, hash);
  for (;;) {
    const read_guard<Sync> guard(after_all.thread);
    const view_type& shard = layout_.load(std::memory_order_acquire)->shard_of(hash);
    state_type& state = *shard.state;
    snapshot found_entry;
    position at;
    bool found = false;
    std::uint64_t seen = 0;
    if constexpr (!entries::trusted) {
      seen = state.changes.load(std::memory_order_acquire);
      found = look_up(shard, wanted, hash, found_entry, at);
    }
    const std::lock_guard lock(state.mutex);
    if (state.abandoned) continue;
    if constexpr (entries::trusted) {
      found = look_up(*state.table, wanted, hash, found_entry, at);
    } else {
      if (state.changes.load(std::memory_order_relaxed) != seen) continue;
    }
    if (change(state, found, at)) return;
  }
}

/// Takes an entry out of the table that is out of the order already.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::detach(state_type& state, slot s, removal_cause cause,
                                                   aftermath& after_all) noexcept {
  table_type& table = *state.table;
  auto& entry = table.entries[s];
  notifier_.add(entry, cause, after_all.room);
  chunk_type& c = table.unlink(entries::hash(entry, seed_), s);
  if constexpr (!entries::in_words) after_all.dead.add(entries::load(entry));
  entries::set_free(entry, state.first_free);
  state.first_free = s;
  c.end_change();
  state.size.store(state.size.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  state.changes.store(state.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  if (table.weights != nullptr) weight_.fetch_sub(table.weights[s], std::memory_order_relaxed);
  if (cause == removal_cause::size) add(evictions_, 1);
  if (cause == removal_cause::expired) add(expirations_, 1);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::remove(state_type& state, slot s, removal_cause cause,
                                                   aftermath& after_all) noexcept {
  access seen(*state.table, seed_);
  state.order.erase(seen, s);
  detach(state, s, cause, after_all);
}

/// Looks at the next few slots, so that each is looked at now and then while there are changes.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::remove_some_expired(state_type& state, std::int64_t time,
                                                                aftermath& after_all) noexcept {
  for (int looked_at = 0; looked_at < 2 && state.used != 0; ++looked_at) {
    if (++state.sweep >= state.used) state.sweep = 0;
    const auto s = static_cast<slot>(state.sweep);
    if (expired(*state.table, s, time)) remove(state, s, removal_cause::expired, after_all);
  }
}

/// Makes a free slot, evicting if the shard is full. @returns false: not within this shard; the cache needs
/// more of them.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED bool cache_core<K, V, P, Sync>::make_room(state_type& state, std::uint64_t hash, int& prepared,
                                                      aftermath& after_all) {
  if constexpr (order::evicts) {
    if (state.size.load(std::memory_order_relaxed) >= state.bound) {
      access seen(*state.table, seed_);
      prepared = state.order.prepare(hash);
      detach(state, state.order.evict(seen), removal_cause::size, after_all);
      return true;
    }
  }
  if (state.first_free == no_slot && state.used == state.table->slots) {
    if (state.used == no_slot) return false;
    grow(state, after_all);
  }
  prepared = state.order.prepare(hash);
  return true;
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::insert(state_type& state, std::uint64_t hash,
                                                   typename entries::made& pair, std::size_t weight,
                                                   std::int64_t expires, std::int64_t time,
                                                   int prepared) noexcept {
  table_type& table = *state.table;
  slot s = state.first_free;
  if (s != no_slot) {
    state.first_free = entries::next_free(table.entries[s]);
  } else {
    s = static_cast<slot>(state.used++);
  }
  entries::write(table.entries[s], pair);
  set_times(table, s, expires, time);
  if (table.weights != nullptr) table.weights[s] = weight;
  table.link(hash, s);
  access seen(table, seed_);
  state.order.insert(seen, s, hash, prepared);
  state.size.store(state.size.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  state.changes.store(state.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::replace(state_type& state, const position& at,
                                                    typename entries::made& pair, std::size_t weight,
                                                    std::int64_t expires, std::int64_t time,
                                                    aftermath& after_all) noexcept {
  table_type& table = *state.table;
  auto& entry = table.entries[at.at];
  notifier_.add(entry, removal_cause::replaced, after_all.room);
  at.where->begin_change();
  if constexpr (entries::in_words) {
    entries::write_value(entry, pair);
  } else {
    after_all.dead.add(entries::load(entry));
    entries::write(entry, pair);
  }
  set_times(table, at.at, expires, time);
  at.where->end_change();
  if (table.weights != nullptr) {
    weight_.fetch_sub(table.weights[at.at], std::memory_order_relaxed);
    table.weights[at.at] = weight;
  }
  state.changes.store(state.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  access seen(table, seed_);
  if constexpr (order::ordered_by_hits) {
    if (seen.mark(at.at) != 1) state.order.hit(seen, at.at);
  } else if constexpr (order::mark_limit > 0) {
    if (seen.mark(at.at) < order::mark_limit) seen.set_mark(at.at, seen.mark(at.at) + 1);
  }
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::set_times(table_type& table, slot s, std::int64_t expires,
                                                      std::int64_t time) noexcept {
  if (table.times == nullptr) return;
  table.times[s].expires.store(expires, std::memory_order_relaxed);
  table.times[s].idle_until.store(options_.idle == never ? INT64_MAX : after(time, options_.idle),
                                  std::memory_order_release);
}

/// A table of twice the slots. @guarantee Strong.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::grow(state_type& state, aftermath& after_all) {
  table_type& old = *state.table;
  const std::size_t most = std::min<std::size_t>(state.bound, no_slot);
  const auto slots =
      static_cast<std::uint32_t>(std::clamp<std::size_t>(std::size_t{old.slots} * 2, 16, most));
  state.order.reserve(slots);

  struct fresh_table {
    DEFT_TAGGED ~fresh_table() {
      if (table != nullptr) table->free(table);
    }

    table_type* table;
  } fresh{table_type::make(resource_, slots,
                           {old.marks != nullptr, old.times != nullptr, old.weights != nullptr})};

  const std::lock_guard lock(layout_mutex_);
  layout_type* const old_layout = layout_.load(std::memory_order_relaxed);
  layout_type* const layout = layout_type::make(resource_, old_layout->count);
  table_type& table = *std::exchange(fresh.table, nullptr);
  for (std::uint32_t s = 0; s < state.used; ++s) {
    entries::move(table.entries[s], old.entries[s]);
    if (table.marks != nullptr)
      table.marks[s].store(old.marks[s].load(std::memory_order_relaxed), std::memory_order_relaxed);
    if (table.weights != nullptr) table.weights[s] = old.weights[s];
    if (table.times != nullptr) {
      table.times[s].expires.store(old.times[s].expires.load(std::memory_order_relaxed),
                                   std::memory_order_relaxed);
      table.times[s].idle_until.store(old.times[s].idle_until.load(std::memory_order_relaxed),
                                      std::memory_order_relaxed);
    }
  }
  old.for_each([&](slot s) { table.link(entries::hash(table.entries[s], seed_), s); });
  layout->timed = old_layout->timed;
  for (std::uint32_t i = 0; i < layout->count; ++i) {
    const view_type& view = old_layout->views[i];
    layout->set(i, view.state == &state ? &table : view.table, view.state);
  }
  state.table = &table;
  state.changes.store(state.changes.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  layout_.store(layout, std::memory_order_release);
  after_all.dead.add(&old);
  after_all.dead.add(old_layout);
}

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

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED handle<V> cache_core<K, V, P, Sync>::store(const key_view& key, std::uint64_t hash, V&& value,
                                                       const store_request& request) {
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
      if (expires <= time) return result;
      if (!timed) rebuild(max_size(), 0, true);
    }
  }
  if (options_.weigher) {
    if (weight > max_size()) return result;
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

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED bool cache_core<K, V, P, Sync>::erase(const key_view& key, std::uint64_t hash) {
  aftermath after_all(*this);
  after_all.room.reserve(1);
  bool erased = false;
  under_lock(key, hash, after_all, [&](state_type& state, bool found, const position& at) {
    erased = found;
    if (found) remove(state, at.at, removal_cause::discarded, after_all);
    return true;
  });
  return erased;
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED cache_info cache_core<K, V, P, Sync>::info() const {
  const auto [hits, misses] = counters_.sum();
  cache_info result;
  result.hits = hits;
  result.misses = misses;
  result.max_size = max_size();
  result.size = size();
  result.weight = options_.weigher ? weight_.load(std::memory_order_relaxed) : result.size;
  result.load_failures = load_failures_.load(std::memory_order_relaxed);
  result.evictions = evictions_.load(std::memory_order_relaxed);
  result.expirations = expirations_.load(std::memory_order_relaxed);
  result.impure = impure_.load(std::memory_order_relaxed);
  result.listener_failures = notifier_.failures();
  return result;
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::reset_statistics() noexcept {
  counters_.reset();
  for (counter* c : {&load_failures_, &evictions_, &expirations_, &impure_})
    c->store(0, std::memory_order_relaxed);
}

}  // namespace deft::detail
