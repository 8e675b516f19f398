// Ascending sorts of plain numbers for sort_numbers.hpp: radix sort, by bytes, stable.
//
// Large arrays are split by their highest eight bits that differ, until a part and its scratch space fit the
// second level of cache; a part is then sorted by two or three such digits, from the lower to the higher
// (Knuth, The Art of Computer Programming, volume 3, 5.2.5), which leaves few rows out of place, and those
// are inserted. Parts of which that is not true are sorted by all their digits.
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

/// So many rows are told apart by 16 bits, but for a few that insertion puts right; more by 24.
constexpr std::size_t two_digits_up_to = 4096;

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
std::size_t digit_of(const Row& row, unsigned shift) noexcept {
  return static_cast<std::size_t>(ordinal(row) >> shift) % buckets;
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

/// Where the rows are, and where else there is room for them.
template <typename Row>
struct places {
  Row* here;
  Row* there;

  void change() noexcept { std::swap(here, there); }
};

/// From the lowest digit, a byte from bit `shift` on, to the highest.
template <unsigned Digits, typename Row>
void sort_digits(places<Row>& rows, std::size_t n, unsigned shift) noexcept {
  std::array<counts, Digits> count{};
  for (std::size_t i = 0; i < n; ++i) {
    for (unsigned digit = 0; digit < Digits; ++digit)
      ++count[digit][digit_of(rows.here[i], shift + 8 * digit)];
  }
  for (unsigned digit = 0; digit < Digits; ++digit) {
    counts& next = count[digit];
    const unsigned from_bit = shift + 8 * digit;
    if (next[digit_of(rows.here[0], from_bit)] == n) continue;
    to_starts(next);
    for (std::size_t i = 0; i < n; ++i) rows.there[next[digit_of(rows.here[i], from_bit)]++] = rows.here[i];
    rows.change();
  }
}

/// Rows that are nearly sorted, to `out`, which may be where they are.
/// @returns Whether it was worth it: else the rest is as it was, and nothing lost.
template <typename Row>
bool insert_rows(const Row* rows, Row* out, std::size_t n) noexcept {
  std::size_t budget = 4 * n;
  for (std::size_t i = 0; i < n; ++i) {
    const Row row = rows[i];
    std::size_t j = i;
    while (j != 0 && ordinal(row) < ordinal(out[j - 1])) {
      out[j] = out[j - 1];
      --j;
    }
    out[j] = row;
    if (i - j <= budget) {
      budget -= i - j;
      continue;
    }
    if (out != rows) std::copy(rows + i + 1, rows + n, out + i + 1);
    return false;
  }
  return true;
}

template <typename Row>
ordinal_type<Row> varying_bits(const Row* rows, std::size_t n) noexcept {
  ordinal_type<Row> varies = 0;
  for (std::size_t i = 1; i < n; ++i) varies |= ordinal(rows[i]) ^ ordinal(rows[0]);
  return varies;
}

/// Few enough rows for the cache, to `out`, one of the two places. Their highest bits that differ tell nearly
/// all of them apart; the rest is insertion.
template <typename Row>
void sort_part(places<Row> rows, Row* out, std::size_t n, ordinal_type<Row> varies) noexcept {
  const auto width = static_cast<unsigned>(std::bit_width(varies));
  if (n <= two_digits_up_to) {
    sort_digits<2>(rows, n, width > 16 ? width - 16 : 0);
  } else {
    sort_digits<3>(rows, n, width > 24 ? width - 24 : 0);
  }
  if (insert_rows(rows.here, out, n)) return;
  // Many that differ late.
  if (out == rows.there) rows.change();
  sort_digits<sizeof(ordinal_type<Row>)>(rows, n, 0);
  if (rows.here != out) std::copy(rows.here, rows.here + n, out);
}

/// Sorts n rows to `out`, one of the two places.
template <typename Row>
void sort_rows(places<Row> rows, Row* out, std::size_t n) noexcept {
  if (n < compare_below) {
    if (rows.here != out) std::copy(rows.here, rows.here + n, out);
    compare_rows(out, n);
    return;
  }
  const ordinal_type<Row> varies = varying_bits(rows.here, n);
  if (varies == 0) {
    if (rows.here != out) std::copy(rows.here, rows.here + n, out);
    return;
  }
  if (n * sizeof(Row) <= split_above_bytes) {
    sort_part(rows, out, n, varies);
    return;
  }
  const auto width = static_cast<unsigned>(std::bit_width(varies));
  const unsigned shift = width > 8 ? width - 8 : 0;
  counts start{};
  for (std::size_t i = 0; i < n; ++i) ++start[digit_of(rows.here[i], shift)];
  to_starts(start);
  counts end = start;
  for (std::size_t i = 0; i < n; ++i) rows.there[end[digit_of(rows.here[i], shift)]++] = rows.here[i];
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::size_t first = start[bucket];
    sort_rows<Row>({rows.there + first, rows.here + first}, out + first, end[bucket] - first);
  }
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
  sort_rows<Row>({rows, memory.get()}, rows, n);
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
  sort_rows<numbered>({rows, scratch}, rows, n);
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
