/// @file
/// The iterators of sorted_set, sorted_list and sorted_map.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_node.hpp"

namespace deft::detail {

struct tree_access;

/// What the elements of a tree are to the outside: `Mapped` is void for sets.
template <typename Key, typename Mapped>
struct tree_rows {
  using value_type = std::pair<const Key, Mapped>;
  using reference = std::pair<const Key&, Mapped&>;
  using const_reference = std::pair<const Key&, const Mapped&>;
};

template <typename Key>
struct tree_rows<Key, void> {
  using value_type = Key;
  using reference = const Key&;
  using const_reference = const Key&;
};

/// What `->` gives where the reference is made on the spot: it lives until the end of the expression.
template <typename Reference>
class tree_arrow {
 public:
  DEFT_TAGGED explicit tree_arrow(Reference row) noexcept : row_(row) {}

  DEFT_TAGGED Reference* operator->() noexcept { return std::addressof(row_); }

 private:
  Reference row_;
};

/// A leaf and a slot in it. The generation that the leaf had then tells, at level `debug`, whether it has
/// changed since; it is kept at every level, so that the layout never depends on it. The end is behind the
/// last element of the last leaf, or of an empty tree nowhere.
///
/// A map's reference is a pair of references made on the spot. To algorithms of C++17 it says nevertheless
/// that it is bidirectional, as std::vector<bool>'s does: std::prev(map.end()) and std::reverse_iterator ask
/// for that, and what they do with it is right.
template <typename Engine, bool Const>
class tree_iterator {
  using key_type = typename Engine::key_type;
  using mapped_type = typename Engine::mapped_type;
  using types = tree_rows<key_type, mapped_type>;
  static constexpr bool is_map = !std::is_void_v<mapped_type>;

 public:
  using iterator_concept = std::bidirectional_iterator_tag;
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = typename types::value_type;
  using reference = std::conditional_t<Const, typename types::const_reference, typename types::reference>;
  using pointer = std::conditional_t<is_map, tree_arrow<reference>, const key_type*>;
  using difference_type = std::ptrdiff_t;

  tree_iterator() = default;

  /// From a map's iterator to its const_iterator.
  template <bool OtherConst>
    requires(Const && !OtherConst)
  DEFT_TAGGED tree_iterator(const tree_iterator<Engine, OtherConst>& other) noexcept
      : leaf_(other.leaf_), slot_(other.slot_), generation_(other.generation_) {}

  DEFT_TAGGED reference operator*() const noexcept {
    check_element();
    if constexpr (is_map) {
      return reference(Engine::key(place()), Engine::mapped(place()));
    } else {
      return Engine::key(place());
    }
  }

  DEFT_TAGGED pointer operator->() const noexcept {
    if constexpr (is_map) {
      return pointer(**this);
    } else {
      return std::addressof(**this);
    }
  }

  DEFT_TAGGED tree_iterator& operator++() noexcept {
    check_element();
    return *this = tree_iterator(Engine::next(place()));
  }

  DEFT_TAGGED tree_iterator operator++(int) noexcept {
    const tree_iterator old(*this);
    ++*this;
    return old;
  }

  DEFT_TAGGED tree_iterator& operator--() noexcept {
    check_place();
    DEFT_DEBUG_CHECK(slot_ != 0 || leaf_->previous != nullptr, "an iterator to the first element went back");
    return *this = tree_iterator(Engine::previous(place()));
  }

  DEFT_TAGGED tree_iterator operator--(int) noexcept {
    const tree_iterator old(*this);
    --*this;
    return old;
  }

  template <bool OtherConst>
  DEFT_TAGGED bool operator==(const tree_iterator<Engine, OtherConst>& other) const noexcept {
    return leaf_ == other.leaf_ && slot_ == other.slot_;
  }

 private:
  friend tree_access;
  template <typename, bool>
  friend class tree_iterator;

  DEFT_TAGGED explicit tree_iterator(tree_place place) noexcept
      : leaf_(place.leaf),
        slot_(place.slot),
        generation_(place.leaf == nullptr ? 0 : place.leaf->generation) {}

  DEFT_TAGGED tree_place place() const noexcept { return {leaf_, slot_}; }

  DEFT_TAGGED void check_place() const noexcept {
    DEFT_DEBUG_CHECK(leaf_ != nullptr, "the iterator belongs to no element");
    DEFT_DEBUG_CHECK(leaf_->generation == generation_,
                     "the container has changed since the iterator was made");
  }

  DEFT_TAGGED void check_element() const noexcept {
    check_place();
    DEFT_DEBUG_CHECK(slot_ < leaf_->count, "the iterator is at the end");
  }

  tree_node* leaf_ = nullptr;
  std::uint32_t slot_ = 0;
  std::uint32_t generation_ = 0;
};

/// How the containers make iterators of places, and take them apart.
struct tree_access {
  template <typename Iterator>
  DEFT_TAGGED static Iterator make(tree_place place) noexcept {
    return Iterator(place);
  }

  template <typename Iterator>
  DEFT_TAGGED static tree_place place(const Iterator& i) noexcept {
    if (i.leaf_ != nullptr) i.check_place();
    return i.place();
  }
};

}  // namespace deft::detail

// As for flat_map's iterators (see flat_map_iterator.hpp), with a value type whose key is const.
#ifndef __cpp_lib_ranges_zip
template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
struct std::basic_common_reference<std::pair<const Key&, const T&>, std::pair<const Key, T>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
struct std::basic_common_reference<std::pair<const Key, T>, std::pair<const Key&, const T&>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
  requires(!std::is_copy_constructible_v<Key> || !std::is_copy_constructible_v<T>)
struct std::basic_common_reference<std::pair<const Key&, T&>, std::pair<const Key, T>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};

template <typename Key, typename T, template <typename> typename Left, template <typename> typename Right>
  requires(!std::is_copy_constructible_v<Key> || !std::is_copy_constructible_v<T>)
struct std::basic_common_reference<std::pair<const Key, T>, std::pair<const Key&, T&>, Left, Right> {
  using type = std::pair<const Key&, const T&>;
};
#endif
