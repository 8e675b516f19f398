/// @file
/// What record_vector has for rows that come, go and change places.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/record/record_vector_access.hpp"
#include "deft/record/record_vector_base.hpp"
#include "deft/record/record_vector_row.hpp"

namespace deft {

namespace detail {
inline namespace DEFT_TAG {

// Fields may be left out, as in braces.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

template <typename T, typename... Args>
[[nodiscard]] T make_aggregate(Args&&... args) {
  return T{std::forward<Args>(args)...};
}

#pragma GCC diagnostic pop

}  // namespace DEFT_TAG
}  // namespace detail

/// The part of record_vector that changes how many rows there are, and their order. Not for use by itself.
///
/// Every function that fails leaves the table as it was.
template <typename T, typename Layout, typename Allocator>
class table_update : public table_access<T, Layout, Allocator> {
 protected:
  using access = table_access<T, Layout, Allocator>;
  using access::block_;
  using access::size_;
  using typename access::layout;
  using typename access::moves;
  using typename access::storage;
  template <auto Key>
  static constexpr std::size_t number = detail::field_key<T, Key>();

 public:
  using access::begin;
  using access::capacity;
  using typename access::const_iterator;
  using typename access::const_row;
  using typename access::difference_type;
  using typename access::iterator;
  using typename access::row;
  using typename access::size_type;

  /// Makes room for `rows` rows in all, or gives up room that is not used.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @guarantee   Strong. @complexity O(n). @invalidates Everything, if it allocates.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED void reserve(size_type rows) {
    this->check_rows(rows);
    if (rows > capacity()) this->reallocate(rows);
  }

  DEFT_TAGGED void shrink_to_fit() {
    if (size_ == 0) {
      this->release();
    } else if (layout::rounded_capacity(storage::places(size_)) < block_.capacity) {
      this->reallocate(size_);
    }
  }

  /// @}

  /// Changes the number of rows; new ones are T{}, or copies of `value`.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @guarantee   Strong. @complexity O(rows that come or go), O(n) on growth.
  /// @invalidates What goes; everything on growth. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED void resize(size_type count) { resize(count, T{}); }

  DEFT_TAGGED void resize(size_type count, const T& value) {
    if (count <= size_) {
      this->truncate(count);
      return;
    }
    this->make_room(count - size_);
    moves::reserve_texts(block_, value, count - size_);
    for (; size_ < count; ++size_) moves::append_row(block_, size_, value);
    moves::set_rows(block_, size_);
  }

  /// @}

  /// Changes the number of rows; new plain values that are not optional are whatever lies there, to be
  /// written through column(). All other new fields are as in T{}.
  /// @throws      As resize. @guarantee Strong. @complexity As resize. @invalidates As resize.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED void resize_for_overwrite(size_type count) {
    if (count <= size_) {
      this->truncate(count);
      return;
    }
    this->make_room(count - size_);
    const T value{};
    moves::reserve_texts(block_, value, count - size_);
    this->append_unplain(count, value);
  }

  /// Adds a row behind the last.
  /// @returns     emplace_back(): the row.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @guarantee   Strong. @complexity O(fields), amortised. @invalidates Everything on growth.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED void push_back(const T& value) {
    if (size_ >= this->limit_) [[unlikely]] {
      this->make_room(1);
    }
    moves::reserve_texts(block_, value);
    moves::append_row(block_, size_, value);
    ++size_;
    moves::set_rows(block_, size_);
  }

  template <typename... Args>
    requires requires(Args&&... args) { T{std::forward<Args>(args)...}; }
  DEFT_TAGGED row emplace_back(Args&&... args) {
    push_back(detail::make_aggregate<T>(std::forward<Args>(args)...));
    return detail::row_access::make<row>(block_, size_ - 1);
  }

  /// @}

  /// Removes the last row.
  /// @pre         Not empty, else traps.
  /// @throws      As operator[]. @guarantee Strong. @complexity O(fields). @invalidates The last row.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED void pop_back() {
    DEFT_PRECONDITION(size_ != 0, "record_vector: pop_back() of an empty table");
    this->truncate(size_ - 1);
  }

  /// Adds rows behind the last: of another table column by column (this one may be the other), of any range
  /// one by one.
  /// @throws      std::length_error beyond max_size(); what reading the range and the allocator throw.
  /// @guarantee   Strong. @complexity O(new rows), O(n) on growth. @invalidates Everything on growth.
  /// @concurrency Exclusive access to *this; reads `other`.
  /// @{
  DEFT_TAGGED void append(const table_base<T, Layout>& other) { this->append_table(other); }

  template <std::ranges::input_range R>
    requires std::convertible_to<std::ranges::range_reference_t<R>, T>
  DEFT_TAGGED void append_range(R&& range) {
    if constexpr (std::derived_from<std::remove_cvref_t<R>, table_base<T, Layout>>) {
      append(range);
    } else if constexpr (std::ranges::contiguous_range<R> && std::ranges::sized_range<R>) {
      const auto count = static_cast<size_type>(std::ranges::size(range));
      const typename storage::restoring_size restore(*this);
      if (count != 0) this->make_room(count);
      for (auto&& element : range) push_back(std::forward<decltype(element)>(element));
      restore.keep();
    } else {
      // Perhaps of rows of this table, which growth would take away.
      table_update batch(this->get_allocator());
      if constexpr (std::ranges::sized_range<R>) {
        batch.reserve(static_cast<size_type>(std::ranges::size(range)));
      }
      for (auto&& element : range) batch.push_back(std::forward<decltype(element)>(element));
      append(batch);
    }
  }

  /// @}

  /// Adds rows from one range per field, in declaration order, of whatever the fields can be made from.
  /// @pre         The ranges are equally long, else traps.
  /// @throws      std::out_of_range for a value outside its field's domain; as append_range.
  /// @guarantee   Strong. @complexity As append_range. @invalidates As append_range.
  /// @concurrency Exclusive access to *this.
  template <std::ranges::input_range... R>
    requires(sizeof...(R) == layout::fields && (std::ranges::sized_range<R> && ...))
  DEFT_TAGGED void append_columns(R&&... columns) {
    const size_type counts[] = {static_cast<size_type>(std::ranges::size(columns))...};
    DEFT_PRECONDITION(std::ranges::all_of(counts, [&](size_type n) { return n == counts[0]; }),
                      "record_vector: append_columns of ranges that differ in length");
    if (counts[0] == 0) return;
    this->append_each_column(counts[0], std::forward<R>(columns)...);
  }

  /// Inserts rows in front of `position`: one, copies of one, a list, a range (of this table, too).
  /// @returns     Iterator to the first new row.
  /// @throws      std::length_error beyond max_size(); what reading the range and the allocator throw.
  /// @guarantee   Strong. @complexity O(n). @invalidates From `position` on; everything on growth.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator insert(const_iterator position, const T& value) { return insert(position, 1, value); }

  DEFT_TAGGED iterator insert(const_iterator position, size_type count, const T& value) {
    const size_type i = this->index_of(position);
    if (count == 0) return begin() + static_cast<difference_type>(i);
    this->make_room(count);
    moves::reserve_texts(block_, value, count);
    moves::open_gap(block_, i, count, size_);
    for (size_type n = 0; n < count; ++n) moves::append_row(block_, i + n, value);
    size_ += count;
    return detail::row_access::make<iterator>(block_, i);
  }

  template <std::ranges::input_range R>
    requires std::convertible_to<std::ranges::range_reference_t<R>, T>
  DEFT_TAGGED iterator insert_range(const_iterator position, R&& range) {
    const size_type i = this->index_of(position);
    table_update batch(this->get_allocator());
    batch.append_range(std::forward<R>(range));
    if (!batch.empty()) this->insert_table(i, batch);
    return begin() + static_cast<difference_type>(i);
  }

  template <std::input_iterator It>
    requires std::convertible_to<std::iter_reference_t<It>, T>
  DEFT_TAGGED iterator insert(const_iterator position, It first, It last) {
    return insert_range(position, std::ranges::subrange(std::move(first), std::move(last)));
  }

  DEFT_TAGGED iterator insert(const_iterator position, std::initializer_list<T> rows) {
    return insert_range(position, rows);
  }

  template <typename... Args>
    requires requires(Args&&... args) { T{std::forward<Args>(args)...}; }
  DEFT_TAGGED iterator emplace(const_iterator position, Args&&... args) {
    return insert(position, detail::make_aggregate<T>(std::forward<Args>(args)...));
  }

  /// @}

  /// Removes rows: one, some, those for which `pred(row)` holds (erase_if is the same), all.
  /// @returns     Iterator to the row behind; erase_range, erase_where: how many went. erase_range is
  /// half-open
  ///              and clamps, as Python's `del v[i:j]`.
  /// @pre         erase: the rows are of this table, else traps.
  /// @throws      What `pred` throws, std::bad_alloc; as operator[].
  /// @guarantee   Strong. @complexity O(n). @invalidates From the first removed row on.
  /// @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED iterator erase(const_iterator position) { return erase(position, position + 1); }

  DEFT_TAGGED iterator erase(const_iterator first, const_iterator last) {
    const size_type i = this->index_of(first);
    const size_type j = this->index_of(last);
    DEFT_PRECONDITION(i <= j, "record_vector: erase(first, last) with last before first");
    this->erase_rows(i, j);
    return begin() + static_cast<difference_type>(i);
  }

  DEFT_TAGGED size_type erase_range(size_type i, size_type j) {
    const size_type last = std::min(j, size_);
    if (i >= last) return 0;
    this->erase_rows(i, last);
    return last - i;
  }

  template <typename Pred>
    requires std::predicate<Pred&, const_row>
  DEFT_TAGGED size_type erase_where(Pred&& pred) {
    return this->keep_rows([&](const const_row each) { return !static_cast<bool>(pred(each)); });
  }

  DEFT_TAGGED void clear() {
    if (this->is_shared()) {
      this->release();
    } else {
      this->truncate(0);
    }
  }

  /// @}

  /// Sorts the rows by some fields, the first one deciding first; stable. For the order see argsort_by.
  /// @throws      What `comp` and the allocator throw.
  /// @guarantee   Strong. @complexity As argsort_by, and O(n) for each column; a second block meanwhile.
  /// @invalidates Everything. @concurrency Exclusive access to *this.
  template <auto... Keys, typename Compare = std::ranges::less>
    requires(sizeof...(Keys) != 0)
  DEFT_TAGGED void sort_by(Compare comp = {}) {
    if (size_ <= std::numeric_limits<std::uint32_t>::max()) {
      this->rearrange(this->template order_by<std::uint32_t, number<Keys>...>(comp));
    } else {
      this->rearrange(this->template order_by<std::uint64_t, number<Keys>...>(comp));
    }
  }

  /// Rearranges the rows: row i becomes what row order[i] was.
  /// @pre         `order` holds each of [0, size()) once: its length and bounds are checked and trap, that no
  ///              position comes twice is checked at level `debug`.
  /// @throws      What the allocator throws.
  /// @guarantee   Strong. @complexity O(n) for each column; a second block meanwhile. @invalidates
  /// Everything.
  /// @concurrency Exclusive access to *this.
  template <std::ranges::input_range R>
    requires std::integral<std::ranges::range_value_t<R>>
  DEFT_TAGGED void permute(R&& order) {
    const std::vector<size_type> rows = this->checked_positions(std::forward<R>(order));
    DEFT_PRECONDITION(rows.size() == size_, "record_vector: permute(order) with an order of another length");
    DEFT_DEBUG_CHECK(storage::each_once(rows), "record_vector: permute(order) with a position twice");
    this->rearrange(rows);
  }

 protected:
  DEFT_TAGGED explicit table_update(const Allocator& alloc) noexcept : access(alloc) {}
};

}  // namespace deft
