/// @file
/// deft::frozen: a flat container that is only read, with an index over its keys.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/needles.hpp"
#include "deft/sorted/search_index.hpp"

namespace deft {

namespace detail {

/// A flat container whose keys are an array.
template <typename Container>
concept freezable = requires(const Container& c) {
  typename Container::key_type;
  typename Container::key_compare;
  { c.key_comp() } -> std::convertible_to<typename Container::key_compare>;
} && (requires(const Container& c) {
                      { c.as_span() } -> std::convertible_to<std::span<const typename Container::key_type>>;
                    } || requires(const Container& c) {
                      requires std::ranges::contiguous_range<decltype(c.keys())>;
                    });

template <typename Container>
concept frozen_map = requires { typename Container::mapped_type; };

/// The allocator of a container's keys, for the index.
template <typename Container>
struct frozen_allocator {
  using type = std::allocator<typename Container::key_type>;
};

template <typename Container>
  requires requires { typename Container::container_type::allocator_type; }
struct frozen_allocator<Container> {
  using type = typename Container::container_type::allocator_type;
};

template <typename Container>
  requires requires { typename Container::key_container_type::allocator_type; }
struct frozen_allocator<Container> {
  using type = typename Container::key_container_type::allocator_type;
};

}  // namespace detail

/// A flat_set, flat_multiset, flat_map, flat_multimap or sorted_vector that is only read from now on, and a
/// search_index over its keys: what freeze() of the trees makes.
///
/// Use it for what is built once and then searched: numbers are found several times as fast as in the flat
/// container alone, and many at once (`find_many`) faster still. Do *not* use it for what changes: it does
/// not. `extract() &&` gives the container back.
///
/// Memory: the container's, and of numbers half a byte per 8-byte key for the index; other keys have none and
/// are searched as the container searches them. Layout: the container, and the index with a pointer to its
/// keys.
///
/// Copying builds the index anew. What has been moved from is empty and usable.
///
/// Threads: any number of concurrent readers.
template <typename Container>
class frozen {
  static_assert(
      detail::freezable<Container>,
      "deft::frozen: the container must be a deft::flat_set, flat_multiset, flat_map, flat_multimap or "
      "sorted_vector whose keys lie in an array, as in a std::vector");

 public:
  using container_type = Container;
  using key_type = typename Container::key_type;
  using value_type = typename Container::value_type;
  using key_compare = typename Container::key_compare;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using const_iterator = typename Container::const_iterator;
  using iterator = const_iterator;
  using const_reference = std::iter_reference_t<const_iterator>;
  using reference = const_reference;
  using index_type =
      search_index<key_type, key_compare, std::identity, typename detail::frozen_allocator<Container>::type>;

  /// Nothing, frozen.
  /// @throws      What the container's constructor throws. @complexity O(1). @concurrency Independent.
  DEFT_TAGGED frozen()
    requires std::default_initializable<Container>
      : frozen(Container()) {}

  /// Takes a container over, and builds the index.
  /// @throws      What moving the container throws; std::bad_alloc.
  /// @complexity  O(n / 16). @concurrency Independent.
  DEFT_TAGGED explicit frozen(Container container)
      : container_(std::move(container)), index_(index_over(container_)) {}

  /// A copy, with an index of its own.
  /// @throws      What copying the container throws; std::bad_alloc.
  /// @complexity  O(n). @concurrency Reads `other`.
  DEFT_TAGGED frozen(const frozen& other)
    requires std::copy_constructible<Container>
      : container_(other.container_), index_(index_over(container_)) {}

  /// Takes what `other` has, which is empty afterwards and usable.
  /// @throws      What moving the container throws; std::bad_alloc if that moves the keys to another array.
  /// @complexity  O(1) unless so. @concurrency Exclusive access to `other`.
  DEFT_TAGGED frozen(frozen&& other) noexcept(moves_index && std::is_nothrow_move_constructible_v<Container>)
      : container_(std::move(other.container_)), index_(std::move(other.index_)) {
    mend_index();
  }

  /// Replaces container and index by copies.
  /// @returns     *this.
  /// @throws      What copying the container throws; std::bad_alloc.
  /// @guarantee   That of the container's move assignment.
  /// @complexity  O(n). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  DEFT_TAGGED frozen& operator=(const frozen& other)
    requires std::copy_constructible<Container>
  {
    if (this != std::addressof(other)) *this = frozen(other);
    return *this;
  }

  /// Takes what `other` has, which is empty afterwards and usable.
  /// @returns     *this.
  /// @throws      What move assignment of the container throws; std::bad_alloc if that moves the keys to
  ///              another array. @guarantee Basic.
  /// @complexity  O(1) unless so. @invalidates Everything in *this. @concurrency Exclusive access to both.
  DEFT_TAGGED frozen& operator=(frozen&& other) noexcept(moves_index &&
                                                         std::is_nothrow_move_assignable_v<Container> &&
                                                         std::is_nothrow_move_assignable_v<index_type>) {
    if (this == std::addressof(other)) return *this;
    index_ = index_type(std::span<const key_type>(), other.container_.key_comp());
    container_ = std::move(other.container_);
    index_ = std::move(other.index_);
    mend_index();
    return *this;
  }

  DEFT_TAGGED ~frozen() = default;

  /// Ends, size, comparator, the container and the index; memory_bytes() of both.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() what copying the comparator throws.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept { return container_.begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept { return container_.end(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const noexcept { return begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const noexcept { return end(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size() == 0; }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return container_.size(); }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return container_.key_comp(); }

  [[nodiscard]] DEFT_TAGGED std::span<const key_type> keys() const noexcept { return keys_of(container_); }

  [[nodiscard]] DEFT_TAGGED const Container& container() const noexcept { return container_; }

  [[nodiscard]] DEFT_TAGGED const index_type& index() const noexcept { return index_; }

  [[nodiscard]] DEFT_TAGGED size_type memory_bytes() const noexcept
    requires requires(const Container& c) { c.memory_bytes(); }
  {
    return container_.memory_bytes() + index_.memory_bytes();
  }

  /// @}

  /// Hands the container out; this is empty afterwards.
  /// @returns     The container.
  /// @throws      What moving it throws. @complexity O(1). @invalidates What moving it invalidates.
  /// @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED Container extract() && {
    frozen taken(std::move(*this));
    return std::move(taken.container_);
  }

  /// Positions: how many elements are before `x`, and how many are not after it; by Python's names and ours.
  /// @returns     A position in [0, size()].
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED size_type rank(const Needle& x) const {
    return index_.lower_bound(needle(x));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED size_type bisect_left(const Needle& x) const {
    return index_.lower_bound(needle(x));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED size_type bisect_right(const Needle& x) const {
    return index_.upper_bound(needle(x));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED size_type bisect(const Needle& x) const {
    return index_.upper_bound(needle(x));
  }

  /// @}

  /// The same as iterators; find() is the first element equivalent to `x`, or end().
  /// @returns     What the name says.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED const_iterator lower_bound(const Needle& x) const {
    return iterator_at(index_.lower_bound(needle(x)));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED const_iterator upper_bound(const Needle& x) const {
    return iterator_at(index_.upper_bound(needle(x)));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED std::pair<const_iterator, const_iterator> equal_range(const Needle& x) const {
    const auto [first, last] = index_.equal_range(needle(x));
    return {iterator_at(first), iterator_at(last)};
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED const_iterator find(const Needle& x) const {
    const auto& key = needle(x);
    const size_type position = index_.lower_bound(key);
    return holds(position, key) ? iterator_at(position) : end();
  }

  /// @}

  /// Whether an element is equivalent to `x`, and how many are.
  /// @returns     What the name says; of NaN never one.
  /// @throws      What the comparator and the conversion throw.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  /// @{
  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED bool contains(const Needle& x) const {
    return index_.contains(needle(x));
  }

  template <sorted_needle<key_type, key_compare> Needle = key_type>
  [[nodiscard]] DEFT_TAGGED size_type count(const Needle& x) const {
    return index_.count(needle(x));
  }

  /// @}

  /// find() for many needles at once, in any order: out[i] = find(needles[i]).
  /// @pre         `out` has room for one iterator per needle, else traps; it does not overlap the needles.
  /// @throws      What the comparator throws. @guarantee If it does, what `out` holds is unspecified.
  /// @complexity  O(size(needles) * log n), no allocation.
  /// @concurrency Concurrent reads; exclusive access to `out`.
  template <std::ranges::contiguous_range Needles, std::ranges::contiguous_range Out>
    requires std::same_as<std::ranges::range_value_t<Needles>, key_type> &&
             std::ranges::sized_range<Needles> && std::ranges::sized_range<Out> &&
             std::same_as<std::ranges::range_value_t<Out>, const_iterator>
  DEFT_TAGGED void find_many(Needles&& needles, Out&& out) const {
    const std::span<const key_type> sought(std::ranges::data(needles), std::ranges::size(needles));
    DEFT_PRECONDITION(std::ranges::size(out) >= sought.size(),
                      "find_many: out must have room for one iterator per needle");
    constexpr size_type at_once = 256;
    size_type positions[at_once];
    const_iterator* next = std::ranges::data(out);
    for (size_type done = 0; done != sought.size();) {
      const auto some = sought.subspan(done, std::min(sought.size() - done, at_once));
      index_.lower_bound_many(some, std::span(positions));
      for (size_type i = 0; i != some.size(); ++i)
        *next++ = holds(positions[i], some[i]) ? iterator_at(positions[i]) : end();
      done += some.size();
    }
  }

  /// From a position to an iterator, and back.
  /// @returns     What the name says.
  /// @pre         i <= size(); `position` is in [begin(), end()]. Else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator nth(size_type i) const noexcept {
    DEFT_PRECONDITION(i <= size(), "frozen: nth(i) is outside [0, size()]");
    return iterator_at(i);
  }

  [[nodiscard]] DEFT_TAGGED size_type index_of(const_iterator position) const noexcept {
    return container_.index_of(position);
  }

  /// @}

  /// The element at a position.
  /// @returns     A reference to it.
  /// @pre         i < size(), else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const key_type& operator[](size_type i) const noexcept
    requires(!detail::frozen_map<Container>)
  {
    DEFT_PRECONDITION(i < size(), "frozen: [i] is outside [0, size())");
    return keys()[i];
  }

  /// The value of the first key equivalent to `x`.
  /// @returns     A reference to it.
  /// @throws      std::out_of_range if there is none; what the comparator and the conversion throw.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires detail::frozen_map<Container> && sorted_needle<Needle, key_type, key_compare>
  [[nodiscard]] DEFT_TAGGED const auto& at(const Needle& x) const {
    const const_iterator found = find(x);
    if (found == end()) detail::throw_out_of_range("deft: frozen::at(key): there is no such key");
    return (*found).second;
  }

 private:
  // The keys of a moved container are where they were, as far as the type says so.
  static constexpr bool moves_index = std::is_nothrow_move_constructible_v<index_type>;

  DEFT_TAGGED static std::span<const key_type> keys_of(const Container& container) noexcept {
    if constexpr (requires { container.as_span(); }) {
      return container.as_span();
    } else {
      return {std::ranges::data(container.keys()), std::ranges::size(container.keys())};
    }
  }

  DEFT_TAGGED static index_type index_over(const Container& container) {
    if constexpr (requires { container.keys().get_allocator(); }) {
      return index_type(keys_of(container), container.key_comp(), {}, container.keys().get_allocator());
    } else {
      return index_type(keys_of(container), container.key_comp());
    }
  }

  /// After a move, which may have put the keys elsewhere: into another allocator's memory, or a container
  /// that holds them in itself.
  DEFT_TAGGED void mend_index() {
    if (index_.data() != keys().data() || index_.size() != size()) index_ = index_over(container_);
  }

  template <typename Needle>
  DEFT_TAGGED static decltype(auto) needle(const Needle& x) {
    return detail::as_needle<key_type, key_compare>(x);
  }

  template <typename Needle>
  DEFT_TAGGED bool holds(size_type position, const Needle& x) const {
    if constexpr (std::is_floating_point_v<Needle>) {
      if (x != x) return false;
    }
    return position != size() && !static_cast<bool>(std::invoke(container_.key_comp(), x, keys()[position]));
  }

  DEFT_TAGGED const_iterator iterator_at(size_type i) const noexcept {
    return begin() + static_cast<difference_type>(i);
  }

  Container container_;
  index_type index_;
};

template <typename Container>
frozen(Container) -> frozen<Container>;

}  // namespace deft
