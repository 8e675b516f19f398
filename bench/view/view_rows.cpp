// Views beside raw pointers and memcpy: loops, bulk operations, strides. `raw` is what a bulk operation may
// cost 1.05 times at most.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "deft/view/bulk.hpp"
#include "deft/view/cast_view.hpp"
#include "deft/view/nd_view.hpp"
#include "deft/view/view.hpp"
#include "deft/view/zip.hpp"

#include "bench/view/rows.hpp"

namespace {

using deft::strided_view;
using deft::view;
using deft_bench::register_view_row;
using deft_bench::view_arrays;

namespace raw {

template <typename T>
DEFT_BENCH_NOINLINE T sum(const T* p, std::size_t n) {
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += p[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int scale(T* out, const T* a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * 3 + 1;
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE int add(T* out, const T* a, const T* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T dot(const T* a, const T* b, std::size_t n) {
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += a[i] * b[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int copy(T* out, const T* a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE bool equal(const T* a, const T* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

template <typename T>
DEFT_BENCH_NOINLINE int gather(T* out, const T* a, const std::uint32_t* indices, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[indices[i]];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T windows(const T* p, std::size_t n) {
  T total = 0;
  for (std::size_t i = 0; i + 16 <= n; i += 16) {
    const T* const window = p + i;
    for (std::size_t j = 0; j < 16; ++j) total += window[j];
  }
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE T strided(const T* p, std::size_t n, std::ptrdiff_t stride) {
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += p[static_cast<std::ptrdiff_t>(i) * stride];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE T fourth(const T* p, std::size_t n) {
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += p[4 * i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int matrix(T* out, const T* a, std::size_t rows, std::size_t columns,
                               std::size_t stride) {
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) out[i * stride + j] = a[i * stride + j] * 3 + 1;
  }
  return 0;
}

DEFT_BENCH_NOINLINE std::uint32_t read_le(const unsigned char* p, std::size_t n) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t x;
    std::memcpy(&x, p + 4 * i, 4);
    total += x;
  }
  return total;
}

}  // namespace raw

template <typename T>
DEFT_BENCH_NOINLINE T sum(view<const T> v) {
  T total = 0;
  for (std::size_t i = 0; i < v.size(); ++i) total += v[i];
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE T sum_each(view<const T> v) {
  T total = 0;
  deft::for_each(v, [&](T x) { total += x; });
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE T sum_first(view<const T> v, std::size_t n) {
  T total = 0;
  for (const T x : v.first(n)) total += x;
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int scale(view<T> out, view<const T> a) {
  deft::transform(a, out, [](T x) { return x * 3 + 1; });
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE int add(view<T> out, view<const T> a, view<const T> b) {
  deft::transform(a, b, out, [](T x, T y) { return x + y; });
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE int zip_add(view<T> out, view<const T> a, view<const T> b) {
  for (auto [z, x, y] : deft::zip(out, a, b)) z = x + y;
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T zip_dot(view<const T> a, view<const T> b) {
  T total = 0;
  for (auto [x, y] : deft::zip(a, b)) total += x * y;
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int copy(view<T> out, view<const T> a) {
  deft::copy(a, out);
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE bool equal(view<const T> a, view<const T> b) {
  return a == b;
}

template <typename T>
DEFT_BENCH_NOINLINE int gather(view<T> out, view<const T> a, view<const std::uint32_t> indices) {
  deft::gather(a, indices, out);
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE int gather_each(view<T> out, view<const T> a, view<const std::uint32_t> indices) {
  for (auto [z, i] : deft::zip(out, indices)) z = a[i];
  return 0;
}

template <typename T>
DEFT_BENCH_NOINLINE T windows(view<const T> v) {
  T total = 0;
  for (std::size_t i = 0; i + 16 <= v.size(); i += 16) {
    for (const T x : v.subview(i, 16)) total += x;
  }
  return total;
}

template <typename T, std::ptrdiff_t Stride>
DEFT_BENCH_NOINLINE T strided(strided_view<const T, Stride> v) {
  T total = 0;
  for (const T x : v) total += x;
  return total;
}

template <typename T>
DEFT_BENCH_NOINLINE int matrix(deft::nd_view<T, 2> out, deft::nd_view<const T, 2> a) {
  deft::transform(a, out, [](T x) { return x * 3 + 1; });
  return 0;
}

DEFT_BENCH_NOINLINE std::uint32_t read_le(view<const deft::le<std::uint32_t>> v) {
  std::uint32_t total = 0;
  for (const std::uint32_t x : v) total += x;
  return total;
}

template <typename T>
void register_deft_rows() {
  using arrays = view_arrays<T>&;
  register_view_row<T>("sum", "deft", [](arrays x) { return sum<T>(x.a); });
  register_view_row<T>("for_each", "deft", [](arrays x) { return sum_each<T>(x.a); });
  register_view_row<T>("foreign_bound", "deft", [](arrays x) { return sum_first<T>(x.a, x.b.size()); });
  register_view_row<T>("transform", "deft", [](arrays x) { return scale<T>(x.out, x.a); });
  register_view_row<T>("transform2", "deft", [](arrays x) { return add<T>(x.out, x.a, x.b); });
  register_view_row<T>("zip_add", "deft", [](arrays x) { return zip_add<T>(x.out, x.a, x.b); });
  register_view_row<T>("zip_dot", "deft", [](arrays x) { return zip_dot<T>(x.a, x.b); });
  register_view_row<T>("copy", "deft", [](arrays x) { return copy<T>(x.out, x.a); });
  register_view_row<T>("equal", "deft", [](arrays x) { return equal<T>(x.a, x.equal_to_a); });
  register_view_row<T>("gather", "deft", [](arrays x) { return gather<T>(x.out, x.a, x.indices); });
  register_view_row<T>("gather_each", "deft", [](arrays x) { return gather_each<T>(x.out, x.a, x.indices); });
  register_view_row<T>("windows", "deft", [](arrays x) { return windows<T>(x.a); });
  register_view_row<T>(
      "stride_static", "deft", [](arrays x) { return strided<T, 4>(view<const T>(x.a).template slice<4>()); },
      4);
  register_view_row<T>(
      "stride_dynamic", "deft",
      [](arrays x) { return strided<T, deft::dynamic_stride>(view<const T>(x.a).slice({}, {}, 4)); }, 4);
  register_view_row<T>("backwards", "deft",
                       [](arrays x) { return strided<T, -1>(view<const T>(x.a).reversed()); });
  register_view_row<T>(
      "matrix_part", "deft",
      [](arrays x) {
        const std::array<std::size_t, 2> extents{x.a.size() / 64, 64};
        const auto half = deft::slice{0, 32};
        return matrix<T>(
            deft::nd_view<T, 2>(view<T>(x.out), extents).slice(deft::full_extent, half),
            deft::nd_view<const T, 2>(view<const T>(x.a), extents).slice(deft::full_extent, half));
      },
      2);
}

template <typename T>
void register_raw_rows() {
  using arrays = view_arrays<T>&;
  const auto raw_sum = [](arrays x) { return raw::sum(x.a.data(), x.a.size()); };
  const auto raw_add = [](arrays x) { return raw::add(x.out.data(), x.a.data(), x.b.data(), x.a.size()); };
  const auto raw_gather = [](arrays x) {
    return raw::gather(x.out.data(), x.a.data(), x.indices.data(), x.a.size());
  };
  register_view_row<T>("sum", "raw", raw_sum);
  register_view_row<T>("for_each", "raw", raw_sum);
  register_view_row<T>("foreign_bound", "raw", raw_sum);
  register_view_row<T>("transform", "raw",
                       [](arrays x) { return raw::scale(x.out.data(), x.a.data(), x.a.size()); });
  register_view_row<T>("transform2", "raw", raw_add);
  register_view_row<T>("zip_add", "raw", raw_add);
  register_view_row<T>("zip_dot", "raw",
                       [](arrays x) { return raw::dot(x.a.data(), x.b.data(), x.a.size()); });
  register_view_row<T>("copy", "raw",
                       [](arrays x) { return raw::copy(x.out.data(), x.a.data(), x.a.size()); });
  register_view_row<T>("copy", "memcpy", [](arrays x) {
    std::memcpy(x.out.data(), x.a.data(), x.a.size() * sizeof(T));
    return 0;
  });
  register_view_row<T>("equal", "raw",
                       [](arrays x) { return raw::equal(x.a.data(), x.equal_to_a.data(), x.a.size()); });
  register_view_row<T>("gather", "raw", raw_gather);
  register_view_row<T>("gather_each", "raw", raw_gather);
  register_view_row<T>("windows", "raw", [](arrays x) { return raw::windows(x.a.data(), x.a.size()); });
  register_view_row<T>(
      "stride_static", "raw", [](arrays x) { return raw::fourth(x.a.data(), x.a.size() / 4); }, 4);
  register_view_row<T>(
      "stride_static", "raw_dynamic", [](arrays x) { return raw::strided(x.a.data(), x.a.size() / 4, 4); },
      4);
  register_view_row<T>(
      "stride_dynamic", "raw", [](arrays x) { return raw::strided(x.a.data(), x.a.size() / 4, 4); }, 4);
  register_view_row<T>("backwards", "raw",
                       [](arrays x) { return raw::strided(x.a.data() + x.a.size() - 1, x.a.size(), -1); });
  register_view_row<T>(
      "matrix_part", "raw",
      [](arrays x) { return raw::matrix(x.out.data(), x.a.data(), x.a.size() / 64, 32, 64); }, 2);
}

const bool registered = [] {
  register_deft_rows<std::uint32_t>();
  register_deft_rows<double>();
  register_raw_rows<std::uint32_t>();
  register_raw_rows<double>();
  using arrays = view_arrays<std::uint32_t>&;
  register_view_row<std::uint32_t>("little_endian", "deft", [](arrays x) {
    return read_le(deft::cast_view<const deft::le<std::uint32_t>>(view<const std::uint32_t>(x.a)));
  });
  register_view_row<std::uint32_t>("little_endian", "raw", [](arrays x) {
    return raw::read_le(reinterpret_cast<const unsigned char*>(x.a.data()), x.a.size());
  });
  return true;
}();

}  // namespace
