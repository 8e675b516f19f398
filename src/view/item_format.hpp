/// @file
/// The formats of Python's `struct` that name one element, and elements as bytes.
#pragma once

#include <cstddef>
#include <string_view>

#include "deft/view/any_value.hpp"
#include "deft/view/detail/any_parts.hpp"

namespace deft::detail {

/// The element that a format names: a letter, or a number and `s`, behind an optional `@`, `=`, `<`, `>` or
/// `!`. Without a code if it names none, or several.
[[nodiscard]] item_format parse_format(std::string_view format) noexcept;

/// Whether it is one of the formats of bytes, from and to which everything can be cast: `B`, `b`, `c`.
[[nodiscard]] bool is_byte_format(std::string_view format) noexcept;

/// Whether two formats are the same but for an `@`.
[[nodiscard]] bool same_format(std::string_view a, std::string_view b) noexcept;

/// The value of the element at `from`, wherever it is aligned.
/// @throws std::bad_alloc, of long bytes.
[[nodiscard]] any_value unpack(const std::byte* from, const item_format& item);

/// Writes a value's bytes.
/// @throws std::invalid_argument for a value of another kind, std::out_of_range for one that does not fit;
/// nothing is written then.
void pack(std::byte* to, const item_format& item, const any_value& value);

}  // namespace deft::detail
