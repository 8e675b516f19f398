/// @file
/// The range behind counter::elements().
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// Each key of a map from keys to counts as often as its count says; not at all where that is not positive.
/// Refers to the map.
template <typename Map>
class counter_elements : public std::ranges::view_interface<counter_elements<Map>> {
 public:
  class iterator {
   public:
    using value_type = typename Map::key_type;
    using difference_type = std::ptrdiff_t;
    using reference = const value_type&;
    using pointer = const value_type*;
    using iterator_category = std::forward_iterator_tag;

    iterator() = default;

    DEFT_TAGGED reference operator*() const { return map_->keys()[key_]; }

    DEFT_TAGGED pointer operator->() const { return &map_->keys()[key_]; }

    DEFT_TAGGED iterator& operator++() {
      if (++seen_ == map_->values()[key_]) {
        seen_ = 0;
        ++key_;
        skip_absent();
      }
      return *this;
    }

    DEFT_TAGGED iterator operator++(int) {
      iterator before = *this;
      ++*this;
      return before;
    }

    DEFT_TAGGED friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.key_ == b.key_ && a.seen_ == b.seen_;
    }

   private:
    friend class counter_elements;

    DEFT_TAGGED iterator(const Map& map, std::size_t key) : map_(&map), key_(key) { skip_absent(); }

    DEFT_TAGGED void skip_absent() {
      while (key_ != map_->size() && map_->values()[key_] <= 0) ++key_;
    }

    const Map* map_ = nullptr;
    std::size_t key_ = 0;
    std::int64_t seen_ = 0;
  };

  counter_elements() = default;

  DEFT_TAGGED explicit counter_elements(const Map& map) noexcept : map_(&map) {}

  DEFT_TAGGED iterator begin() const { return iterator(*map_, 0); }

  DEFT_TAGGED iterator end() const { return iterator(*map_, map_->size()); }

 private:
  const Map* map_ = nullptr;
};

}  // namespace deft::detail
