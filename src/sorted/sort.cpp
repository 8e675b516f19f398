// Ascending sorts of plain numbers for sort_numbers.hpp: radix sort, by bytes, stable.
//
// Large arrays are first split by their highest byte that differs, until a part and its scratch space fit the
// second level of cache; a part is then sorted from the lowest byte to the highest one (Knuth, The Art of
// Computer Programming, volume 3, 5.2.5). Bytes that all numbers share are skipped.
//
// Not Highway's vqsort: at 1.0.3 it needs a symbol of libhwy_contrib (Sorter::Fill24Bytes), and a program
// that links deft must not have to link Highway. It is not stable either.
//
// Callers sort `long long` as well as `long`: CMakeLists.txt compiles this file with -fno-strict-aliasing.
#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "deft/sorted/detail/sort_numbers.hpp"

namespace deft::detail {

namespace {

constexpr std::size_t buckets = 256;

/// Below this, comparisons cost less than counting bytes.
constexpr std::size_t compare_below = 256;

/// Above this many bytes, an array is split first.
constexpr std::size_t split_above_bytes = std::size_t{1} << 18;

template <std::unsigned_integral Row>
Row ordinal(Row row) noexcept {
  return row;
}

std::uint64_t ordinal(const numbered& row) noexcept {
  return row.ordinal;
}

template <typename Row>
using ordinal_type = decltype(ordinal(Row{}));

template <typename Row>
std::size_t byte_of(const Row& row, unsigned byte) noexcept {
  return static_cast<std::size_t>(ordinal(row) >> (byte * 8)) % buckets;
}

using counts = std::array<std::size_t, buckets>;

void to_starts(counts& count) noexcept {
  std::size_t start = 0;
  for (std::size_t& bucket : count) {
    const std::size_t size = bucket;
    bucket = start;
    start += size;
  }
}

template <typename Row>
void compare_rows(Row* rows, std::size_t n) noexcept {
  if constexpr (std::unsigned_integral<Row>) {
    std::sort(rows, rows + n);
  } else {
    // By position among equals, which is what stable means, and takes no memory.
    std::sort(rows, rows + n, [](const Row& a, const Row& b) {
      return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : a.position < b.position;
    });
  }
}

template <typename Row>
void sort_bytes(Row* rows, Row* scratch, std::size_t n, unsigned bytes) noexcept {
  std::array<counts, sizeof(ordinal_type<Row>)> count{};
  for (std::size_t i = 0; i < n; ++i) {
    for (unsigned byte = 0; byte < bytes; ++byte) ++count[byte][byte_of(rows[i], byte)];
  }
  Row* from = rows;
  Row* to = scratch;
  for (unsigned byte = 0; byte < bytes; ++byte) {
    counts& next = count[byte];
    if (next[byte_of(from[0], byte)] == n) continue;
    to_starts(next);
    for (std::size_t i = 0; i < n; ++i) to[next[byte_of(from[i], byte)]++] = from[i];
    std::swap(from, to);
  }
  if (from != rows) std::copy(from, from + n, rows);
}

/// Rows that agree in all bytes from `bytes` on.
template <typename Row>
void sort_rows(Row* rows, Row* scratch, std::size_t n, unsigned bytes) noexcept {
  if (n < compare_below) {
    compare_rows(rows, n);
    return;
  }
  if (n * sizeof(Row) <= split_above_bytes || bytes == 1) {
    sort_bytes(rows, scratch, n, bytes);
    return;
  }
  ordinal_type<Row> varies = 0;
  for (std::size_t i = 1; i < n; ++i) varies |= ordinal(rows[i]) ^ ordinal(rows[0]);
  if (varies == 0) return;
  const auto top = static_cast<unsigned>(std::bit_width(varies) - 1) / 8;
  counts start{};
  for (std::size_t i = 0; i < n; ++i) ++start[byte_of(rows[i], top)];
  to_starts(start);
  counts end = start;
  for (std::size_t i = 0; i < n; ++i) scratch[end[byte_of(rows[i], top)]++] = rows[i];
  std::copy(scratch, scratch + n, rows);
  if (top == 0) return;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket)
    sort_rows(rows + start[bucket], scratch + start[bucket], end[bucket] - start[bucket], top);
}

/// Sorts numbers as the unsigned integers whose order is theirs.
template <typename T, std::unsigned_integral Row>
void sort_as(void* first, std::size_t n, Row (*to_row)(T), T (*from_row)(Row)) noexcept {
  auto* const numbers = static_cast<T*>(first);
  std::unique_ptr<Row[]> memory;
  if (n >= compare_below) memory.reset(new (std::nothrow) Row[n]);
  if (!memory) {
    std::sort(numbers, numbers + n);
    return;
  }
  auto* const rows = static_cast<Row*>(first);
  for (std::size_t i = 0; i < n; ++i) rows[i] = to_row(numbers[i]);
  sort_rows(rows, memory.get(), n, sizeof(Row));
  for (std::size_t i = 0; i < n; ++i) numbers[i] = from_row(rows[i]);
}

template <std::unsigned_integral Row>
constexpr Row sign = static_cast<Row>(Row{1} << (sizeof(Row) * 8 - 1));

template <std::unsigned_integral Row>
void sort_unsigned(void* first, std::size_t n) noexcept {
  constexpr auto same = [](Row x) { return x; };
  sort_as<Row, Row>(first, n, same, same);
}

template <std::signed_integral T, std::unsigned_integral Row>
void sort_signed(void* first, std::size_t n) noexcept {
  sort_as<T, Row>(
      first, n, [](T x) { return static_cast<Row>(static_cast<Row>(x) ^ sign<Row>); },
      [](Row x) { return static_cast<T>(x ^ sign<Row>); });
}

template <std::floating_point T, std::unsigned_integral Row>
void sort_floating(void* first, std::size_t n) noexcept {
  sort_as<T, Row>(
      first, n,
      [](T x) {
        const auto bits = std::bit_cast<Row>(x);
        return (bits & sign<Row>) != 0 ? static_cast<Row>(~bits) : static_cast<Row>(bits | sign<Row>);
      },
      [](Row x) {
        return std::bit_cast<T>((x & sign<Row>) != 0 ? static_cast<Row>(x ^ sign<Row>)
                                                     : static_cast<Row>(~x));
      });
}

}  // namespace

void sort_numbered(numbered* rows, numbered* scratch, std::size_t n) noexcept {
  sort_rows(rows, scratch, n, sizeof(std::uint64_t));
}

void sort_u32(void* first, std::size_t n) noexcept {
  sort_unsigned<std::uint32_t>(first, n);
}

void sort_i32(void* first, std::size_t n) noexcept {
  sort_signed<std::int32_t, std::uint32_t>(first, n);
}

void sort_u64(void* first, std::size_t n) noexcept {
  sort_unsigned<std::uint64_t>(first, n);
}

void sort_i64(void* first, std::size_t n) noexcept {
  sort_signed<std::int64_t, std::uint64_t>(first, n);
}

void sort_f32(void* first, std::size_t n) noexcept {
  sort_floating<float, std::uint32_t>(first, n);
}

void sort_f64(void* first, std::size_t n) noexcept {
  sort_floating<double, std::uint64_t>(first, n);
}

}  // namespace deft::detail
