// Ascending sort of plain numbers for sort_numbers.hpp.
//
// std::sort, not Highway's vqsort: at 1.0.3 vqsort needs a symbol of libhwy_contrib (Sorter::Fill24Bytes),
// and a program that links deft must not have to link Highway.
//
// Callers sort `long long` as well as `long`: CMakeLists.txt compiles this file with -fno-strict-aliasing.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "deft/sorted/detail/sort_numbers.hpp"

namespace deft::detail {

namespace {

template <typename T>
void sort_as(void* first, std::size_t n) noexcept {
  auto* const numbers = static_cast<T*>(first);
  std::sort(numbers, numbers + n);
}

}  // namespace

void sort_numbered(numbered* rows, numbered* scratch, std::size_t n) noexcept {
  std::stable_sort(rows, rows + n, [](const numbered& a, const numbered& b) { return a.ordinal < b.ordinal; });
  static_cast<void>(scratch);
}

void sort_u32(void* first, std::size_t n) noexcept {
  sort_as<std::uint32_t>(first, n);
}

void sort_i32(void* first, std::size_t n) noexcept {
  sort_as<std::int32_t>(first, n);
}

void sort_u64(void* first, std::size_t n) noexcept {
  sort_as<std::uint64_t>(first, n);
}

void sort_i64(void* first, std::size_t n) noexcept {
  sort_as<std::int64_t>(first, n);
}

void sort_f32(void* first, std::size_t n) noexcept {
  sort_as<float>(first, n);
}

void sort_f64(void* first, std::size_t n) noexcept {
  sort_as<double>(first, n);
}

}  // namespace deft::detail
