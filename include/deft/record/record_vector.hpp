/// @file
/// deft::record_vector: a table of a plain aggregate, stored by columns.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/record/detail/table_storage.hpp"
#include "deft/record/record_vector_base.hpp"
#include "deft/record/record_vector_row.hpp"
#include "deft/record/record_vector_shared.hpp"

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
class record_vector : public detail::table_storage<T, Layout, Allocator> {
  using storage = detail::table_storage<T, Layout, Allocator>;
  using base = table_base<T, Layout>;
  using storage::block_;
  using storage::size_;
  using typename storage::layout;
  using typename storage::moves;
  template <auto Key>
  static constexpr std::size_t number = base::template number<Key>;

 public:
  using row = basic_row<T, Layout, false>;
  using reference = row;
  using iterator = table_iterator<T, Layout, false>;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using allocator_type = Allocator;
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::const_reverse_iterator;
  using typename base::const_row;
  using typename base::difference_type;
  using typename base::size_type;
  using typename base::value_type;

  using base::at;
  using base::back;
  using base::begin;
  using base::column;
  using base::columns;
  using base::end;
  using base::front;
  using base::rbegin;
  using base::rend;
  using base::operator[];
  using storage::capacity;
  using storage::max_size;

  /// An empty table; allocates nothing.
  /// @complexity  O(1). @concurrency Independent.
  /// @{
  DEFT_TAGGED record_vector() noexcept(noexcept(Allocator()))
    requires std::default_initializable<Allocator>
      : storage(Allocator()) {}

  DEFT_TAGGED explicit record_vector(const Allocator& alloc) noexcept : storage(alloc) {}

  /// @}

  /// `count` rows, of T{} or of `value`.
  /// @throws      std::length_error beyond max_size(); what the allocator throws.
  /// @complexity  O(count). @concurrency Independent.
  /// @{
  DEFT_TAGGED explicit record_vector(size_type count, const Allocator& alloc = Allocator()) : storage(alloc) {
    resize(count);
  }

  DEFT_TAGGED record_vector(size_type count, const T& value, const Allocator& alloc = Allocator())
      : storage(alloc) {
    resize(count, value);
  }

  /// @}

  /// The rows of a range, of a list, or of a shared table.
  /// @throws      std::length_error beyond max_size(); what reading the range and the allocator throw.
  /// @complexity  O(n). @concurrency Independent.
  /// @{
  template <std::input_iterator It>
    requires std::convertible_to<std::iter_reference_t<It>, T>
  DEFT_TAGGED record_vector(It first, It last, const Allocator& alloc = Allocator()) : storage(alloc) {
    append_range(std::ranges::subrange(std::move(first), std::move(last)));
  }

  DEFT_TAGGED record_vector(std::initializer_list<T> rows, const Allocator& alloc = Allocator())
      : storage(alloc) {
    append_range(rows);
  }

  DEFT_TAGGED explicit record_vector(const shared_table<T, Layout>& table,
                                     const Allocator& alloc = Allocator())
      : storage(alloc) {
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
      : storage(alloc) {
    append(other);
  }

  /// @}

  /// Takes the columns of `other`, which is empty afterwards; with an allocator that is not equal to other's,
  /// copies them.
  /// @throws      Only where it copies: what the allocator throws.
  /// @complexity  O(1), or O(n). @concurrency Exclusive access to `other`.
  /// @{
  DEFT_TAGGED record_vector(record_vector&& other) noexcept : storage(other.get_allocator()) {
    this->swap_blocks(other);
  }

  DEFT_TAGGED record_vector(record_vector&& other, const std::type_identity_t<Allocator>& alloc)
      : storage(alloc) {
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
    record_vector made(count, value, this->get_allocator());
    this->swap_blocks(made);
  }

  template <std::input_iterator It>
    requires std::convertible_to<std::iter_reference_t<It>, T>
  DEFT_TAGGED void assign(It first, It last) {
    record_vector made(std::move(first), std::move(last), this->get_allocator());
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

  /// A row for reading and writing. The first use after share() copies the table, while it is shared.
  /// @returns     The row, which looks into this table.
  /// @pre         i < size(); front() and back(): not empty; else traps.
  /// @throws      at(): std::out_of_range; where it copies, what the allocator throws.
  /// @guarantee   Strong. @complexity O(1); O(n) where it copies. @invalidates Everything where it copies.
  /// @concurrency Exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED row operator[](size_type i) & {
    DEFT_PRECONDITION(i < size_, "record_vector: [i] is outside [0, size())");
    this->make_writable();
    return detail::row_access::make<row>(block_, i);
  }

  [[nodiscard]] DEFT_TAGGED row at(size_type i) & {
    if (i >= size_) detail::throw_out_of_range("deft::record_vector::at: no such row");
    return (*this)[i];
  }

  [[nodiscard]] DEFT_TAGGED row front() & {
    DEFT_PRECONDITION(size_ != 0, "record_vector: front() of an empty table");
    return (*this)[0];
  }

  [[nodiscard]] DEFT_TAGGED row back() & {
    DEFT_PRECONDITION(size_ != 0, "record_vector: back() of an empty table");
    return (*this)[size_ - 1];
  }

  /// @}

  /// The rows in order, for reading and writing.
  /// @returns     Iterators.
  /// @throws      As operator[]. @guarantee Strong. @complexity As operator[]. @invalidates As operator[].
  /// @concurrency Exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() & {
    this->make_writable();
    return detail::row_access::make<iterator>(block_, 0);
  }

  [[nodiscard]] DEFT_TAGGED iterator end() & {
    this->make_writable();
    return detail::row_access::make<iterator>(block_, size_);
  }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rbegin() & { return reverse_iterator(end()); }

  [[nodiscard]] DEFT_TAGGED reverse_iterator rend() & { return reverse_iterator(begin()); }

  /// @}

  /// One column. Of plain fields that are not optional a span of mutable values, of bools a
  /// mutable_bits_view; others are written through set() and set_column(), which check.
  /// @returns     A view of the column.
  /// @throws      As operator[]. @guarantee Strong. @complexity As operator[]. @invalidates As operator[].
  /// @concurrency Exclusive access to *this.
  template <auto Key>
  [[nodiscard]] DEFT_TAGGED auto column() & {
    constexpr std::size_t i = number<Key>;
    constexpr detail::column_kind kind = layout::template kind<i>();
    this->make_writable();
    if constexpr (layout::template column<i>::nullable) {
      return std::as_const(*this).template column<i>();
    } else if constexpr (kind == detail::column_kind::bit) {
      if (block_.columns == nullptr) return mutable_bits_view();
      return mutable_bits_view(
          {layout::template words<i>(block_.columns, block_.capacity), this->bitmap_bytes()}, 0, size_);
    } else if constexpr (kind == detail::column_kind::plain) {
      using element = typename layout::template column<i>::stored;
      if (block_.columns == nullptr) return std::span<element>();
      return std::span<element>(layout::template values<i>(block_.columns, block_.capacity), size_);
    } else {
      return std::as_const(*this).template column<i>();
    }
  }

  /// All columns, as column() gives them.
  /// @returns     A std::tuple.
  /// @throws      As operator[]. @guarantee Strong. @complexity As operator[]. @invalidates As operator[].
  /// @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED auto columns() & {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return std::make_tuple(this->template column<I>()...);
    }(typename layout::indices{});
  }

  /// Writes one field of row `i`.
  /// @pre         i < size(), else traps.
  /// @throws      std::out_of_range for a value outside the field's domain; as operator[] and, for a text, as
  ///              basic_row::set.
  /// @guarantee   Strong. @complexity As basic_row::set. @invalidates As basic_row::set and operator[].
  /// @concurrency Exclusive access to *this.
  template <auto Key, typename Value>
  DEFT_TAGGED void set(size_type i, const Value& value) {
    (*this)[i].template set<Key>(value);
  }

  /// Writes one field of the rows from `first` on, from a range: all of them, or, where one is outside the
  /// domain, none.
  /// @pre         The range has no more than size() - first values, else traps.
  /// @throws      std::out_of_range; what reading the range and the allocator throw.
  /// @guarantee   Strong. @complexity O(values). @invalidates As set. @concurrency Exclusive access to *this.
  template <auto Key, std::ranges::input_range R>
  DEFT_TAGGED void set_column(size_type first, R&& values) {
    using field = typename layout::template field<number<Key>>;
    this->make_writable();
    std::vector<field> converted;
    if constexpr (std::ranges::sized_range<R>) converted.reserve(std::ranges::size(values));
    for (auto&& value : values) converted.push_back(static_cast<field>(std::forward<decltype(value)>(value)));
    DEFT_PRECONDITION(first <= size_ && converted.size() <= size_ - first,
                      "record_vector: set_column(first, values) beyond size()");
    this->template store_column<number<Key>>(first, converted);
  }

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
    push_back(T{std::forward<Args>(args)...});
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
    } else if constexpr (detail::is_row_of<T, std::ranges::range_reference_t<R>>) {
      // Perhaps rows of this table, which growth would take away.
      record_vector batch(this->get_allocator());
      for (const auto& each : range) batch.push_back(each);
      append(batch);
    } else {
      const typename storage::restoring_size restore(*this);
      if constexpr (std::ranges::sized_range<R>) {
        const auto count = static_cast<size_type>(std::ranges::size(range));
        if (count != 0) this->make_room(count);
      }
      for (auto&& element : range) push_back(std::forward<decltype(element)>(element));
      restore.keep();
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
    record_vector batch(this->get_allocator());
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
    return insert(position, T{std::forward<Args>(args)...});
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
