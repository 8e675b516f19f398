/// @file
/// detail::eviction of policy::unbounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"

namespace deft::detail {

/// Nothing leaves by itself, so there is no order: neither evict() nor for_each_in_order().
template <>
class eviction<policy::unbounded> {
 public:
  static constexpr bool ordered_by_hits = false;
  static constexpr unsigned mark_limit = 0;
  static constexpr bool evicts = false;

  DEFT_TAGGED explicit eviction(std::pmr::memory_resource*) {}

  DEFT_TAGGED void reserve(std::size_t) {}

  [[nodiscard]] DEFT_TAGGED int prepare(std::uint64_t) noexcept { return 0; }

  template <typename Shard>
  DEFT_TAGGED void insert(Shard&, entry_slot, std::uint64_t, int) noexcept {}

  template <typename Shard>
  DEFT_TAGGED void erase(Shard&, entry_slot) noexcept {}

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept { return 0; }
};

}  // namespace deft::detail
