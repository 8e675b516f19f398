/// @file
/// The iterators of flat_map and flat_multimap: an iterator into the keys and one into the values.
#pragma once

#include <compare>
#include <concepts>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

struct flat_map_access;

/// Random access by position; as its reference is a pair of references made on the spot, an input iterator
/// to algorithms of C++17, as the standard words it. Follows its elements through swap, as iterators of the
/// containers do.
///
/// Rejected: a pointer to the map and a position, which would follow the map instead.
template <typename KeyIterator, typename MappedIterator>
class flat_map_iterator {
  using key_type = std::iter_value_t<KeyIterator>;
  using mapped_type = std::iter_value_t<MappedIterator>;

 public:
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<key_type, mapped_type>;
  using reference = std::pair<const key_type&, std::iter_reference_t<MappedIterator>>;
  using difference_type = std::iter_difference_t<KeyIterator>;

  /// What `->` gives: a pair that lives until the end of the expression.
  class pointer {
   public:
    DEFT_TAGGED reference* operator->() noexcept { return std::addressof(row_); }

   private:
    friend flat_map_iterator;

    DEFT_TAGGED explicit pointer(reference row) noexcept : row_(row) {}

    reference row_;
  };

  flat_map_iterator() = default;

  /// From a map's iterator to its const_iterator.
  template <typename OtherMappedIterator>
    requires(!std::same_as<OtherMappedIterator, MappedIterator> &&
             std::convertible_to<OtherMappedIterator, MappedIterator>)
  DEFT_TAGGED flat_map_iterator(const flat_map_iterator<KeyIterator, OtherMappedIterator>& other)
      : key_(other.key_), mapped_(other.mapped_) {}

  DEFT_TAGGED reference operator*() const noexcept { return reference(*key_, *mapped_); }

  DEFT_TAGGED pointer operator->() const noexcept { return pointer(**this); }

  DEFT_TAGGED reference operator[](difference_type n) const noexcept { return *(*this + n); }

  DEFT_TAGGED flat_map_iterator& operator++() noexcept { return *this += 1; }

  DEFT_TAGGED flat_map_iterator operator++(int) noexcept {
    flat_map_iterator old(*this);
    ++*this;
    return old;
  }

  DEFT_TAGGED flat_map_iterator& operator--() noexcept { return *this -= 1; }

  DEFT_TAGGED flat_map_iterator operator--(int) noexcept {
    flat_map_iterator old(*this);
    --*this;
    return old;
  }

  DEFT_TAGGED flat_map_iterator& operator+=(difference_type n) noexcept {
    key_ += n;
    mapped_ += static_cast<std::iter_difference_t<MappedIterator>>(n);
    return *this;
  }

  DEFT_TAGGED flat_map_iterator& operator-=(difference_type n) noexcept { return *this += -n; }

  DEFT_TAGGED friend flat_map_iterator operator+(flat_map_iterator i, difference_type n) noexcept {
    i += n;
    return i;
  }

  DEFT_TAGGED friend flat_map_iterator operator+(difference_type n, flat_map_iterator i) noexcept {
    i += n;
    return i;
  }

  DEFT_TAGGED friend flat_map_iterator operator-(flat_map_iterator i, difference_type n) noexcept {
    i -= n;
    return i;
  }

  DEFT_TAGGED friend difference_type operator-(const flat_map_iterator& a,
                                               const flat_map_iterator& b) noexcept {
    return a.key_ - b.key_;
  }

  DEFT_TAGGED friend bool operator==(const flat_map_iterator& a, const flat_map_iterator& b) noexcept {
    return a.key_ == b.key_;
  }

  DEFT_TAGGED friend std::strong_ordering operator<=>(const flat_map_iterator& a,
                                                      const flat_map_iterator& b) noexcept {
    return (a.key_ - b.key_) <=> 0;
  }

 private:
  friend flat_map_access;
  template <typename, typename>
  friend class flat_map_iterator;

  DEFT_TAGGED flat_map_iterator(KeyIterator key, MappedIterator mapped)
      : key_(std::move(key)), mapped_(std::move(mapped)) {}

  KeyIterator key_{};
  MappedIterator mapped_{};
};

/// How the maps make iterators of two, and take them apart.
struct flat_map_access {
  template <typename Iterator, typename KeyIterator, typename MappedIterator>
  DEFT_TAGGED static Iterator make(KeyIterator key, MappedIterator mapped) {
    return Iterator(std::move(key), std::move(mapped));
  }

  template <typename Iterator>
  DEFT_TAGGED static const auto& key(const Iterator& i) noexcept {
    return i.key_;
  }

  template <typename Iterator>
  DEFT_TAGGED static const auto& mapped(const Iterator& i) noexcept {
    return i.mapped_;
  }
};

}  // namespace deft::detail

// std::ranges takes an iterator only if its reference and its value type have a common reference. C++23 gives
// pairs one, element by element; C++20 finds none for a pair of const references, nor for what cannot be
// copied. So the two shapes that these iterators have get theirs, as C++23 words it.
//
// It is for the standard library to say that. But the other way, another std::iter_value_t than the
// container's value_type, would show in programs; this one makes nothing invalid and changes nothing valid.
#ifndef __cpp_lib_ranges_zip
template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
struct std::basic_common_reference<std::pair<const Key&, const T&>, std::pair<Key, T>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
struct std::basic_common_reference<std::pair<Key, T>, std::pair<const Key&, const T&>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
  requires(!std::is_copy_constructible_v<Key> || !std::is_copy_constructible_v<T>)
struct std::basic_common_reference<std::pair<const Key&, T&>, std::pair<Key, T>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
  requires(!std::is_copy_constructible_v<Key> || !std::is_copy_constructible_v<T>)
struct std::basic_common_reference<std::pair<Key, T>, std::pair<const Key&, T&>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};
#endif
