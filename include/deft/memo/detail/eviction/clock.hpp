/// @file
/// detail::eviction of policy::clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A hand goes round over the slots, takes reference bits away, and stops at an entry that has none; the next
/// entry comes into that place, without the bit. A bit a slot, for the places that are empty: an entry was
/// erased there and none has come yet.
template <>
class eviction<policy::clock> {
 public:
  static constexpr bool ordered_by_hits = false;
  static constexpr unsigned mark_limit = 1;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource) : present_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    present_.reserve(slots);
    present_.resize(slots);
    if (slots <= slots_) return;
    empty_ += slots - slots_;
    slots_ = slots;
  }

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard& shard) noexcept {
    empty_the_left();
    // Readers may set bits as fast as the hand takes them away: after two rounds any entry will do.
    for (std::size_t steps = 2 * slots_;; --steps) {
      const entry_slot s = empty_ == 0 ? static_cast<entry_slot>(hand_) : present_.next(hand_);
      hand_ = s + std::size_t{1} < slots_ ? s + std::size_t{1} : 0;
      if (steps == 0 || shard.mark(s) == 0) {
        left_ = s;
        return s;
      }
      shard.set_mark(s, 0);
    }
  }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard& shard, entry_slot s, std::uint64_t, int) noexcept {
    shard.set_mark(s, 0);
    if (s == left_) {
      left_ = no_slot;
    } else {
      present_.insert(s);
      --empty_;
    }
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard&, entry_slot s) noexcept {
    present_.erase(s);
    ++empty_;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept { return present_.memory_bytes(); }

  template <typename F>
  DEFT_TAGGED void for_each_in_order(F f) const {
    for (std::size_t i = 0; i < slots_; ++i) {
      const std::size_t at = hand_ + i < slots_ ? hand_ + i : hand_ + i - slots_;
      const entry_slot s = static_cast<entry_slot>(at);
      if (present_.contains(s) && s != left_) f(s, 0);
    }
  }

 private:
  DEFT_TAGGED void empty_the_left() noexcept {
    if (left_ == no_slot) return;
    present_.erase(left_);
    ++empty_;
    left_ = no_slot;
  }

  slot_set present_;
  std::size_t slots_ = 0;
  std::size_t empty_ = 0;  // Slots that are not present.
  std::size_t hand_ = 0;
  // Evicted, and still present: nearly always the next entry comes there, and no bit need be written.
  entry_slot left_ = no_slot;
};

}  // namespace deft::detail
