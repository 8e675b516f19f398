/// @file
/// What a contiguous sorted container consists of: a comparator and a vector in its order. Keeps the two in
/// step through copies, moves and swaps, and knows where a new element belongs.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/detail/slack.hpp"
#include "deft/sorted/bisect.hpp"
#include "deft/sorted/detail/sorted_array.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"

namespace deft::detail {

template <typename T, typename Compare, typename Allocator>
class sorted_storage {
 public:
  using container_type = std::vector<T, Allocator>;
  using traits = std::allocator_traits<Allocator>;
  using staged = staged_element<container_type>;
  /// What every function that changes `items` holds meanwhile; those of this class do so themselves.
  using changing = open_slack<container_type>;

  static constexpr bool assignable_comparator =
      std::is_copy_constructible_v<Compare> && std::is_move_assignable_v<Compare>;
  static constexpr bool takes_storage =
      traits::propagate_on_container_move_assignment::value || traits::is_always_equal::value;

  DEFT_TAGGED sorted_storage()
    requires std::is_default_constructible_v<Compare>
      : comp(), items() {}

  DEFT_TAGGED sorted_storage(const Compare& order, const Allocator& alloc) : comp(order), items(alloc) {}

  DEFT_TAGGED sorted_storage(const Compare& order, container_type&& from)
      : comp(order), items(std::move(from)) {
    const changing closes_slack(items);
  }

  sorted_storage(const sorted_storage&) = default;

  DEFT_TAGGED sorted_storage(const sorted_storage& other, const Allocator& alloc)
      : comp(other.comp), items(alloc) {
    append(items, other.items);
  }

  // The comparator is copied: a moved-from one would leave `other` without an order.
  DEFT_TAGGED sorted_storage(sorted_storage&& other) noexcept(std::is_nothrow_copy_constructible_v<Compare>)
      : comp(other.comp), items(std::move(other.items)) {
    other.items.clear();
  }

  DEFT_TAGGED sorted_storage(sorted_storage&& other, const Allocator& alloc)
      : comp(other.comp), items(taken(other.items, alloc)) {}

  DEFT_TAGGED ~sorted_storage() { changing::open(items); }

  DEFT_TAGGED sorted_storage& operator=(const sorted_storage& other)
    requires assignable_comparator
  {
    if (this == &other) return *this;
    Compare order(other.comp);
    copy_items(other.items);
    assign_comparator(order);
    return *this;
  }

  DEFT_TAGGED sorted_storage& operator=(sorted_storage&& other) noexcept(
      takes_storage && std::is_nothrow_copy_constructible_v<Compare> &&
      std::is_nothrow_move_assignable_v<Compare>)
    requires assignable_comparator
  {
    if (this == &other) return *this;
    Compare order(other.comp);
    take_items(other.items);
    assign_comparator(order);
    return *this;
  }

  DEFT_TAGGED void swap(sorted_storage& other) noexcept(std::is_nothrow_swappable_v<Compare>) {
    if constexpr (!traits::propagate_on_container_swap::value && !traits::is_always_equal::value) {
      DEFT_PRECONDITION(items.get_allocator() == other.items.get_allocator(),
                        "swap of sorted sequences with unequal allocators");
    }
    using std::swap;
    swap(comp, other.comp);
    items.swap(other.items);
  }

  /// Replaces the elements by those of `from`, which is left empty.
  DEFT_TAGGED void take_items(container_type& from) {
    changing::open(from);
    const changing slack(items);
    if constexpr (takes_storage) {
      items = std::move(from);
      from.clear();
    } else {
      container_type next = taken(from, items.get_allocator());
      items.swap(next);
    }
  }

  template <typename R>
  DEFT_TAGGED static void append(container_type& to, R&& range) {
    if constexpr (std::ranges::sized_range<R>) {
      const auto n = static_cast<std::size_t>(std::ranges::size(range));
      to.reserve(detail::grown_capacity(to, n));
    }
    for (auto&& element : range) to.emplace_back(std::forward<decltype(element)>(element));
  }

  template <typename R>
  DEFT_TAGGED container_type batch_of(R&& range) const {
    container_type batch(items.get_allocator());
    append(batch, std::forward<R>(range));
    return batch;
  }

  DEFT_TAGGED void insert_batch(container_type& batch) {
    const changing slack(items);
    if (items.empty() && items.capacity() < batch.size()) {
      items.swap(batch);
    } else {
      detail::merge_batch(items, ordered_batch<container_type>{batch}, comp);
    }
  }

  /// After the equals. The end is tried first: ascending input then costs one comparison each.
  DEFT_TAGGED std::size_t position_right(const T& x) const {
    if (items.empty() || !detail::precedes(comp, x, items.back())) return items.size();
    return deft::bisect_right(all(), x, comparator());
  }

  /// As close before position `wanted` as the order allows.
  DEFT_TAGGED std::size_t position_near(std::size_t wanted, const T& x) const {
    if (wanted != 0 && detail::precedes(comp, x, items[wanted - 1])) {
      return deft::bisect_right(all().first(wanted), x, comparator());
    }
    if (wanted != items.size() && detail::precedes(comp, items[wanted], x)) {
      return wanted + deft::bisect_left(all().subspan(wanted), x, comparator());
    }
    return wanted;
  }

  DEFT_TAGGED bool is_sorted(const container_type& candidate) const {
    return detail::is_sorted_by(candidate, comp);
  }

  DEFT_TAGGED std::span<const T> all() const noexcept { return {items.data(), items.size()}; }

  /// By reference where the comparator has state: it may be expensive, or impossible, to copy. By value where
  /// it has none, so that deft::bisect_left recognises the natural order of numbers.
  DEFT_TAGGED decltype(auto) comparator() const noexcept {
    if constexpr (std::is_empty_v<Compare> && std::is_nothrow_copy_constructible_v<Compare>) {
      return Compare(comp);
    } else {
      return std::cref(comp);
    }
  }

  [[no_unique_address]] Compare comp;
  container_type items;

 private:
  // Takes over `from`, which is left empty, whatever happens.
  DEFT_TAGGED static container_type taken(container_type& from, const Allocator& alloc) {
    truncate_unless_dismissed emptied(from, 0);
    return container_type(std::move(from), alloc);
  }

  DEFT_TAGGED void copy_items(const container_type& from) {
    constexpr bool propagates = traits::propagate_on_container_copy_assignment::value;
    const changing slack(items);
    if constexpr (std::is_trivially_copyable_v<T> && std::is_copy_assignable_v<T> && !propagates) {
      items = from;  // reuses the capacity; nothing throws once the memory is there
    } else if constexpr (propagates) {
      // Not by move assignment: that propagates the allocator under another condition than copying does.
      container_type next(from, from.get_allocator());
      std::destroy_at(&items);
      std::construct_at(&items, std::move(next));
    } else {
      container_type next(from, items.get_allocator());
      items.swap(next);
    }
  }

  DEFT_TAGGED void assign_comparator(Compare& order) {
    const changing slack(items);
    truncate_unless_dismissed guard(items, 0);  // elements in an order that `comp` does not know
    comp = std::move(order);
    guard.dismiss();
  }
};

}  // namespace deft::detail
