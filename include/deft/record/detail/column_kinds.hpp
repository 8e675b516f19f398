/// @file
/// How one field of a schema lies in a table's columns.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
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

enum class column_kind : unsigned char {
  plain,     ///< The field's own type.
  narrowed,  ///< The value of a bounded type, in the smallest integer that holds its domain.
  packed,    ///< The same less the lower bound, in as many bits as that needs.
  bit,       ///< A bool: one bit.
  text,      ///< A std::string: where its characters start, and how many there are.
};

/// The smallest integer that holds Lo and Hi.
template <auto Lo, auto Hi>
constexpr auto narrowest() {
  const auto fits = []<typename N>(N) { return std::in_range<N>(Lo) && std::in_range<N>(Hi); };
  if constexpr (Lo < 0) {
    if constexpr (fits(std::int8_t{})) {
      return std::int8_t{};
    } else if constexpr (fits(std::int16_t{})) {
      return std::int16_t{};
    } else if constexpr (fits(std::int32_t{})) {
      return std::int32_t{};
    } else {
      return std::int64_t{};
    }
  } else if constexpr (fits(std::uint8_t{})) {
    return std::uint8_t{};
  } else if constexpr (fits(std::uint16_t{})) {
    return std::uint16_t{};
  } else if constexpr (fits(std::uint32_t{})) {
    return std::uint32_t{};
  } else {
    return std::uint64_t{};
  }
}

/// How a field without its optional is stored. `stored` is the element of a column of bytes.
template <typename F>
struct payload_column {
  static_assert(std::is_trivially_copyable_v<F>,
                "deft::record_vector: a field is neither trivially copyable nor a std::string (nor a "
                "std::optional of such): no column can hold it");
  static_assert(alignof(F) <= 64, "deft::record_vector: columns are aligned to 64 bytes, a field wants more");
  static constexpr column_kind kind = column_kind::plain;
  static constexpr unsigned bits = 0;
  using stored = F;
  using seen = F;

  DEFT_TAGGED static constexpr const F& store(const F& value) noexcept { return value; }

  DEFT_TAGGED static constexpr const F& load(const F& stored) noexcept { return stored; }
};

template <>
struct payload_column<bool> {
  static constexpr column_kind kind = column_kind::bit;
  static constexpr unsigned bits = 1;
  using stored = bool;
  using seen = bool;
};

template <>
struct payload_column<std::string> {
  static constexpr column_kind kind = column_kind::text;
  static constexpr unsigned bits = 0;
  using stored = std::uint64_t;
  using seen = std::string_view;
};

template <typename T, auto Lo, auto Hi>
struct payload_column<bounded<T, Lo, Hi>> {
  using field = bounded<T, Lo, Hi>;
  static constexpr column_kind kind = column_kind::narrowed;
  static constexpr std::uint64_t lowest = static_cast<std::uint64_t>(Lo);
  static constexpr auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(Hi) - lowest));
  using stored = decltype(narrowest<Lo, Hi>());
  using seen = field;

  DEFT_TAGGED static constexpr stored store(const field& value) noexcept {
    return static_cast<stored>(value.value());
  }

  DEFT_TAGGED static constexpr field load(stored value) noexcept {
    return field::unchecked(static_cast<T>(value));
  }
};

template <typename E, E Last>
struct payload_column<bounded_enum<E, Last>> {
  using field = bounded_enum<E, Last>;
  using code = std::underlying_type_t<E>;
  static constexpr column_kind kind = column_kind::narrowed;
  static constexpr std::uint64_t lowest = 0;
  static constexpr auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(Last)));
  using stored = decltype(narrowest<code{0}, static_cast<code>(Last)>());
  using seen = field;

  DEFT_TAGGED static constexpr stored store(const field& value) noexcept {
    return static_cast<stored>(value.value());
  }

  DEFT_TAGGED static constexpr field load(stored value) noexcept {
    return field::unchecked(static_cast<E>(value));
  }
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

}  // namespace detail
}  // namespace deft
