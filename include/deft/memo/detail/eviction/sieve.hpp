/// @file
/// detail::eviction of policy::sieve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A hand goes over the queue from old to new and round again, takes visited bits away, and evicts where
/// there is none. Unlike with a clock the newcomer does not come into the victim's place, but to the new end:
/// between it and the hand is what has not been looked at since. 4 bytes a slot.
template <>
class eviction<policy::sieve> {
 public:
  static constexpr bool ordered_by_hits = false;
  static constexpr unsigned mark_limit = 1;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource) : links_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    links_.reserve(slots);
    links_.resize(slots);
  }

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard& shard) noexcept {
    entry_slot s = hand_ != no_slot ? hand_ : queue_.oldest(links_);
    // Readers may set bits as fast as the hand takes them away: after two rounds any entry will do.
    for (std::size_t steps = 2 * queue_.size(); steps != 0 && shard.mark(s) != 0; --steps) {
      shard.set_mark(s, 0);
      s = links_[s].newer;
    }
    hand_ = s;
    erase(shard, s);
    return s;
  }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard& shard, entry_slot s, std::uint64_t, int) noexcept {
    queue_.push_newest(links_, s);
    shard.set_mark(s, 0);
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard&, entry_slot s) noexcept {
    // Past the newest the next round begins at what is the oldest then, and not at a newcomer.
    if (hand_ == s) hand_ = s == queue_.newest() ? no_slot : links_[s].newer;
    queue_.remove(links_, s);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept { return links_.memory_bytes(); }

  /// From the oldest; the hand's place is not told, it begins there.
  template <typename F>
  DEFT_TAGGED void for_each_in_order(F f) const {
    queue_.for_each(links_, [&](entry_slot s) { f(s, 0); });
  }

 private:
  slot_links links_;
  slot_list queue_;
  entry_slot hand_ = no_slot;  // The entry that it looks at next; none: the oldest.
};

}  // namespace deft::detail
