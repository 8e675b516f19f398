/// @file
/// deft::column_view: a table's column as an any_view that keeps its memory.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/interop/detail/arrow_types.hpp"
#include "deft/record/detail/field_key.hpp"
#include "deft/record/record_vector_shared.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/detail/any_parts.hpp"

namespace deft {

namespace detail {

/// What a column's element is in Python's words, and the dimensions behind the rows'.
struct column_format {
  char letter = '\0';
  std::size_t itemsize = 0;
  std::size_t inner = 0;  // 0: one dimension
  bool counted = false;   // a number of bytes, as in "6s"
};

template <typename F>
consteval column_format format_of_column() {
  if constexpr (std::is_enum_v<F>) {
    return format_of_column<std::underlying_type_t<F>>();
  } else if constexpr (is_time_point<F> || is_duration<F>) {
    return format_of_column<typename F::rep>();
  } else if constexpr (is_bounded<F>) {
    return format_of_column<typename F::storage_type>();
  } else if constexpr (is_fixed_string<F>) {
    return {'s', sizeof(F), 0, true};
  } else if constexpr (is_std_array<F>) {
    column_format element = format_of_column<typename F::value_type>();
    element.inner = element.inner == 0 && !element.counted ? std::tuple_size_v<F> : 0;
    if (element.inner == 0) element.letter = '\0';
    return element;
  } else if constexpr (format_element<F>) {
    return {format_of<F>, sizeof(F), 0, false};
  } else {
    return {};
  }
}

/// The bytes of a column, which begin at `data`, in the memory of their owner.
[[nodiscard]] any_view view_of_column(const shared_buffer& owner, const void* data, std::size_t rows,
                                      const column_format& format);

}  // namespace detail

inline namespace DEFT_TAG {

/// A column, by `&T::x`, its name or its number, for memoryview, numpy and DLPack: numbers as they are, of
/// bounded fields and enums the narrow integers, of time points and durations the counts, fixed strings as
/// bytes, arrays as a second dimension. Of optionals the values; column_validity tells which there are.
/// Bools are bitmaps and texts are not of one size: take those through Arrow.
/// @returns     A view for reading only, which keeps the columns.
/// @throws      std::bad_alloc.
/// @complexity  O(1). @concurrency Reads the table.
template <auto Key, typename T, typename Layout>
[[nodiscard]] any_view column_view(const shared_table<T, Layout>& table) {
  constexpr std::size_t i = detail::field_key<T, Key>();
  using layout = detail::table_layout<T, Layout>;
  constexpr detail::storage_kind kind = layout::template kind<i>();
  static_assert(kind == detail::storage_kind::plain || kind == detail::storage_kind::narrowed,
                "deft::column_view: bitmaps, bit-packed columns and texts are no arrays of numbers");
  constexpr detail::column_format format =
      detail::format_of_column<typename layout::template column<i>::stored>();
  static_assert(format.letter != '\0', "deft::column_view: Python has no format for elements of this type");
  return detail::view_of_column(table.owner(), table.template column<i>().data(), table.size(), format);
}

/// Which rows have a value of an optional field: the bitmap's bytes, the least significant bit first.
/// @returns     A view for reading only, which keeps the columns.
/// @throws      std::bad_alloc.
/// @complexity  O(1). @concurrency Reads the table.
template <auto Key, typename T, typename Layout>
[[nodiscard]] any_view column_validity(const shared_table<T, Layout>& table) {
  constexpr std::size_t i = detail::field_key<T, Key>();
  const auto bits = table.template validity<i>();
  return detail::view_of_column(table.owner(), bits.data(), (bits.size() + 7) / 8, {'B', 1, 0, false});
}

}  // namespace DEFT_TAG

}  // namespace deft
