/// @file
/// The leaves of a counted tree as a range: what chunks() gives.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_columns.hpp"
#include "deft/sorted/detail/tree_node.hpp"

namespace deft::detail {

/// Through an array of boxes to what is in them.
template <typename T>
class box_iterator {
  using box = std::remove_const_t<T>* const*;

 public:
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::random_access_iterator_tag;
  using value_type = std::remove_const_t<T>;
  using reference = T&;
  using pointer = T*;
  using difference_type = std::ptrdiff_t;

  box_iterator() = default;

  DEFT_TAGGED explicit box_iterator(box at) noexcept : at_(at) {}

  DEFT_TAGGED reference operator*() const noexcept { return **at_; }

  DEFT_TAGGED pointer operator->() const noexcept { return *at_; }

  DEFT_TAGGED reference operator[](difference_type n) const noexcept { return *at_[n]; }

  DEFT_TAGGED box_iterator& operator++() noexcept {
    ++at_;
    return *this;
  }

  DEFT_TAGGED box_iterator operator++(int) noexcept { return box_iterator(at_++); }

  DEFT_TAGGED box_iterator& operator--() noexcept {
    --at_;
    return *this;
  }

  DEFT_TAGGED box_iterator operator--(int) noexcept { return box_iterator(at_--); }

  DEFT_TAGGED box_iterator& operator+=(difference_type n) noexcept {
    at_ += n;
    return *this;
  }

  DEFT_TAGGED box_iterator& operator-=(difference_type n) noexcept {
    at_ -= n;
    return *this;
  }

  DEFT_TAGGED friend box_iterator operator+(box_iterator i, difference_type n) noexcept { return i += n; }

  DEFT_TAGGED friend box_iterator operator+(difference_type n, box_iterator i) noexcept { return i += n; }

  DEFT_TAGGED friend box_iterator operator-(box_iterator i, difference_type n) noexcept { return i -= n; }

  DEFT_TAGGED friend difference_type operator-(const box_iterator& a, const box_iterator& b) noexcept {
    return a.at_ - b.at_;
  }

  DEFT_TAGGED friend bool operator==(const box_iterator& a, const box_iterator& b) noexcept {
    return a.at_ == b.at_;
  }

  DEFT_TAGGED friend std::strong_ordering operator<=>(const box_iterator& a, const box_iterator& b) noexcept {
    return std::compare_three_way()(a.at_, b.at_);
  }

 private:
  box at_ = nullptr;
};

/// A leaf's keys or values: a span, or of boxed ones a sized random-access range. `T` may be const.
template <typename T>
using tree_run = std::conditional_t<kept_in_box<std::remove_const_t<T>>,
                                    std::ranges::subrange<box_iterator<T>>, std::span<T>>;

/// One chunk of a map: as many keys as values.
template <typename Key, typename Mapped>
struct tree_chunk {
  tree_run<const Key> keys;
  tree_run<Mapped> values;
};

/// A tree's leaves, one after the other. `Mapped` is void for a set, const for a const map.
template <typename Engine, typename Mapped>
class tree_chunk_iterator {
  using key_type = typename Engine::key_type;
  static constexpr bool is_map = !std::is_void_v<Mapped>;

  template <typename M>
  struct chunk_of {
    using type = tree_chunk<key_type, M>;
  };

  template <typename M>
    requires std::is_void_v<M>
  struct chunk_of<M> {
    using type = tree_run<const key_type>;
  };

 public:
  using iterator_concept = std::forward_iterator_tag;
  using iterator_category = std::input_iterator_tag;
  using value_type = typename chunk_of<Mapped>::type;
  using reference = value_type;
  using difference_type = std::ptrdiff_t;

  tree_chunk_iterator() = default;

  DEFT_TAGGED explicit tree_chunk_iterator(tree_node* leaf) noexcept : leaf_(leaf) {}

  DEFT_TAGGED reference operator*() const noexcept {
    if constexpr (is_map) {
      return {run<const key_type>(Engine::keys_of(leaf_)), run<Mapped>(Engine::mapped_of(leaf_))};
    } else {
      return run<const key_type>(Engine::keys_of(leaf_));
    }
  }

  DEFT_TAGGED tree_chunk_iterator& operator++() noexcept {
    leaf_ = leaf_->next;
    return *this;
  }

  DEFT_TAGGED tree_chunk_iterator operator++(int) noexcept {
    const tree_chunk_iterator old(*this);
    ++*this;
    return old;
  }

  DEFT_TAGGED friend bool operator==(const tree_chunk_iterator& a, const tree_chunk_iterator& b) noexcept {
    return a.leaf_ == b.leaf_;
  }

 private:
  template <typename T>
  DEFT_TAGGED tree_run<T> run(typename tree_column<std::remove_const_t<T>>::stored* first) const noexcept {
    if constexpr (kept_in_box<std::remove_const_t<T>>) {
      return {box_iterator<T>(first), box_iterator<T>(first + leaf_->count)};
    } else {
      return {first, leaf_->count};
    }
  }

  tree_node* leaf_ = nullptr;
};

template <typename Engine, typename Mapped>
using tree_chunks = std::ranges::subrange<tree_chunk_iterator<Engine, Mapped>>;

}  // namespace deft::detail
