/// @file
/// deft::table_selection: some columns of a table, side by side.
#pragma once

#include <cstddef>
#include <ranges>
#include <tuple>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/table_rows.hpp"
#include "deft/record/record_vector_columns.hpp"

namespace deft {

/// Some columns of a table as a random access range of std::tuple, one per row: what `v.select<&T::x,
/// &T::y>()` gives. Values are copies, texts std::string_views. Not an owner; valid as long as a row of the
/// table.
template <typename T, typename Layout, std::size_t... Fields>
class table_selection {
  using rows = detail::table_rows<T, Layout>;

 public:
  using value_type = std::tuple<typename rows::template seen<Fields>...>;
  using iterator = detail::column_iterator<table_selection>;

  /// No rows.
  table_selection() = default;

  /// The first `size` rows of a block.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED table_selection(detail::const_block_ref block, std::size_t size) noexcept
      : block_(block), size_(size) {}

  /// Size and ends.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return {*this, 0}; }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return {*this, size_}; }

  /// @}

  /// The fields of row `i`.
  /// @returns     A std::tuple of values.
  /// @pre         i < size(), else traps.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED value_type operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "table_selection: [i] is outside [0, size())");
    return unchecked(i);
  }

 private:
  friend iterator;

  [[nodiscard]] DEFT_TAGGED value_type unchecked(std::size_t i) const noexcept {
    return value_type(rows::template load<Fields>(block_, i)...);
  }

  detail::const_block_ref block_{};
  std::size_t size_ = 0;
};

}  // namespace deft

template <typename T, typename Layout, std::size_t... Fields>
inline constexpr bool std::ranges::enable_borrowed_range<deft::table_selection<T, Layout, Fields...>> = true;
template <typename T, typename Layout, std::size_t... Fields>
inline constexpr bool std::ranges::enable_view<deft::table_selection<T, Layout, Fields...>> = true;
