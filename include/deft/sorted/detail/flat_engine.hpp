/// @file
/// The engine under flat_set, flat_multiset, flat_map and flat_multimap: a comparator and one or two
/// containers of equal length, the first of them sorted by it. Works with positions; iterators and the
/// standard's interface are the public classes'.
///
/// Every change asks the comparator first, then makes room, then moves. It is strong where no move throws,
/// and where those that may are of copyable types; else a sorted prefix remains, in all columns the same
/// number of elements.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/bisect.hpp"
#include "deft/sorted/detail/flat_batch.hpp"
#include "deft/sorted/detail/flat_column.hpp"
#include "deft/sorted/detail/flat_columns.hpp"

namespace deft::detail {

/// What the search for a row found: where its key is, or where it belongs.
struct flat_place {
  std::size_t at;
  bool present;
};

template <bool Unique, typename Compare, typename... Columns>
class flat_engine {
 public:
  using columns_type = flat_columns<Columns...>;
  using keys_type = typename columns_type::keys_type;
  using key_type = typename keys_type::value_type;

  // Public: the classes above read them. Only this class changes the columns' lengths.
  [[no_unique_address]] Compare comp;
  columns_type columns;

  DEFT_TAGGED flat_engine()
    requires std::default_initializable<Compare>
      : comp(), columns() {}

  DEFT_TAGGED explicit flat_engine(const Compare& order) : comp(order), columns() {}

  DEFT_TAGGED flat_engine(const Compare& order, Columns&&... from)
      : comp(order), columns{std::move(from)...} {}

  template <typename Alloc>
  DEFT_TAGGED flat_engine(std::allocator_arg_t /*tag*/, const Alloc& alloc, const Compare& order)
      : comp(order), columns{std::make_obj_using_allocator<Columns>(alloc)...} {}

  template <typename Alloc, typename... From>
    requires(sizeof...(From) == sizeof...(Columns))
  DEFT_TAGGED flat_engine(std::allocator_arg_t /*tag*/, const Alloc& alloc, const Compare& order,
                          From&&... from)
      : comp(order), columns{std::make_obj_using_allocator<Columns>(alloc, std::forward<From>(from))...} {}

  flat_engine(const flat_engine&) = default;

  // The comparator is copied: a moved-from one would leave `other` without an order.
  DEFT_TAGGED flat_engine(flat_engine&& other) noexcept(std::is_nothrow_copy_constructible_v<Compare> &&
                                                        (std::is_nothrow_move_constructible_v<Columns> &&
                                                         ...))
      : flat_engine(std::move(other), emptied(other)) {}

  template <typename Alloc>
  DEFT_TAGGED flat_engine(std::allocator_arg_t /*tag*/, const Alloc& alloc, const flat_engine& other)
      : comp(other.comp), columns(columns_type::under(alloc, other.columns)) {}

  template <typename Alloc>
  DEFT_TAGGED flat_engine(std::allocator_arg_t /*tag*/, const Alloc& alloc, flat_engine&& other)
      : flat_engine(std::allocator_arg, alloc, std::move(other), emptied(other)) {}

  ~flat_engine() = default;

  DEFT_TAGGED flat_engine& operator=(const flat_engine& other) {
    if (this == &other) return *this;
    Compare order(other.comp);
    columns_type next = columns.next_copy_of(other.columns);
    truncation guard(columns, 0);  // in an order that `comp` does not know
    columns.assign_copy(next);
    comp = std::move(order);
    guard.dismiss();
    return *this;
  }

  DEFT_TAGGED flat_engine& operator=(flat_engine&& other) noexcept(
      std::is_nothrow_copy_constructible_v<Compare> && std::is_nothrow_move_assignable_v<Compare> &&
      (std::is_nothrow_move_assignable_v<Columns> && ...)) {
    if (this == &other) return *this;
    Compare order(other.comp);
    const truncation emptied(other.columns, 0);
    columns.take(other.columns);
    truncation guard(columns, 0);
    comp = std::move(order);
    guard.dismiss();
    return *this;
  }

  DEFT_TAGGED void swap(flat_engine& other) noexcept(std::is_nothrow_swappable_v<Compare> &&
                                                     (std::is_nothrow_swappable_v<Columns> && ...)) {
    truncation mine(columns, 0);
    truncation theirs(other.columns, 0);
    using std::swap;
    swap(comp, other.comp);
    columns.swap(other.columns);
    mine.dismiss();
    theirs.dismiss();
  }

  /// Sorts what the columns hold; of equals the first stays where keys are unique.
  DEFT_TAGGED void adopt() {
    columns.check_lengths();
    truncation guard(columns, 0);
    detail::sort_columns<Unique>(columns, comp);
    guard.dismiss();
  }

  DEFT_TAGGED void adopt_sorted() const {
    columns.check_lengths();
    check_order(columns);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return columns.keys.size(); }

  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED std::size_t lower(const Needle& x) const {
    return deft::bisect_left(searched(), x, comparator());
  }

  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED std::size_t upper(const Needle& x) const {
    return deft::bisect_right(searched(), x, comparator());
  }

  /// The first equivalent, or size().
  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED std::size_t find(const Needle& x) const {
    const std::size_t i = lower(x);
    return is_at(i, x) ? i : size();
  }

  /// The bounds of the run equivalent to `x`.
  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED std::pair<std::size_t, std::size_t> equal(const Needle& x) const {
    const std::size_t first = lower(x);
    // Most runs are empty or short: look at one element before searching again.
    if (!is_at(first, x)) return {first, first};
    // Under a transparent comparator a needle may equal several unique keys.
    if constexpr (Unique && std::is_same_v<Needle, key_type>) return {first, first + 1};
    return {first, upper(x)};
  }

  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED flat_place place_for(const Needle& x) const {
    check_itself(x);
    const std::size_t n = size();
    // The end is tried first: ascending input then costs one comparison each.
    if (n == 0 || detail::precedes(comp, key(n - 1), x)) return {n, false};
    if constexpr (Unique) {
      const std::size_t i = lower(x);
      return {i, is_at(i, x)};
    } else {
      return {upper(x), false};
    }
  }

  /// As close before position `hint` as the order allows.
  template <typename Needle>
  [[nodiscard]] DEFT_TAGGED flat_place place_for(std::size_t hint, const Needle& x) const {
    check_itself(x);
    const std::size_t n = size();
    if constexpr (Unique) {
      const bool after_previous = hint == 0 || detail::precedes(comp, key(hint - 1), x);
      if (after_previous && hint == n) return {n, false};
      if (after_previous && detail::precedes(comp, x, key(hint))) return {hint, false};
      if (after_previous && !detail::precedes(comp, key(hint), x)) return {hint, true};
      return place_for(x);
    } else {
      if (hint != 0 && detail::precedes(comp, x, key(hint - 1)))
        return {deft::bisect_right(searched(), x, bounds{0, hint}, comparator()), false};
      if (hint != n && detail::precedes(comp, key(hint), x))
        return {deft::bisect_left(searched(), x, bounds{hint, n}, comparator()), false};
      return {hint, false};
    }
  }

  /// Each part is the tuple of what one column's element is made from, which may refer into the container.
  template <typename... Parts>
  DEFT_TAGGED void insert_at(std::size_t at, Parts&&... parts) {
    flat_row<Columns...> row(columns, std::forward<Parts>(parts)...);
    insert_row(at, row);
  }

  /// Builds the row first and looks for its place by the finished key.
  template <typename... Parts>
  DEFT_TAGGED flat_place emplace(Parts&&... parts) {
    flat_row<Columns...> row(columns, std::forward<Parts>(parts)...);
    const flat_place place = place_for(std::as_const(row.key()));
    if (!place.present) insert_row(place.at, row);
    return place;
  }

  /// emplace as close before position `hint` as the order allows.
  template <typename... Parts>
  DEFT_TAGGED flat_place emplace_near(std::size_t hint, Parts&&... parts) {
    flat_row<Columns...> row(columns, std::forward<Parts>(parts)...);
    const flat_place place = place_for(hint, std::as_const(row.key()));
    if (!place.present) insert_row(place.at, row);
    return place;
  }

  /// Columns for a batch, of the same allocators.
  [[nodiscard]] DEFT_TAGGED columns_type empty_columns() const { return columns.empty_ones(); }

  /// One row at the end of a batch.
  template <typename... Parts>
  DEFT_TAGGED static void append(columns_type& to, Parts&&... parts) {
    to.append(std::forward<Parts>(parts)...);
  }

  /// Inserts a batch, equals in the order in which they come and after those that are here; where keys are
  /// unique, the first wins. What is left in `batch` is unspecified.
  DEFT_TAGGED void insert_batch(columns_type& batch, bool sorted) {
    if (sorted) {
      check_order(batch);
    } else {
      detail::sort_columns<Unique>(batch, comp);
    }
    if (batch.keys.empty()) return;
    if (columns.keys.empty() && columns.takes_less_than(batch)) {
      columns.swap(batch);
    } else {
      detail::merge_columns<Unique>(columns, batch, comp);
    }
  }

  DEFT_TAGGED void erase(std::size_t first, std::size_t last) {
    if (first != last) detail::change_columns(columns, removal{first, last});
  }

  /// Removes the rows at the positions for which drop(position) holds; asks about all before any moves.
  template <typename Predicate>
  DEFT_TAGGED std::size_t erase_where(Predicate drop) {
    const std::size_t n = size();
    std::vector<bool> dropped(n);
    std::size_t count = 0;
    std::size_t first = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (!static_cast<bool>(drop(i))) continue;
      dropped[i] = true;
      if (count++ == 0) first = i;
    }
    if (count != 0) detail::change_columns(columns, filtering{dropped, first});
    return count;
  }

  DEFT_TAGGED void clear() noexcept { columns.clear(); }

  DEFT_TAGGED columns_type extract() noexcept((std::is_nothrow_move_constructible_v<Columns> && ...)) {
    const truncation emptied(columns, 0);
    return std::move(columns);
  }

  /// Takes sorted columns in place of these.
  DEFT_TAGGED void replace(Columns&&... from) {
    truncation guard(columns, 0);
    columns.assign(std::move(from)...);
    adopt_sorted();
    guard.dismiss();
  }

 private:
  using truncation = truncate_columns_unless_dismissed<columns_type>;

  // Two steps, so that `other` is empty whatever happens.
  DEFT_TAGGED static truncation emptied(flat_engine& other) noexcept { return truncation(other.columns, 0); }

  DEFT_TAGGED flat_engine(flat_engine&& other, const truncation& /*empties it*/)
      : comp(other.comp), columns(std::move(other.columns)) {}

  template <typename Alloc>
  DEFT_TAGGED flat_engine(std::allocator_arg_t /*tag*/, const Alloc& alloc, flat_engine&& other,
                          const truncation& /*empties it*/)
      : comp(other.comp), columns(columns_type::under(alloc, std::move(other.columns))) {}

  DEFT_TAGGED decltype(auto) key(std::size_t i) const {
    return columns.keys.begin()[static_cast<typename keys_type::difference_type>(i)];
  }

  template <typename Needle>
  DEFT_TAGGED bool is_at(std::size_t i, const Needle& x) const {
    return i != size() && !detail::precedes(comp, x, key(i));
  }

  DEFT_TAGGED void check_order([[maybe_unused]] const columns_type& said_to_be_sorted) const {
    DEFT_DEBUG_CHECK(detail::holds_no_nan(said_to_be_sorted.keys), "flat container: a key is NaN");
    DEFT_DEBUG_CHECK((detail::is_in_order<Unique>(said_to_be_sorted.keys, comp)),
                     "flat container: input said to be sorted is not");
  }

  template <typename Needle>
  DEFT_TAGGED static void check_itself([[maybe_unused]] const Needle& x) {
    if constexpr (std::is_floating_point_v<Needle>) DEFT_DEBUG_CHECK(x == x, "flat container: a key is NaN");
  }

  DEFT_TAGGED decltype(auto) searched() const noexcept {
    if constexpr (std::ranges::contiguous_range<const keys_type&>) {
      // Not data(), which a sequence container need not have.
      return std::span<const key_type>(std::ranges::data(columns.keys), columns.keys.size());
    } else {
      return static_cast<const keys_type&>(columns.keys);
    }
  }

  /// By reference where the comparator has state: it may be expensive, or impossible, to copy. By value where
  /// it has none, so that deft::bisect_left recognises the natural order of numbers.
  DEFT_TAGGED decltype(auto) comparator() const noexcept {
    if constexpr (std::is_empty_v<Compare> && std::is_nothrow_copy_constructible_v<Compare>) {
      return Compare(comp);
    } else {
      return std::cref(comp);
    }
  }

  DEFT_TAGGED void insert_row(std::size_t at, flat_row<Columns...>& row) {
    const insertion change{at};
    detail::change_columns(columns, change, row);
  }
};

}  // namespace deft::detail
