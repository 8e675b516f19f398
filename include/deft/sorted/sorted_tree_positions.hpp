/// @file
/// deft::sorted_tree_positions: what can be asked of a sorted_set, sorted_list or sorted_map by position. Use
/// it through them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/needles.hpp"
#include "deft/sorted/detail/tree_chunks.hpp"
#include "deft/sorted/detail/tree_iterator.hpp"
#include "deft/sorted/sorted_tree_lookup.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// Positions, ranks and parts of sorted_set, sorted_list and sorted_map, as in Python's sortedcontainers:
/// every node counts the elements below it.
///
/// Positions are std::size_t, counted from 0. Parts are views, which any change invalidates.
template <bool Unique, typename Key, typename Mapped, typename Compare, typename Allocator>
class sorted_tree_positions : public sorted_tree_lookup<Unique, Key, Mapped, Compare, Allocator> {
  using base = sorted_tree_lookup<Unique, Key, Mapped, Compare, Allocator>;

 protected:
  using base::engine_;
  using base::is_map;
  using typename base::engine_type;

  template <typename Iterator>
  using part = std::ranges::subrange<Iterator, Iterator, std::ranges::subrange_kind::sized>;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;

  /// From a position to an iterator.
  /// @returns     An iterator to the element at position `i`.
  /// @pre         i < size(), else traps.
  /// @throws      Nothing. @complexity O(log n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator nth(size_type i) noexcept {
    return this->template at<iterator>(place_at(i));
  }

  [[nodiscard]] DEFT_TAGGED const_iterator nth(size_type i) const noexcept {
    return this->template at<const_iterator>(place_at(i));
  }

  /// @}

  /// From an iterator to a position: the inverse of nth.
  /// @returns     The position of `position` in the container; of end() size().
  /// @pre         `position` is in [begin(), end()]; checked at level `debug`.
  /// @throws      Nothing. @complexity O(log n). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED size_type index_of(const_iterator position) const noexcept {
    return engine_.position(this->place_of(position));
  }

  /// The position of lower_bound(x), by its names: all elements before it precede `x`, none after does.
  /// @returns     The number of elements that precede `x`, whether or not `x` is there.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type rank(const Needle& x) const {
    return engine_.rank_lower(this->needle(x));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type bisect_left(const Needle& x) const {
    return engine_.rank_lower(this->needle(x));
  }

  /// @}

  /// The position of upper_bound(x), by its names: no element before it is after `x`, all behind it are.
  /// @returns     The number of elements that do not come after `x`.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type bisect_right(const Needle& x) const {
    return engine_.rank_upper(this->needle(x));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type bisect(const Needle& x) const {
    return engine_.rank_upper(this->needle(x));
  }

  /// @}

  /// Python's `index`.
  /// @returns     The position of the first element equivalent to `x`.
  /// @throws      std::out_of_range if there is none; what the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type index(const Needle& x) const {
    const detail::tree_place place = engine_.find(this->needle(x));
    if (this->is_end(place)) detail::throw_out_of_range("deft: index(x): the value is not in the container");
    return engine_.position(place);
  }

  /// The elements between two values, both ends included unless told; none when `hi` precedes `lo`.
  /// @returns     A sized std::ranges::subrange of iterators.
  /// @throws      What the comparator and the conversions throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <typename Low = Key, typename High = Key>
    requires sorted_needle<Low, Key, Compare> && sorted_needle<High, Key, Compare>
  [[nodiscard]] DEFT_TAGGED part<iterator> irange(const Low& lo, const High& hi, inclusive ends = {}) {
    return between_values<iterator>(this->needle(lo), this->needle(hi), ends);
  }

  template <typename Low = Key, typename High = Key>
    requires sorted_needle<Low, Key, Compare> && sorted_needle<High, Key, Compare>
  [[nodiscard]] DEFT_TAGGED part<const_iterator> irange(const Low& lo, const High& hi,
                                                        inclusive ends = {}) const {
    return between_values<const_iterator>(this->needle(lo), this->needle(hi), ends);
  }

  /// @}

  /// The elements at [first, last), positions clamped as in Python's `[first:last]`.
  /// @returns     A sized std::ranges::subrange of iterators, empty if first >= last.
  /// @throws      Nothing. @complexity O(log n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED part<iterator> islice(size_type first,
                                                  size_type last = static_cast<size_type>(-1)) noexcept {
    return between_positions<iterator>(first, last);
  }

  [[nodiscard]] DEFT_TAGGED part<const_iterator> islice(
      size_type first, size_type last = static_cast<size_type>(-1)) const noexcept {
    return between_positions<const_iterator>(first, last);
  }

  /// @}

  /// The elements leaf by leaf, in order: what a loop over arrays runs faster over than one over iterators.
  /// @returns     A forward range. Of a set or list its elements are `std::span<const Key>`s, of a map
  /// structs
  ///              of such `keys` and of `values` (spans of values that may be changed, unless the map is
  ///              const). Where keys or values are kept in boxes (larger than 256 bytes, or their move may
  ///              throw) they are sized random-access ranges instead of spans.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED auto chunks() noexcept { return chunks_of<Mapped>(); }

  [[nodiscard]] DEFT_TAGGED auto chunks() const noexcept {
    return chunks_of<std::conditional_t<is_map, const Mapped, void>>();
  }

  /// @}

 protected:
  // Not inherited: clang gives inherited constructors, and implicit members, no tag.
  template <typename... Args>
    requires(sizeof...(Args) != 0)
  DEFT_TAGGED explicit sorted_tree_positions(std::in_place_t tag, Args&&... args)
      : base(tag, std::forward<Args>(args)...) {}

  DEFT_TAGGED sorted_tree_positions(const sorted_tree_positions&) = default;
  DEFT_TAGGED sorted_tree_positions(sorted_tree_positions&&) = default;
  DEFT_TAGGED sorted_tree_positions& operator=(const sorted_tree_positions&) = default;
  DEFT_TAGGED sorted_tree_positions& operator=(sorted_tree_positions&&) = default;
  DEFT_TAGGED ~sorted_tree_positions() = default;

  DEFT_TAGGED detail::tree_place place_at(size_type i) const noexcept {
    DEFT_PRECONDITION(i < this->size(), "sorted container: nth(i) is outside [0, size())");
    return engine_.nth(i);
  }

 private:
  template <typename Iterator, typename Low, typename High>
  DEFT_TAGGED part<Iterator> between_values(const Low& lo, const High& hi, inclusive ends) const {
    const detail::tree_place last = ends.hi ? engine_.upper_bound(hi) : engine_.lower_bound(hi);
    const detail::tree_place first = ends.lo ? engine_.lower_bound(lo) : engine_.upper_bound(lo);
    const Iterator end = this->template at<Iterator>(last);
    // By position and not by key: under a comparator that is no order `first` may be behind `last`.
    const size_type from = first.leaf == last.leaf ? first.slot : engine_.position(first);
    const size_type to = first.leaf == last.leaf ? last.slot : engine_.position(last);
    if (from >= to) return {end, end, 0};
    return {this->template at<Iterator>(first), end, to - from};
  }

  template <typename Iterator>
  DEFT_TAGGED part<Iterator> between_positions(size_type first, size_type last) const noexcept {
    last = std::min(last, this->size());
    first = std::min(first, last);
    return {this->template at<Iterator>(engine_.nth(first)), this->template at<Iterator>(engine_.nth(last)),
            last - first};
  }

  template <typename M>
  DEFT_TAGGED auto chunks_of() const noexcept {
    using chunk_iterator = detail::tree_chunk_iterator<engine_type, M>;
    return detail::tree_chunks<engine_type, M>(chunk_iterator(engine_.first_leaf()), chunk_iterator());
  }
};

}  // namespace deft
