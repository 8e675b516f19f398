// The specification of Arrow's arrays, read plainly: whether something is an array, and what its rows hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "deft/interop/arrow_abi.hpp"

#include "fuzz/interop/arrow_formats.hpp"

namespace deft_fuzz::arrow {

template <typename Number>
Number at(const void* buffer, std::int64_t i) {
  Number number;
  std::memcpy(&number, static_cast<const std::byte*>(buffer) + i * static_cast<std::int64_t>(sizeof(Number)),
              sizeof(Number));
  return number;
}

inline bool present(const ArrowArray& array, const type_row& type, std::int64_t i) {
  if (type.lies == memory::none) return false;
  if (array.buffers[0] == nullptr) return true;
  const std::int64_t bit = array.offset + i;
  return (at<std::uint8_t>(array.buffers[0], bit / 8) >> (bit % 8) & 1) != 0;
}

inline std::int64_t start(const ArrowArray& array, const type_row& type, std::int64_t i) {
  return is_wide(type) ? at<std::int64_t>(array.buffers[1], array.offset + i)
                       : at<std::int32_t>(array.buffers[1], array.offset + i);
}

inline bool view_is_inside(const ArrowArray& array, std::int64_t i) {
  const std::int64_t first = 4 * (array.offset + i);
  const auto size = at<std::int32_t>(array.buffers[1], first);
  if (size < 0) return false;
  if (size <= 12) return true;
  const auto index = at<std::int32_t>(array.buffers[1], first + 2);
  const auto offset = at<std::int32_t>(array.buffers[1], first + 3);
  if (index < 0 || index >= array.n_buffers - 3 || offset < 0) return false;
  return std::int64_t{offset} + size <= at<std::int64_t>(array.buffers[array.n_buffers - 1], index);
}

inline std::optional<std::uint64_t> index_of(const ArrowArray& array, const type_row& type, std::int64_t i) {
  const std::int64_t where = array.offset + i;
  const bool is_signed = type.format[0] >= 'a';
  std::int64_t number = 0;
  if (type.width == 1)
    number = is_signed ? at<std::int8_t>(array.buffers[1], where) : at<std::uint8_t>(array.buffers[1], where);
  if (type.width == 2)
    number =
        is_signed ? at<std::int16_t>(array.buffers[1], where) : at<std::uint16_t>(array.buffers[1], where);
  if (type.width == 4)
    number =
        is_signed ? at<std::int32_t>(array.buffers[1], where) : at<std::uint32_t>(array.buffers[1], where);
  if (type.width == 8) {
    number = at<std::int64_t>(array.buffers[1], where);
    if (!is_signed) return static_cast<std::uint64_t>(number);
  }
  if (number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

inline bool aligned(const void* buffer, std::int64_t to) {
  return reinterpret_cast<std::uintptr_t>(buffer) % static_cast<std::uintptr_t>(to) == 0;
}

inline bool is_array(const ArrowArray* array, const ArrowSchema* schema, int level, int& nodes);

inline bool buffers_fit(const ArrowArray& a, const ArrowSchema& s, const type_row& type) {
  const std::int64_t expected = type.lies == memory::none                                      ? 0
                                : type.lies == memory::structs || type.lies == memory::repeats ? 1
                                : type.lies == memory::texts32 || type.lies == memory::texts64 ? 3
                                : type.lies == memory::views                                   ? 3
                                                                                               : 2;
  if (type.lies == memory::views ? a.n_buffers < expected || a.n_buffers > 65536 : a.n_buffers != expected)
    return false;
  if (type.lies == memory::none) return a.null_count == -1 || a.null_count == a.length;
  if (a.buffers == nullptr) return false;
  std::int64_t zeros = 0;
  for (std::int64_t i = 0; i < a.length; ++i) zeros += present(a, type, i) ? 0 : 1;
  if (a.null_count != -1 && a.null_count != zeros) return false;
  if (zeros != 0 && (s.flags & ARROW_FLAG_NULLABLE) == 0) return false;
  const bool any = a.length != 0;
  switch (type.lies) {
    case memory::bits:
      return !any || a.buffers[1] != nullptr;
    case memory::fixed:
      if (type.width == 0) return true;
      return (!any || a.buffers[1] != nullptr) && (type.unaligned || aligned(a.buffers[1], type.width));
    case memory::texts32:
    case memory::texts64:
    case memory::lists32:
    case memory::lists64: {
      if (!any) return true;
      if (a.buffers[1] == nullptr || !aligned(a.buffers[1], is_wide(type) ? 8 : 4)) return false;
      if (start(a, type, 0) < 0) return false;
      for (std::int64_t i = 0; i < a.length; ++i) {
        if (start(a, type, i + 1) < start(a, type, i)) return false;
      }
      return is_list(type) || a.buffers[2] != nullptr || start(a, type, 0) == start(a, type, a.length);
    }
    case memory::views: {
      const std::int64_t count = a.n_buffers - 3;
      const void* const sizes = a.buffers[a.n_buffers - 1];
      if (count != 0 && (sizes == nullptr || !aligned(sizes, 8))) return false;
      for (std::int64_t b = 0; b < count; ++b) {
        const auto size = at<std::int64_t>(sizes, b);
        if (size < 0 || (size != 0 && a.buffers[2 + b] == nullptr)) return false;
      }
      if (any && a.buffers[1] == nullptr) return false;
      for (std::int64_t i = 0; i < a.length; ++i) {
        if (present(a, type, i) && !view_is_inside(a, i)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

inline bool children_fit(const ArrowArray& a, const ArrowSchema& s, const type_row& type, int level,
                         int& nodes) {
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    if (!is_array(a.children[i], s.children[i], level + 1, nodes)) return false;
    const std::int64_t end = a.offset + a.length;
    std::int64_t needed = end;
    if (type.lies == memory::repeats) needed = end * type.width;
    if (is_list(type)) needed = a.length == 0 ? 0 : start(a, type, a.length);
    if (a.children[i]->length < needed) return false;
  }
  return true;
}

inline bool is_array(const ArrowArray* array, const ArrowSchema* schema, int level, int& nodes) {
  if (array == nullptr || schema == nullptr || level > 64 || ++nodes > 65536) return false;
  const ArrowArray& a = *array;
  const ArrowSchema& s = *schema;
  const type_row* const type = row_of(s.format);
  if (type == nullptr || a.release == nullptr || s.release == nullptr) return false;
  const std::int64_t wanted = type->lies == memory::structs                     ? s.n_children
                              : type->lies == memory::repeats || is_list(*type) ? 1
                                                                                : 0;
  if (s.n_children < 0 || s.n_children > 65536 || s.n_children != wanted || a.n_children != s.n_children)
    return false;
  if (a.n_children != 0 && (a.children == nullptr || s.children == nullptr)) return false;
  if (a.length < 0 || a.offset < 0 || a.length > largest || a.offset > largest) return false;
  if (a.null_count < -1 || a.null_count > a.length) return false;
  if ((a.dictionary == nullptr) != (s.dictionary == nullptr)) return false;
  if (s.dictionary != nullptr && !type->integer) return false;
  if (!buffers_fit(a, s, *type) || !children_fit(a, s, *type, level, nodes)) return false;
  if (a.dictionary == nullptr) return true;
  if (!is_array(a.dictionary, s.dictionary, level + 1, nodes)) return false;
  for (std::int64_t i = 0; i < a.length; ++i) {
    if (!present(a, *type, i)) continue;
    const auto index = index_of(a, *type, i);
    if (!index.has_value() || *index >= static_cast<std::uint64_t>(a.dictionary->length)) return false;
  }
  return true;
}

/// Whether a row has a value: neither it nor the entry that it refers to is absent.
inline bool has_value(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
  const type_row& type = *row_of(s.format);
  if (!present(a, type, row)) return false;
  return a.dictionary == nullptr ||
         has_value(*a.dictionary, *s.dictionary, static_cast<std::int64_t>(*index_of(a, type, row)));
}

/// A child of an array by its name, where one alone has it.
inline std::optional<std::int64_t> child_named(const ArrowSchema& s, std::string_view name) {
  std::optional<std::int64_t> found;
  for (std::int64_t i = 0; i < s.n_children; ++i) {
    const char* const its = s.children[i]->name;
    if (name != (its == nullptr ? "" : its)) continue;
    if (found.has_value()) return std::nullopt;
    found = i;
  }
  return found;
}

/// The number in a row with a value; nothing where it is of no kind that an integer is read from.
inline std::optional<std::int64_t> number_in(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
  const type_row& type = *row_of(s.format);
  if (!type.integer || a.dictionary != nullptr) return std::nullopt;
  const std::int64_t where = a.offset + row;
  switch (s.format[0]) {
    case 'c':
      return at<std::int8_t>(a.buffers[1], where);
    case 's':
      return at<std::int16_t>(a.buffers[1], where);
    case 'i':
      return at<std::int32_t>(a.buffers[1], where);
    case 'l':
      return at<std::int64_t>(a.buffers[1], where);
    default:
      return static_cast<std::int64_t>(*index_of(a, type, row));  // unsigned; the largest of them wrap
  }
}

}  // namespace deft_fuzz::arrow
