/// @file
/// Where the columns of a table lie in its block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/column_kinds.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft::detail {

template <typename Layout>
struct packed_members;

template <auto... Members>
struct packed_members<bit_packed<Members...>> {
  template <typename T>
  static constexpr bool of_table = (std::is_same_v<member_class<Members>, T> && ...);

  static constexpr bool contains([[maybe_unused]] std::size_t field) {
    return ((field_index<Members> == field) || ...);
  }
};

struct column_part {
  std::size_t bytes = 0;  // of this part, per row
  std::size_t bits = 0;
  std::size_t bytes_before = 0;
  std::size_t bits_before = 0;
};

struct column_parts {
  column_part values;    // of texts: where they start
  column_part lengths;   // of texts
  column_part validity;  // of optionals
};

template <std::size_t Fields>
struct column_places {
  std::array<column_parts, Fields> of{};
  std::size_t bytes = 0;
  std::size_t bits = 0;
  std::size_t texts = 0;
};

/// The block of a table, for `capacity` rows (a multiple of 64):
///
///     header    of tables with texts: who owns their characters
///     bytes     each column of whole bytes, capacity * its width
///     words     each bit-packed column and bitmap: `word_stride(capacity)` bytes per bit of a row
///
/// Every column starts at a multiple of 64 bytes, whatever the capacity, so that the address of a value is
/// the block's, a constant times the capacity, a constant times the stride, and the index times a constant.
template <typename T, typename Layout>
struct table_layout {
  static_assert(check_aggregate<T>::value);
  static_assert(field_count<T> != 0, "deft::record_vector<T>: the struct has no fields");
  static_assert(packed_members<Layout>::template of_table<T>,
                "deft::bit_packed<...>: a member is not one of the table's schema");

  static constexpr std::size_t fields = field_count<T>;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  using indices = std::make_index_sequence<fields>;

  template <std::size_t I>
  using field = field_type<T, I>;
  template <std::size_t I>
  using column = field_column<field<I>>;

  template <std::size_t I>
  static constexpr storage_kind kind() {
    if constexpr (packed_members<Layout>::contains(I)) {
      static_assert(column<I>::kind == storage_kind::narrowed,
                    "deft::bit_packed<...>: only bounded fields can be bit-packed (bools are already)");
      return storage_kind::packed;
    } else {
      return column<I>::kind;
    }
  }

  using part = column_part;
  using parts = column_parts;
  using places = column_places<fields>;

  static constexpr places where = []<std::size_t... I>(std::index_sequence<I...>) {
    places all;
    const auto describe = [&]<std::size_t F>(std::integral_constant<std::size_t, F>) {
      parts& p = all.of[F];
      constexpr storage_kind k = kind<F>();
      if constexpr (k == storage_kind::text) {
        p.values.bytes = sizeof(std::uint64_t);
        p.lengths.bytes = sizeof(std::uint32_t);
        ++all.texts;
      } else if constexpr (k == storage_kind::bit) {
        p.values.bits = 1;
      } else if constexpr (k == storage_kind::packed) {
        p.values.bits = column<F>::bits;
      } else {
        p.values.bytes = sizeof(typename column<F>::stored);
      }
      if constexpr (column<F>::nullable) p.validity.bits = 1;
    };
    (describe(std::integral_constant<std::size_t, I>{}), ...);
    const auto place = [&](part& p) {
      p.bytes_before = all.bytes;
      p.bits_before = all.bits;
      all.bytes += p.bytes;
      all.bits += p.bits;
    };
    for (parts& p : all.of) {
      place(p.values);
      place(p.lengths);
      place(p.validity);
    }
    return all;
  }(indices{});

  static constexpr std::size_t texts = where.texts;

  /// Parts in one row of numbers: of field `i` the values are 3 * i, the lengths the next, then the validity.
  static constexpr part part_at(std::size_t number) {
    const parts& of = where.of[number / 3];
    return number % 3 == 0 ? of.values : number % 3 == 1 ? of.lengths : of.validity;
  }

  /// Which of the texts field `i` is.
  static constexpr std::size_t text_number(std::size_t i) {
    std::size_t n = 0;
    for (std::size_t f = 0; f < i; ++f) n += where.of[f].lengths.bytes != 0 ? 1 : 0;
    return n;
  }

  /// Bytes that one bit of each of `capacity` rows takes, rounded up to cache lines.
  DEFT_TAGGED static constexpr std::size_t word_stride(std::size_t capacity) noexcept {
    return (capacity / 8 + 63) / 64 * 64;
  }

  /// An odd multiple of 64 from some size on: were it a power of two, one row's values in all columns would
  /// compete for the same few lines of the cache.
  DEFT_TAGGED static constexpr std::size_t rounded_capacity(std::size_t rows) noexcept {
    const std::size_t lines = rows / 64 + (rows % 64 != 0 ? 1 : 0);
    return (lines > 8 ? lines | 1 : lines) * 64;
  }

  /// Bytes of a block with a header of `header` bytes.
  DEFT_TAGGED static constexpr std::size_t block_bytes(std::size_t header, std::size_t capacity) noexcept {
    return header + capacity * where.bytes + word_stride(capacity) * where.bits;
  }

  /// The most rows whose block's size can be computed.
  static constexpr std::size_t most_rows =
      (static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) - 8192 - 64 * where.bits) /
          (where.bytes + where.bits / 8 + 1) / 64 * 64 -
      1024;

  /// Where part `p` of the columns of a block starts.
  DEFT_TAGGED static std::size_t offset(const part& p, std::size_t capacity) noexcept {
    return p.bits != 0 ? capacity * where.bytes + word_stride(capacity) * p.bits_before
                       : capacity * p.bytes_before;
  }

  /// The elements of a column of bytes.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static auto* values(std::byte* columns, std::size_t capacity) noexcept {
    using stored = typename column<I>::stored;
    return reinterpret_cast<stored*>(columns + capacity * where.of[I].values.bytes_before);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static const auto* values(const std::byte* columns,
                                                      std::size_t capacity) noexcept {
    return values<I>(const_cast<std::byte*>(columns), capacity);
  }

  /// How many characters each text has; values() says where they start.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static std::uint32_t* lengths(std::byte* columns, std::size_t capacity) noexcept {
    return reinterpret_cast<std::uint32_t*>(columns + capacity * where.of[I].lengths.bytes_before);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static const std::uint32_t* lengths(const std::byte* columns,
                                                                std::size_t capacity) noexcept {
    return lengths<I>(const_cast<std::byte*>(columns), capacity);
  }

  /// The words of a bitmap or of a bit-packed column.
  template <std::size_t I, typename Byte>
  [[nodiscard]] DEFT_TAGGED static Byte* words(Byte* columns, std::size_t capacity) noexcept {
    return columns + capacity * where.bytes + word_stride(capacity) * where.of[I].values.bits_before;
  }

  /// The bitmap that says which rows have a value.
  template <std::size_t I, typename Byte>
  [[nodiscard]] DEFT_TAGGED static Byte* validity(Byte* columns, std::size_t capacity) noexcept {
    return columns + capacity * where.bytes + word_stride(capacity) * where.of[I].validity.bits_before;
  }
};

}  // namespace deft::detail
