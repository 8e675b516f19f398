/// @file
/// detail::eviction of policy::tiny_lfu.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/frequency_sketch.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// W-TinyLFU. Newcomers go to a window, a hundredth of the entries, least recently used first. What leaves it
/// has to have been seen more often than the entry that would leave the main part, or leaves the cache. Main
/// is a segmented LRU: a hit takes an entry from probation to the protected segment, four fifths of main.
///
/// The sizes are shares of the entries that there are, as in s3_fifo. A slot is marked where a hit changes
/// nothing: it is the newest of the window or of the protected segment already, and its count is at its end.
///
/// 4 bytes a slot for the links, 1/4 for the segment, 3 for the counts.
template <>
class eviction<policy::tiny_lfu> {
 public:
  static constexpr bool ordered_by_hits = true;
  static constexpr unsigned mark_limit = 0;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource)
      : links_(resource), in_main_(resource), is_protected_(resource), seen_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    links_.reserve(slots);
    in_main_.reserve(slots);
    is_protected_.reserve(slots);
    seen_.reserve(slots);
    links_.resize(slots);
    in_main_.resize(slots);
    is_protected_.resize(slots);
    seen_.resize(slots);
  }

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard& shard) noexcept {
    entry_slot victim = no_slot;
    if (probation_.size() != 0) {
      victim = probation_.oldest(links_);
    } else if (protected_.size() != 0) {
      victim = protected_.oldest(links_);
    }
    // The newcomer for which room is made will push the window's oldest out.
    if (window_.size() != 0 && (victim == no_slot || window_.size() >= window_share())) {
      const entry_slot candidate = window_.oldest(links_);
      if (victim == no_slot || seen_.count(shard.hash(candidate)) <= seen_.count(shard.hash(victim))) {
        erase(shard, candidate);
        return candidate;
      }
      leave_window(shard);
    }
    erase(shard, victim);
    return victim;
  }

  /// `prepared`: 0 for a newcomer; 1 for the probation, 2 for the protected segment.
  template <typename Shard>
  DEFT_TAGGED void insert(Shard& shard, entry_slot s, std::uint64_t hash, int prepared) noexcept {
    shard.set_mark(s, 0);
    if (seen_.add(hash)) unmark_newest(shard);
    if (prepared == 0) {
      if (window_.size() != 0) shard.set_mark(window_.newest(), 0);
      window_.push_newest(links_, s);
      while (window_.size() > window_share()) leave_window(shard);
    } else {
      in_main_.insert(s);
      if (prepared == 1) {
        probation_.push_newest(links_, s);
      } else {
        push_protected(shard, s);
      }
    }
  }

  template <typename Shard>
  DEFT_TAGGED void hit(Shard& shard, entry_slot s) noexcept {
    const std::uint64_t hash = shard.hash(s);
    if (seen_.add(hash)) unmark_newest(shard);
    if (!in_main_.contains(s)) {
      shard.set_mark(window_.newest(), 0);
      window_.touch(links_, s);
    } else if (is_protected_.contains(s)) {
      shard.set_mark(protected_.newest(), 0);
      protected_.touch(links_, s);
    } else {
      probation_.remove(links_, s);
      push_protected(shard, s);
      while (protected_.size() > protected_share()) demote(shard);
    }
    const bool in_probation = in_main_.contains(s) && !is_protected_.contains(s);
    if (!in_probation && seen_.count(hash) == frequency_sketch::most) shard.set_mark(s, 1);
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard& shard, entry_slot s) noexcept {
    shard.set_mark(s, 0);
    if (!in_main_.contains(s)) {
      window_.remove(links_, s);
    } else if (is_protected_.contains(s)) {
      protected_.remove(links_, s);
    } else {
      probation_.remove(links_, s);
    }
    in_main_.erase(s);
    is_protected_.erase(s);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return links_.memory_bytes() + in_main_.memory_bytes() + is_protected_.memory_bytes() +
           seen_.memory_bytes();
  }

  /// Probation, the protected segment, the window. Counts are not told.
  template <typename F>
  DEFT_TAGGED void for_each_in_order(F f) const {
    probation_.for_each(links_, [&](entry_slot s) { f(s, 1); });
    protected_.for_each(links_, [&](entry_slot s) { f(s, 2); });
    window_.for_each(links_, [&](entry_slot s) { f(s, 0); });
  }

 private:
  [[nodiscard]] DEFT_TAGGED std::size_t window_share() const noexcept {
    return std::max<std::size_t>(1, (window_.size() + probation_.size() + protected_.size()) / 100);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t protected_share() const noexcept {
    return (probation_.size() + protected_.size()) * 4 / 5;
  }

  template <typename Shard>
  DEFT_TAGGED void leave_window(Shard& shard) noexcept {
    const entry_slot s = window_.oldest(links_);
    shard.set_mark(s, 0);
    window_.remove(links_, s);
    in_main_.insert(s);
    probation_.push_newest(links_, s);
  }

  template <typename Shard>
  DEFT_TAGGED void push_protected(Shard& shard, entry_slot s) noexcept {
    if (protected_.size() != 0) shard.set_mark(protected_.newest(), 0);
    is_protected_.insert(s);
    protected_.push_newest(links_, s);
  }

  template <typename Shard>
  DEFT_TAGGED void demote(Shard& shard) noexcept {
    const entry_slot s = protected_.oldest(links_);
    shard.set_mark(s, 0);
    protected_.remove(links_, s);
    is_protected_.erase(s);
    probation_.push_newest(links_, s);
  }

  template <typename Shard>
  DEFT_TAGGED void unmark_newest(Shard& shard) noexcept {
    if (window_.size() != 0) shard.set_mark(window_.newest(), 0);
    if (protected_.size() != 0) shard.set_mark(protected_.newest(), 0);
  }

  slot_links links_;
  slot_set in_main_;
  slot_set is_protected_;
  slot_list window_;
  slot_list probation_;
  slot_list protected_;
  frequency_sketch seen_;
};

}  // namespace deft::detail
