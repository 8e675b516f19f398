/// @file
/// deft::sorted_tree_lookup: what can be asked of a sorted_set, sorted_list or sorted_map by value. Use it
/// through them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/counted_btree.hpp"
#include "deft/sorted/detail/needles.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/tree_iterator.hpp"

namespace deft {

namespace detail {

/// Compares a map's rows by their keys.
template <typename Compare, typename Row>
class tree_row_compare {
 public:
  DEFT_TAGGED explicit tree_row_compare(Compare comp) : comp_(std::move(comp)) {}

  DEFT_TAGGED bool operator()(const Row& x, const Row& y) const {
    return static_cast<bool>(comp_(x.first, y.first));
  }

 private:
  [[no_unique_address]] Compare comp_;
};

}  // namespace detail

/// The reading half of sorted_set, sorted_list and sorted_map: types, ends, size, lookup by value. `Mapped`
/// is void for the first two; `Unique` is whether equals are kept out.
///
/// A lookup takes a key, what converts to one (which happens once, before the search), or under a transparent
/// comparator (`std::less<>`) anything that compares with one; it may be equivalent to several keys, of a set
/// or map too.
///
/// Iterators are bidirectional; a set's and a list's are all const, a map's give a pair of references made on
/// the spot: write `auto&& [key, value]` or `auto [key, value]`, not `auto&`. Every insertion and removal
/// invalidates all of them, and references and spans too; swap and move leave all but end() to what they
/// belong to. At level `debug` most uses of an invalid one are diagnosed.
///
/// Threads: any number of readers at once, as for any const access; a change excludes everything else.
template <bool Unique, typename Key, typename Mapped, typename Compare, typename Allocator>
class sorted_tree_lookup {
  static_assert(std::is_object_v<Key> && !std::is_const_v<Key> && !std::is_volatile_v<Key>,
                "deft::sorted_set, sorted_list, sorted_map: the key must be a plain object type");
  static_assert(
      std::is_invocable_v<const Compare&, const Key&, const Key&>,
      "deft::sorted_set, sorted_list, sorted_map: the comparator must order keys, and be callable as "
      "const");

 protected:
  using engine_type = detail::counted_btree<Key, Mapped, Compare, Allocator, Unique>;
  using types = detail::tree_rows<Key, Mapped>;
  static constexpr bool is_map = !std::is_void_v<Mapped>;

 public:
  using key_type = Key;
  using value_type = typename types::value_type;
  using key_compare = Compare;
  using value_compare =
      std::conditional_t<is_map, detail::tree_row_compare<Compare, typename types::const_reference>, Compare>;
  using allocator_type = Allocator;
  using reference = typename types::reference;
  using const_reference = typename types::const_reference;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using const_iterator = detail::tree_iterator<engine_type, true>;
  using iterator = detail::tree_iterator<engine_type, !is_map>;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  static_assert(std::is_same_v<typename std::allocator_traits<Allocator>::value_type, value_type>,
                "deft::sorted_set, sorted_list, sorted_map: Allocator::value_type must be the container's "
                "value_type, of a map std::pair<const Key, T>");

  /// The ends.
  /// @returns     What the name says.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() noexcept { return at<iterator>(engine_.begin_place()); }

  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept {
    return at<const_iterator>(engine_.begin_place());
  }

  [[nodiscard]] DEFT_TAGGED iterator end() noexcept { return at<iterator>(engine_.end_place()); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept {
    return at<const_iterator>(engine_.end_place());
  }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const noexcept { return begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const noexcept { return end(); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rbegin() noexcept { return reverse_iterator(end()); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rbegin() const noexcept {
    return const_reverse_iterator(end());
  }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rend() noexcept { return reverse_iterator(begin()); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rend() const noexcept {
    return const_reverse_iterator(begin());
  }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crbegin() const noexcept { return rbegin(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crend() const noexcept { return rend(); }

  /// @}

  /// Size, comparators, allocator. memory_bytes() is what the container has allocated: nodes, with what is
  /// unused of them, and boxes, without what the elements own.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() and value_comp() what copying the comparator throws.
  /// @complexity  O(1); memory_bytes() O(n) at most. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return engine_.size() == 0; }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return engine_.size(); }

  [[nodiscard]] DEFT_TAGGED size_type max_size() const noexcept { return engine_type::max_size; }

  [[nodiscard]] DEFT_TAGGED size_type memory_bytes() const noexcept { return engine_.memory_bytes(); }

  [[nodiscard]] DEFT_TAGGED allocator_type get_allocator() const noexcept { return engine_.allocator(); }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return engine_.comp(); }

  [[nodiscard]] DEFT_TAGGED value_compare value_comp() const { return value_compare(engine_.comp()); }

  /// @}

  /// Looks `x` up.
  /// @returns     The first element equivalent to `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED iterator find(const Needle& x) {
    return at<iterator>(engine_.find(needle(x)));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED const_iterator find(const Needle& x) const {
    return at<const_iterator>(engine_.find(needle(x)));
  }

  /// @}

  /// Python's `in`.
  /// @returns     Whether an element is equivalent to `x`.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED bool contains(const Needle& x) const {
    return !is_end(engine_.find(needle(x)));
  }

  /// Counts the elements equivalent to `x`.
  /// @returns     How many; of a set or map 0 or 1, or more for a needle of another type.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons, however many there are. @concurrency Concurrent reads.
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED size_type count(const Needle& x) const {
    const auto& key = needle(x);
    if constexpr (Unique && std::is_same_v<Needle, Key>) {
      return is_end(engine_.find(key)) ? 0 : 1;
    } else {
      const std::size_t first = engine_.rank_lower(key);
      return std::max(engine_.rank_upper(key), first) - first;
    }
  }

  /// Where the elements that are not before `x` begin.
  /// @returns     The first element that does not precede `x`, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED iterator lower_bound(const Needle& x) {
    return at<iterator>(engine_.lower_bound(needle(x)));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const Needle& x) const {
    return at<const_iterator>(engine_.lower_bound(needle(x)));
  }

  /// @}

  /// Where the elements that are after `x` begin.
  /// @returns     The first element that `x` precedes, or end().
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED iterator upper_bound(const Needle& x) {
    return at<iterator>(engine_.upper_bound(needle(x)));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const Needle& x) const {
    return at<const_iterator>(engine_.upper_bound(needle(x)));
  }

  /// @}

  /// The run of elements equivalent to `x`.
  /// @returns     {lower_bound(x), upper_bound(x)}.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED std::pair<iterator, iterator> equal_range(const Needle& x) {
    const auto& key = needle(x);
    return {at<iterator>(engine_.lower_bound(key)), at<iterator>(engine_.upper_bound(key))};
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const Needle& x) const {
    const auto& key = needle(x);
    return {at<const_iterator>(engine_.lower_bound(key)), at<const_iterator>(engine_.upper_bound(key))};
  }

  /// @}

  /// find() for many needles at once, in any order: out[i] = find(needles[i]). Numbers are searched several
  /// at a time, which hides the latency that single searches wait for. `out` is a contiguous range of
  /// iterators, of a map's iterators or const_iterators.
  /// @pre         `out` has room for one iterator per needle, else traps; it does not overlap the needles.
  /// @throws      What the comparator throws. @guarantee If it does, what `out` holds is unspecified.
  /// @complexity  O(size(needles) * log n) comparisons.
  /// @concurrency Concurrent reads; exclusive access to `out`.
  template <std::ranges::contiguous_range Needles, std::ranges::contiguous_range Out>
    requires std::same_as<std::ranges::range_value_t<Needles>, Key> && std::ranges::sized_range<Needles> &&
             std::ranges::sized_range<Out> && std::same_as<std::ranges::range_value_t<Out>, const_iterator>
  DEFT_TAGGED void find_many(Needles&& needles, Out&& out) const {
    find_into(std::ranges::data(needles), std::ranges::size(needles), std::ranges::data(out),
              std::ranges::size(out));
  }

  /// @overload
  template <std::ranges::contiguous_range Needles, std::ranges::contiguous_range Out>
    requires is_map && std::same_as<std::ranges::range_value_t<Needles>, Key> &&
             std::ranges::sized_range<Needles> && std::ranges::sized_range<Out> &&
             std::same_as<std::ranges::range_value_t<Out>, iterator>
  DEFT_TAGGED void find_many(Needles&& needles, Out&& out) {
    find_into(std::ranges::data(needles), std::ranges::size(needles), std::ranges::data(out),
              std::ranges::size(out));
  }

 protected:
  template <typename... Args>
    requires std::constructible_from<engine_type, Args...>
  DEFT_TAGGED explicit sorted_tree_lookup(std::in_place_t /*tag*/, Args&&... args)
      : engine_(std::forward<Args>(args)...) {}

  DEFT_TAGGED sorted_tree_lookup(const sorted_tree_lookup&) = default;
  DEFT_TAGGED sorted_tree_lookup(sorted_tree_lookup&&) = default;
  DEFT_TAGGED sorted_tree_lookup& operator=(const sorted_tree_lookup&) = default;
  DEFT_TAGGED sorted_tree_lookup& operator=(sorted_tree_lookup&&) = default;
  DEFT_TAGGED ~sorted_tree_lookup() = default;

  template <typename Needle>
  DEFT_TAGGED static decltype(auto) needle(const Needle& x) {
    return detail::as_needle<Key, Compare>(x);
  }

  template <typename Iterator>
  DEFT_TAGGED static Iterator at(detail::tree_place place) noexcept {
    return detail::tree_access::make<Iterator>(place);
  }

  /// Where `i` points to; an iterator of another container is diagnosed at level `debug`.
  DEFT_TAGGED detail::tree_place place_of(const_iterator i) const noexcept {
    const detail::tree_place place = detail::tree_access::place(i);
    DEFT_DEBUG_CHECK(owns(place), "the iterator is not one of this container");
    return place;
  }

  DEFT_TAGGED bool is_end(detail::tree_place place) const noexcept {
    const detail::tree_place end = engine_.end_place();
    return place.leaf == end.leaf && place.slot == end.slot;
  }

 private:
  DEFT_TAGGED bool owns(detail::tree_place place) const noexcept {
    const detail::tree_place here = engine_.nth(engine_type::position(place));
    return here.leaf == place.leaf && here.slot == place.slot;
  }

  template <typename Iterator>
  DEFT_TAGGED void find_into(const Key* needles, std::size_t count, Iterator* out, std::size_t room) const {
    DEFT_PRECONDITION(room >= count, "find_many: out must have room for one iterator per needle");
    // As many places as stay in the first-level cache beside the nodes on the way.
    constexpr std::size_t at_once = 256;
    detail::tree_place places[at_once];
    for (std::size_t done = 0; done != count;) {
      const std::size_t n = std::min(count - done, at_once);
      engine_.find_many(needles + done, n, places);
      for (std::size_t i = 0; i != n; ++i) out[done + i] = at<Iterator>(places[i]);
      done += n;
    }
  }

 protected:
  engine_type engine_;

 private:
  friend detail::tree_inspector;
};

}  // namespace deft
