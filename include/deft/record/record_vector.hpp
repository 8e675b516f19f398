/// @file
/// deft::record_vector: a table of a plain aggregate, stored by columns.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/record/record_vector_row.hpp"
#include "deft/record/record_vector_shared.hpp"
#include "deft/record/record_vector_update.hpp"

namespace deft {

/// A std::vector of a plain struct, whose fields lie in columns: what reads one field touches only that one.
///
/// Use it where loops read some of many fields, where memory counts (bools take a bit, bounded integers the
/// bytes their domain needs, an optional one bit more than its value), or where columns go to other programs:
/// share() hands them out as they lie. Do *not* use it where rows are read whole in random order: each column
/// is a cache line of its own. Fields are those that `deft::packed` takes, nested aggregates and other
/// trivially copyable types (as they are), and std::string.
///
/// Rows are not objects of T: `v[i]` and iterators give a `row` that looks into the columns (see basic_row);
/// `T(v[i])` copies it out. Iterators are random access for std::ranges, whose sort, with
/// `deft::project<&T::x>`, works; sort_by is faster and stable. There is no data().
///
/// Differences from std::vector: growth takes every allocator's memory in one block aligned to 64 bytes;
/// elements are never constructed by the allocator; every failed change leaves the table as it was, also in
/// the middle. While a shared_table of it lives, the first change copies the table into memory of its own.
///
/// Memory per row: see `bytes_per_row()`; capacity comes in steps of 64 rows. Layout, for `capacity` rows:
///
///     | texts' header | column of bytes | ... | bit-packed column | bitmap | ... |    each at 64 * k bytes
///
/// characters of std::string columns in one more allocation per column.
///
/// Threads: any number of concurrent readers, or one writer. Bits of neighbouring rows share bytes: threads
/// that write different rows at the same time take rows from a multiple of 64 to another each, and write no
/// texts.
template <typename T, typename Layout = byte_columns, typename Allocator = std::allocator<T>>
class record_vector : public table_update<T, Layout, Allocator> {
  using update = table_update<T, Layout, Allocator>;
  using typename update::layout;
  using typename update::storage;
  using update::block_;
  using update::size_;

 public:
  using typename update::size_type;

  using update::append;
  using update::append_range;
  using update::clear;
  using update::resize;

  /// An empty table; allocates nothing.
  /// @complexity  O(1). @concurrency Independent.
  /// @{
  DEFT_TAGGED record_vector() noexcept(noexcept(Allocator()))
    requires std::default_initializable<Allocator>
      : update(Allocator()) {}

  DEFT_TAGGED explicit record_vector(const Allocator& alloc) noexcept : update(alloc) {}

  /// @}

  /// `count` rows, of T{} or of `value`.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @complexity  O(count). @concurrency Independent.
  /// @{
  DEFT_TAGGED explicit record_vector(size_type count, const Allocator& alloc = Allocator()) : update(alloc) {
    resize(count);
  }

  DEFT_TAGGED record_vector(size_type count, const T& value, const Allocator& alloc = Allocator())
      : update(alloc) {
    resize(count, value);
  }

  /// @}

  /// The rows of a range, of a list, or of a shared table.
  /// @throws      std::length_error beyond max_size(); what reading the range and the allocator throw.
  /// @complexity  O(n). @concurrency Independent.
  /// @{
  template <std::input_iterator It>
    requires std::convertible_to<std::iter_reference_t<It>, T>
  DEFT_TAGGED record_vector(It first, It last, const Allocator& alloc = Allocator()) : update(alloc) {
    append_range(std::ranges::subrange(std::move(first), std::move(last)));
  }

  DEFT_TAGGED record_vector(std::initializer_list<T> rows, const Allocator& alloc = Allocator())
      : update(alloc) {
    append_range(rows);
  }

  DEFT_TAGGED explicit record_vector(const shared_table<T, Layout>& table,
                                     const Allocator& alloc = Allocator())
      : update(alloc) {
    append(table);
  }

  /// @}

  /// A copy, which never shares memory.
  /// @throws      What the allocator throws.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED record_vector(const record_vector& other)
      : record_vector(other, std::allocator_traits<Allocator>::select_on_container_copy_construction(
                                 other.get_allocator())) {}

  DEFT_TAGGED record_vector(const record_vector& other, const std::type_identity_t<Allocator>& alloc)
      : update(alloc) {
    append(other);
  }

  /// @}

  /// Takes the columns of `other`, which is empty afterwards; with an allocator that is not equal to other's,
  /// copies them.
  /// @throws      Only where it copies: what the allocator throws.
  /// @complexity  O(1), or O(n). @concurrency Exclusive access to `other`.
  /// @{
  DEFT_TAGGED record_vector(record_vector&& other) noexcept : update(other.get_allocator()) {
    this->swap_blocks(other);
  }

  DEFT_TAGGED record_vector(record_vector&& other, const std::type_identity_t<Allocator>& alloc)
      : update(alloc) {
    if (this->get_allocator() == other.get_allocator()) {
      this->swap_blocks(other);
    } else {
      append(other);
      other.clear();
    }
  }

  /// @}

  /// Replaces the rows.
  /// @returns     *this.
  /// @throws      What the allocator throws, unless it moves columns.
  /// @guarantee   Strong. @complexity O(n), moving O(1) and freeing. @invalidates Everything.
  /// @concurrency Exclusive access to *this, and to `other` where that is moved from.
  /// @{
  DEFT_TAGGED record_vector& operator=(const record_vector& other) {
    if (this != &other) {
      constexpr bool propagates =
          std::allocator_traits<Allocator>::propagate_on_container_copy_assignment::value;
      record_vector copy(other, propagates ? other.get_allocator() : this->get_allocator());
      this->swap_all(copy);
    }
    return *this;
  }

  DEFT_TAGGED record_vector& operator=(record_vector&& other) noexcept(storage::moves_by_pointer) {
    if (this == &other) return *this;
    constexpr bool propagates =
        std::allocator_traits<Allocator>::propagate_on_container_move_assignment::value;
    record_vector taken(std::move(other), propagates ? other.get_allocator() : this->get_allocator());
    this->swap_all(taken);
    return *this;
  }

  DEFT_TAGGED record_vector& operator=(std::initializer_list<T> rows) {
    assign(rows.begin(), rows.end());
    return *this;
  }

  DEFT_TAGGED void assign(size_type count, const T& value) {
    record_vector made(this->get_allocator());
    made.reserve(count < this->capacity() ? this->capacity() : count);
    made.resize(count, value);
    this->swap_blocks(made);
  }

  template <std::input_iterator It>
    requires std::convertible_to<std::iter_reference_t<It>, T>
  DEFT_TAGGED void assign(It first, It last) {
    record_vector made(this->get_allocator());
    made.reserve(this->capacity());
    made.append_range(std::ranges::subrange(std::move(first), std::move(last)));
    this->swap_blocks(made);
  }

  DEFT_TAGGED void assign(std::initializer_list<T> rows) { assign(rows.begin(), rows.end()); }

  /// @}

  /// Exchanges two tables.
  /// @pre         The allocators are equal, or propagate on swap; else traps.
  /// @complexity  O(1). @invalidates Nothing: rows and spans stay with the columns.
  /// @concurrency Exclusive access to both.
  /// @{
  DEFT_TAGGED void swap(record_vector& other) noexcept {
    constexpr bool propagates = std::allocator_traits<Allocator>::propagate_on_container_swap::value;
    if constexpr (propagates) {
      this->swap_all(other);
    } else {
      DEFT_PRECONDITION(this->get_allocator() == other.get_allocator(),
                        "record_vector: swap of tables whose allocators differ");
      this->swap_blocks(other);
    }
  }

  DEFT_TAGGED friend void swap(record_vector& a, record_vector& b) noexcept { a.swap(b); }

  /// @}

  /// A table of the rows at some positions, in that order; one may come several times.
  /// @returns     The table, with this one's allocator.
  /// @pre         Every position is below size(), else traps.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @complexity  O(positions) for each column. @concurrency Concurrent reads.
  template <std::ranges::input_range R>
    requires std::integral<std::ranges::range_value_t<R>>
  [[nodiscard]] DEFT_TAGGED record_vector take(R&& positions) const {
    const std::vector<size_type> rows = this->checked_positions(std::forward<R>(positions));
    record_vector taken(this->get_allocator());
    taken.gather_from(*this, rows);
    return taken;
  }

  /// An immutable table with these columns, at the same addresses. While it or a copy lives, the next change
  /// of this table (any use of a member that could change it) copies the columns first.
  /// @returns     The shared table. `std::move(v).share()` leaves `v` empty.
  /// @throws      std::bad_alloc; where texts are not in order, what the allocator throws.
  /// @guarantee   Strong.
  /// @complexity  O(columns); O(characters) where texts are not in order.
  /// @invalidates Rows, iterators and spans for writing. @concurrency Exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED shared_table<T, Layout> share() & {
    this->make_shared();
    return shared_table<T, Layout>(this->shared_, block_, size_);
  }

  [[nodiscard]] DEFT_TAGGED shared_table<T, Layout> share() && {
    this->make_shared();
    shared_table<T, Layout> shared(this->shared_, block_, size_);
    this->release();
    return shared;
  }

  /// @}

  /// Bytes that a row takes in the columns, its texts' characters aside; bits count an eighth.
  /// @returns     The number.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr double bytes_per_row() noexcept {
    return static_cast<double>(layout::where.bytes) + static_cast<double>(layout::where.bits) / 8;
  }
};

inline namespace DEFT_TAG {

/// Removes all rows for which `pred(row)` holds; it is asked for all before the first one goes.
/// @returns     How many went.
/// @throws      What `pred` throws, std::bad_alloc; as record_vector's operator[].
/// @guarantee   Strong. @complexity O(n). @invalidates From the first removed row on.
/// @concurrency Exclusive access to `table`.
template <typename T, typename Layout, typename Allocator, typename Pred>
  requires std::predicate<Pred&, basic_row<T, Layout, true>>
std::size_t erase_if(record_vector<T, Layout, Allocator>& table, Pred pred) {
  return table.erase_where(pred);
}

}  // namespace DEFT_TAG

namespace pmr {

/// A record_vector in a memory resource, which must outlive what share() gives.
template <typename T, typename Layout = byte_columns>
using record_vector = deft::record_vector<T, Layout, std::pmr::polymorphic_allocator<T>>;

}  // namespace pmr

}  // namespace deft
