/// @file
/// Records as text: operator<< for streams, std::format where the library has it, and to_string for plain
/// structs.
///
/// `{ts=1, venue=3, cond=none, buy=true, price=2.5}`: numbers such that reading them back gives the same
/// value, bounded enumerators by their names, other enumerators and times as numbers, text in quotes. Made
/// for people and logs, not for parsing.
#pragma once

#include <concepts>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <version>

#if defined(__cpp_lib_format)
#include <format>
#endif

#include "deft/core/contracts.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/append_text.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/fixed_string.hpp"
#include "deft/record/layout_report.hpp"
#include "deft/record/packed.hpp"
#include "deft/record/record.hpp"

namespace deft {

namespace detail {

/// Writes a table: a line for each field, and what the whole takes.
[[nodiscard]] std::string describe_layout(const field_layout* fields, std::size_t count,
                                          std::size_t struct_bytes, std::size_t packed_bytes,
                                          std::size_t information_bits);

template <typename T>
inline constexpr bool is_record_layout = false;
template <std::size_t N>
inline constexpr bool is_record_layout<record_layout<N>> = true;

/// deft's types that print as text.
template <typename T>
concept printable = is_packed<T> || is_record<T> || is_fixed_string<T> || is_record_layout<T>;

}  // namespace detail

inline namespace DEFT_TAG {

/// The fields as text. For plain structs, which have no operator<< of deft's, too.
/// @returns     `{x=1, y=2}`. @throws std::bad_alloc. @complexity O(length). @concurrency Concurrent reads.
template <typename T>
[[nodiscard]] std::string to_string(const T& object) {
  std::string text;
  const detail::append_text to{text};
  if constexpr (detail::is_packed<T>) {
    to.value(object.unpack());
  } else if constexpr (detail::is_record<T>) {
    object.visit([&to](const auto&... fields) { to.named(T::names().data(), fields...); });
  } else if constexpr (detail::is_fixed_string<T>) {
    text = object.view();
  } else if constexpr (detail::is_record_layout<T>) {
    text = detail::describe_layout(object.fields.data(), object.fields.size(), object.struct_bytes,
                                   object.packed_bytes, object.information_bits);
  } else {
    static_assert(detail::check_aggregate<T>::value);
    to.value(object);
  }
  return text;
}

/// Writes to_string(object), filled up to the stream's width.
/// @returns     `to`. @throws std::bad_alloc; what the stream throws. @complexity O(length).
/// @concurrency Concurrent reads.
template <detail::printable T>
std::ostream& operator<<(std::ostream& to, const T& object) {
  return to << std::string_view(deft::to_string(object));
}

}  // namespace DEFT_TAG

}  // namespace deft

#if defined(__cpp_lib_format)
/// Formats to_string(x) with the options of a string.
template <deft::detail::printable T>
struct std::formatter<T> : std::formatter<std::string_view> {
  template <typename Context>
  DEFT_TAGGED auto format(const T& x, Context& context) const {
    return std::formatter<std::string_view>::format(deft::to_string(x), context);
  }
};

/// Formats the value with the options of its type.
template <typename T, T Lowest, T Highest>
struct std::formatter<deft::bounded<T, Lowest, Highest>> : std::formatter<T> {
  template <typename Context>
  DEFT_TAGGED auto format(deft::bounded<T, Lowest, Highest> x, Context& context) const {
    return std::formatter<T>::format(x.value(), context);
  }
};
#endif
