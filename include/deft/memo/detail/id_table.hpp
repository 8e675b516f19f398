/// @file
/// The index of deft::lru_cache: from hashes to the numbers of slots.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/chunk.hpp"

namespace deft::detail {

/// The number of a slot.
using slot_id = std::uint32_t;

inline constexpr slot_id no_slot_id = 0xffff'ffff;

/// Twelve places in a cache line.
///
///   | 12 tags, a byte each | overflow 4 | 12 slot numbers, four bytes each |
///
/// As in F14 (Bronson, Shi: "Open-sourcing F14", 2019). A tag is 0 (free) or seven bits of the hash with the
/// top bit set. What does not fit goes into the next chunk that has room and is counted in the overflow of
/// each one passed. That count has seven bits in each byte: tags are compared sixteen at once, and it must
/// never pass for one.
struct alignas(64) id_chunk {
  static constexpr unsigned places = 12;

  [[nodiscard]] DEFT_TAGGED place_set find(std::uint8_t tag) const noexcept {
    std::array<std::uint64_t, 2> words;
    std::memcpy(words.data(), tags.data(), sizeof words);
    return places_with(words[0], words[1], tag);
  }

  [[nodiscard]] DEFT_TAGGED bool is_passed() const noexcept {
    std::uint32_t count = 0;
    std::memcpy(&count, tags.data() + places, sizeof count);
    return count != 0;
  }

  DEFT_TAGGED void count_passing(std::int32_t change) noexcept {
    std::uint32_t count = 0;
    for (unsigned i = 4; i-- != 0;) count = count << 7 | tags[places + i];
    count += static_cast<std::uint32_t>(change);
    for (unsigned i = 0; i < 4; ++i, count >>= 7) tags[places + i] = count & 0x7f;
  }

  std::array<std::uint8_t, 16> tags{};
  std::array<slot_id, places> ids{};
};

static_assert(sizeof(id_chunk) == 64);

/// A multimap from 32-bit hashes to slots: who looks up says which of the slots is meant. Nothing is ever a
/// tombstone.
template <typename Allocator>
class id_table {
  using chunk_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<id_chunk>;
  using traits = std::allocator_traits<chunk_allocator>;

 public:
  /// What a chunk holds on average when the table is full. At 10, an eighth of the entries would lie in the
  /// chunk after theirs, and hits take a quarter longer.
  static constexpr std::size_t usual_load = 8;

  DEFT_TAGGED id_table() noexcept = default;

  DEFT_TAGGED id_table(id_table&& other) noexcept
      : chunks_(std::exchange(other.chunks_, nullptr)), count_(std::exchange(other.count_, 0)) {}

  id_table& operator=(id_table&&) = delete;

  DEFT_TAGGED void swap(id_table& other) noexcept {
    std::swap(chunks_, other.chunks_);
    std::swap(count_, other.count_);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t capacity() const noexcept { return count_ * usual_load; }

  /// An empty table for this many entries. @throws What allocating throws.
  DEFT_TAGGED static id_table make(const Allocator& allocator, std::size_t entries) {
    id_table table;
    table.count_ = static_cast<std::uint32_t>((entries + usual_load - 1) / usual_load);
    chunk_allocator memory(allocator);
    table.chunks_ = std::to_address(traits::allocate(memory, table.count_));
    std::uninitialized_default_construct_n(table.chunks_, table.count_);
    return table;
  }

  DEFT_TAGGED void free(const Allocator& allocator) noexcept {
    if (chunks_ == nullptr) return;
    chunk_allocator memory(allocator);
    traits::deallocate(memory, std::pointer_traits<typename traits::pointer>::pointer_to(*chunks_), count_);
    chunks_ = nullptr;
    count_ = 0;
  }

  DEFT_TAGGED void clear() noexcept { std::fill_n(chunks_, count_, id_chunk{}); }

  /// The slot of that hash for which is_it(id) is true, or no_slot_id. @pre capacity() is not 0.
  template <typename Predicate>
  [[nodiscard]] DEFT_TAGGED slot_id find(std::uint32_t hash, Predicate is_it) const {
    for (const id_chunk* c = home(hash);; c = next(c)) {
      for (place_set places = c->find(tag_of(hash)); !places.empty(); places.remove_first()) {
        const slot_id id = c->ids[places.first()];
        if (is_it(id)) [[likely]]
          return id;
      }
      if (!c->is_passed()) [[likely]]
        return no_slot_id;
    }
  }

  /// @pre         There are fewer than capacity() entries.
  DEFT_TAGGED void insert(std::uint32_t hash, slot_id id) noexcept {
    for (id_chunk* c = home(hash);; c = next(c)) {
      // The bytes after the tags may look free, too, but come last.
      const place_set free_places = c->find(0);
      if (!free_places.empty() && free_places.first() < id_chunk::places) {
        c->tags[free_places.first()] = tag_of(hash);
        c->ids[free_places.first()] = id;
        return;
      }
      c->count_passing(1);
    }
  }

  /// @pre         The slot is in the table, with that hash.
  DEFT_TAGGED void erase(std::uint32_t hash, slot_id id) noexcept {
    for (id_chunk* c = home(hash);; c = next(c)) {
      for (place_set places = c->find(tag_of(hash)); !places.empty(); places.remove_first()) {
        if (c->ids[places.first()] != id) continue;
        c->tags[places.first()] = 0;
        return;
      }
      c->count_passing(-1);
    }
  }

 private:
  [[nodiscard]] DEFT_TAGGED static std::uint8_t tag_of(std::uint32_t hash) noexcept {
    return static_cast<std::uint8_t>(0x80u | (hash & 0x7fu));
  }

  [[nodiscard]] DEFT_TAGGED id_chunk* home(std::uint32_t hash) const noexcept {
    return chunks_ + ((std::uint64_t{hash} * count_) >> 32);
  }

  [[nodiscard]] DEFT_TAGGED id_chunk* next(const id_chunk* c) const noexcept {
    const std::ptrdiff_t index = c - chunks_ + 1;
    return chunks_ + (index == count_ ? 0 : index);
  }

  id_chunk* chunks_ = nullptr;
  std::uint32_t count_ = 0;
};

}  // namespace deft::detail
