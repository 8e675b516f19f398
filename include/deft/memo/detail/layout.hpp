/// @file
/// Which tables a cache has just now: what a reader begins with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/reclaim.hpp"

namespace deft::detail {

/// The shards of a cache, never changed: a shard that grows is entered into a new layout. The tables'
/// addresses are repeated here, so that a lookup need not go through one more pointer.
template <typename State, typename Table>
struct cache_layout : retired {
  struct alignas(64) view {
    decltype(Table::chunks) chunks;
    decltype(Table::entries) entries;
    decltype(Table::marks) marks;
    decltype(Table::times) times;
    Table* table;
    State* state;
    std::uint32_t chunk_count;
  };

  /// Room for `count` shards, a power of two up to 2^16, without any.
  DEFT_TAGGED static cache_layout* make(std::pmr::memory_resource* from, std::uint32_t count) {
    void* const memory = from->allocate(bytes_for(count), alignof(view));
    auto* const made = new (memory) cache_layout;
    made->free = [](retired* r) noexcept {
      auto* const self = static_cast<cache_layout*>(r);
      self->resource->deallocate(self, bytes_for(self->count), alignof(view));
    };
    made->resource = from;
    made->count = count;
    made->shift = 63;
    for (std::uint32_t n = 1; n < count; n *= 2) --made->shift;
    made->views = reinterpret_cast<view*>(static_cast<std::byte*>(memory) + header);
    for (std::uint32_t i = 0; i < count; ++i) new (made->views + i) view{};
    return made;
  }

  DEFT_TAGGED void set(std::uint32_t index, Table* table, State* state) noexcept {
    views[index] = {table->chunks, table->entries, table->marks,      table->times,
                    table,         state,          table->chunk_count};
  }

  /// The shard that a hash belongs to, by its topmost bits.
  [[nodiscard]] DEFT_TAGGED const view& shard_of(std::uint64_t hash) const noexcept {
    return views[index_of(hash)];
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t index_of(std::uint64_t hash) const noexcept {
    return static_cast<std::uint32_t>((hash >> 1) >> shift);
  }

  std::pmr::memory_resource* resource = nullptr;
  std::uint32_t count = 0;
  std::uint32_t shift = 63;  // 63 for one shard
  bool timed = false;
  view* views = nullptr;

 private:
  static constexpr std::size_t header = 64;

  DEFT_TAGGED static constexpr std::size_t bytes_for(std::uint32_t count) noexcept {
    return header + sizeof(view) * count;
  }
};

}  // namespace deft::detail
