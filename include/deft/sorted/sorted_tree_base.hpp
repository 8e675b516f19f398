/// @file
/// deft::sorted_tree_base: what changes a sorted_set, sorted_list or sorted_map, as far as it is the same in
/// all three. Use it through them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/counted_btree.hpp"
#include "deft/sorted/detail/flat_map_parts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/tree_bulk.hpp"
#include "deft/sorted/detail/tree_iterator.hpp"
#include "deft/sorted/sorted_tree_positions.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

namespace detail {

struct tree_set_access;

}  // namespace detail

/// The changing half of sorted_set, sorted_list and sorted_map: insertion of ranges, and removal.
///
/// `sorted_tag` is sorted_unique_t or, of a list, sorted_equivalent_t. Insertion is stable, of ranges too:
/// equals keep the order in which they come, after those already here, and of a set or map the first stays.
/// Every change happens as a whole or not at all: moves inside a tree never throw, as elements whose moves
/// may are kept in boxes, and a comparator that throws does so before anything has changed.
template <bool Unique, typename Key, typename Mapped, typename Compare, typename Allocator>
class sorted_tree_base : public sorted_tree_positions<Unique, Key, Mapped, Compare, Allocator> {
  using base = sorted_tree_positions<Unique, Key, Mapped, Compare, Allocator>;

 protected:
  using base::engine_;
  using base::is_map;
  using typename base::engine_type;

 public:
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::iterator;
  using typename base::size_type;
  using typename base::value_type;
  using sorted_tag = std::conditional_t<Unique, sorted_unique_t, sorted_equivalent_t>;

  /// Inserts a range, which may lie in this container: one sort of it, one merge. Python's `update`.
  /// @returns     insert_many() and update(): how many of its elements went in; the others nothing.
  /// @throws      std::length_error beyond max_size(); what reading, allocating, copying and comparing throw.
  /// @guarantee   Strong.
  /// @complexity  For m elements: O(m log m) comparisons to sort them (m - 1 if sorted), O(m log n) to place
  ///              them, fewer where many go into one leaf; O(n + m) moves at most.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  template <detail::range_of<value_type> R>
  DEFT_TAGGED size_type insert_many(R&& range) {
    return insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  DEFT_TAGGED size_type insert_many(std::initializer_list<value_type> elements) {
    return insert_batch(elements.begin(), elements.end(), false);
  }

  template <detail::range_of<value_type> R>
  DEFT_TAGGED size_type update(R&& range) {
    return insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  DEFT_TAGGED size_type update(std::initializer_list<value_type> elements) {
    return insert_batch(elements.begin(), elements.end(), false);
  }

  template <detail::range_of<value_type> R>
  DEFT_TAGGED void insert_range(R&& range) {
    insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(It first, It last) {
    insert_batch(std::move(first), std::move(last), false);
  }

  DEFT_TAGGED void insert(std::initializer_list<value_type> elements) {
    insert_batch(elements.begin(), elements.end(), false);
  }

  /// @}

  /// The same for a range that is sorted already, unless this is a list without equals: saves the sort.
  /// @pre         As said; checked in O(m) at level `debug`.
  /// @throws      As insert_range(range). @guarantee Strong.
  /// @complexity  For m elements: O(m log n) comparisons at most, O(n + m) moves at most.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  template <detail::range_of<value_type> R>
  DEFT_TAGGED void insert_range(sorted_tag /*tag*/, R&& range) {
    insert_batch(std::ranges::begin(range), std::ranges::end(range), true);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED void insert(sorted_tag /*tag*/, It first, It last) {
    insert_batch(std::move(first), std::move(last), true);
  }

  DEFT_TAGGED void insert(sorted_tag /*tag*/, std::initializer_list<value_type> elements) {
    insert_batch(elements.begin(), elements.end(), true);
  }

  /// @}

  /// Removes the element at `position`.
  /// @returns     Iterator to the element after it.
  /// @pre         `position` is in [begin(), end()), else traps; of this container and valid, which level
  ///              `debug` checks.
  /// @throws      Nothing. @complexity O(log n), amortised moves in one leaf or two.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator position) {
    const detail::tree_place place = this->place_of(position);
    DEFT_PRECONDITION(place.leaf != nullptr && place.slot < place.leaf->count,
                      "sorted container: erase(end())");
    return this->template at<iterator>(engine_.erase(place));
  }

  /// Removes the elements of [first, last).
  /// @returns     Iterator to the element after them.
  /// @pre         [first, last) is a range of this container, else traps.
  /// @throws      Nothing. @complexity O(log n), and O(1) for each node that lies between, with O(m)
  ///              destructors where they do something.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED iterator erase(const_iterator first, const_iterator last) {
    const size_type i = this->index_of(first);
    const size_type j = this->index_of(last);
    DEFT_PRECONDITION(i <= j, "sorted container: erase(first, last) with first after last");
    return this->template at<iterator>(engine_.erase_positions(i, j - i));
  }

  /// Removes every element equivalent to `x`, which may be one of them.
  /// @returns     How many.
  /// @throws      What the comparator and the conversion throw. @guarantee Strong.
  /// @complexity  As erase(first, last). @invalidates Everything if any. @concurrency Exclusive access to
  ///              *this.
  template <typename Needle = Key>
    requires sorted_needle<Needle, Key, Compare> && (!std::convertible_to<const Needle&, iterator> &&
                                                     !std::convertible_to<const Needle&, const_iterator>)
  DEFT_TAGGED size_type erase(const Needle& x) {
    const auto& key = this->needle(x);
    if constexpr (Unique && std::is_same_v<Needle, Key>) {
      return engine_.erase_key(key);
    } else {
      const size_type first = engine_.rank_lower(key);
      return erase_range(first, engine_.rank_upper(key));
    }
  }

  /// Removes the elements at [first, last), positions clamped as in Python's `del c[first:last]`.
  /// @returns     How many.
  /// @throws      Nothing. @complexity As erase(first, last).
  /// @invalidates Everything if any. @concurrency Exclusive access to *this.
  DEFT_TAGGED size_type erase_range(size_type first, size_type last = static_cast<size_type>(-1)) {
    last = std::min(last, this->size());
    if (first >= last) return 0;
    engine_.erase_positions(first, last - first);
    return last - first;
  }

  /// Removes the elements for which `drop(element)` holds, asked once each with a const_reference, in order,
  /// before anything changes.
  /// @returns     How many.
  /// @throws      What `drop` throws, std::bad_alloc (a bit per element). @guarantee Strong.
  /// @complexity  O(n). @invalidates Everything if any. @concurrency Exclusive access to *this.
  template <std::predicate<const_reference> Predicate>
  DEFT_TAGGED size_type erase_if(Predicate drop) {
    std::vector<bool> dropped;
    dropped.reserve(this->size());
    size_type count = 0;
    for (const_iterator i = this->cbegin(); i != this->cend(); ++i) {
      const bool goes = static_cast<bool>(std::invoke(drop, *i));
      dropped.push_back(goes);
      count += goes ? 1 : 0;
    }
    if (count != 0) engine_.erase_flagged(dropped);
    return count;
  }

  /// Removes everything, and gives the memory back.
  /// @throws      Nothing. @complexity O(n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept { engine_.clear(); }

 protected:
  using base::base;
  using bulk = detail::tree_bulk<engine_type>;
  using element = typename engine_type::element;
  using parts = detail::flat_map_parts<Key, std::conditional_t<is_map, Mapped, int>>;

  /// The elements of a range, which may be this container's, and then all of them at once.
  template <typename It, typename Sentinel>
  DEFT_TAGGED size_type insert_batch(It first, Sentinel last, bool sorted) {
    typename bulk::batch batch(engine_);
    if constexpr (std::sized_sentinel_for<Sentinel, It>) batch.reserve(static_cast<size_type>(last - first));
    for (; first != last; ++first) {
      if constexpr (is_map) {
        parts::of(
            [&batch]<typename KeyPart, typename ValuePart>(KeyPart&& key, ValuePart&& value) {
              batch.append(std::piecewise_construct, std::forward_as_tuple(std::forward<KeyPart>(key)),
                           std::forward_as_tuple(std::forward<ValuePart>(value)));
            },
            *first);
      } else {
        batch.append(*first);
      }
    }
    DEFT_DEBUG_CHECK(holds_no_nan(batch), "sorted container: a key is NaN");
    DEFT_DEBUG_CHECK(!sorted || is_in_order(batch), "sorted container: input said to be sorted is not");
    return bulk::insert(engine_, batch, sorted);
  }

  /// As all three classes' swap().
  DEFT_TAGGED void swap_with(sorted_tree_base& other) noexcept {
    using traits = std::allocator_traits<Allocator>;
    DEFT_PRECONDITION(
        traits::propagate_on_container_swap::value || this->get_allocator() == other.get_allocator(),
        "swap of sorted containers with unequal allocators");
    engine_.swap(other.engine_);
  }

  /// As all three classes' assignment of a list.
  DEFT_TAGGED void assign(std::initializer_list<value_type> elements) {
    sorted_tree_base next(std::in_place, engine_.comp(), this->get_allocator());
    next.insert_batch(elements.begin(), elements.end(), false);
    engine_.swap(next.engine_);
  }

  /// As all three classes' concat(): behind the last.
  DEFT_TAGGED void append(sorted_tree_base& other) {
    DEFT_PRECONDITION(this != std::addressof(other), "concat of a sorted container with itself");
    DEFT_PRECONDITION(this->get_allocator() == other.get_allocator(),
                      "concat of sorted containers with unequal allocators");
    DEFT_PRECONDITION(follows(other), "concat: the other container's elements are not all behind this one's");
    engine_.concat(other.engine_);
  }

  /// As all three classes' merge().
  DEFT_TAGGED void merge_with(sorted_tree_base& other) { bulk::merge(engine_, other.engine_); }

 private:
  friend struct detail::tree_set_access;

  template <typename Tree>
  DEFT_TAGGED static auto& engine_in(Tree& tree) noexcept {
    using this_base = std::conditional_t<std::is_const_v<Tree>, const sorted_tree_base, sorted_tree_base>;
    return static_cast<this_base&>(tree).engine_;
  }

  /// Whether all elements of `other` may come behind those of this container.
  DEFT_TAGGED bool follows(const sorted_tree_base& other) const {
    if (this->empty() || other.empty()) return true;
    const Key& last = engine_type::key(engine_type::previous(engine_.end_place()));
    const Key& first = engine_type::key(other.engine_.begin_place());
    return Unique ? engine_.less(last, first) : !engine_.less(first, last);
  }

  DEFT_TAGGED static const Key& key_of(const typename bulk::batch::row& row) noexcept {
    if constexpr (bulk::batch::plain) {
      return row;
    } else {
      return row.key();
    }
  }

  /// NaN precedes nothing and nothing precedes it, which breaks the order of the rest.
  DEFT_TAGGED static bool holds_no_nan(const typename bulk::batch& batch) noexcept {
    if constexpr (std::is_floating_point_v<Key>) {
      for (const auto& row : batch.rows) {
        if (key_of(row) != key_of(row)) return false;
      }
    }
    return true;
  }

  DEFT_TAGGED bool is_in_order(const typename bulk::batch& batch) const {
    for (size_type i = 1; i < batch.rows.size(); ++i) {
      const Key& before = key_of(batch.rows[i - 1]);
      const Key& after = key_of(batch.rows[i]);
      if (Unique ? !engine_.less(before, after) : engine_.less(after, before)) return false;
    }
    return true;
  }
};

}  // namespace deft
