/// @file
/// Ascending sort of plain numbers, by the compiled kernels of src/sorted/sort.cpp.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft::detail {

// Compiled once, shared by callers of any flags. Not stable: nothing tells two equal integers apart. Floating
// point input must hold neither a NaN nor a negative zero. `void*`, because std::uint64_t is only one of the
// two 64-bit types; the kernels access the numbers as may_alias.
void sort_u32(void* first, std::size_t n) noexcept;
void sort_i32(void* first, std::size_t n) noexcept;
void sort_u64(void* first, std::size_t n) noexcept;
void sort_i64(void* first, std::size_t n) noexcept;
void sort_f32(void* first, std::size_t n) noexcept;
void sort_f64(void* first, std::size_t n) noexcept;

/// A number as an unsigned integer of the same order, and where it was.
struct numbered {
  std::uint64_t ordinal;
  std::uint64_t position;
};

/// Sorts by ordinal, stable. `scratch` has room for n.
void sort_numbered(numbered* rows, numbered* scratch, std::size_t n) noexcept;

inline namespace DEFT_TAG {

/// The ordinals of numbers are ordered as the numbers are; both zeros have the same.
template <typename T>
std::uint64_t ordinal_of(T x) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    static_assert(sizeof(T) <= sizeof(std::uint64_t));
    const double value = static_cast<double>(x) + 0.0;  // -0.0 + 0.0 is 0.0
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t sign = std::uint64_t{1} << 63;
    return (bits & sign) != 0 ? ~bits : bits | sign;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(x)) ^ (std::uint64_t{1} << 63);
  } else {
    return static_cast<std::uint64_t>(x);
  }
}

/// Writes the positions of n numbers to `order`, in stable ascending order; where Unique, those of all but
/// the first of equal numbers go to the back. A NaN is somewhere.
/// @returns How many are first, or all.
template <bool Unique = false, typename T>
std::size_t order_numbers(const T* first, std::size_t n, std::size_t* order) {
  const auto rows = std::make_unique_for_overwrite<numbered[]>(2 * n);
  for (std::size_t i = 0; i < n; ++i) rows[i] = {detail::ordinal_of(first[i]), i};
  sort_numbered(rows.get(), rows.get() + n, n);
  std::size_t kept = 0;
  std::size_t back = n;  // others, from the back
  for (std::size_t i = 0; i < n; ++i) {
    const bool repeated = Unique && i != 0 && rows[i].ordinal == rows[i - 1].ordinal;
    order[repeated ? --back : kept++] = static_cast<std::size_t>(rows[i].position);
  }
  return kept;
}

/// Sorts n numbers; zeros of different sign keep their order, as every pair of equals does.
template <typename T>
void sort_numbers(T* first, std::size_t n) {
  if constexpr (std::is_floating_point_v<T>) {
    const bool plain =
        std::none_of(first, first + n, [](T x) { return x != x || (x == 0 && std::signbit(x)); });
    if (!plain || sizeof(T) > sizeof(double)) {
      std::stable_sort(first, first + n);
    } else if constexpr (sizeof(T) == sizeof(float)) {
      sort_f32(first, n);
    } else {
      sort_f64(first, n);
    }
  } else if constexpr (sizeof(T) == 4) {
    if constexpr (std::is_signed_v<T>) {
      sort_i32(first, n);
    } else {
      sort_u32(first, n);
    }
  } else if constexpr (sizeof(T) == 8) {
    if constexpr (std::is_signed_v<T>) {
      sort_i64(first, n);
    } else {
      sort_u64(first, n);
    }
  } else {
    std::sort(first, first + n);
  }
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
