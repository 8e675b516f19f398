/// @file
/// What a writer has learnt by comparing keys outside of a lock, for when it has the lock.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// Which nodes have the key that is looked for. More than a few are only there if keys share all 64 bits of a
/// hash.
/// @pre Under a read_guard, so that no other node gets the address of one.
class compared_nodes {
 public:
  DEFT_TAGGED explicit compared_nodes(std::pmr::memory_resource* resource) noexcept : more_(resource) {}

  /// Whether the node has the key; nothing if it was not compared.
  [[nodiscard]] DEFT_TAGGED std::optional<bool> find(const void* node) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (first_[i].first == node) return first_[i].second;
    }
    for (const auto& [compared, equal] : more_) {
      if (compared == node) return equal;
    }
    return std::nullopt;
  }

  /// @throws What the resource throws, beyond the first few.
  DEFT_TAGGED void add(const void* node, bool equal) {
    if (count_ < first_.size()) {
      first_[count_++] = {node, equal};
    } else {
      more_.emplace_back(node, equal);
    }
  }

 private:
  std::array<std::pair<const void*, bool>, 8> first_{};
  std::size_t count_ = 0;
  std::pmr::vector<std::pair<const void*, bool>> more_;
};

}  // namespace deft::detail
