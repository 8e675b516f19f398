/// @file
/// Ascending sort of plain numbers, by the compiled kernels of src/sorted/sort.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
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

inline namespace DEFT_TAG {

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
