/// @file
/// How columns of Arrow become fields of a schema.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/interop/detail/arrow_types.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/fixed_string.hpp"
#include "deft/record/record_vector.hpp"

namespace deft::detail {

/// Throw std::invalid_argument with the column's name and what was expected; without a value in row `i`.
/// @{
[[noreturn, gnu::cold]] void throw_arrow_kind(const arrow_column& column, std::string_view expected);
[[noreturn, gnu::cold]] void throw_arrow_null(const arrow_column& column, std::size_t i);
/// @}

/// Throws std::out_of_range with the column's name and the row.
[[noreturn, gnu::cold]] void throw_arrow_range(const arrow_column& column, std::size_t i);

/// The column of a struct with this name. Throws std::invalid_argument if none or several have it.
[[nodiscard]] arrow_column arrow_child(const arrow_column& column, std::string_view name);

/// How many of the smaller unit the column's unit is: 1000 for a column of milliseconds and 'u'. Throws
/// std::invalid_argument if the column is not of this kind, or of a smaller unit.
[[nodiscard]] std::int64_t arrow_unit_factor(const arrow_column& column, arrow_kind kind, char unit);

/// The code of each entry of a dictionary of texts, by the texts' order in `names`: -1 for others.
[[nodiscard]] std::vector<std::int64_t> arrow_codes(const arrow_column& dictionary, const arrow_texts& names);

/// Which rows of a column are read, where some are not: those of parents that are absent hold anything.
using arrow_mask = std::vector<bool>;

/// Which rows are read of a column with `each` rows for each of `column`. Empty for all.
[[nodiscard]] arrow_mask arrow_mask_below(const arrow_column& column, const arrow_mask& mask,
                                          std::size_t each);

inline namespace DEFT_TAG {

/// put(i, value) for every row that is read and has a value, where the column has integers or indices.
template <typename Put>
void each_number(const arrow_column& column, const arrow_mask& mask, Put put) {
  const auto walk = [&](const auto values) {
    const bits_view valid = column.validity();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((valid.empty() || valid[i]) && (mask.empty() || mask[i])) put(i, values[i]);
    }
  };
  switch (column.kind()) {
    case arrow_kind::int8:
      return walk(column.values<std::int8_t>());
    case arrow_kind::uint8:
      return walk(column.values<std::uint8_t>());
    case arrow_kind::int16:
      return walk(column.values<std::int16_t>());
    case arrow_kind::uint16:
      return walk(column.values<std::uint16_t>());
    case arrow_kind::int32:
      return walk(column.values<std::int32_t>());
    case arrow_kind::uint32:
      return walk(column.values<std::uint32_t>());
    case arrow_kind::int64:
      return walk(column.values<std::int64_t>());
    case arrow_kind::uint64:
      return walk(column.values<std::uint64_t>());
    default:
      throw_arrow_kind(column, "integers");
  }
}

/// The same of integers alone: indices of a dictionary are not the values that they stand for.
template <typename Put>
void each_integer(const arrow_column& column, const arrow_mask& mask, Put put) {
  if (column.dictionary().has_value()) throw_arrow_kind(column, "integers, but indices of a dictionary");
  each_number(column, mask, put);
}

/// put(i) for every row that is read and has a value.
template <typename Put>
void each_present(const arrow_column& column, const arrow_mask& mask, Put put) {
  const bits_view valid = column.validity();
  const bool all = valid.empty();
  for (std::size_t i = 0; i < column.size(); ++i) {
    if ((all ? !column.is_null(i) : valid[i]) && (mask.empty() || mask[i])) put(i);
  }
}

template <typename F>
[[nodiscard]] std::vector<F> read_field(const arrow_column& column, const arrow_mask& mask);

template <typename F, typename Put>
void each_float(const arrow_column& column, const arrow_mask& mask, Put put) {
  if (column.kind() == arrow_kind::float32) {
    const auto values = column.values<float>();
    each_present(column, mask, [&](std::size_t i) { put(i, static_cast<F>(values[i])); });
  } else if (column.kind() == arrow_kind::float64 && sizeof(F) == sizeof(double)) {
    const auto values = column.values<double>();
    each_present(column, mask, [&](std::size_t i) { put(i, static_cast<F>(values[i])); });
  } else {
    each_integer(column, mask, [&]<typename V>(std::size_t i, V value) {
      if constexpr (sizeof(V) < sizeof(F)) {
        put(i, static_cast<F>(value));
      } else {
        throw_arrow_kind(column, "floating-point numbers, or integers of fewer bits");
      }
    });
  }
}

template <typename F, typename Put>
void each_time(const arrow_column& column, const arrow_mask& mask, Put put) {
  constexpr bool is_point = is_time_point<F>;
  using rep = typename F::rep;
  constexpr char unit = unit_letter<typename F::period>;
  const std::int64_t factor =
      arrow_unit_factor(column, is_point ? arrow_kind::timestamp : arrow_kind::duration, unit);
  const auto take = [&](std::size_t i, std::int64_t count) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(count, factor, &scaled) || !std::in_range<rep>(scaled)) {
      throw_arrow_range(column, i);
    }
    put(i, static_cast<rep>(scaled));
  };
  if (column.kind() == arrow_kind::date_days) {
    const auto values = column.values<std::int32_t>();
    each_present(column, mask, [&](std::size_t i) { take(i, values[i]); });
  } else {
    const auto values = column.values<std::int64_t>();
    each_present(column, mask, [&](std::size_t i) { take(i, values[i]); });
  }
}

/// The same for enumerators by their names.
template <typename F, typename Put>
void each_name(const arrow_column& column, const arrow_mask& mask, Put put) {
  if constexpr (has_dictionary<F>) {
    const std::vector<std::int64_t> codes = arrow_codes(column, enum_dictionary<F>::texts);
    each_present(column, mask, [&](std::size_t i) {
      if (codes[i] < 0) throw_arrow_range(column, i);
      put(i, F(unchecked{}, static_cast<typename F::storage_type>(codes[i])));
    });
  }
}

/// put(i, F) for every row that has a value, in order.
template <typename F, typename Put>
void each_value(const arrow_column& column, const arrow_mask& mask, Put put) {
  if constexpr (std::is_same_v<F, bool>) {
    const bits_view bits = column.bits();
    each_present(column, mask, [&](std::size_t i) { put(i, bits[i]); });
  } else if constexpr (std::is_integral_v<F>) {
    each_integer(column, mask, [&](std::size_t i, auto value) {
      // std::in_range takes no characters.
      using number = std::conditional_t<std::is_signed_v<F>, std::make_signed_t<F>, std::make_unsigned_t<F>>;
      if (!std::in_range<number>(value)) throw_arrow_range(column, i);
      put(i, static_cast<F>(value));
    });
  } else if constexpr (std::is_floating_point_v<F>) {
    each_float<F>(column, mask, put);
  } else if constexpr (std::is_enum_v<F>) {
    each_value<std::underlying_type_t<F>>(column, mask,
                                          [&](std::size_t i, auto code) { put(i, static_cast<F>(code)); });
  } else if constexpr (is_bounded_enum<F>) {
    if constexpr (has_dictionary<F>) {
      if (const auto names = column.dictionary()) {
        const std::vector<std::int64_t> codes = arrow_codes(*names, enum_dictionary<F>::texts);
        each_number(column, mask, [&](std::size_t i, auto index) {
          const std::int64_t code = codes[static_cast<std::size_t>(index)];
          if (code < 0) throw_arrow_range(column, i);
          put(i, F(unchecked{}, static_cast<typename F::storage_type>(code)));
        });
        return;
      }
      if (column.kind() == arrow_kind::text) return each_name<F>(column, mask, put);
    }
    each_integer(column, mask, [&](std::size_t i, auto value) {
      if (std::cmp_less(value, 0) || std::cmp_greater(value, static_cast<std::uint64_t>(F::highest))) {
        throw_arrow_range(column, i);
      }
      put(i, F(unchecked{}, static_cast<typename F::storage_type>(value)));
    });
  } else if constexpr (is_bounded<F>) {
    each_integer(column, mask, [&](std::size_t i, auto value) {
      if (!F::contains(value)) throw_arrow_range(column, i);
      put(i, F(unchecked{}, static_cast<typename F::storage_type>(value)));
    });
  } else if constexpr (is_time_point<F>) {
    each_time<F>(column, mask, [&](std::size_t i, auto count) { put(i, F(typename F::duration(count))); });
  } else if constexpr (is_duration<F>) {
    each_time<F>(column, mask, [&](std::size_t i, auto count) { put(i, F(count)); });
  } else if constexpr (std::is_same_v<F, std::string>) {
    each_present(column, mask, [&](std::size_t i) { put(i, std::string(column.text(i))); });
  } else if constexpr (is_fixed_string<F>) {
    each_present(column, mask, [&](std::size_t i) {
      std::string_view text = column.text(i);
      while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
      if (text.size() > F::capacity()) throw_arrow_range(column, i);
      put(i, F(text));
    });
  } else if constexpr (is_std_array<F>) {
    constexpr std::size_t length = std::tuple_size_v<F>;
    using element = typename F::value_type;
    if (column.kind() != arrow_kind::fixed_list || column.fixed_size() != length) {
      throw_arrow_kind(column, "lists of the array's length");
    }
    const arrow_column items = column.items();
    const auto values =
        read_field<std::conditional_t<is_optional_field<element>, element, std::optional<element>>>(
            items, arrow_mask_below(column, mask, length));
    each_present(column, mask, [&](std::size_t i) {
      F array{};
      for (std::size_t k = 0; k < length; ++k) {
        const auto& value = values[i * length + k];
        if constexpr (is_optional_field<element>) {
          array[k] = value;
        } else {
          if (!value.has_value()) throw_arrow_null(items, i * length + k);
          array[k] = *value;
        }
      }
      put(i, array);
    });
  } else if constexpr (is_plain_class<F>) {
    if (column.kind() != arrow_kind::structure) throw_arrow_kind(column, "structs");
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const arrow_mask below = arrow_mask_below(column, mask, 1);
      const std::array<arrow_column, sizeof...(I)> children{arrow_child(column, field_name<F, I>)...};
      const auto members = std::make_tuple(
          read_field<std::conditional_t<is_optional_field<field_type<F, I>>, field_type<F, I>,
                                        std::optional<field_type<F, I>>>>(children[I], below)...);
      each_present(column, mask, [&](std::size_t i) {
        F made{};
        const auto fields = tie_fields(made);
        const auto take = [&]<std::size_t M>(std::integral_constant<std::size_t, M>) {
          const auto& value = std::get<M>(members)[i];
          if constexpr (is_optional_field<field_type<F, M>>) {
            std::get<M>(fields) = value;
          } else {
            if (!value.has_value()) throw_arrow_null(children[M], i);
            std::get<M>(fields) = *value;
          }
        };
        (take(std::integral_constant<std::size_t, I>{}), ...);
        put(i, made);
      });
    }(std::make_index_sequence<field_count<F>>());
  } else {
    if (column.kind() != arrow_kind::fixed_bytes || column.fixed_size() != sizeof(F)) {
      throw_arrow_kind(column, "bytes of the field's size");
    }
    each_present(column, mask, [&](std::size_t i) {
      std::array<char, sizeof(F)> bytes{};
      std::memcpy(bytes.data(), column.text(i).data(), sizeof(F));
      put(i, std::bit_cast<F>(bytes));
    });
  }
}

template <typename F>
[[nodiscard]] std::vector<F> read_field(const arrow_column& column, const arrow_mask& mask) {
  if constexpr (is_optional_field<F>) {
    std::vector<F> values(column.size());
    if (column.kind() == arrow_kind::null) return values;
    each_value<typename F::value_type>(column, mask, [&](std::size_t i, auto&& value) {
      values[i].emplace(std::forward<decltype(value)>(value));
    });
    return values;
  } else {
    if (column.null_count() != 0) {
      std::size_t first = 0;
      while (!column.is_null(first)) ++first;
      throw_arrow_null(column, first);
    }
    std::vector<F> values;
    values.reserve(column.size());
    each_value<F>(column, mask,
                  [&](std::size_t, auto&& value) { values.push_back(std::forward<decltype(value)>(value)); });
    return values;
  }
}

/// Adds the rows of a batch to a table, all or none.
template <typename T>
void append_batch(record_vector<T>& table, const arrow_batch& batch) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    table.append_columns(read_field<field_type<T, I>>(batch.column(field_name<T, I>), arrow_mask{})...);
  }(std::make_index_sequence<field_count<T>>());
}

}  // namespace DEFT_TAG

}  // namespace deft::detail
