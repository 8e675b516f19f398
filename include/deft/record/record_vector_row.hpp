/// @file
/// Rows of record_vector and shared_table, and iterators over them.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/detail/field_key.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_rows.hpp"

namespace deft {

namespace detail {

template <typename T>
struct order_category {
  using type = std::weak_ordering;
};

template <std::three_way_comparable T>
struct order_category<T> {
  using type = std::compare_three_way_result_t<T>;
};

template <typename T>
using seen_order = typename order_category<T>::type;

template <typename T>
concept has_order = std::three_way_comparable<T> || requires(const T& a) {
  { a < a } -> std::convertible_to<bool>;
};

template <typename Rows, std::size_t... I>
constexpr bool have_order(std::index_sequence<I...> /*fields*/) {
  return (has_order<typename Rows::template seen<I>> && ...);
}

/// Whether all fields of a row have an order.
template <typename Rows>
concept has_row_order = have_order<Rows>(typename Rows::indices{});

struct row_access;

}  // namespace detail

/// A row of a table that looks into its columns: what `v[i]` and `*it` give.
///
/// `get<&T::x>()` reads one field: a reference to it where a column is a plain array of it, else a value:
/// bool, enums, bounded, std::optional, of a std::string a std::string_view. `set<&T::x>(value)` writes one,
/// and checks its domain. `T(row)` copies the row out; `row = value` and `row = other_row` copy it in, also
/// through a const row, as through any reference. `auto [x, y] = row;` takes all fields apart.
///
/// A row is a reference, not a value: after `auto r = v[0];` r changes when v[0] does. It is valid as long as
/// references into a vector would be: until the table grows, shrinks before it, is moved or dies; and for
/// writing, until the table is shared.
///
/// Memory: three words. Threads: as the table.
template <typename T, typename Layout, bool Const>
class basic_row {
  using rows = detail::table_rows<T, Layout>;
  using layout = typename rows::layout;
  using block_type = std::conditional_t<Const, detail::const_block_ref, detail::block_ref>;
  using indices = typename layout::indices;

  template <auto Key>
  static constexpr std::size_t number = detail::field_key<T, Key>();

  template <std::size_t I>
  static constexpr bool is_plain = layout::template kind<I>() == detail::storage_kind::plain &&
                                   detail::is_open_column<typename layout::template column<I>>;

 public:
  using value_type = T;

  /// The same row, to be read.
  /// @complexity  O(1). @concurrency Safe.
  template <bool Other>
    requires(Const && !Other)
  DEFT_TAGGED basic_row(const basic_row<T, Layout, Other>& other) noexcept
      : block_(other.block_), index_(other.index_) {}

  basic_row(const basic_row&) = default;

  /// One field, by `&T::x` or by its number.
  /// @returns     A reference to a plain field; else a value, of a std::string a view.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <auto Key>
  [[nodiscard]] DEFT_TAGGED decltype(auto) get() const noexcept {
    constexpr std::size_t i = number<Key>;
    if constexpr (is_plain<i>) {
      return (layout::template values<i>(block_.columns, block_.capacity)[index_]);
    } else {
      return rows::template load<i>(block_, index_);
    }
  }

  /// Writes one field.
  /// @throws      std::out_of_range for a value outside the field's domain; for a text std::length_error
  ///              beyond 4 GiB, and what the table's allocator throws.
  /// @guarantee   Strong.
  /// @complexity  O(1); for a text O(its characters), amortised.
  /// @invalidates For a text, views of the texts of this column. @concurrency Exclusive access to the table's
  ///              rows from a multiple of 64 to the next; for a text, to the table.
  template <auto Key, typename Value>
    requires(!Const)
  DEFT_TAGGED void set(const Value& value) const {
    constexpr std::size_t i = number<Key>;
    rows::template store<i>(block_, index_, accepted<i>(value));
  }

  /// Writes several fields: all of them, or, where one throws, none.
  /// @throws      As set. @guarantee Strong. @complexity As set. @invalidates As set. @concurrency As set.
  template <auto... Keys, typename... Values>
    requires(!Const && sizeof...(Keys) == sizeof...(Values))
  DEFT_TAGGED void set_many(const Values&... values) const {
    static_assert(detail::are_distinct(std::array<std::size_t, sizeof...(Keys)>{number<Keys>...}),
                  "deft: set_many names a field twice");
    // Converted, and room made for texts, before the first is written. Texts are copied, as room for them may
    // be made by moving those that they look at.
    const auto converted = std::tuple<typename layout::template field<number<Keys>>...>(
        detail::field_value<typename layout::template field<number<Keys>>>(values)...);
    store_all(converted, std::index_sequence<number<Keys>...>{}, std::index_sequence_for<Values...>{});
  }

  /// The row as a value of its own.
  /// @returns     A copy.
  /// @throws      What copying texts throws.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  DEFT_TAGGED operator T() const { return rows::load_row(block_, index_); }

  /// Writes all fields.
  /// @returns     *this.
  /// @throws      For texts as set. @guarantee Strong.
  /// @complexity  O(fields). @invalidates As set. @concurrency As set.
  /// @{
  DEFT_TAGGED const basic_row& operator=(const T& value) const
    requires(!Const)
  {
    rows::store_row(block_, index_, value);
    return *this;
  }

  DEFT_TAGGED const basic_row& operator=(const basic_row& other) const
    requires(!Const)
  {
    assign(other);
    return *this;
  }

  template <bool Other>
    requires(!Const && Other)
  DEFT_TAGGED const basic_row& operator=(const basic_row<T, Layout, Other>& other) const {
    assign(other);
    return *this;
  }

  DEFT_TAGGED basic_row& operator=(const basic_row& other)
    requires(!Const)
  {
    assign(other);
    return *this;
  }

  /// @}

  /// Exchanges the values of two rows, of one table or of two.
  /// @throws      Of two tables with texts: as set. @guarantee Strong within a table, else basic.
  /// @complexity  O(fields): texts change places without their characters. @concurrency Exclusive access to
  ///              both.
  DEFT_TAGGED friend void swap(const basic_row& a, const basic_row& b)
    requires(!Const)
  {
    if (a.block_.columns == b.block_.columns) [[likely]] {
      rows::swap_rows(a.block_.columns, a.block_.capacity, a.index_, b.index_);
    } else {
      swap_between_tables(a, b);
    }
  }

  /// Compares field by field, in declaration order; a row with a T as well.
  /// @returns     Whether all are equal; the order of the first that differ.
  /// @throws      What comparing a field throws.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  /// @{
  template <bool Other>
  [[nodiscard]] DEFT_TAGGED bool operator==(const basic_row<T, Layout, Other>& other) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (
          (rows::template load<I>(block_, index_) == rows::template load<I>(other.block_, other.index_)) &&
          ...);
    }(indices{});
  }

  [[nodiscard]] DEFT_TAGGED bool operator==(const T& value) const {
    bool equal = true;
    rows::for_each_of(value, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& field) {
      equal = equal && rows::template load<I>(block_, index_) == field;
    });
    return equal;
  }

  template <bool Other>
    requires detail::has_row_order<rows>
  [[nodiscard]] DEFT_TAGGED auto operator<=>(const basic_row<T, Layout, Other>& other) const {
    return order(indices{}, [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      return rows::template load<I>(other.block_, other.index_);
    });
  }

  [[nodiscard]] DEFT_TAGGED auto operator<=>(const T& value) const
    requires detail::has_row_order<rows>
  {
    const auto fields = detail::tie_fields(value);
    return order(indices{}, [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      return typename rows::template seen<I>(std::get<I>(fields));
    });
  }

  /// @}

 private:
  friend struct detail::row_access;
  template <typename, typename, bool>
  friend class basic_row;

  DEFT_TAGGED basic_row(block_type block, std::size_t index) noexcept : block_(block), index_(index) {}

  [[gnu::noinline]] DEFT_TAGGED static void swap_between_tables(const basic_row& a, const basic_row& b) {
    const T kept(a);
    a = b;
    b = kept;
  }

  /// What is written for `value`: the field's own type, but of texts no copy.
  template <std::size_t I, typename Value>
  DEFT_TAGGED static auto accepted(const Value& value) {
    using field = typename layout::template field<I>;
    using seen = typename rows::template seen<I>;
    if constexpr (layout::template kind<I>() == detail::storage_kind::text) {
      static_assert(std::is_convertible_v<const Value&, seen>, "deft: a text is set from a string");
      return seen(value);
    } else if constexpr (std::is_same_v<Value, field>) {
      return value;
    } else {
      return detail::field_value<field>(value);
    }
  }

  template <typename Fields, std::size_t... Field, std::size_t... I>
  DEFT_TAGGED void store_all(const Fields& values, std::index_sequence<Field...> /*fields*/,
                             std::index_sequence<I...> /*indices*/) const {
    (reserve<Field>(std::get<I>(values)), ...);
    (rows::template store<Field>(block_, index_, std::get<I>(values)), ...);
  }

  template <std::size_t I>
  DEFT_TAGGED void reserve([[maybe_unused]] const typename layout::template field<I>& value) const {
    if constexpr (layout::template kind<I>() == detail::storage_kind::text) {
      const auto wanted = rows::template characters<I>(value);
      detail::text_column::check_length(wanted);
      rows::template text<I>(block_).reserve(wanted.size());
    }
  }

  template <bool Other>
  DEFT_TAGGED void assign(const basic_row<T, Layout, Other>& other) const {
    if constexpr (layout::texts != 0) {
      rows::store_row(block_, index_, T(other));  // all or nothing, whatever the texts do
    } else {
      rows::for_each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        rows::template store<I>(block_, index_, rows::template load<I>(other.block_, other.index_));
      });
    }
  }

  template <std::size_t... I, typename Get>
  DEFT_TAGGED auto order(std::index_sequence<I...>, Get other) const {
    using result = std::common_comparison_category_t<detail::seen_order<typename rows::template seen<I>>...>;
    result found = result::equivalent;
    const auto differs = [&]<std::size_t F>(std::integral_constant<std::size_t, F> field) {
      const auto mine = rows::template load<F>(block_, index_);
      const auto its = other(field);
      if constexpr (std::three_way_comparable<std::remove_const_t<decltype(mine)>>) {
        found = mine <=> its;
      } else {
        found = mine < its   ? std::weak_ordering::less
                : its < mine ? std::weak_ordering::greater
                             : std::weak_ordering::equivalent;
      }
      return found != 0;
    };
    static_cast<void>((differs(std::integral_constant<std::size_t, I>{}) || ...));
    return found;
  }

  block_type block_;
  std::size_t index_;
};

namespace detail {

template <typename T, typename Row>
inline constexpr bool is_row_of = false;
template <typename T, typename Layout, bool Const>
inline constexpr bool is_row_of<T, basic_row<T, Layout, Const>> = true;
template <typename T, typename Row>
  requires(!std::is_same_v<Row, std::remove_cvref_t<Row>>)
inline constexpr bool is_row_of<T, Row> = is_row_of<T, std::remove_cvref_t<Row>>;

/// What `it->` goes through.
template <typename Row>
struct row_pointer {
  Row row;

  [[nodiscard]] DEFT_TAGGED const Row* operator->() const noexcept { return &row; }
};

/// Makes rows and iterators, for the tables.
struct row_access {
  template <typename Row, typename Block>
  [[nodiscard]] DEFT_TAGGED static Row make(Block block, std::size_t index) noexcept {
    return Row(block, index);
  }
};

}  // namespace detail

inline namespace DEFT_TAG {

/// Combines the fields, for deft::hash and Abseil's.
/// @returns     The state.
/// @throws      What hashing a field throws. @complexity O(fields). @concurrency Concurrent reads.
template <typename H, typename T, typename Layout, bool Const>
H AbslHashValue(H state, const basic_row<T, Layout, Const>& row) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return H::combine(std::move(state), row.template get<I>()...);
  }(std::make_index_sequence<detail::field_count<T>>{});
}

}  // namespace DEFT_TAG

/// Walks the rows of a table. Random access; algorithms in std::ranges sort, rotate and partition through it.
template <typename T, typename Layout, bool Const>
class table_iterator {
  using block_type = std::conditional_t<Const, detail::const_block_ref, detail::block_ref>;

 public:
  using value_type = T;
  using reference = basic_row<T, Layout, Const>;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::random_access_iterator_tag;
  // As std::vector<bool>'s, although a row is no T&: libstdc++'s std::ranges::stable_sort and others hand
  // over to those of std, which ask for it.
  using iterator_category = std::random_access_iterator_tag;

  table_iterator() = default;

  /// The iterator's operations are those of any random access iterator.
  /// @returns     As for any random access iterator.
  /// @pre         As for any random access iterator.
  /// @throws      iter_move, iter_swap: as reading a row, and swapping two.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  template <bool Other>
    requires(Const && !Other)
  DEFT_TAGGED table_iterator(const table_iterator<T, Layout, Other>& other) noexcept
      : block_(other.block_), index_(other.index_) {}

  DEFT_TAGGED reference operator*() const noexcept {
    return detail::row_access::make<reference>(block_, static_cast<std::size_t>(index_));
  }

  DEFT_TAGGED detail::row_pointer<reference> operator->() const noexcept { return {**this}; }

  DEFT_TAGGED reference operator[](difference_type n) const noexcept { return *(*this + n); }

  DEFT_TAGGED table_iterator& operator+=(difference_type n) noexcept {
    index_ += n;
    return *this;
  }

  DEFT_TAGGED table_iterator& operator-=(difference_type n) noexcept {
    index_ -= n;
    return *this;
  }

  DEFT_TAGGED table_iterator& operator++() noexcept { return *this += 1; }

  DEFT_TAGGED table_iterator& operator--() noexcept { return *this -= 1; }

  DEFT_TAGGED table_iterator operator++(int) noexcept {
    table_iterator old = *this;
    ++*this;
    return old;
  }

  DEFT_TAGGED table_iterator operator--(int) noexcept {
    table_iterator old = *this;
    --*this;
    return old;
  }

  DEFT_TAGGED friend table_iterator operator+(table_iterator it, difference_type n) noexcept {
    return it += n;
  }

  DEFT_TAGGED friend table_iterator operator+(difference_type n, table_iterator it) noexcept {
    return it += n;
  }

  DEFT_TAGGED friend table_iterator operator-(table_iterator it, difference_type n) noexcept {
    return it -= n;
  }

  DEFT_TAGGED friend difference_type operator-(const table_iterator& a, const table_iterator& b) noexcept {
    return a.index_ - b.index_;
  }

  DEFT_TAGGED friend bool operator==(const table_iterator& a, const table_iterator& b) noexcept {
    return a.index_ == b.index_;
  }

  DEFT_TAGGED friend std::strong_ordering operator<=>(const table_iterator& a,
                                                      const table_iterator& b) noexcept {
    return a.index_ <=> b.index_;
  }

  // The row as a value: what algorithms keep while they move others.
  DEFT_TAGGED friend T iter_move(const table_iterator& it) { return static_cast<T>(*it); }

  DEFT_TAGGED friend void iter_swap(const table_iterator& a, const table_iterator& b)
    requires(!Const)
  {
    swap(*a, *b);
  }

  /// @}

 private:
  template <typename, typename, bool>
  friend class table_iterator;
  friend struct detail::row_access;

  DEFT_TAGGED table_iterator(block_type block, std::size_t index) noexcept
      : block_(block), index_(static_cast<difference_type>(index)) {}

  block_type block_{};
  difference_type index_ = 0;
};

}  // namespace deft

// A row and a T are read through a common T, which is what the concepts of iterators ask for.
template <typename T, typename Layout, bool Const, template <typename> typename Q1,
          template <typename> typename Q2>
struct std::basic_common_reference<deft::basic_row<T, Layout, Const>, T, Q1, Q2> {
  using type = T;
};

template <typename T, typename Layout, bool Const, template <typename> typename Q1,
          template <typename> typename Q2>
struct std::basic_common_reference<T, deft::basic_row<T, Layout, Const>, Q1, Q2> {
  using type = T;
};

template <typename T, typename Layout, bool Const>
struct std::tuple_size<deft::basic_row<T, Layout, Const>>
    : std::integral_constant<std::size_t, deft::detail::field_count<T>> {};

template <std::size_t I, typename T, typename Layout, bool Const>
struct std::tuple_element<I, deft::basic_row<T, Layout, Const>> {
  using type = decltype(std::declval<const deft::basic_row<T, Layout, Const>&>().template get<I>());
};

template <std::size_t I, typename T, typename Layout, bool Const>
struct std::tuple_element<I, const deft::basic_row<T, Layout, Const>> {
  using type = decltype(std::declval<const deft::basic_row<T, Layout, Const>&>().template get<I>());
};

/// The hash under the process seed.
template <typename T, typename Layout, bool Const>
struct std::hash<deft::basic_row<T, Layout, Const>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(const deft::basic_row<T, Layout, Const>& row) const {
    return static_cast<std::size_t>(deft::hash_value(row, deft::hash_seed()));
  }
};
