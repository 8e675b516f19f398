/// @file
/// What record_vector has of its own for reading and writing rows and columns.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/record/detail/table_storage.hpp"
#include "deft/record/record_vector_base.hpp"
#include "deft/record/record_vector_row.hpp"

namespace deft {

/// The part of record_vector that writes in place. Not for use by itself.
///
/// Every member here counts as a change: after share() the first use copies the table, while it is shared.
template <typename T, typename Layout, typename Allocator>
class table_access : public detail::table_storage<T, Layout, Allocator> {
 protected:
  using storage = detail::table_storage<T, Layout, Allocator>;
  using base = table_base<T, Layout>;
  using storage::block_;
  using storage::size_;
  using typename storage::layout;
  using typename storage::moves;
  template <auto Key>
  static constexpr std::size_t number = detail::field_key<T, Key>();

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

  /// One column. Of plain fields that are neither optional nor enums a span of mutable values, of bools a
  /// mutable_bits_view; others are written through set() and set_column(), which check what the field's type
  /// declares: the domain of a bounded or bounded_enum. A plain enum declares none: all its values are taken.
  /// @returns     A view of the column.
  /// @throws      As operator[]. @guarantee Strong. @complexity As operator[]. @invalidates As operator[].
  /// @concurrency Exclusive access to *this.
  template <auto Key>
  [[nodiscard]] DEFT_TAGGED auto column() & {
    constexpr std::size_t i = number<Key>;
    constexpr detail::storage_kind kind = layout::template kind<i>();
    this->make_writable();
    constexpr bool is_open = detail::is_open_column<typename layout::template column<i>>;
    if constexpr (is_open && kind == detail::storage_kind::bit) {
      if (block_.columns == nullptr) return mutable_bits_view();
      return mutable_bits_view(
          {layout::template words<i>(block_.columns, block_.capacity), this->bitmap_bytes()}, 0, size_);
    } else if constexpr (is_open && kind == detail::storage_kind::plain) {
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
    for (auto&& value : values)
      converted.push_back(detail::field_value<field>(std::forward<decltype(value)>(value)));
    DEFT_PRECONDITION(first <= size_ && converted.size() <= size_ - first,
                      "record_vector: set_column(first, values) beyond size()");
    this->template store_column<number<Key>>(first, converted);
  }

 protected:
  DEFT_TAGGED explicit table_access(const Allocator& alloc) noexcept : storage(alloc) {}
};

}  // namespace deft
