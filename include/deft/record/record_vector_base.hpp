/// @file
/// What record_vector and shared_table have in common: reading.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/record/detail/table_moves.hpp"
#include "deft/record/detail/table_order.hpp"
#include "deft/record/record_vector_columns.hpp"
#include "deft/record/record_vector_groups.hpp"
#include "deft/record/record_vector_row.hpp"
#include "deft/record/record_vector_select.hpp"

namespace deft {

namespace detail {

template <typename T, typename Layout, typename Allocator>
class table_storage;

}  // namespace detail

/// The reading half of record_vector and of shared_table. Not for use by itself.
///
/// Whatever looks into the table cannot be asked of a temporary one: it would look at freed memory.
template <typename T, typename Layout>
class table_base {
 protected:
  template <typename, typename, typename>
  friend class detail::table_storage;
  using moves = detail::table_moves<T, Layout>;
  using layout = typename moves::layout;
  using ordering = detail::table_order<T, Layout>;
  template <auto Key>
  static constexpr std::size_t number = detail::field_key<T, Key>();

 public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using const_row = basic_row<T, Layout, true>;
  using const_reference = const_row;
  using const_iterator = table_iterator<T, Layout, true>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  /// Number of rows.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  /// @}

  /// A row by its position; at() throws where the others trap.
  /// @returns     The row, which looks into this table.
  /// @pre         i < size(); front() and back(): not empty; else traps.
  /// @throws      at(): std::out_of_range.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_row operator[](size_type i) const& noexcept {
    DEFT_PRECONDITION(i < size_, "record_vector: [i] is outside [0, size())");
    return detail::row_access::make<const_row>(detail::const_block_ref(block_), i);
  }

  [[nodiscard]] DEFT_TAGGED const_row at(size_type i) const& {
    if (i >= size_) detail::throw_out_of_range("deft::record_vector::at: no such row");
    return (*this)[i];
  }

  [[nodiscard]] DEFT_TAGGED const_row front() const& noexcept {
    DEFT_PRECONDITION(size_ != 0, "record_vector: front() of an empty table");
    return (*this)[0];
  }

  [[nodiscard]] DEFT_TAGGED const_row back() const& noexcept {
    DEFT_PRECONDITION(size_ != 0, "record_vector: back() of an empty table");
    return (*this)[size_ - 1];
  }

  const_row operator[](size_type i) const&& = delete;
  const_row at(size_type i) const&& = delete;
  const_row front() const&& = delete;
  const_row back() const&& = delete;

  /// @}

  /// The rows in order.
  /// @returns     Iterators.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator begin() const& noexcept { return iterator_at(0); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const& noexcept { return iterator_at(size_); }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const& noexcept { return begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const& noexcept { return end(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rbegin() const& noexcept {
    return const_reverse_iterator(end());
  }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator rend() const& noexcept {
    return const_reverse_iterator(begin());
  }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crbegin() const& noexcept { return rbegin(); }

  [[nodiscard]] DEFT_TAGGED const_reverse_iterator crend() const& noexcept { return rend(); }

  const_iterator begin() const&& = delete;
  const_iterator end() const&& = delete;
  const_iterator cbegin() const&& = delete;
  const_iterator cend() const&& = delete;
  const_reverse_iterator rbegin() const&& = delete;
  const_reverse_iterator rend() const&& = delete;
  const_reverse_iterator crbegin() const&& = delete;
  const_reverse_iterator crend() const&& = delete;

  /// @}

  /// One column, by `&T::x` or by the field's number, as it lies in memory:
  ///
  /// - of a bool a bits_view;
  /// - of a bounded or a bounded_enum a std::span of the smallest integer that holds the domain, the values
  ///   themselves; bit-packed a packed_column of that integer;
  /// - of a std::string a string_column;
  /// - of a std::optional the same as of its value, with zero or empty where validity() is false;
  /// - of other fields, enums among them, a std::span.
  ///
  /// @returns     A view of the column. A span starts at a multiple of 64 bytes.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  template <auto Key>
  [[nodiscard]] DEFT_TAGGED auto column() const& noexcept {
    constexpr std::size_t i = number<Key>;
    constexpr detail::storage_kind kind = layout::template kind<i>();
    using c = typename layout::template column<i>;
    const detail::const_block_ref block = block_;
    if constexpr (kind == detail::storage_kind::bit) {
      if (block.columns == nullptr) return bits_view();
      return bits_view({layout::template words<i>(block.columns, block.capacity), bitmap_bytes()}, 0, size_);
    } else if constexpr (kind == detail::storage_kind::packed) {
      return packed_column<typename c::stored, c::bits, c::lowest>(
          block.columns == nullptr ? nullptr : layout::template words<i>(block.columns, block.capacity),
          size_);
    } else if constexpr (kind == detail::storage_kind::text) {
      if (block.columns == nullptr) return string_column();
      const detail::text_heap& heap = moves::texts_of(block.columns).heaps[layout::text_number(i)];
      return string_column(heap.data, heap.used, layout::template values<i>(block.columns, block.capacity),
                           layout::template lengths<i>(block.columns, block.capacity), size_, heap.in_order,
                           is_finished_);
    } else {
      using element = const typename c::stored;
      if (block.columns == nullptr) return std::span<element>();
      return std::span<element>(layout::template values<i>(block.columns, block.capacity), size_);
    }
  }

  template <auto Key>
  void column() const&& = delete;

  /// @}

  /// Which rows have a value of an optional field: Arrow's validity bitmap.
  /// @returns     A view of the bits.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  template <auto Key>
  [[nodiscard]] DEFT_TAGGED bits_view validity() const& noexcept {
    constexpr std::size_t i = number<Key>;
    static_assert(layout::template column<i>::nullable,
                  "deft: only columns of std::optional have a validity");
    if (block_.columns == nullptr) return bits_view();
    return bits_view(
        {static_cast<const std::byte*>(layout::template validity<i>(block_.columns, block_.capacity)),
         bitmap_bytes()},
        0, size_);
  }

  template <auto Key>
  void validity() const&& = delete;

  /// @}

  /// All columns, in declaration order.
  /// @returns     A std::tuple of what column() gives.
  /// @complexity  O(columns). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED auto columns() const& noexcept {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return std::make_tuple(this->template column<I>()...);
    }(typename layout::indices{});
  }

  void columns() const&& = delete;

  /// @}

  /// Some of the columns as a range of std::tuples of values, texts as views: what goes into a loop or an
  /// algorithm without touching the other columns.
  /// @returns     A random access view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  template <auto... Keys>
    requires(sizeof...(Keys) != 0)
  [[nodiscard]] DEFT_TAGGED table_selection<T, Layout, number<Keys>...> select() const& noexcept {
    return {detail::const_block_ref(block_), size_};
  }

  template <auto... Keys>
  void select() const&& = delete;

  /// @}

  /// The positions of the rows in the order of some fields, the first one deciding first; equals keep their
  /// order. By default as `<` has it: absent values before others, NaN behind them, -0.0 equal to 0.0.
  /// @returns     The positions: for `v.permute`, `v.take`, and other arrays of that length.
  /// @throws      std::bad_alloc; what `comp` throws.
  /// @complexity  O(n) for numbers under `<` and `>`, as std::stable_sort else. @concurrency Concurrent
  /// reads.
  template <auto... Keys, typename Compare = std::ranges::less>
    requires(sizeof...(Keys) != 0)
  [[nodiscard]] DEFT_TAGGED std::vector<size_type> argsort_by(Compare comp = {}) const {
    const auto widened = [](const auto& order) { return std::vector<size_type>(order.begin(), order.end()); };
    if (size_ <= std::numeric_limits<std::uint32_t>::max()) {
      return widened(order_by<std::uint32_t, number<Keys>...>(comp));
    }
    return widened(order_by<std::uint64_t, number<Keys>...>(comp));
  }

  /// Puts together the rows with equal values in some fields.
  /// @returns     The groups in ascending order of their keys, the rows of each in order of position. The key
  ///              is the field's own type, of several fields a std::tuple.
  /// @throws      std::bad_alloc.
  /// @complexity  As argsort_by. @concurrency Concurrent reads.
  template <auto... Keys>
    requires(sizeof...(Keys) != 0)
  [[nodiscard]] DEFT_TAGGED auto group_by() const {
    return group_fields(this->template argsort_by<Keys...>(), std::index_sequence<number<Keys>...>{});
  }

  /// Compares two tables row by row, field by field.
  /// @returns     Whether they have equal rows; the order of the first rows that differ.
  /// @throws      What comparing a field throws.
  /// @complexity  O(n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED friend bool operator==(const table_base& a, const table_base& b) {
    if (a.size_ != b.size_) return false;
    if (a.block_.columns == b.block_.columns && a.all_equal_themselves) return true;
    bool equal = true;
    moves::for_each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      equal = equal && a.template same_column<I>(b);
    });
    return equal;
  }

  [[nodiscard]] DEFT_TAGGED friend auto operator<=>(const table_base& a, const table_base& b)
    requires detail::has_row_order<detail::table_rows<T, Layout>>
  {
    using result = decltype(a[0] <=> b[0]);
    for (size_type i = 0; i < a.size_ && i < b.size_; ++i) {
      if (const result order = a[i] <=> b[i]; order != 0) return order;
    }
    return static_cast<result>(a.size_ <=> b.size_);
  }

  /// @}

 protected:
  // A NaN makes a table differ from itself.
  static constexpr bool all_equal_themselves = []<std::size_t... I>(std::index_sequence<I...>) {
    return ((layout::template kind<I>() != detail::storage_kind::plain ||
             std::is_integral_v<typename layout::template column<I>::stored> ||
             std::is_enum_v<typename layout::template column<I>::stored>) &&
            ...);
  }(typename layout::indices{});

  table_base() = default;

  DEFT_TAGGED table_base(detail::block_ref block, size_type size) noexcept
      : block_(block), size_(size), is_finished_(true) {}

  [[nodiscard]] DEFT_TAGGED const_iterator iterator_at(size_type i) const noexcept {
    return detail::row_access::make<const_iterator>(detail::const_block_ref(block_), i);
  }

  template <typename Index, std::size_t... Fields, typename Compare>
  [[nodiscard]] DEFT_TAGGED std::vector<Index> order_by(Compare& comp) const {
    return ordering::template sorted<Index>(block_, size_, std::index_sequence<Fields...>{}, comp);
  }

  template <std::size_t... Fields>
  [[nodiscard]] DEFT_TAGGED auto group_fields(std::vector<size_type> order,
                                              std::index_sequence<Fields...> /*fields*/) const {
    using key = detail::group_key<typename layout::template field<Fields>...>;
    return row_groups<key>(
        std::move(order),
        [this](size_type a, size_type b) {
          return ((moves::template load<Fields>(block_, a) == moves::template load<Fields>(block_, b)) &&
                  ...);
        },
        [this](size_type i) { return key(moves::template load_field<Fields>(block_, i)...); });
  }

  [[nodiscard]] DEFT_TAGGED size_type bitmap_bytes() const noexcept {
    return size_ / 8 + (size_ % 8 != 0 ? 1 : 0);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED bool same_column(const table_base& other) const {
    if (size_ == 0) return true;
    if constexpr (layout::template column<I>::nullable) {
      if (!(this->template validity<I>() == other.template validity<I>())) return false;
    }
    if constexpr (layout::template kind<I>() == detail::storage_kind::plain &&
                  layout::template column<I>::nullable) {
      for (size_type i = 0; i < size_; ++i) {
        if (!(moves::template load<I>(block_, i) == moves::template load<I>(other.block_, i))) return false;
      }
      return true;
    } else {
      const auto mine = this->template column<I>();
      const auto its = other.template column<I>();
      return std::ranges::equal(mine, its);
    }
  }

  detail::block_ref block_{};
  size_type size_ = 0;
  bool is_finished_ = false;  // of a shared_table: what lies behind the last row is written, too
};

}  // namespace deft
