/// @file
/// The iterator of deft::lru_cache.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/id_table.hpp"

namespace deft::detail {

/// Goes from the most recently used entry to the least; stays with its entry when that moves in the order.
template <typename Value, typename Pool>
class lru_iterator {
 public:
  using value_type = std::remove_const_t<Value>;
  using reference = Value&;
  using pointer = Value*;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::bidirectional_iterator_tag;

  DEFT_TAGGED lru_iterator() noexcept = default;

  DEFT_TAGGED lru_iterator(const Pool* pool, slot_id id) noexcept : pool_(pool), id_(id) {}

  /// From an iterator to one of const entries.
  template <typename Mutable>
    requires(std::is_const_v<Value> && std::is_same_v<Mutable, value_type>)
  // NOLINTNEXTLINE(google-explicit-constructor): as of any container
  DEFT_TAGGED lru_iterator(const lru_iterator<Mutable, Pool>& other) noexcept
      : pool_(other.pool_), id_(other.id_) {}

  [[nodiscard]] DEFT_TAGGED reference operator*() const noexcept { return (*pool_)[id_].value; }

  [[nodiscard]] DEFT_TAGGED pointer operator->() const noexcept { return std::addressof(**this); }

  DEFT_TAGGED lru_iterator& operator++() noexcept {
    id_ = id_ == pool_->oldest() ? no_slot_id : (*pool_)[id_].older;
    return *this;
  }

  DEFT_TAGGED lru_iterator operator++(int) noexcept {
    lru_iterator before = *this;
    ++*this;
    return before;
  }

  DEFT_TAGGED lru_iterator& operator--() noexcept {
    id_ = id_ == no_slot_id ? pool_->oldest() : (*pool_)[id_].newer;
    return *this;
  }

  DEFT_TAGGED lru_iterator operator--(int) noexcept {
    lru_iterator before = *this;
    --*this;
    return before;
  }

  [[nodiscard]] DEFT_TAGGED friend bool operator==(const lru_iterator& a, const lru_iterator& b) noexcept {
    return a.id_ == b.id_;
  }

 private:
  template <typename OtherValue, typename OtherPool>
  friend class lru_iterator;

  const Pool* pool_ = nullptr;
  slot_id id_ = no_slot_id;
};

}  // namespace deft::detail
