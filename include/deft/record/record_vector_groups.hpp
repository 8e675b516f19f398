/// @file
/// deft::row_groups: what group_by of a table gives.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"

namespace deft {

namespace detail {

template <typename... Fields>
struct group_key_of {
  using type = std::tuple<Fields...>;
};

template <typename Field>
struct group_key_of<Field> {
  using type = Field;
};

template <typename... Fields>
using group_key = typename group_key_of<Fields...>::type;

}  // namespace detail

/// Rows with equal keys, together: a range of groups, each with its `key` and the positions of its `rows`.
///
/// It keeps the keys and the positions, and does not look at the table again: a later change of the table
/// does not change it. Move-only.
///
/// Memory: 8 bytes a row, and a key and two words a group. Threads: any number of concurrent readers.
template <typename Key>
class row_groups {
 public:
  struct group {
    Key key;
    std::span<const std::size_t> rows;
  };

  using value_type = group;
  using iterator = typename std::vector<group>::const_iterator;
  using const_iterator = iterator;

  row_groups(row_groups&&) noexcept = default;
  row_groups& operator=(row_groups&&) noexcept = default;

  /// Groups `order`, in which rows for which `same(a, b)` holds are neighbours; `key(row)` gives their key.
  /// @throws      std::bad_alloc; what `same` and `key` throw.
  /// @complexity  O(rows). @concurrency Independent.
  template <typename Same, typename MakeKey>
  DEFT_TAGGED row_groups(std::vector<std::size_t> order, Same same, MakeKey key) : order_(std::move(order)) {
    const std::span<const std::size_t> all(order_);
    for (std::size_t first = 0; first < all.size();) {
      std::size_t last = first + 1;
      while (last < all.size() && same(all[first], all[last])) ++last;
      groups_.push_back({key(all[first]), all.subspan(first, last - first)});
      first = last;
    }
  }

  /// Number of groups, the groups in ascending order of their keys, and all positions in that order.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return groups_.size(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return groups_.empty(); }

  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return groups_.begin(); }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return groups_.end(); }

  [[nodiscard]] DEFT_TAGGED std::span<const std::size_t> order() const noexcept { return order_; }

  /// @}

  /// Group `i`.
  /// @returns     The group.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const group& operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < groups_.size(), "row_groups: [i] is outside [0, size())");
    return groups_[i];
  }

 private:
  std::vector<std::size_t> order_;
  std::vector<group> groups_;
};

}  // namespace deft
