/// @file
/// detail::eviction of policy::lru.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// The least recently used entry leaves. 4 bytes a slot.
///
/// The mark of the most recently used slot is 1, all others' are 0: hitting that one again needs no lock.
template <>
class eviction<policy::lru> {
 public:
  static constexpr bool ordered_by_hits = true;
  static constexpr unsigned mark_limit = 0;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource) : links_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    links_.reserve(slots);
    links_.resize(slots);
  }

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard& shard) noexcept {
    const entry_slot victim = queue_.oldest(links_);
    erase(shard, victim);
    return victim;
  }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard& shard, entry_slot s, std::uint64_t, int) noexcept {
    if (queue_.size() != 0) shard.set_mark(queue_.newest(), 0);
    queue_.push_newest(links_, s);
    shard.set_mark(s, 1);
  }

  template <typename Shard>
  DEFT_TAGGED void hit(Shard& shard, entry_slot s) noexcept {
    shard.set_mark(queue_.newest(), 0);
    queue_.touch(links_, s);
    shard.set_mark(s, 1);
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard& shard, entry_slot s) noexcept {
    const bool was_newest = s == queue_.newest();
    queue_.remove(links_, s);
    if (!was_newest) return;
    shard.set_mark(s, 0);
    if (queue_.size() != 0) shard.set_mark(queue_.newest(), 1);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept { return links_.memory_bytes(); }

  template <typename F>
  DEFT_TAGGED void for_each_in_order(F f) const {
    queue_.for_each(links_, [&](entry_slot s) { f(s, 0); });
  }

 private:
  slot_links links_;
  slot_list queue_;
};

}  // namespace deft::detail
