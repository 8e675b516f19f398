/// @file
/// What a schema takes as a struct and packed, field by field, as a constant.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/packed.hpp"

namespace deft {

/// What one field takes, and where it lies in a packed record.
struct field_layout {
  std::string_view name;
  std::size_t struct_bytes;  ///< sizeof the field.
  std::size_t whole_bytes;   ///< Of the packed record, from `byte`.
  std::size_t byte;          ///< 0 where there are no whole bytes.
  std::size_t bits;          ///< Beyond the whole bytes, from `bit`.
  std::size_t bit;           ///< Counted from the record's first byte; 0 where there are no bits.

  DEFT_TAGGED friend bool operator==(const field_layout&, const field_layout&) = default;
};

/// What a schema of N fields takes.
template <std::size_t N>
struct record_layout {
  std::size_t struct_bytes;      ///< sizeof the struct.
  std::size_t packed_bytes;      ///< sizeof the packed record.
  std::size_t information_bits;  ///< What the declared domains need, in whole bits for each field.
  std::size_t struct_waste;  ///< Bits of the struct beyond these: padding, and values outside the domains.
  std::size_t packed_waste;  ///< Bits of the packed record beyond these.
  std::array<field_layout, N> fields;

  DEFT_TAGGED friend bool operator==(const record_layout&, const record_layout&) = default;
};

inline namespace DEFT_TAG {

/// Where packed<T, Layout> has its fields, and what is saved. Printable: `std::cout <<
/// layout_report<tick>()`.
/// @returns     A constant. @complexity At compile time. @concurrency Safe.
template <typename T, typename Layout = tight>
[[nodiscard]] consteval auto layout_report() noexcept -> record_layout<detail::field_count<T>> {
  using record = packed<T, Layout>;
  using layout = typename detail::codec<T, Layout::is_aligned>::layout;
  record_layout<detail::field_count<T>> report{sizeof(T),
                                               record::size_bytes,
                                               record::information_bits,
                                               8 * sizeof(T) - record::information_bits,
                                               8 * record::size_bytes - record::information_bits,
                                               {}};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((report.fields[I].struct_bytes = sizeof(detail::field_type<T, I>)), ...);
  }(std::make_index_sequence<detail::field_count<T>>());
  for (std::size_t i = 0; i < report.fields.size(); ++i) {
    const detail::field_place& place = layout::places.fields[i];
    field_layout& field = report.fields[i];
    field.name = detail::field_names_of<T>[i];
    field.whole_bytes = place.bytes;
    field.byte = place.bytes == 0 ? 0 : place.byte;
    field.bits = place.bits;
    field.bit = place.bits == 0 ? 0 : 8 * layout::places.bytes + place.bit;
  }
  return report;
}

}  // namespace DEFT_TAG

}  // namespace deft
