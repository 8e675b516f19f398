/// @file
/// The same loops over std::span, indexed. Included twice: once as the library is, once with its assertions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "bench/view/rows.hpp"

namespace {

using deft_bench::register_view_row;
using deft_bench::view_arrays;

template <typename T>
DEFT_BENCH_NOINLINE T sum(std::span<const T> s) {
  T total = 0;
  for (std::size_t i = 0; i < s.size(); ++i) total += s[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE T sum_first(std::span<const T> s, std::size_t n) {
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += s[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int scale(std::span<T> out, std::span<const T> a) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] * 3 + 1;
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE int add(std::span<T> out, std::span<const T> a, std::span<const T> b) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] + b[i];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T dot(std::span<const T> a, std::span<const T> b) {
  T total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int copy(std::span<T> out, std::span<const T> a) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE bool equal(std::span<const T> a, std::span<const T> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

template <typename T>
DEFT_BENCH_NOINLINE int gather(std::span<T> out, std::span<const T> a,
                               std::span<const std::uint32_t> indices) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[indices[i]];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T windows(std::span<const T> s) {
  T total = 0;
  for (std::size_t i = 0; i + 16 <= s.size(); i += 16) {
    const std::span<const T> window = s.subspan(i, 16);
    for (std::size_t j = 0; j < window.size(); ++j) total += window[j];
  }
  return total;
}

template <typename T>
void register_span_rows(const std::string& peer) {
  using arrays = view_arrays<T>&;
  register_view_row<T>("sum", peer, [](arrays x) { return sum<T>(x.a); });
  register_view_row<T>("for_each", peer, [](arrays x) { return sum<T>(x.a); });
  register_view_row<T>("foreign_bound", peer, [](arrays x) { return sum_first<T>(x.a, x.b.size()); });
  register_view_row<T>("transform", peer, [](arrays x) { return scale<T>(x.out, x.a); });
  register_view_row<T>("transform2", peer, [](arrays x) { return add<T>(x.out, x.a, x.b); });
  register_view_row<T>("zip_add", peer, [](arrays x) { return add<T>(x.out, x.a, x.b); });
  register_view_row<T>("zip_dot", peer, [](arrays x) { return dot<T>(x.a, x.b); });
  register_view_row<T>("copy", peer, [](arrays x) { return copy<T>(x.out, x.a); });
  register_view_row<T>("equal", peer, [](arrays x) { return equal<T>(x.a, x.equal_to_a); });
  register_view_row<T>("gather", peer, [](arrays x) { return gather<T>(x.out, x.a, x.indices); });
  register_view_row<T>("windows", peer, [](arrays x) { return windows<T>(x.a); });
}

}  // namespace
