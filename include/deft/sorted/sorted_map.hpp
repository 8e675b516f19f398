/// @file
/// deft::sorted_map: a std::map in a counted B+-tree, with positions.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/synth_three_way.hpp"
#include "deft/sorted/detail/tree_freeze.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/frozen.hpp"
#include "deft/sorted/sorted_map_update.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// A map that stays in order under insertions and removals, and knows positions: std::map's interface and
/// Python's SortedDict's (peekitem, popitem, rank, bisect, slices, irange).
///
/// Use it for rows that come and go one by one in any order, at any size. Do *not* use it for rows that are
/// read only, or change in batches: flat_map is smaller and faster to read, and freeze() makes one of this.
/// For a dozen rows flat_map is as good.
///
/// Memory per row: about 20 to 22 bytes for 8-byte keys and values that came in random order, 18 for rows
/// that came in order or in bulk; std::map has 48 to 56. Keys and values larger than 256 bytes, and those
/// whose move may throw, are kept in boxes (an allocation each).
///
/// Layout: a B+-tree whose inner nodes count what is below them (see detail/tree_node.hpp). Keys and values
/// lie apart in a leaf, so that searching touches keys only.
///
///     inner node     [separators | counts, added up | children]      32 children
///                      |              |              |
///     leaves      [k k k | v v v] <-> [k k | v v] <-> [k k k | v v v]   about a KiB of rows each, in order
///
/// Differences from std::map: rows move inside the tree, so every insertion and removal invalidates
/// iterators, pointers and references to keys and values (write `it = map.erase(it)`; do not keep
/// `&map[key]`); there are no node handles; a reference is a pair of references made on the spot,
/// `std::pair<const Key&, T&>`: write `auto&& [key, value]` or `auto [key, value]`, not `auto&`. Needles of
/// another type are converted once, before the search. It has positions (`nth`, `rank`, `peekitem`), ranges
/// in bulk (`insert_many`, `erase_range`, `split_at`, `concat`), keys() and values() as views, chunks() and
/// freeze().
///
/// Every insertion and removal, of ranges too, happens as a whole or not at all, whatever throws. At level
/// `debug` stale and foreign iterators are diagnosed, and NaN among the keys. A comparator that is not a
/// strict weak order (NaN under `<`) makes the order and the answers unspecified, but touches no memory
/// outside the map.
///
/// Threads: any number of concurrent readers, or one writer.
template <typename Key, typename T, typename Compare = std::less<Key>,
          typename Allocator = std::allocator<std::pair<const Key, T>>>
class sorted_map : public sorted_map_update<Key, T, Compare, Allocator> {
  using base = sorted_map_update<Key, T, Compare, Allocator>;
  using base::engine_;
  using typename base::element;
  using flat_type =
      flat_map<Key, T, Compare, detail::frozen_column<Key, Allocator>, detail::frozen_column<T, Allocator>>;

 public:
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::iterator;
  using typename base::key_type;
  using typename base::mapped_type;
  using typename base::reference;
  using typename base::size_type;
  using typename base::value_type;
  /// What freeze() makes.
  using frozen_type = frozen<flat_type>;

  /// An empty map, with this comparator or a default one.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1), no allocation. @concurrency Independent.
  /// @{
  DEFT_TAGGED sorted_map() : sorted_map(Compare()) {}

  DEFT_TAGGED explicit sorted_map(const Compare& comp, const Allocator& alloc = Allocator())
      : base(std::in_place, comp, alloc) {}

  DEFT_TAGGED explicit sorted_map(const Allocator& alloc) : sorted_map(Compare(), alloc) {}

  /// @}

  /// The rows of a range, sorted. Of equal keys the first stays.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_map(It first, It last, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_map(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), false);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_map(It first, It last, const Allocator& alloc)
      : sorted_map(std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::range_of<value_type> R>
  DEFT_TAGGED sorted_map(from_range_t /*tag*/, R&& range, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_map(comp, alloc) {
    this->insert_batch(std::ranges::begin(range), std::ranges::end(range), false);
  }

  template <detail::range_of<value_type> R>
  DEFT_TAGGED sorted_map(from_range_t tag, R&& range, const Allocator& alloc)
      : sorted_map(tag, std::forward<R>(range), Compare(), alloc) {}

  DEFT_TAGGED sorted_map(std::initializer_list<value_type> rows, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_map(rows.begin(), rows.end(), comp, alloc) {}

  DEFT_TAGGED sorted_map(std::initializer_list<value_type> rows, const Allocator& alloc)
      : sorted_map(rows.begin(), rows.end(), Compare(), alloc) {}

  /// @}

  /// The rows of a range that is sorted already, without equals.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_map(sorted_unique_t /*tag*/, It first, It last, const Compare& comp = Compare(),
                         const Allocator& alloc = Allocator())
      : sorted_map(comp, alloc) {
    this->insert_batch(std::move(first), std::move(last), true);
  }

  template <detail::input_iterator_like It>
  DEFT_TAGGED sorted_map(sorted_unique_t tag, It first, It last, const Allocator& alloc)
      : sorted_map(tag, std::move(first), std::move(last), Compare(), alloc) {}

  DEFT_TAGGED sorted_map(sorted_unique_t tag, std::initializer_list<value_type> rows,
                         const Compare& comp = Compare(), const Allocator& alloc = Allocator())
      : sorted_map(tag, rows.begin(), rows.end(), comp, alloc) {}

  DEFT_TAGGED sorted_map(sorted_unique_t tag, std::initializer_list<value_type> rows, const Allocator& alloc)
      : sorted_map(tag, rows.begin(), rows.end(), Compare(), alloc) {}

  /// @}

  /// A copy; under an allocator where one is given.
  /// @throws      What copying throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED sorted_map(const sorted_map& other) = default;

  DEFT_TAGGED sorted_map(const sorted_map& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, other.engine_, alloc) {}

  /// @}

  /// Takes the rows of `other`, which is empty afterwards and usable: the comparator is copied.
  /// @throws      What copying the comparator throws; to another allocator also std::bad_alloc and
  ///              what moving rows throws, which may leave `other` empty.
  /// @complexity  O(1); O(n) moves to another allocator. @concurrency Exclusive access to `other`.
  /// @{
  DEFT_TAGGED sorted_map(sorted_map&& other) = default;

  DEFT_TAGGED sorted_map(sorted_map&& other, const std::type_identity_t<Allocator>& alloc)
      : base(std::in_place, std::move(other.engine_), alloc) {}

  /// @}

  DEFT_TAGGED ~sorted_map() = default;

  /// Replaces rows and comparator by copies.
  /// @returns     *this.
  /// @throws      What copying throws; std::bad_alloc.
  /// @guarantee   Strong if assigning the comparator does not throw, else basic (empty).
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  DEFT_TAGGED sorted_map& operator=(const sorted_map& other) = default;

  /// Takes the rows of `other`, which is empty afterwards; copies its comparator.
  /// @returns     *this.
  /// @throws      What copying and assigning the comparator throw; where the allocators differ and stay, also
  ///              std::bad_alloc and what moving rows throws.
  /// @guarantee   Strong for *this if assigning the comparator does not throw.
  /// @complexity  O(1), and O(n) to free what was there; O(n) moves where the allocators differ and stay.
  /// @invalidates Everything in *this. @concurrency Exclusive access to both.
  DEFT_TAGGED sorted_map& operator=(sorted_map&& other) = default;

  /// Replaces the rows; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED sorted_map& operator=(std::initializer_list<value_type> rows) {
    this->assign(rows);
    return *this;
  }

  /// The value of the key `x`, which is inserted with a value-initialised one if it is not there.
  /// @returns     A reference to it.
  /// @throws      As try_emplace. @guarantee Strong. @complexity As try_emplace.
  /// @invalidates As try_emplace. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED T& operator[](const Key& x) { return this->try_emplace(x).first->second; }

  DEFT_TAGGED T& operator[](Key&& x) { return this->try_emplace(std::move(x)).first->second; }

  template <typename K>
    requires detail::transparent_comparator<Compare> && std::is_constructible_v<Key, K>
  DEFT_TAGGED T& operator[](K&& x) {
    return this->try_emplace(std::forward<K>(x)).first->second;
  }

  /// @}

  /// The value of the key `x`.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range if it is not there; what the comparator and the conversion throw.
  /// @complexity  O(log n) comparisons. @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED T& at(const Needle& x) {
    return base::engine_type::mapped(existing(x));
  }

  template <sorted_needle<Key, Compare> Needle = Key>
  [[nodiscard]] DEFT_TAGGED const T& at(const Needle& x) const {
    return base::engine_type::mapped(existing(x));
  }

  /// @}

  /// The row at position `i`, or the last one: Python's `peekitem`.
  /// @returns     A pair of references.
  /// @pre         i < size(), or not empty, else traps.
  /// @throws      Nothing. @complexity O(log n), O(1) for the last. @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED reference peekitem(size_type i) noexcept { return *this->nth(i); }

  [[nodiscard]] DEFT_TAGGED const_reference peekitem(size_type i) const noexcept { return *this->nth(i); }

  [[nodiscard]] DEFT_TAGGED reference peekitem() noexcept { return *base::template at<iterator>(last()); }

  [[nodiscard]] DEFT_TAGGED const_reference peekitem() const noexcept {
    return *base::template at<const_iterator>(last());
  }

  /// @}

  /// Removes the row at position `i`, or the last one: Python's `popitem`.
  /// @returns     The row.
  /// @pre         i < size(), or not empty, else traps.
  /// @throws      What moving key and value out throws; the row is gone then. @guarantee Basic if that
  /// throws.
  /// @complexity  O(log n). @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED std::pair<Key, T> popitem(size_type i) { return row_out(this->place_at(i)); }

  DEFT_TAGGED std::pair<Key, T> popitem() { return row_out(last()); }

  /// @}

  /// Removes the key `x`: Python's `pop`.
  /// @returns     Its value.
  /// @throws      std::out_of_range if it is not there; what the comparator and the conversion throw. What
  ///              moving the value out throws; the row is gone then. @guarantee Basic if that throws, else
  ///              strong.
  /// @complexity  O(log n). @invalidates Everything. @concurrency Exclusive access to *this.
  template <sorted_needle<Key, Compare> Needle = Key>
  DEFT_TAGGED T pop(const Needle& x) {
    const detail::tree_place place = engine_.find(this->needle(x));
    if (this->is_end(place)) detail::throw_out_of_range("deft: sorted_map::pop(key): there is no such key");
    element out = engine_.extract(place);
    return std::move(out.mapped());
  }

  /// The keys in order, and the values in the order of their keys, as views into this map.
  /// @returns     A sized bidirectional view.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED auto keys() const noexcept {
    return std::ranges::elements_view<row_range<const_iterator>, 0>(row_range<const_iterator>(*this));
  }

  [[nodiscard]] DEFT_TAGGED auto values() const noexcept {
    return std::ranges::elements_view<row_range<const_iterator>, 1>(row_range<const_iterator>(*this));
  }

  [[nodiscard]] DEFT_TAGGED auto values() noexcept {
    return std::ranges::elements_view<row_range<iterator>, 1>(row_range<iterator>(*this));
  }

  /// @}

  /// Takes the tail off: the rows from position `i` on.
  /// @returns     A map of them, with the same comparator and allocator.
  /// @pre         i <= size(), else traps.
  /// @throws      std::bad_alloc; what copying the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), and O(n) at most to count and link.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED sorted_map split_at(size_type i) {
    DEFT_PRECONDITION(i <= this->size(), "sorted_map: split_at(i) is outside [0, size()]");
    return sorted_map(std::in_place, engine_.split_at(i));
  }

  /// Takes all rows of `other`, which come after those here, and is empty afterwards.
  /// @pre         They do; the allocators are equal; `other` is another map. Else traps.
  /// @throws      std::bad_alloc; what the comparator throws. @guarantee Strong.
  /// @complexity  O(log n), one comparison. @invalidates Everything in both.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED void concat(sorted_map&& other) { this->append(other); }

  /// Moves here the rows of `other` whose keys are not here yet; the others stay there.
  /// @throws      What the comparator throws; std::bad_alloc. @guarantee Strong if the allocators are equal,
  /// else basic.
  /// @complexity  O(m log n) comparisons for m rows of `other`, O(n + m) moves at most.
  /// @invalidates Everything in both. @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void merge(sorted_map& other) { this->merge_with(other); }

  DEFT_TAGGED void merge(sorted_map&& other) { this->merge_with(other); }

  /// @}

  /// Exchanges rows and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping comparators throws.
  /// @complexity  O(1). @invalidates end(); all other iterators follow their rows.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(sorted_map& other) noexcept(std::is_nothrow_swappable_v<Compare>) {
    this->swap_with(other);
  }

  DEFT_TAGGED friend void swap(sorted_map& a, sorted_map& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

  /// @}

  /// The rows in arrays, read-only, with an index: several times as fast to search as the tree, and to
  /// iterate. `freeze() &&` moves them out and leaves the map empty.
  /// @returns     A deft::frozen of a flat_map.
  /// @throws      What copying, or moving, throws; std::bad_alloc.
  /// @guarantee   Strong; of `freeze() &&` basic: empty.
  /// @complexity  O(n). @invalidates Nothing; of `freeze() &&` everything.
  /// @concurrency Concurrent reads; of `freeze() &&` exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED frozen_type freeze() const&
    requires std::is_copy_constructible_v<Key> && std::is_copy_constructible_v<T>
  {
    return detail::frozen_of<flat_type, false, sorted_unique_t>(engine_);
  }

  [[nodiscard]] DEFT_TAGGED frozen_type freeze() && {
    const detail::tree_emptied<typename base::engine_type> at_the_end{engine_};
    return detail::frozen_of<flat_type, true, sorted_unique_t>(engine_);
  }

  /// @}

  /// Compares row by row, key before value, by their own `==` and `<=>` (or `<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares, then the lengths.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const sorted_map& a, const sorted_map& b)
    requires std::equality_comparable<Key> && std::equality_comparable<T>
  {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
             return x.first == y.first && x.second == y.second;
           });
  }

  DEFT_TAGGED friend auto operator<=>(const sorted_map& a, const sorted_map& b)
    requires detail::synth_comparable<Key> && detail::synth_comparable<T>
  {
    using category = std::common_comparison_category_t<detail::synth_three_way_result<Key>,
                                                       detail::synth_three_way_result<T>>;
    auto x = a.begin();
    auto y = b.begin();
    for (; x != a.end() && y != b.end(); static_cast<void>(++x), ++y) {
      const auto& [key, value] = *x;
      const auto& [other_key, other_value] = *y;
      if (const category c = detail::synth_three_way(key, other_key); c != 0) return c;
      if (const category c = detail::synth_three_way(value, other_value); c != 0) return c;
    }
    return static_cast<category>(a.size() <=> b.size());
  }

  /// @}

 private:
  DEFT_TAGGED sorted_map(std::in_place_t tag, typename base::engine_type&& engine)
      : base(tag, std::move(engine)) {}

  template <typename Iterator>
  using row_range = std::ranges::subrange<Iterator, Iterator, std::ranges::subrange_kind::sized>;

  template <typename Needle>
  DEFT_TAGGED detail::tree_place existing(const Needle& x) const {
    const detail::tree_place place = engine_.find(this->needle(x));
    if (this->is_end(place)) detail::throw_out_of_range("deft: sorted_map::at(key): there is no such key");
    return place;
  }

  DEFT_TAGGED detail::tree_place last() const noexcept {
    DEFT_PRECONDITION(!this->empty(), "sorted_map: the last row of an empty map");
    return base::engine_type::previous(engine_.end_place());
  }

  DEFT_TAGGED std::pair<Key, T> row_out(detail::tree_place place) {
    element out = engine_.extract(place);
    return {std::move(out.key()), std::move(out.mapped())};
  }
};

namespace pmr {

/// sorted_map on a std::pmr::memory_resource.
template <typename Key, typename T, typename Compare = std::less<Key>>
using sorted_map =
    deft::sorted_map<Key, T, Compare, std::pmr::polymorphic_allocator<std::pair<const Key, T>>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/sorted_map-inl.hpp"
