/// @file
/// The slots of deft::lru_cache: entries that never move, in a list from the most to the least recently used.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/id_table.hpp"

namespace deft::detail {

/// The hash of an entry, where computing it again would cost much or might throw.
template <bool Kept>
struct slot_hash {
  std::uint32_t hash;
};

template <>
struct slot_hash<false> {};

/// A place for a T, which begins and ends its life by itself.
template <typename T, bool KeepsHash>
struct pool_slot : slot_hash<KeepsHash> {
  DEFT_TAGGED pool_slot() noexcept {
  }  // NOLINT(modernize-use-equals-default): of a union member it would be deleted

  DEFT_TAGGED ~pool_slot() {}  // NOLINT(modernize-use-equals-default)

  pool_slot(const pool_slot&) = delete;
  pool_slot& operator=(const pool_slot&) = delete;

  slot_id newer;  // Unless it is the newest. Of a free slot: the next free one.
  slot_id older;

  union {
    T value;
  };
};

/// Slots in blocks, each as large as all before it. The topmost five bits of a slot's number say which block.
template <typename T, bool KeepsHash, typename Allocator>
class slot_pool {
 public:
  using slot = pool_slot<T, KeepsHash>;

  static constexpr std::size_t max_slots = std::size_t{1} << 28;

  DEFT_TAGGED slot_pool() noexcept = default;

  DEFT_TAGGED slot_pool(slot_pool&& other) noexcept { swap(other); }

  slot_pool& operator=(slot_pool&&) = delete;

  DEFT_TAGGED void swap(slot_pool& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(sizes_, other.sizes_);
    std::swap(block_count_, other.block_count_);
    std::swap(fresh_, other.fresh_);
    std::swap(slots_, other.slots_);
    std::swap(free_, other.free_);
    std::swap(newest_, other.newest_);
    std::swap(oldest_, other.oldest_);
    std::swap(size_, other.size_);
  }

  [[nodiscard]] DEFT_TAGGED slot& operator[](slot_id id) const noexcept {
    return blocks_[id >> offset_bits][id & offset_mask];
  }

  /// Entries in the list.
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  /// Slots there are, in use or not.
  [[nodiscard]] DEFT_TAGGED std::size_t slots() const noexcept { return slots_; }

  /// The ends of the list; no_slot_id if it is empty.
  [[nodiscard]] DEFT_TAGGED slot_id newest() const noexcept { return newest_; }

  [[nodiscard]] DEFT_TAGGED slot_id oldest() const noexcept { return oldest_; }

  [[nodiscard]] DEFT_TAGGED bool has_free_slot() const noexcept {
    return free_ != no_slot_id || (block_count_ != 0 && fresh_ < sizes_[block_count_ - 1]);
  }

  /// Adds a block, no larger than makes `wanted` slots. @throws What allocating throws. @guarantee Strong.
  DEFT_TAGGED void grow(const Allocator& allocator, std::size_t wanted) {
    slot_allocator memory(allocator);
    std::size_t size = std::min(std::max<std::size_t>(slots_, 16), max_slots / 2);
    // A smaller block than that uses up one of the 32, so there may be only a few.
    const bool may_be_smaller = block_count_ + 1 < static_cast<std::uint32_t>(std::bit_width(slots_ + 8));
    if (may_be_smaller && wanted > slots_) size = std::min(size, wanted - slots_);
    slot* const block = std::to_address(traits::allocate(memory, size));
    blocks_[block_count_] = block;
    sizes_[block_count_] = static_cast<std::uint32_t>(size);
    ++block_count_;
    slots_ += size;
    fresh_ = 0;
  }

  /// A slot that is in no list, its value not yet alive. @pre has_free_slot().
  [[nodiscard]] DEFT_TAGGED slot_id take() noexcept {
    if (free_ != no_slot_id) {
      const slot_id id = free_;
      free_ = (*this)[id].newer;
      return id;
    }
    const slot_id id = (block_count_ - 1) << offset_bits | fresh_++;
    new (&(*this)[id]) slot;
    return id;
  }

  /// @pre         The slot is in no list, its value not alive any more.
  DEFT_TAGGED void give_back(slot_id id) noexcept {
    (*this)[id].newer = free_;
    free_ = id;
  }

  /// Puts a slot to the front of the list. @pre It is in no list.
  DEFT_TAGGED void link_newest(slot_id id) noexcept {
    (*this)[id].older = newest_;
    if (size_++ == 0) {
      oldest_ = id;
    } else {
      (*this)[newest_].newer = id;
    }
    newest_ = id;
  }

  DEFT_TAGGED void unlink(slot_id id) noexcept {
    const slot& s = (*this)[id];
    if (id == newest_) {
      newest_ = s.older;
    } else {
      (*this)[s.newer].older = s.older;
    }
    if (id == oldest_) {
      oldest_ = --size_ == 0 ? no_slot_id : s.newer;
    } else {
      // What is newer than the newest nobody asks: that link may say anything.
      (*this)[s.older].newer = s.newer;
      --size_;
    }
  }

  /// Makes a slot of the list the newest.
  DEFT_TAGGED void touch(slot_id id) noexcept {
    if (id == newest_) return;
    slot& s = (*this)[id];
    (*this)[s.newer].older = s.older;
    if (id == oldest_) [[unlikely]] {
      oldest_ = s.newer;
    } else {
      (*this)[s.older].newer = s.newer;
    }
    s.older = newest_;
    (*this)[newest_].newer = id;
    newest_ = id;
  }

  /// Empties the list, without the values' lives. @returns What was its newest; follow `older`, size() times.
  DEFT_TAGGED slot_id unlink_all() noexcept {
    size_ = 0;
    oldest_ = no_slot_id;
    return std::exchange(newest_, no_slot_id);
  }

  /// @pre         The list is empty.
  DEFT_TAGGED void free(const Allocator& allocator) noexcept {
    slot_allocator memory(allocator);
    for (; block_count_ != 0; --block_count_) {
      traits::deallocate(
          memory, std::pointer_traits<typename traits::pointer>::pointer_to(*blocks_[block_count_ - 1]),
          sizes_[block_count_ - 1]);
    }
    slots_ = 0;
    fresh_ = 0;
    free_ = no_slot_id;
  }

 private:
  using slot_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<slot>;
  using traits = std::allocator_traits<slot_allocator>;

  static constexpr unsigned offset_bits = 27;
  static constexpr slot_id offset_mask = (slot_id{1} << offset_bits) - 1;

  std::array<slot*, 32> blocks_{};
  std::array<std::uint32_t, 32> sizes_{};
  std::uint32_t block_count_ = 0;
  std::uint32_t fresh_ = 0;  // Slots of the last block that were ever taken.
  std::size_t slots_ = 0;
  slot_id free_ = no_slot_id;
  slot_id newest_ = no_slot_id;
  slot_id oldest_ = no_slot_id;
  std::size_t size_ = 0;
};

}  // namespace deft::detail
