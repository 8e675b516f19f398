/// @file
/// What an any_view consists of.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/endian.hpp"
#include "deft/view/slice.hpp"

namespace deft::detail {

/// The letter of Python's `struct` for a type; 0 for one that has none. std::byte is shown as numbers.
template <typename T>
inline constexpr char format_of = std::is_same_v<T, bool>                 ? '?'
                                  : std::is_same_v<T, std::byte>          ? 'B'
                                  : std::is_same_v<T, char>               ? 'c'
                                  : std::is_same_v<T, signed char>        ? 'b'
                                  : std::is_same_v<T, unsigned char>      ? 'B'
                                  : std::is_same_v<T, short>              ? 'h'
                                  : std::is_same_v<T, unsigned short>     ? 'H'
                                  : std::is_same_v<T, int>                ? 'i'
                                  : std::is_same_v<T, unsigned int>       ? 'I'
                                  : std::is_same_v<T, long>               ? 'l'
                                  : std::is_same_v<T, unsigned long>      ? 'L'
                                  : std::is_same_v<T, long long>          ? 'q'
                                  : std::is_same_v<T, unsigned long long> ? 'Q'
                                  : std::is_same_v<T, float>              ? 'f'
                                  : std::is_same_v<T, double>             ? 'd'
                                                                          : '\0';

/// Types of elements that Python's formats can name.
template <typename T>
concept format_element = format_of<std::remove_const_t<T>> != '\0';

template <typename T>
inline constexpr auto size_in_bytes = static_cast<std::ptrdiff_t>(sizeof(T));

/// An element's format: `code` is 0 where the format is unknown.
struct item_format {
  char code = 'B';
  bool swapped = false;  // not the machine's byte order
  std::size_t size = 1;  // in bytes
};

struct any_dimension {
  std::size_t extent = 0;
  std::ptrdiff_t stride = 0;      // in bytes
  std::ptrdiff_t suboffset = -1;  // PEP 3118: negative is none
};

/// A position, a slice, or another key of a dimension.
class any_key {
 public:
  enum class kind : unsigned char { position, part, rest, axis };

  template <std::integral Position>
    requires(!std::same_as<Position, bool>)
  DEFT_TAGGED any_key(Position position) noexcept
      : kind_(kind::position), position_(slice_bound(position).value_or(0)) {}

  DEFT_TAGGED any_key(slice part) noexcept : kind_(kind::part), part_(part) {}

  DEFT_TAGGED any_key(full_extent_t) noexcept : kind_(kind::part) {}

  DEFT_TAGGED any_key(ellipsis_t) noexcept : kind_(kind::rest) {}

  DEFT_TAGGED any_key(new_axis_t) noexcept : kind_(kind::axis) {}

  [[nodiscard]] DEFT_TAGGED kind what() const noexcept { return kind_; }

  [[nodiscard]] DEFT_TAGGED std::ptrdiff_t position() const noexcept { return position_; }

  [[nodiscard]] DEFT_TAGGED const slice& part() const noexcept { return part_; }

 private:
  kind kind_;
  std::ptrdiff_t position_ = 0;
  slice part_{};
};

struct any_parts {
  void* data = nullptr;
  std::string format = "B";
  item_format item;
  std::size_t itemsize = 1;
  bool readonly = true;
  bool released = false;
  bool made_of_bools = false;  // not of bytes, which need not be 0 or 1
  std::vector<any_dimension> dims;

  template <typename T>
  DEFT_TAGGED static any_parts of(T* data, std::vector<any_dimension> dims) {
    using value = std::remove_const_t<T>;
    any_parts parts;
    parts.data = const_cast<value*>(data);
    parts.format.assign(1, format_of<value>);
    parts.item = {format_of<value>, false, sizeof(T)};
    parts.itemsize = sizeof(T);
    parts.readonly = std::is_const_v<T>;
    parts.made_of_bools = std::is_same_v<value, bool>;
    parts.dims = std::move(dims);
    return parts;
  }

  /// The same but for the dimensions, without an allocation.
  [[nodiscard]] DEFT_TAGGED any_parts without_dimensions() const {
    return {data, format, item, itemsize, readonly, released, made_of_bools, {}};
  }

  [[nodiscard]] std::size_t count() const noexcept;
  [[nodiscard]] bool has_suboffsets() const noexcept;
  [[nodiscard]] bool c_contiguous() const noexcept;
  [[nodiscard]] bool f_contiguous() const noexcept;
};

}  // namespace deft::detail
