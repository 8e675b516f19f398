/// @file
/// detail::eviction of policy::fifo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// The oldest entry leaves. 4 bytes a slot.
template <>
class eviction<policy::fifo> {
 public:
  static constexpr bool ordered_by_hits = false;
  static constexpr unsigned mark_limit = 0;
  static constexpr bool evicts = true;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource* resource) : links_(resource) {}

  DEFT_TAGGED void reserve(std::size_t slots) {
    links_.reserve(slots);
    links_.resize(slots);
  }

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  [[nodiscard]] DEFT_TAGGED entry_slot evict(Shard&) noexcept {
    const entry_slot victim = queue_.oldest(links_);
    queue_.remove(links_, victim);
    return victim;
  }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard&, entry_slot s, std::uint64_t, int) noexcept {
    queue_.push_newest(links_, s);
  }

  template <typename Shard>
  DEFT_TAGGED void erase(Shard&, entry_slot s) noexcept {
    queue_.remove(links_, s);
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
