/// @file
/// One shard of a cache: the table that readers see, and what only its lock's holder sees.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/chunk.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/reclaim.hpp"
#include "deft/memo/detail/sync.hpp"

namespace deft::detail {

/// When an entry expires, in nanoseconds of the cache's clock.
template <typename Sync>
struct entry_times {
  typename Sync::template atomic<std::int64_t> expires{INT64_MAX};
  typename Sync::template atomic<std::int64_t> idle_until{INT64_MAX};
};

/// The arrays of one shard, in one allocation of fixed size: a shard that grows gets another one. Slots keep
/// their numbers.
template <typename Entries, typename Sync>
struct shard_table : retired {
  using chunk_type = chunk<Sync>;
  using entry = typename Entries::entry;
  using mark_type = typename Sync::template atomic<std::uint8_t>;

  struct parts {
    /// Entries per chunk when all slots are taken. In a cache that evicts at random, of 12 to a chunk 6 % are
    /// passed on to the next one, of 11 it is 4 %, of 10 it is 2 %.
    std::uint32_t load;
    bool marks;
    bool times;
    bool weights;
  };

  DEFT_TAGGED static shard_table* make(std::pmr::memory_resource* from, std::uint32_t slots, parts has) {
    const std::uint32_t chunks = (slots + has.load - 1) / has.load;
    std::size_t bytes = round_up(sizeof(shard_table));
    const std::size_t chunks_at = bytes;
    bytes += sizeof(chunk_type) * chunks;
    const std::size_t entries_at = bytes;
    bytes += sizeof(entry) * slots;
    const std::size_t times_at = bytes;
    if (has.times) bytes += sizeof(entry_times<Sync>) * slots;
    const std::size_t weights_at = bytes;
    if (has.weights) bytes += sizeof(std::size_t) * slots;
    const std::size_t marks_at = bytes;
    if (has.marks) bytes += sizeof(mark_type) * slots;

    auto* const memory = static_cast<std::byte*>(from->allocate(bytes, alignof(chunk_type)));
    auto* const table = new (memory) shard_table;
    table->free = [](retired* r) noexcept {
      auto* const self = static_cast<shard_table*>(r);
      self->resource->deallocate(self, self->bytes, alignof(chunk_type));
    };
    table->resource = from;
    table->bytes = bytes;
    table->slots = slots;
    table->chunk_count = chunks;
    table->chunks = make_array<chunk_type>(memory + chunks_at, chunks);
    table->entries = make_array<entry>(memory + entries_at, slots);
    if (has.times) table->times = make_array<entry_times<Sync>>(memory + times_at, slots);
    if (has.weights) table->weights = make_array<std::size_t>(memory + weights_at, slots);
    if (has.marks) table->marks = make_array<mark_type>(memory + marks_at, slots);
    return table;
  }

  // Under the shard's lock:

  /// Puts the slot where a search for the hash finds it.
  [[gnu::always_inline]] DEFT_TAGGED void link(std::uint64_t hash, entry_slot s) noexcept {
    std::uint32_t index = chunk_type::home_of(hash, chunk_count);
    for (;;) {
      chunk_type& c = chunks[index];
      c.begin_change();
      const place_set free_places = c.find(0);
      if (!free_places.empty()) {
        c.slots[free_places.first()].store(s, std::memory_order_release);
        c.set_tag(free_places.first(), chunk_type::tag_of(hash));
        c.end_change();
        return;
      }
      c.add_overflow(1);
      c.end_change();
      index = next(index);
    }
  }

  /// Takes the slot out of the index. The chunk that had it is still being changed when this returns, so that
  /// readers who found it there look again after end_change(), when the entry is another.
  [[gnu::always_inline]] DEFT_TAGGED chunk_type& unlink(std::uint64_t hash, entry_slot s) noexcept {
    std::uint32_t index = chunk_type::home_of(hash, chunk_count);
    for (;;) {
      chunk_type& c = chunks[index];
      c.begin_change();
      for (place_set places = c.find(chunk_type::tag_of(hash)); !places.empty(); places.remove_first()) {
        if (c.slots[places.first()].load(std::memory_order_relaxed) != s) continue;
        c.set_tag(places.first(), 0);
        return c;
      }
      c.add_overflow(-1);
      c.end_change();
      index = next(index);
    }
  }

  /// Calls f(slot) for each entry, which f may unlink.
  template <typename F>
  DEFT_TAGGED void for_each(F f) const {
    for (std::uint32_t i = 0; i < chunk_count; ++i) {
      for (unsigned place = 0; place < chunk_type::places; ++place) {
        if (chunks[i].tag_at(place) != 0) f(chunks[i].slots[place].load(std::memory_order_relaxed));
      }
    }
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t next(std::uint32_t index) const noexcept {
    return index + 1 == chunk_count ? 0 : index + 1;
  }

  std::pmr::memory_resource* resource = nullptr;
  std::size_t bytes = 0;
  std::uint32_t slots = 0;
  std::uint32_t chunk_count = 0;
  chunk_type* chunks = nullptr;
  entry* entries = nullptr;
  mark_type* marks = nullptr;          // null: the policy has none
  entry_times<Sync>* times = nullptr;  // null: entries do not expire
  std::size_t* weights = nullptr;      // null: all weigh 1

 private:
  DEFT_TAGGED static constexpr std::size_t round_up(std::size_t bytes) noexcept {
    return (bytes + 63) / 64 * 64;
  }

  template <typename T>
  DEFT_TAGGED static T* make_array(std::byte* at, std::size_t n) noexcept {
    T* const array = reinterpret_cast<T*>(at);
    for (std::size_t i = 0; i < n; ++i) new (array + i) T();
    return array;
  }
};

/// What the holder of a shard's lock works with.
template <typename Policy, typename Entries, typename Sync>
struct alignas(64) shard_state : retired {
  using table_type = shard_table<Entries, Sync>;

  DEFT_TAGGED shard_state(std::pmr::memory_resource* from, std::size_t entries_at_most)
      : resource(from), bound(entries_at_most), order(from) {
    this->free = [](retired* r) noexcept {
      auto* const self = static_cast<shard_state*>(r);
      std::pmr::memory_resource* const from_where = self->resource;
      self->~shard_state();
      from_where->deallocate(self, sizeof(shard_state), alignof(shard_state));
    };
  }

  typename Sync::shard_mutex mutex;
  bool abandoned = false;  // The cache was resized; look for the key's shard again.
  entry_slot first_free = no_slot;
  std::uint32_t used = 0;   // Slots that were ever taken.
  std::uint32_t sweep = 0;  // The next slot that is looked at for having expired.
  typename Sync::template atomic<std::uint32_t> size{0};
  typename Sync::template atomic<std::uint64_t> evictions{0};
  typename Sync::template atomic<std::uint64_t> expirations{0};
  table_type* table = nullptr;
  std::pmr::memory_resource* resource;
  std::size_t bound;
  eviction<Policy> order;
};

/// What an order sees of its shard.
template <typename Entries, typename Sync>
class order_access {
 public:
  DEFT_TAGGED order_access(shard_table<Entries, Sync>& table, std::uint64_t seed) noexcept
      : table_(table), seed_(seed) {}

  [[nodiscard]] DEFT_TAGGED unsigned mark(entry_slot s) const noexcept {
    return table_.marks[s].load(std::memory_order_relaxed);
  }

  DEFT_TAGGED void set_mark(entry_slot s, unsigned m) noexcept {
    if (table_.marks != nullptr)
      table_.marks[s].store(static_cast<std::uint8_t>(m), std::memory_order_relaxed);
  }

  [[nodiscard]] DEFT_TAGGED std::uint64_t hash(entry_slot s) const noexcept {
    return Entries::hash(table_.entries[s], seed_);
  }

 private:
  shard_table<Entries, Sync>& table_;
  std::uint64_t seed_;
};

}  // namespace deft::detail
