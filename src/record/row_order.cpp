// Orders of rows by keys: a least-significant-digit radix sort, which is stable and reads no key twice out of
// turn. A comparison sort of 10^6 keys with their positions takes about three times as long.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "deft/record/detail/column_decode.hpp"

namespace deft::detail {
namespace {

template <typename Key, typename Index>
struct keyed {
  Key key;
  Index row;
};

/// Below this the histograms cost more than comparing.
constexpr std::size_t few = 256;

template <typename Key, typename Index>
void order_rows(const Key* keys, Index* rows, std::size_t count) {
  // What is sorted already, by this field alone or by an earlier call, is common and cheap to see.
  bool sorted = true;
  for (std::size_t i = 1; i < count && sorted; ++i) sorted = keys[rows[i - 1]] <= keys[rows[i]];
  if (sorted) return;

  using item = keyed<Key, Index>;
  if (count < few) {
    std::array<item, few> items;
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
    for (std::size_t i = 0; i < count; ++i) items[i] = {keys[rows[i]], rows[i]};
    std::stable_sort(items.begin(), end, [](const item& a, const item& b) { return a.key < b.key; });
    for (std::size_t i = 0; i < count; ++i) rows[i] = items[i].row;
    return;
  }

  // Digits of 11 bits: six passes over 64 bits, and histograms that stay in the first cache.
  constexpr unsigned digit_bits = sizeof(Key) <= 2 ? 8 : 11;
  constexpr std::size_t buckets = std::size_t{1} << digit_bits;
  constexpr std::size_t digits = (8 * sizeof(Key) + digit_bits - 1) / digit_bits;
  const auto digit = [](Key key, std::size_t d) {
    return static_cast<std::size_t>(key >> (d * digit_bits)) & (buckets - 1);
  };
  const auto first = std::make_unique_for_overwrite<item[]>(count);
  const auto second = std::make_unique_for_overwrite<item[]>(count);
  const auto starts = std::make_unique<std::array<std::array<Index, buckets>, digits>>();

  for (std::size_t i = 0; i < count; ++i) {
    const Key key = keys[rows[i]];
    first[i] = {key, rows[i]};
    for (std::size_t d = 0; d < digits; ++d) ++(*starts)[d][digit(key, d)];
  }
  item* from = first.get();
  item* to = second.get();
  for (std::size_t d = 0; d < digits; ++d) {
    auto& start = (*starts)[d];
    if (start[digit(from[0].key, d)] == count) continue;  // the same digit in all
    Index sum = 0;
    for (Index& n : start) {
      const Index here = n;
      n = sum;
      sum = static_cast<Index>(sum + here);
    }
    for (std::size_t i = 0; i < count; ++i) to[start[digit(from[i].key, d)]++] = from[i];
    std::swap(from, to);
  }
  for (std::size_t i = 0; i < count; ++i) rows[i] = from[i].row;
}

}  // namespace

void order_by_keys(const std::uint8_t* keys, std::uint32_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint16_t* keys, std::uint32_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint32_t* keys, std::uint32_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint64_t* keys, std::uint32_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint8_t* keys, std::uint64_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint16_t* keys, std::uint64_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint32_t* keys, std::uint64_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

void order_by_keys(const std::uint64_t* keys, std::uint64_t* order, std::size_t count) {
  order_rows(keys, order, count);
}

}  // namespace deft::detail
