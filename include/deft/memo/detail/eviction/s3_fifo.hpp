/// @file
/// detail::eviction of policy::s3_fifo.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/ghost_queue.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A small queue for newcomers, a tenth of the entries, and a main queue. What leaves the small one and was
/// used twice or more goes to main; else it is evicted, and a ghost stays: if the key comes back while the
/// ghost lives, it goes to main at once. What leaves main and was used goes in again with one use less.
///
/// The sizes of the queues are shares of the entries that there are, so nobody needs to say how many fit:
/// where entries have weights nobody knows.
///
/// 4 bytes a slot for the links, 1/8 for the queue, about 4.75 for the ghosts.
template <>
class eviction<policy::s3_fifo> {
 public:
  static constexpr bool ordered_by_hits = false;
  static constexpr unsigned mark_limit = 3;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource)
      : links_(resource), in_main_(resource), ghosts_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    links_.reserve(slots);
    in_main_.reserve(slots);
    ghosts_.reserve(slots);
    links_.resize(slots);
    in_main_.resize(slots);
    ghosts_.resize(slots);
  }

  /// @returns     1 if there was a ghost of the key: it goes to main.
  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t hash) noexcept { return ghosts_.take(hash) ? 1 : 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard& shard) noexcept {
    const std::size_t entries = small_.size() + main_.size();
    const std::size_t small_share = std::max<std::size_t>(1, entries / 10);
    // Readers may count uses as fast as they are taken away: after four rounds any entry will do.
    for (std::size_t steps = 4 * entries;; --steps) {
      if (small_.size() >= small_share || main_.size() == 0) {
        const entry_slot s = small_.oldest(links_);
        small_.remove(links_, s);
        if (shard.mark(s) < 2 || steps == 0) {
          ghosts_.insert(shard.hash(s), entries - small_share);
          return s;
        }
        shard.set_mark(s, 0);
        in_main_.insert(s);
        main_.push_newest(links_, s);
      } else {
        const entry_slot s = main_.oldest(links_);
        const unsigned uses = shard.mark(s);
        if (uses == 0 || steps == 0) {
          erase(shard, s);
          return s;
        }
        shard.set_mark(s, uses - 1);
        main_.touch(links_, s);
      }
    }
  }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard& shard, entry_slot s, std::uint64_t, int prepared) noexcept {
    if (prepared != 0) {
      in_main_.insert(s);
      main_.push_newest(links_, s);
    } else {
      small_.push_newest(links_, s);
    }
    shard.set_mark(s, 0);
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard&, entry_slot s) noexcept {
    if (in_main_.contains(s)) {
      in_main_.erase(s);
      main_.remove(links_, s);
    } else {
      small_.remove(links_, s);
    }
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return links_.memory_bytes() + in_main_.memory_bytes() + ghosts_.memory_bytes();
  }

  /// The main queue, then the small one. Ghosts are not told.
  template <typename F>
  DEFT_TAGGED void for_each_in_order(F f) const {
    main_.for_each(links_, [&](entry_slot s) { f(s, 1); });
    small_.for_each(links_, [&](entry_slot s) { f(s, 0); });
  }

 private:
  slot_links links_;
  slot_set in_main_;
  slot_list small_;
  slot_list main_;
  ghost_queue ghosts_;
};

}  // namespace deft::detail
