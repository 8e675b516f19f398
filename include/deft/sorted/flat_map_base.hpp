/// @file
/// deft::flat_map_base: how a flat_map or flat_multimap is made and compared. Use it through them.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_engine.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/synth_three_way.hpp"
#include "deft/sorted/flat_map_update.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// The common base of flat_map (`Unique`) and flat_multimap: constructors, comparison and swap. What reads is
/// in flat_map_lookup, what changes in flat_map_update.
///
/// `sorted_tag` is sorted_unique_t or sorted_equivalent_t. A constructor with an allocator makes both
/// containers with it, by uses-allocator construction.
template <bool Unique, typename Key, typename T, typename Compare, typename KeyContainer,
          typename MappedContainer>
class flat_map_base : public flat_map_update<Unique, Key, T, Compare, KeyContainer, MappedContainer> {
  using base = flat_map_update<Unique, Key, T, Compare, KeyContainer, MappedContainer>;

 protected:
  using base::engine_;

 public:
  using typename base::sorted_tag;
  using typename base::value_type;

  /// An empty map with this comparator.
  /// @throws      What copying the comparator throws.
  /// @complexity  O(1). @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED explicit flat_map_base(const Compare& comp) : base(std::in_place, comp) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED explicit flat_map_base(const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, Compare()) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {}

  /// @}

  /// Takes over containers of keys and values, or copies them under an allocator, and sorts them by key.
  /// Equals keep their order; of a flat_map's the first stays.
  /// @pre         There are as many keys as values, else traps.
  /// @throws      What comparisons, moves and copies throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED flat_map_base(KeyContainer keys, MappedContainer values, const Compare& comp = Compare())
      : base(std::in_place, comp, std::move(keys), std::move(values)) {
    engine_.adopt();
  }

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(const KeyContainer& keys, const MappedContainer& values, const Alloc& alloc)
      : flat_map_base(keys, values, Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(const KeyContainer& keys, const MappedContainer& values, const Compare& comp,
                            const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp, keys, values) {
    engine_.adopt();
  }

  /// @}

  /// The same for containers whose keys are sorted already, a flat_map's without equals.
  /// @pre         There are as many keys as values, else traps; sorted as said: checked in O(n) at level
  ///              `debug`.
  /// @throws      What copying the comparator throws; under an allocator also std::bad_alloc and what copies
  ///              throw.
  /// @complexity  O(1), O(n) under an allocator. @concurrency Independent.
  /// @{
  template <typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag /*tag*/, KeyContainer keys, MappedContainer values,
                            const Compare& comp = Compare())
      : base(std::in_place, comp, std::move(keys), std::move(values)) {
    engine_.adopt_sorted();
  }

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag tag, const KeyContainer& keys, const MappedContainer& values,
                            const Alloc& alloc)
      : flat_map_base(tag, keys, values, Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag /*tag*/, const KeyContainer& keys, const MappedContainer& values,
                            const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp, keys, values) {
    engine_.adopt_sorted();
  }

  /// @}

  /// The rows of a range, sorted by key. Equals keep their order; of a flat_map's the first stays.
  /// @throws      What reading, copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It, typename = detail::flags>
  DEFT_TAGGED flat_map_base(It first, It last, const Compare& comp = Compare()) : base(std::in_place, comp) {
    base::append(engine_.columns, std::move(first), std::move(last));
    engine_.adopt();
  }

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(It first, It last, const Alloc& alloc)
      : flat_map_base(std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(It first, It last, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    base::append(engine_.columns, std::move(first), std::move(last));
    engine_.adopt();
  }

  template <detail::range_of<value_type> R, typename = detail::flags>
  DEFT_TAGGED flat_map_base(from_range_t tag, R&& range)
      : flat_map_base(tag, std::forward<R>(range), Compare()) {}

  template <detail::range_of<value_type> R, typename = detail::flags>
  DEFT_TAGGED flat_map_base(from_range_t /*tag*/, R&& range, const Compare& comp)
      : base(std::in_place, comp) {
    base::append_range(engine_.columns, range);
    engine_.adopt();
  }

  template <detail::range_of<value_type> R, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(from_range_t tag, R&& range, const Alloc& alloc)
      : flat_map_base(tag, std::forward<R>(range), Compare(), alloc) {}

  template <detail::range_of<value_type> R, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(from_range_t /*tag*/, R&& range, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    base::append_range(engine_.columns, range);
    engine_.adopt();
  }

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(std::initializer_list<value_type> rows, const Alloc& alloc)
      : flat_map_base(rows.begin(), rows.end(), Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(std::initializer_list<value_type> rows, const Compare& comp, const Alloc& alloc)
      : flat_map_base(rows.begin(), rows.end(), comp, alloc) {}

  /// @}

  /// The rows of a range that is sorted by key already, a flat_map's without equals.
  /// @pre         As said; checked in O(n) at level `debug`.
  /// @throws      What reading and copying throw; std::bad_alloc.
  /// @complexity  O(n), no comparisons. @concurrency Independent.
  /// @{
  template <detail::input_iterator_like It, typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag /*tag*/, It first, It last, const Compare& comp = Compare())
      : base(std::in_place, comp) {
    base::append(engine_.columns, std::move(first), std::move(last));
    engine_.adopt_sorted();
  }

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag tag, It first, It last, const Alloc& alloc)
      : flat_map_base(tag, std::move(first), std::move(last), Compare(), alloc) {}

  template <detail::input_iterator_like It, detail::allocator_for<KeyContainer, MappedContainer> Alloc,
            typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag /*tag*/, It first, It last, const Compare& comp, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, comp) {
    base::append(engine_.columns, std::move(first), std::move(last));
    engine_.adopt_sorted();
  }

  template <typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag tag, std::initializer_list<value_type> rows,
                            const Compare& comp = Compare())
      : flat_map_base(tag, rows.begin(), rows.end(), comp) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag tag, std::initializer_list<value_type> rows, const Alloc& alloc)
      : flat_map_base(tag, rows.begin(), rows.end(), Compare(), alloc) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(sorted_tag tag, std::initializer_list<value_type> rows, const Compare& comp,
                            const Alloc& alloc)
      : flat_map_base(tag, rows.begin(), rows.end(), comp, alloc) {}

  /// @}

  /// A copy of `other`, or what it held, in containers under `alloc`; what is moved from is empty afterwards.
  /// @throws      What copying, or moving to another allocator, throws; std::bad_alloc.
  /// @complexity  O(n); O(1) for a move between equal allocators.
  /// @concurrency Reads `other`; exclusive access to it when moving.
  /// @{
  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(const flat_map_base& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, other.engine_) {}

  template <detail::allocator_for<KeyContainer, MappedContainer> Alloc, typename = detail::flags>
  DEFT_TAGGED flat_map_base(flat_map_base&& other, const Alloc& alloc)
      : base(std::in_place, std::allocator_arg, alloc, std::move(other.engine_)) {}

  /// @}

  /// Exchanges rows and comparators.
  /// @pre         The allocators are equal or propagate on swap, else traps.
  /// @throws      What swapping containers and comparators throws. @guarantee Basic: both empty.
  /// @complexity  O(1). @invalidates Nothing: iterators follow their rows.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED void swap(flat_map_base& other) noexcept(std::is_nothrow_swappable_v<KeyContainer> &&
                                                       std::is_nothrow_swappable_v<MappedContainer> &&
                                                       std::is_nothrow_swappable_v<Compare>) {
    DEFT_PRECONDITION(may_swap(this->keys(), other.keys()) && may_swap(this->values(), other.values()),
                      "swap of flat maps with unequal allocators");
    engine_.swap(other.engine_);
  }

  /// Compares row by row, key before value, by their own `==` and `<=>` (`<`), not by the comparator.
  /// @returns     Whether they are equal; how the first difference compares.
  /// @throws      What they throw. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  DEFT_TAGGED friend bool operator==(const flat_map_base& a, const flat_map_base& b)
    requires std::equality_comparable<Key> && std::equality_comparable<T>
  {
    return a.size() == b.size() && std::equal(a.keys().begin(), a.keys().end(), b.keys().begin()) &&
           std::equal(a.values().begin(), a.values().end(), b.values().begin());
  }

  DEFT_TAGGED friend auto operator<=>(const flat_map_base& a, const flat_map_base& b)
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

 protected:
  flat_map_base() = default;

  /// These rows in place of the old ones.
  DEFT_TAGGED void take_rows(std::initializer_list<value_type> rows) {
    typename base::containers columns = engine_.empty_columns();
    base::append(columns, rows.begin(), rows.end());
    typename base::engine_type next(engine_.comp, std::move(columns.keys), std::move(columns.values));
    next.adopt();
    engine_.replace(std::move(next.columns.keys), std::move(next.columns.values));
  }

 private:
  template <typename Container>
  DEFT_TAGGED static bool may_swap(const Container& a, const Container& b) noexcept {
    if constexpr (requires { a.get_allocator(); }) {
      using traits = std::allocator_traits<decltype(a.get_allocator())>;
      return traits::propagate_on_container_swap::value || a.get_allocator() == b.get_allocator();
    } else {
      return true;
    }
  }
};

}  // namespace deft
