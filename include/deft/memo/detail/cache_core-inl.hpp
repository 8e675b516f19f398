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
  const read_guard<Sync> guard(after_all.thread);
  if constexpr (entries::trusted) {
    for (;;) {
      state_type& state = *layout_.load(std::memory_order_acquire)->shard_of(hash).state;
      const std::lock_guard lock(state.mutex);
      if (state.abandoned) continue;
      snapshot found_entry;
      position at;
      const bool found = look_up(*state.table, wanted, hash, found_entry, at);
      if (change(state, found, at)) return;
    }
  } else {
    compared_nodes compared(resource_);
    for (;;) {
      state_type& state = *layout_.load(std::memory_order_acquire)->shard_of(hash).state;
      std::unique_lock lock(state.mutex);
      if (state.abandoned) continue;
      position at;
      const auto* const unknown = find_compared(*state.table, hash, compared, at);
      if (unknown == nullptr) {
        if (change(state, at.where != nullptr, at)) return;
        continue;
      }
      lock.unlock();
      compared.add(unknown, entries::same_key(*unknown, wanted));
    }
  }
}

/// The entry whose node was found to have the key, in `at`; the first node of this hash that was not compared
/// yet, if there is one.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED auto cache_core<K, V, P, Sync>::find_compared(const table_type& table, std::uint64_t hash,
                                                          const compared_nodes& compared,
                                                          position& at) noexcept -> snapshot
  requires(!entries::trusted)
{
  std::uint32_t index = chunk_type::home_of(hash, table.chunk_count);
  for (std::uint32_t passed = 0; passed < table.chunk_count; ++passed) {
    chunk_type& c = table.chunks[index];
    for (place_set places = c.find(chunk_type::tag_of(hash)); !places.empty(); places.remove_first()) {
      const entry_slot s = c.slots[places.first()].load(std::memory_order_relaxed);
      auto* const node = entries::load(table.entries[s]);
      if (node->hash != hash) continue;
      const std::optional<bool> equal = compared.find(node);
      if (!equal) return node;
      if (!*equal) continue;
      at = {&c, c.version.load(std::memory_order_relaxed), s};
      return nullptr;
    }
    if (c.overflow.load(std::memory_order_relaxed) == 0) break;
    index = table.next(index);
  }
  return nullptr;
}

/// Takes an entry out of the table that is out of the order already.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::detach(state_type& state, entry_slot s, removal_cause cause,
                                                   aftermath& after_all) noexcept {
  table_type& table = *state.table;
  auto& entry = table.entries[s];
  notifier_.add(entry, cause, after_all.room);
  chunk_type& c = table.unlink(entries::hash(entry, seed_), s);
  if constexpr (!entries::in_words) after_all.dead.add(entries::load(entry));
  // A free slot is not swept again. Only `expires` can say so: a reader may still be about to write
  // idle_until.
  if (table.times != nullptr) table.times[s].expires.store(INT64_MIN, std::memory_order_relaxed);
  entries::set_free(entry, state.first_free);
  state.first_free = s;
  c.end_change();
  add_own(state.size, static_cast<std::uint32_t>(-1));
  if (table.weights != nullptr) weight_.fetch_sub(table.weights[s], std::memory_order_relaxed);
  if (cause == removal_cause::size) add_own(state.evictions, 1);
  if (cause == removal_cause::expired) add_own(state.expirations, 1);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::remove(state_type& state, entry_slot s, removal_cause cause,
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
    const auto s = static_cast<entry_slot>(state.sweep);
    const bool is_free = state.table->times[s].expires.load(std::memory_order_relaxed) == INT64_MIN;
    if (!is_free && expired(*state.table, s, time)) remove(state, s, removal_cause::expired, after_all);
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
  entry_slot s = state.first_free;
  if (s != no_slot) {
    state.first_free = entries::next_free(table.entries[s]);
  } else {
    s = static_cast<entry_slot>(state.used++);
  }
  entries::write(table.entries[s], pair);
  set_times(table, s, expires, time);
  if (table.weights != nullptr) table.weights[s] = weight;
  table.link(hash, s);
  access seen(table, seed_);
  state.order.insert(seen, s, hash, prepared);
  add_own(state.size, 1);
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
    entries::write_value(entry, pair.value);
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
  access seen(table, seed_);
  touch_locked(seen, state, at.at);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::set_times(table_type& table, entry_slot s, std::int64_t expires,
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
  } fresh{table_type::make(resource_, slots, parts_of(old.times != nullptr))};

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
  old.for_each([&](entry_slot s) { table.link(entries::hash(table.entries[s], seed_), s); });
  layout->timed = old_layout->timed;
  for (std::uint32_t i = 0; i < layout->count; ++i) {
    const view_type& view = old_layout->views[i];
    layout->set(i, view.state == &state ? &table : view.table, view.state);
  }
  state.table = &table;
  layout_.store(layout, std::memory_order_release);
  after_all.dead.add(&old);
  after_all.dead.add(old_layout);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED bool cache_core<K, V, P, Sync>::erase(const key_view& key, std::uint64_t hash,
                                                  removal_cause cause) {
  aftermath after_all(*this);
  after_all.room.reserve(1);
  bool erased = false;
  under_lock(key, hash, after_all, [&](state_type& state, bool found, const position& at) {
    erased = found;
    if (found) remove(state, at.at, cause, after_all);
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
  const read_guard<Sync> guard(Sync::this_thread());
  const layout_type& layout = *layout_.load(std::memory_order_acquire);
  result.evictions = evictions_.load(std::memory_order_relaxed);
  result.expirations = expirations_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < layout.count; ++i) {
    result.evictions += layout.views[i].state->evictions.load(std::memory_order_relaxed);
    result.expirations += layout.views[i].state->expirations.load(std::memory_order_relaxed);
  }
  result.impure = impure_.load(std::memory_order_relaxed);
  result.listener_failures = notifier_.failures();
  return result;
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::reset_statistics() {
  const read_guard<Sync> guard(Sync::this_thread());
  lock_shards();
  layout_type& layout = *layout_.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < layout.count; ++i) {
    layout.views[i].state->evictions.store(0, std::memory_order_relaxed);
    layout.views[i].state->expirations.store(0, std::memory_order_relaxed);
  }
  for (counter* c : {&load_failures_, &evictions_, &expirations_, &impure_})
    c->store(0, std::memory_order_relaxed);
  counters_.reset();
  unlock_shards(layout);
}

}  // namespace deft::detail
