/// @file
/// What happens to the rows of a table's block: reading, writing, moving, gathering.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/column_bits.hpp"
#include "deft/record/detail/column_kinds.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_texts.hpp"

namespace deft::detail {

/// A block's columns and the number of rows that it has room for.
template <typename Byte>
struct block_view {
  Byte* columns = nullptr;
  std::size_t capacity = 0;

  template <typename Other>
    requires std::is_convertible_v<Byte*, Other*>
  DEFT_TAGGED operator block_view<Other>() const noexcept {
    return {columns, capacity};
  }
};

using block_ref = block_view<std::byte>;
using const_block_ref = block_view<const std::byte>;

/// Static functions: a row is a block and an index. Nothing is checked.
///
/// Bits of rows at and behind the table's size are zero: appending a row sets bits and never clears any.
template <typename T, typename Layout>
struct table_rows {
  using layout = table_layout<T, Layout>;
  using indices = typename layout::indices;
  template <std::size_t I>
  using column = typename layout::template column<I>;
  template <std::size_t I>
  using seen = typename column<I>::seen;
  using owner = text_owner<layout::texts>;
  static constexpr std::size_t owner_bytes = layout::texts != 0 ? sizeof(owner) : 0;

  /// f(integral_constant<I>) for all fields. Inlined, as are others below: at -O2 g++ would call functions
  /// for what is a few stores.
  template <typename F>
  [[gnu::always_inline]] DEFT_TAGGED static constexpr void for_each(F&& f) {
    for_each_in(indices{}, f);
  }

  template <std::size_t... I, typename F>
  [[gnu::always_inline]] DEFT_TAGGED static constexpr void for_each_in(std::index_sequence<I...> /*fields*/,
                                                                       F& f) {
    (f(std::integral_constant<std::size_t, I>{}), ...);
  }

  template <typename F>
  DEFT_TAGGED static constexpr void for_each_text([[maybe_unused]] F&& f) {
    if constexpr (layout::texts != 0) {
      for_each([&]<std::size_t I>(std::integral_constant<std::size_t, I> field) {
        if constexpr (layout::template kind<I>() == storage_kind::text) f(field);
      });
    }
  }

  [[nodiscard]] DEFT_TAGGED static owner& texts_of(const std::byte* columns) noexcept {
    return *reinterpret_cast<owner*>(const_cast<std::byte*>(columns) - owner_bytes);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static text_column text(block_ref block) noexcept {
    owner& all = texts_of(block.columns);
    return {all, all.heaps[layout::text_number(I)], layout::template values<I>(block.columns, block.capacity),
            layout::template lengths<I>(block.columns, block.capacity)};
  }

  // --- one value -------------------------------------------------------------------------------------------

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static bool has_value(const_block_ref block, std::size_t i) noexcept {
    return load_bit(layout::template validity<I>(block.columns, block.capacity), i);
  }

  /// The value without its optional: a copy, of texts a view.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static auto load_payload(const_block_ref block, std::size_t i) noexcept {
    using c = column<I>;
    constexpr storage_kind kind = layout::template kind<I>();
    if constexpr (kind == storage_kind::bit) {
      return load_bit(layout::template words<I>(block.columns, block.capacity), i);
    } else if constexpr (kind == storage_kind::packed) {
      std::uint64_t value = 0;
      if constexpr (c::bits != 0) {
        value = load_bits(layout::template words<I>(block.columns, block.capacity), i * c::bits, c::bits);
      }
      return c::load(static_cast<typename c::stored>(value + c::lowest));
    } else if constexpr (kind == storage_kind::text) {
      const auto* const lengths = layout::template lengths<I>(block.columns, block.capacity);
      const auto* const begins = layout::template values<I>(block.columns, block.capacity);
      const text_heap& heap = texts_of(block.columns).heaps[layout::text_number(I)];
      return std::string_view(heap.data + begins[i], lengths[i]);
    } else {
      return typename c::payload(c::load(layout::template values<I>(block.columns, block.capacity)[i]));
    }
  }

  /// The value as rows show it.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static seen<I> load(const_block_ref block, std::size_t i) noexcept {
    if constexpr (column<I>::nullable) {
      if (!has_value<I>(block, i)) return std::nullopt;
    }
    return seen<I>(load_payload<I>(block, i));
  }

  /// The value as the field's own type.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static typename layout::template field<I> load_field(const_block_ref block,
                                                                                 std::size_t i) {
    using field = typename layout::template field<I>;
    if constexpr (layout::template kind<I>() != storage_kind::text) {
      return load<I>(block, i);
    } else if constexpr (column<I>::nullable) {
      const auto value = load<I>(block, i);
      return value ? field(std::in_place, *value) : field();
    } else {
      return field(load<I>(block, i));
    }
  }

  /// Writes a value that is not a text; to a row that is new (`Append`) or not.
  template <std::size_t I, bool Append, typename Payload>
  DEFT_TAGGED static void store_payload(block_ref block, std::size_t i, const Payload& value) noexcept {
    using c = column<I>;
    constexpr storage_kind kind = layout::template kind<I>();
    if constexpr (kind == storage_kind::bit) {
      std::byte* const bits = layout::template words<I>(block.columns, block.capacity);
      if constexpr (Append) {
        append_bit(bits, i, value);
      } else {
        store_bit(bits, i, value);
      }
    } else if constexpr (kind == storage_kind::packed) {
      if constexpr (c::bits != 0) {
        store_bits(layout::template words<I>(block.columns, block.capacity), i * c::bits, c::bits,
                   static_cast<std::uint64_t>(c::store(value)) - c::lowest);
      }
    } else {
      layout::template values<I>(block.columns, block.capacity)[i] = c::store(value);
    }
  }

  /// An absent value: zero bytes, so that equal tables have equal columns.
  template <std::size_t I>
  DEFT_TAGGED static void clear_payload(block_ref block, std::size_t i) noexcept {
    using c = column<I>;
    constexpr storage_kind kind = layout::template kind<I>();
    if constexpr (kind == storage_kind::bit) {
      store_bit(layout::template words<I>(block.columns, block.capacity), i, false);
    } else if constexpr (kind == storage_kind::packed) {
      if constexpr (c::bits != 0) {
        store_bits(layout::template words<I>(block.columns, block.capacity), i * c::bits, c::bits, 0);
      }
    } else {
      std::memset(static_cast<void*>(layout::template values<I>(block.columns, block.capacity) + i), 0,
                  sizeof(typename c::stored));
    }
  }

  /// Writes a field's value to a row that has one. `value` is the field, or what a row shows of it; only
  /// texts may throw.
  template <std::size_t I, typename Value>
  DEFT_TAGGED static void store(block_ref block, std::size_t i, const Value& value) {
    constexpr bool is_text = layout::template kind<I>() == storage_kind::text;
    if constexpr (column<I>::nullable) {
      const bool present = value.has_value();
      if constexpr (is_text) {
        text<I>(block).assign(i, present ? std::string_view(*value) : std::string_view());
      } else if (present) {
        store_payload<I, false>(block, i, *value);
      } else {
        clear_payload<I>(block, i);
      }
      store_bit(layout::template validity<I>(block.columns, block.capacity), i, present);
    } else if constexpr (is_text) {
      text<I>(block).assign(i, value);
    } else {
      store_payload<I, false>(block, i, value);
    }
  }

  /// Writes a field's value to a new row; for texts there is room.
  template <std::size_t I, typename Value>
  DEFT_TAGGED static void append(block_ref block, std::size_t i, const Value& value) noexcept {
    constexpr bool is_text = layout::template kind<I>() == storage_kind::text;
    if constexpr (column<I>::nullable) {
      const bool present = value.has_value();
      if constexpr (is_text) {
        text<I>(block).append(i, present ? std::string_view(*value) : std::string_view());
      } else if (present) {
        store_payload<I, true>(block, i, *value);
      } else if constexpr (layout::template kind<I>() != storage_kind::bit &&
                           layout::template kind<I>() != storage_kind::packed) {
        clear_payload<I>(block, i);
      }
      append_bit(layout::template validity<I>(block.columns, block.capacity), i, present);
    } else if constexpr (is_text) {
      text<I>(block).append(i, value);
    } else {
      store_payload<I, true>(block, i, value);
    }
  }

  // --- one row ---------------------------------------------------------------------------------------------

  /// f(integral_constant<I>, field I) for all fields of a T.
  template <typename F>
  [[gnu::always_inline]] DEFT_TAGGED static void for_each_of(const T& value, F&& f) {
    detail::visit_fields(value, numbering<F>{f});
  }

  template <typename F>
  struct numbering {
    F& f;

    template <typename... Field>
    [[gnu::always_inline]] DEFT_TAGGED void operator()(const Field&... fields) const {
      number(indices{}, fields...);
    }

    template <std::size_t... I, typename... Field>
    [[gnu::always_inline]] DEFT_TAGGED void number(std::index_sequence<I...> /*fields*/,
                                                   const Field&... fields) const {
      (f(std::integral_constant<std::size_t, I>{}, fields), ...);
    }
  };

  template <std::size_t I, typename Value>
  [[nodiscard]] DEFT_TAGGED static std::string_view characters(const Value& value) noexcept {
    if constexpr (column<I>::nullable) {
      return value ? std::string_view(*value) : std::string_view();
    } else {
      return value;
    }
  }

  /// Room for the texts of `count` copies of `value`.
  DEFT_TAGGED static void reserve_texts([[maybe_unused]] block_ref block, [[maybe_unused]] const T& value,
                                        [[maybe_unused]] std::size_t count = 1) {
    if constexpr (layout::texts != 0) {
      for_each_of(value, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& field) {
        if constexpr (layout::template kind<I>() == storage_kind::text) {
          const std::string_view wanted = characters<I>(field);
          text_column::check_length(wanted);
          if (!wanted.empty() && count > static_cast<std::size_t>(-1) / wanted.size()) {
            throw_length_error(
                "deft::record_vector: the characters of a column are more than can be addressed");
          }
          text<I>(block).reserve(wanted.size() * count);
        }
      });
    }
  }

  [[gnu::always_inline]] DEFT_TAGGED static void append_row(block_ref block, std::size_t i,
                                                            const T& value) noexcept {
    for_each_of(value, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& field) {
      append<I>(block, i, field);
    });
  }

  /// If it throws, the row is as it was.
  [[gnu::always_inline]] DEFT_TAGGED static void store_row(block_ref block, std::size_t i, const T& value) {
    reserve_texts(block, value);
    for_each_of(value, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& field) {
      store<I>(block, i, field);
    });
  }

  [[nodiscard]] DEFT_TAGGED static T load_row(const_block_ref block, std::size_t i) {
    return
        [&]<std::size_t... I>(std::index_sequence<I...>) { return T{load_field<I>(block, i)...}; }(indices{});
  }

  /// Out of line, with arguments in registers: std::iter_swap around it is inlined then, and takes its
  /// iterators apart for nothing otherwise.
  [[gnu::noinline]] DEFT_TAGGED static void swap_rows(std::byte* columns, std::size_t capacity, std::size_t i,
                                                      std::size_t j) noexcept {
    const block_ref block{columns, capacity};
    for_each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr storage_kind kind = layout::template kind<I>();
      const auto exchange = [&](auto* values) {
        const auto kept = values[i];
        values[i] = values[j];
        values[j] = kept;
      };
      if constexpr (kind == storage_kind::text) {
        const text_column column = text<I>(block);
        exchange(column.begins);
        exchange(column.lengths);
        if (i != j) column.heap.in_order = false;
      } else if constexpr (kind == storage_kind::bit || kind == storage_kind::packed) {
        constexpr std::size_t bits = column<I>::bits;
        if constexpr (bits != 0) {
          std::byte* const words = layout::template words<I>(block.columns, block.capacity);
          const std::uint64_t kept = load_bits(words, i * bits, bits);
          store_bits(words, i * bits, bits, load_bits(words, j * bits, bits));
          store_bits(words, j * bits, bits, kept);
        }
      } else {
        exchange(layout::template values<I>(block.columns, block.capacity));
      }
      if constexpr (column<I>::nullable) {
        std::byte* const validity = layout::template validity<I>(block.columns, block.capacity);
        const bool kept = load_bit(validity, i);
        store_bit(validity, i, load_bit(validity, j));
        store_bit(validity, j, kept);
      }
    });
  }
};

}  // namespace deft::detail
