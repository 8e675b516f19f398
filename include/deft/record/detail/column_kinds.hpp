/// @file
/// How one field of a schema lies in a table's columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft {

/// The layout of a record_vector in which the columns of these members (bounded ones, and optionals of
/// bounded ones) hold only as many bits per row as their domain needs. They are read through
/// packed_column, and exported by copy.
template <auto... Members>
struct bit_packed;

/// The layout of a record_vector unless told: every value in whole bytes, bools in bitmaps.
using byte_columns = bit_packed<>;

namespace detail {

enum class storage_kind : unsigned char {
  plain,     ///< The field's own type.
  narrowed,  ///< The value of a bounded type, in the smallest integer that holds its domain.
  packed,    ///< The same less the lower bound, in as many bits as that needs.
  bit,       ///< A bool: one bit.
  text,      ///< A std::string: where its characters start, and how many there are.
};

/// How a field without its optional is stored. `stored` is the element of a column of bytes.
template <typename F>
struct payload_column {
  static_assert(std::is_trivially_copyable_v<F>,
                "deft::record_vector: a field is neither trivially copyable nor a std::string (nor a "
                "std::optional of such): no column can hold it");
  static_assert(alignof(F) <= 64, "deft::record_vector: columns are aligned to 64 bytes, a field wants more");
  static constexpr storage_kind kind = storage_kind::plain;
  static constexpr unsigned bits = 0;
  using stored = F;
  using seen = F;

  DEFT_TAGGED static constexpr const F& store(const F& value) noexcept { return value; }

  DEFT_TAGGED static constexpr const F& load(const F& stored) noexcept { return stored; }
};

template <>
struct payload_column<bool> {
  static constexpr storage_kind kind = storage_kind::bit;
  static constexpr unsigned bits = 1;
  using stored = bool;
  using seen = bool;
};

template <>
struct payload_column<std::string> {
  static constexpr storage_kind kind = storage_kind::text;
  static constexpr unsigned bits = 0;
  using stored = std::uint64_t;
  using seen = std::string_view;
};

template <typename F>
  requires is_bounded<F>
struct payload_column<F> {
  static constexpr storage_kind kind = storage_kind::narrowed;
  static constexpr unsigned bits = F::bits;
  static constexpr std::uint64_t lowest = static_cast<std::uint64_t>(F::lowest);
  using stored = typename F::storage_type;
  using seen = F;

  DEFT_TAGGED static constexpr stored store(const F& value) noexcept {
    return static_cast<stored>(value.value());
  }

  DEFT_TAGGED static constexpr F load(stored value) noexcept { return F(unchecked{}, value); }
};

/// How a field is stored, and what a row shows of it.
template <typename F>
struct field_column : payload_column<F> {
  using payload = F;
  using typename payload_column<F>::seen;
  static constexpr bool nullable = false;
};

template <typename F>
struct field_column<std::optional<F>> : payload_column<F> {
  using payload = F;
  using seen = std::optional<typename payload_column<F>::seen>;
  static constexpr bool nullable = true;
};

/// Whether a plain column is written through its span and through references into it. Enumerators are not:
/// like those of a bounded_enum they go through set() and set_column(), so that declaring which is the last
/// changes no code that writes.
template <typename Column>
inline constexpr bool is_open_column =
    !Column::nullable &&
    (!std::is_enum_v<typename Column::payload> || std::is_same_v<typename Column::payload, std::byte>);

/// A number of another type, which keeps its value.
/// @throws std::out_of_range where the type does not have it.
template <typename To, typename From>
[[nodiscard]] DEFT_TAGGED constexpr To same_number(From number) {
  static_assert(!std::is_floating_point_v<From>,
                "deft: the field cannot be made from a value of this type: round it first");
  const To stored = static_cast<To>(number);
  bool same = static_cast<From>(stored) == number;
  if constexpr (std::is_signed_v<From> && !std::is_signed_v<To>) same = same && number >= 0;
  if constexpr (std::is_signed_v<To> && !std::is_signed_v<From>) same = same && stored >= 0;
  if (!same) throw_out_of_range("deft::record_vector: the field's type does not have this number");
  return stored;
}

/// What a field is set to, given a value of another type.
template <typename Field, typename Value>
[[nodiscard]] DEFT_TAGGED constexpr Field field_value(Value&& value) {
  using payload = typename field_column<Field>::payload;
  using from = std::remove_cvref_t<Value>;
  static_assert(std::is_constructible_v<Field, Value&&>,
                "deft: the field cannot be made from a value of this type");
  if constexpr (std::is_integral_v<payload> && std::is_arithmetic_v<from> && !std::is_same_v<payload, from> &&
                !std::is_same_v<payload, bool> && !std::is_same_v<from, bool>) {
    return Field(same_number<payload>(value));
  } else {
    return static_cast<Field>(std::forward<Value>(value));
  }
}

}  // namespace detail
}  // namespace deft
