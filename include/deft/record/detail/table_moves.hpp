/// @file
/// What happens to many rows of a table's block at once, column by column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/column_bits.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_rows.hpp"
#include "deft/record/detail/table_texts.hpp"

namespace deft::detail {

/// Static functions. Nothing is checked; nothing throws but where said.
template <typename T, typename Layout>
struct table_moves : table_rows<T, Layout> {
  using base = table_rows<T, Layout>;
  using typename base::layout;
  using part = typename layout::part;

  /// f(integral_constant<part number>) for each part of the columns; for those of texts where `Texts` says
  /// so.
  template <bool Texts, typename F>
  DEFT_TAGGED static void for_each_part(F&& f) {
    base::for_each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr auto& parts = layout::where.of[I];
      if constexpr (layout::template kind<I>() != storage_kind::text) {
        f(std::integral_constant<std::size_t, 3 * I>{});
      } else if constexpr (Texts) {
        f(std::integral_constant<std::size_t, 3 * I>{});
        f(std::integral_constant<std::size_t, 3 * I + 1>{});
      }
      if constexpr (parts.validity.bits != 0) f(std::integral_constant<std::size_t, 3 * I + 2>{});
    });
  }

  DEFT_TAGGED static void copy_part(const part& p, block_ref to, std::size_t to_first, const_block_ref from,
                                    std::size_t from_first, std::size_t count) noexcept {
    std::byte* const target = to.columns + layout::offset(p, to.capacity);
    const std::byte* const source = from.columns + layout::offset(p, from.capacity);
    if (p.bits != 0) {
      move_bits(target, to_first * p.bits, source, from_first * p.bits, count * p.bits);
    } else if (p.bytes != 0) {
      std::memmove(target + to_first * p.bytes, source + from_first * p.bytes, count * p.bytes);
    }
  }

  /// All columns; of texts where they are, not the characters.
  DEFT_TAGGED static void copy_places(block_ref to, std::size_t to_first, const_block_ref from,
                                      std::size_t from_first, std::size_t count) noexcept {
    if (count == 0) return;
    for_each_part<true>(
        [&](auto n) { copy_part(layout::part_at(n), to, to_first, from, from_first, count); });
  }

  /// Bits of rows [first, last) become zero.
  DEFT_TAGGED static void clear_rows(block_ref block, std::size_t first, std::size_t last) noexcept {
    if (first == last) return;
    for_each_part<false>([&](auto n) {
      constexpr part p = layout::part_at(n);
      if constexpr (p.bits != 0) {
        clear_bits(block.columns + layout::offset(p, block.capacity), first * p.bits,
                   (last - first) * p.bits);
      }
    });
  }

  /// The rows from `size` on go.
  DEFT_TAGGED static void truncate(block_ref block, std::size_t size, std::size_t old_size) noexcept {
    clear_rows(block, size, old_size);
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      base::template text<I>(block).forget(size, old_size);
    });
    set_rows(block, size);
  }

  /// Tells the owner of the texts how many rows there are.
  DEFT_TAGGED static void set_rows([[maybe_unused]] block_ref block,
                                   [[maybe_unused]] std::size_t size) noexcept {
    if constexpr (layout::texts != 0) base::texts_of(block.columns).rows = size;
  }

  /// Rows [first, last) go, the later ones move up.
  DEFT_TAGGED static void erase(block_ref block, std::size_t first, std::size_t last,
                                std::size_t size) noexcept {
    if (first == last) return;
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column column = base::template text<I>(block);
      column.forget(first, last);
    });
    copy_places(block, first, block, last, size - last);
    clear_rows(block, size - (last - first), size);
    set_rows(block, size - (last - first));
  }

  /// Room for the texts of `count` rows of another block, or of this one.
  /// @throws std::length_error, what the allocator throws.
  DEFT_TAGGED static void reserve_texts_of([[maybe_unused]] block_ref to,
                                           [[maybe_unused]] const_block_ref from,
                                           [[maybe_unused]] std::size_t first,
                                           [[maybe_unused]] std::size_t count) {
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const std::uint32_t* const lengths = layout::template lengths<I>(from.columns, from.capacity);
      std::size_t wanted = 0;
      for (std::size_t i = first; i < first + count; ++i) wanted += lengths[i];
      base::template text<I>(to).reserve(wanted);
    });
  }

  /// Copies rows behind those that are there; for texts there is room.
  DEFT_TAGGED static void append_rows(block_ref to, std::size_t size, const_block_ref from, std::size_t first,
                                      std::size_t count) noexcept {
    if (count == 0) return;
    for_each_part<false>([&](auto n) { copy_part(layout::part_at(n), to, size, from, first, count); });
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column target = base::template text<I>(to);
      for (std::size_t i = 0; i < count; ++i) {
        target.append(size + i, base::template load_payload<I>(from, first + i));
      }
    });
    set_rows(to, size + count);
  }

  /// The rows from `first` on move to make room for `count`, whose bits are zero and whose texts are empty.
  DEFT_TAGGED static void open_gap(block_ref block, std::size_t first, std::size_t count,
                                   std::size_t size) noexcept {
    copy_places(block, first + count, block, first, size - first);
    clear_rows(block, first, first + count);
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column column = base::template text<I>(block);
      // What goes in there goes behind the characters of the later rows.
      if (first != size) column.heap.in_order = false;
      for (std::size_t i = first; i < first + count; ++i) {
        column.begins[i] = 0;
        column.lengths[i] = 0;
      }
    });
    set_rows(block, size + count);
  }

  /// Fills a gap that open_gap() left with rows of another block; for texts there is room.
  DEFT_TAGGED static void fill_rows(block_ref to, std::size_t gap, const_block_ref from, std::size_t first,
                                    std::size_t count) noexcept {
    for_each_part<false>([&](auto n) { copy_part(layout::part_at(n), to, gap, from, first, count); });
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column target = base::template text<I>(to);
      for (std::size_t i = 0; i < count; ++i) {
        target.append(gap + i, base::template load_payload<I>(from, first + i));
      }
    });
  }

  /// Keeps the rows at `rows`, which ascend, and in this order.
  DEFT_TAGGED static void keep(block_ref block, const std::size_t* rows, std::size_t count,
                               std::size_t size) noexcept {
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column column = base::template text<I>(block);
      std::size_t live = 0;
      for (std::size_t i = 0; i < count; ++i) {
        column.begins[i] = column.begins[rows[i]];
        column.lengths[i] = column.lengths[rows[i]];
        live += column.lengths[i];
      }
      if (live != column.heap.live) column.heap.in_order = false;
      column.heap.live = live;
    });
    // In place: a row comes from its own position or from one behind it.
    gather_fixed(block, block, rows, count);
    clear_rows(block, count, size);
    set_rows(block, count);
  }

  /// Row i of `to`, an empty block, becomes row rows[i] of `from`. For texts there is room.
  template <typename Index>
  DEFT_TAGGED static void gather(block_ref to, const_block_ref from, const Index* rows,
                                 std::size_t count) noexcept {
    if (count == 0) return;
    gather_fixed(to, from, rows, count);
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column target = base::template text<I>(to);
      for (std::size_t i = 0; i < count; ++i) {
        target.append(i, base::template load_payload<I>(from, static_cast<std::size_t>(rows[i])));
      }
    });
    set_rows(to, count);
  }

  /// The same for all columns but texts.
  template <typename Index>
  DEFT_TAGGED static void gather_fixed(block_ref to, const_block_ref from, const Index* rows,
                                       std::size_t count) noexcept {
    for_each_part<false>([&](auto n) {
      constexpr part p = layout::part_at(n);
      std::byte* const target = to.columns + layout::offset(p, to.capacity);
      const std::byte* const source = from.columns + layout::offset(p, from.capacity);
      if constexpr (p.bits == 1) {
        gather_bits(target, source, rows, count);
      } else if constexpr (p.bits != 0) {
        for (std::size_t i = 0; i < count; ++i) {
          store_bits(target, i * p.bits, p.bits,
                     load_bits(source, static_cast<std::size_t>(rows[i]) * p.bits, p.bits));
        }
      } else if constexpr (p.bytes != 0) {
        for (std::size_t i = 0; i < count; ++i) {
          // Not memcpy: keep() comes with both the same.
          std::memmove(target + i * p.bytes, source + static_cast<std::size_t>(rows[i]) * p.bytes, p.bytes);
        }
      }
    });
  }

  /// As reserve_texts_of, for the rows that gather() takes.
  template <typename Index>
  DEFT_TAGGED static void reserve_gathered([[maybe_unused]] block_ref to,
                                           [[maybe_unused]] const_block_ref from,
                                           [[maybe_unused]] const Index* rows,
                                           [[maybe_unused]] std::size_t count) {
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const std::uint32_t* const lengths = layout::template lengths<I>(from.columns, from.capacity);
      std::size_t wanted = 0;
      for (std::size_t i = 0; i < count; ++i) wanted += lengths[rows[i]];
      base::template text<I>(to).reserve(wanted);
    });
  }

  /// What readers of whole cache lines see behind the last row is zero; texts lie in order. For sharing.
  /// @throws What the allocator throws.
  DEFT_TAGGED static void finish(block_ref block, std::size_t size) {
    base::for_each_text([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const text_column column = base::template text<I>(block);
      column.put_in_order();
      column.begins[size] = column.heap.used;  // a table with texts has one more place than rows
    });
    for_each_part<true>([&](auto n) {
      constexpr part p = layout::part_at(n);
      if constexpr (p.bytes != 0) {
        const bool begins = p.bytes == sizeof(std::uint64_t) && is_begins(p);
        const std::size_t used = (size + (begins ? 1 : 0)) * p.bytes;
        const std::size_t end = (used + 63) / 64 * 64;
        std::memset(block.columns + layout::offset(p, block.capacity) + used, 0, end - used);
      }
    });
  }

 private:
  DEFT_TAGGED static constexpr bool is_begins(const part& p) noexcept {
    for (const auto& parts : layout::where.of) {
      if (parts.lengths.bytes != 0 && parts.values.bytes_before == p.bytes_before) return true;
    }
    return false;
  }

  template <typename Index>
  DEFT_TAGGED static void gather_bits(std::byte* to, const std::byte* from, const Index* rows,
                                      std::size_t count) noexcept {
    for (std::size_t first = 0; first < count; first += 64) {
      const std::size_t n = count - first < 64 ? count - first : 64;
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < n; ++i) {
        word |= static_cast<std::uint64_t>(load_bit(from, static_cast<std::size_t>(rows[first + i]))) << i;
      }
      store_word(to, first / 64, word);
    }
  }
};

}  // namespace deft::detail
