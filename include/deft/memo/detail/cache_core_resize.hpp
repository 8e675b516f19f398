/// @file
/// Bodies of detail::cache_core: what concerns all shards at once.
#pragma once

#include <vector>

#include "deft/memo/detail/cache_core.hpp"

namespace deft::detail {

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED std::uint32_t cache_core<K, V, P, Sync>::shards_for(std::size_t max_size) const noexcept {
  constexpr std::size_t most = 1 << 16;
  if (options_.shards != 0)
    return static_cast<std::uint32_t>(
        std::bit_floor(std::min({options_.shards, std::max<std::size_t>(max_size, 1), most})));
  // Weights say nothing of the number of entries: one shard, and more when that is full.
  if (options_.weigher) return 1;
  if (max_size == unbounded) return 8;
  // Small shards lose entries that would just have fitted. Exact orders shall stay so for longer; and 64
  // locks suffice for any machine, a shard that is full divides.
  const std::size_t least = std::is_same_v<P, policy::lru> ? 2049 : 1024;
  return static_cast<std::uint32_t>(std::bit_floor(std::clamp<std::size_t>(max_size / least, 1, 64)));
}

/// A layout with empty shards. @guarantee Strong.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED auto cache_core<K, V, P, Sync>::make_layout(std::size_t max_size, std::uint32_t count, bool timed)
    -> layout_type* {
  struct unfinished {
    DEFT_TAGGED ~unfinished() {
      if (layout != nullptr) core.discard(layout);
    }

    cache_core& core;
    layout_type* layout;
  } made{*this, layout_type::make(resource_, count)};

  made.layout->timed = timed;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::size_t bound = unbounded;
    if (max_size != unbounded && !options_.weigher) bound = max_size / count + (i < max_size % count ? 1 : 0);
    void* const memory = resource_->allocate(sizeof(state_type), alignof(state_type));
    state_type* state = nullptr;
    {
      struct allocation {
        DEFT_TAGGED ~allocation() {
          if (memory != nullptr) resource->deallocate(memory, sizeof(state_type), alignof(state_type));
        }

        std::pmr::memory_resource* resource;
        void* memory;
      } room{resource_, memory};

      state = new (memory) state_type(resource_, bound);
      room.memory = nullptr;
    }
    made.layout->views[i].state = state;
    const auto slots = static_cast<std::uint32_t>(std::clamp<std::size_t>(bound, 1, 16));
    state->order.reserve(slots);
    state->table = table_type::make(resource_, slots, parts_of(timed));
    made.layout->set(i, state->table, state);
  }
  return std::exchange(made.layout, nullptr);
}

/// Frees a layout, its tables and states, but not the nodes. @pre Nobody can see them.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::discard(layout_type* whole) noexcept {
  for (std::uint32_t i = 0; i < whole->count; ++i) {
    if (whole->views[i].table != nullptr) whole->views[i].table->free(whole->views[i].table);
    if (whole->views[i].state != nullptr) whole->views[i].state->free(whole->views[i].state);
  }
  whole->free(whole);
}

/// Takes the locks of all shards. @pre Under a read_guard.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::lock_shards() noexcept {
  for (;;) {
    layout_type& layout = *layout_.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < layout.count; ++i) layout.views[i].state->mutex.lock();
    if (!layout.views[0].state->abandoned) return;
    unlock_shards(layout);
  }
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::unlock_shards(layout_type& locked) noexcept {
  for (std::uint32_t i = locked.count; i-- > 0;) locked.views[i].state->mutex.unlock();
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED bool cache_core<K, V, P, Sync>::layout_timed(thread_state<Sync>& thread) const noexcept {
  const read_guard<Sync> guard(thread);
  return layout_.load(std::memory_order_acquire)->timed;
}

/// Moves everything into a new layout: of another bound, of `times_shards` as many shards (0: as the bound
/// asks for), or with times. Nobody else writes meanwhile; readers go on. @guarantee Strong.
template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::rebuild(std::size_t max_size, std::uint32_t times_shards,
                                                    bool timed) {
  aftermath after_all(*this);
  const read_guard<Sync> guard(after_all.thread);
  lock_shards();
  layout_type* const old = layout_.load(std::memory_order_acquire);

  struct all_locks {
    DEFT_TAGGED ~all_locks() { unlock_shards(*held); }

    layout_type* held;
  } locks{old};

  timed = timed || old->timed;
  std::uint32_t count = times_shards == 0
                            ? std::max(shards_for(max_size), max_size == this->max_size() ? old->count : 1)
                            : old->count * times_shards;
  count = std::min<std::uint32_t>(count, 1 << 16);

  struct unfinished {
    DEFT_TAGGED ~unfinished() {
      if (layout != nullptr) core.discard(layout);
    }

    cache_core& core;
    layout_type* layout;
  } fresh{*this, nullptr};

  // First how many come into each shard, so that nothing grows on the way.
  for (bool too_few = true; too_few; count *= 2) {
    too_few = false;
    fresh.layout = make_layout(max_size, count, timed);
    layout_type& layout = *fresh.layout;
    for (std::uint32_t i = 0; i < old->count; ++i) {
      table_type& table = *old->views[i].table;
      table.for_each([&](entry_slot s) {
        ++layout.views[layout.index_of(entries::hash(table.entries[s], seed_))].state->used;
      });
    }
    for (std::uint32_t i = 0; i < count && !too_few; ++i) {
      state_type& state = *layout.views[i].state;
      const std::size_t wanted = std::min<std::size_t>(std::exchange(state.used, 0), state.bound);
      if (wanted > no_slot && count < (1 << 16)) {
        too_few = true;
      } else if (wanted > state.table->slots) {
        const auto slots = static_cast<std::uint32_t>(std::min<std::size_t>(wanted, no_slot));
        state.order.reserve(slots);
        table_type& small = *state.table;
        state.table = table_type::make(resource_, slots, parts_of(timed));
        small.free(&small);
        layout.set(i, state.table, &state);
      }
    }
    if (too_few) discard(std::exchange(fresh.layout, nullptr));
    if (!too_few) break;
  }

  // Then the entries, from the next victim to the last, so that those stay which are worth most. What does
  // not fit is evicted from the new shards; nothing of it is final before all memory is had.
  layout_type& layout = *fresh.layout;
  std::pmr::vector<typename notifier<entries, Sync>::notice*> leaving(resource_);
  retired_list dead;
  std::uint64_t evicted = 0;
  std::size_t lost_weight = 0;

  struct undo {
    DEFT_TAGGED ~undo() {
      for (auto* n : notices) owner.cancel(n);
    }

    notifier<entries, Sync>& owner;
    decltype(leaving)& notices;
  } undo_notices{notifier_, leaving};

  for (std::uint32_t i = 0; i < old->count; ++i) {
    const state_type& from = *old->views[i].state;
    table_type& source = *from.table;
    const auto take_over = [&](entry_slot s, int prepared) {
      const auto& entry = source.entries[s];
      const std::uint64_t hash = entries::hash(entry, seed_);
      state_type& to = *layout.views[layout.index_of(hash)].state;
      table_type& table = *to.table;
      access seen(table, seed_);
      if (to.bound == 0) {
        if (notifier_.active()) {
          after_all.room.reserve(1);
          leaving.reserve(leaving.size() + 1);
          leaving.push_back(notifier_.prepare(entry, removal_cause::size, after_all.room));
        }
        if constexpr (!entries::in_words) dead.add(entries::load(entry));
        if (source.weights != nullptr) lost_weight += source.weights[s];
        ++evicted;
        return;
      }
      entry_slot at = no_slot;
      if (to.size.load(std::memory_order_relaxed) < std::min<std::size_t>(to.bound, table.slots)) {
        at = static_cast<entry_slot>(to.used++);
        to.size.store(to.used, std::memory_order_relaxed);
      } else if constexpr (order::evicts) {
        if (notifier_.active()) {
          after_all.room.reserve(1);
          leaving.reserve(leaving.size() + 1);
        }
        at = to.order.evict(seen);
        if (notifier_.active())
          leaving.push_back(notifier_.prepare(table.entries[at], removal_cause::size, after_all.room));
        if (table.weights != nullptr) lost_weight += table.weights[at];
        chunk_type& c = table.unlink(entries::hash(table.entries[at], seed_), at);
        if constexpr (!entries::in_words) dead.add(entries::load(table.entries[at]));
        c.end_change();
        ++evicted;
      }
      entries::move(table.entries[at], entry);
      if (table.times != nullptr && source.times != nullptr) {
        table.times[at].expires.store(source.times[s].expires.load(std::memory_order_relaxed),
                                      std::memory_order_relaxed);
        table.times[at].idle_until.store(source.times[s].idle_until.load(std::memory_order_relaxed),
                                         std::memory_order_relaxed);
      }
      if (table.weights != nullptr) table.weights[at] = source.weights[s];
      table.link(hash, at);
      to.order.insert(seen, at, hash, prepared);
      if constexpr (!order::ordered_by_hits && order::mark_limit > 0) {
        seen.set_mark(at, source.marks[s].load(std::memory_order_relaxed));
      }
    };
    if constexpr (order::evicts) {
      from.order.for_each_in_order(take_over);
    } else {
      source.for_each([&](entry_slot s) { take_over(s, 0); });
    }
  }

  max_size_.store(max_size, std::memory_order_relaxed);
  layout_.store(std::exchange(fresh.layout, nullptr), std::memory_order_release);
  for (auto* n : leaving) notifier_.add(n);
  leaving.clear();
  add(evictions_, evicted);
  weight_.fetch_sub(lost_weight, std::memory_order_relaxed);
  after_all.dead.add(dead);
  for (std::uint32_t i = 0; i < old->count; ++i) {
    old->views[i].state->abandoned = true;
    add(evictions_, old->views[i].state->evictions.load(std::memory_order_relaxed));
    add(expirations_, old->views[i].state->expirations.load(std::memory_order_relaxed));
    after_all.dead.add(old->views[i].table);
    after_all.dead.add(old->views[i].state);
  }
  after_all.dead.add(old);
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::resize(std::size_t max_size) {
  if constexpr (order::evicts) {
    rebuild(max_size, 0, false);
    if (options_.weigher) reserve_weight(0, 0);
    // Weights of 0 fit into any bound; but of that of 0 it is said that nothing is stored.
    if (max_size == 0) remove_each(removal_cause::size, [](const table_type&, entry_slot) { return true; });
  }
}

template <typename K, typename V, typename P, typename Sync>
template <typename Matches>
DEFT_TAGGED std::size_t cache_core<K, V, P, Sync>::remove_each(removal_cause cause, Matches matches) {
  std::size_t removed = 0;
  for (std::uint32_t i = 0;; ++i) {
    std::size_t room = 16;
    for (bool again = true; again;) {
      again = false;
      aftermath after_all(*this);
      after_all.room.reserve(room);
      const read_guard<Sync> guard(after_all.thread);
      layout_type& layout = *layout_.load(std::memory_order_acquire);
      if (i >= layout.count) return removed;
      state_type& state = *layout.views[i].state;
      const std::lock_guard lock(state.mutex);
      if (state.abandoned) {  // Resized on the way: from the beginning.
        i = 0;
        again = true;
        continue;
      }
      if (notifier_.active() && state.size.load(std::memory_order_relaxed) > room) {
        room = state.size.load(std::memory_order_relaxed);
        again = true;
        continue;
      }
      table_type& table = *state.table;
      table.for_each([&](entry_slot s) {
        if (!matches(table, s)) return;
        remove(state, s, cause, after_all);
        ++removed;
      });
    }
  }
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED void cache_core<K, V, P, Sync>::clear() {
  remove_each(removal_cause::cleared, [](const table_type&, entry_slot) { return true; });
}

template <typename K, typename V, typename P, typename Sync>
DEFT_TAGGED std::size_t cache_core<K, V, P, Sync>::erase_expired() {
  const std::int64_t time = now();
  return remove_each(removal_cause::expired,
                     [time](const table_type& table, entry_slot s) { return expired(table, s, time); });
}

template <typename K, typename V, typename P, typename Sync>
template <typename Predicate>
DEFT_TAGGED std::size_t cache_core<K, V, P, Sync>::erase_if(Predicate predicate) {
  // The entries of one shard at a time, held beyond the lock; then those that are meant, if they are still
  // the same.
  std::size_t erased = 0;
  std::pmr::vector<typename entries::held> all(resource_);
  for (std::uint32_t i = 0;; ++i) {
    all.clear();
    {
      thread_state<Sync>& thread = Sync::this_thread();
      const read_guard<Sync> guard(thread);
      for (bool again = true; again;) {
        again = false;
        layout_type& layout = *layout_.load(std::memory_order_acquire);
        if (i >= layout.count) return erased;
        state_type& state = *layout.views[i].state;
        all.reserve(state.size.load(std::memory_order_relaxed));
        const std::lock_guard lock(state.mutex);
        if (state.abandoned || all.capacity() < state.size.load(std::memory_order_relaxed)) {
          again = true;
          if (state.abandoned) i = 0;
          continue;
        }
        table_type& table = *state.table;
        table.for_each([&](entry_slot s) { all.emplace_back(table.entries[s]); });
      }
    }
    for (const auto& entry : all) {
      bool meant = false;
      entry.show([&](const K& key, const V& value) { meant = predicate(key, value); });
      if (!meant) continue;
      entry.show([&](const K& key, const V&) {
        const key_view view = traits::of(key);
        aftermath after_all(*this);
        after_all.room.reserve(1);
        under_lock(view, hash(view), after_all, [&](state_type& state, bool found, const position& at) {
          if (found && entry.is(state.table->entries[at.at])) {
            remove(state, at.at, removal_cause::discarded, after_all);
            ++erased;
          }
          return true;
        });
      });
    }
  }
}

}  // namespace deft::detail
