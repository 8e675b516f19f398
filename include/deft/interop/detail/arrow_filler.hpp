/// @file
/// Finds the memory of a table's columns for Arrow, and copies what does not lie there as Arrow has it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/interop/detail/arrow_columns.hpp"
#include "deft/interop/detail/arrow_types.hpp"
#include "deft/record/record_vector_shared.hpp"

namespace deft::detail {

/// Whether elements of type F in an array are what Arrow's buffer holds.
template <typename F>
inline constexpr bool lies_as_arrow = !std::is_same_v<F, bool> && !is_optional_field<F> && !is_std_array<F> &&
                                      !is_plain_class<F> && !days_to_narrow<F>;

/// Fills one arrow_memory after the other with rows [first, first + count) of columns.
class arrow_filler {
 public:
  DEFT_TAGGED arrow_filler(arrow_memory* next, std::size_t first, std::size_t count) noexcept
      : next_(next), first_(first), count_(count) {}

  [[nodiscard]] DEFT_TAGGED std::vector<shared_buffer>&& take_copies() noexcept { return std::move(copies_); }

  /// A struct, whose columns follow.
  DEFT_TAGGED void structure(std::size_t count) noexcept { push(count, 0); }

  /// Column I of a table.
  template <std::size_t I, typename T, typename Layout>
  DEFT_TAGGED void column(const shared_table<T, Layout>& table) {
    using layout = table_layout<T, Layout>;
    using described = typename layout::template column<I>;
    constexpr storage_kind kind = layout::template kind<I>();
    arrow_memory& memory = push(count_, first_);
    if constexpr (described::nullable) memory.validity = bits_of(table.template validity<I>());
    const auto values = table.template column<I>();
    if constexpr (kind == storage_kind::bit) {
      memory.values = bits_of(values);
    } else if constexpr (kind == storage_kind::text) {
      memory.values = values.offsets().empty() ? no_text_offsets : values.offsets().data();
      memory.characters = values.characters().empty() ? "" : values.characters().data();
    } else if constexpr (kind == storage_kind::packed) {
      using stored = typename described::stored;
      const std::span<stored> copy = make_copy<stored>(memory, count_);
      values.decode(first_, copy);
      if constexpr (described::nullable) move_validity(memory, table.template validity<I>());
    } else if constexpr (kind == storage_kind::narrowed) {
      memory.values = values.data();
    } else {
      plain<typename described::payload>(memory, values.data());
    }
  }

 private:
  DEFT_TAGGED arrow_memory& push(std::size_t count, std::size_t offset) noexcept {
    next_->length = static_cast<std::int64_t>(count);
    next_->offset = static_cast<std::int64_t>(offset);
    return *next_++;
  }

  [[nodiscard]] DEFT_TAGGED static const void* bits_of(const bits_view& bits) noexcept {
    return bits.data();  // a table's bitmaps begin with a byte
  }

  /// Room for elements that are not the table's; the memory's rows begin with it.
  template <typename Element>
  [[nodiscard]] DEFT_TAGGED std::span<Element> make_copy(arrow_memory& memory, std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(Element)) {
      throw_length_error("deft::export_arrow: a copied column would exceed the address space");
    }
    copies_.push_back(shared_buffer::allocate(count * sizeof(Element)));
    auto* const elements = reinterpret_cast<Element*>(copies_.back().writable_bytes().data());
    memory.values = elements;
    memory.offset = 0;
    return {elements, count};
  }

  /// The same for a bitmap.
  template <typename Test>
  [[nodiscard]] DEFT_TAGGED const void* copy_bits(std::size_t count, Test test) {
    copies_.push_back(make_bitmap(count, test));
    return copies_.back().data();
  }

  /// After make_copy: the validity has to begin with the same row.
  DEFT_TAGGED void move_validity(arrow_memory& memory, const bits_view& bits) {
    if (first_ != 0) memory.validity = copy_bits(count_, [&](std::size_t i) { return bits[first_ + i]; });
  }

  /// The columns of a table of plain values; the first row is values[first_].
  template <typename F>
  DEFT_TAGGED void plain(arrow_memory& memory, const F* values) {
    if constexpr (lies_as_arrow<F>) {
      memory.values = values;
    } else {
      const void* const validity = memory.validity;
      if (validity != nullptr && first_ != 0) {
        const bits_view bits({static_cast<const std::byte*>(validity), (first_ + count_ + 7) / 8}, 0,
                             first_ + count_);
        memory.validity = copy_bits(count_, [&](std::size_t i) { return bits[first_ + i]; });
      }
      memory.offset = 0;
      fill(memory, count_ == 0 ? nullptr : values + first_, count_);
    }
  }

  /// `count` values beside one another. What is absent of an optional is copied as it lies.
  template <typename F>
  DEFT_TAGGED void fill(arrow_memory& memory, const F* values, std::size_t count) {
    if constexpr (lies_as_arrow<F>) {
      memory.values = values;
    } else if constexpr (std::is_same_v<F, bool>) {
      memory.values = copy_bits(count, [&](std::size_t i) { return values[i]; });
    } else if constexpr (days_to_narrow<F>) {
      const std::span<std::int32_t> copy = make_copy<std::int32_t>(memory, count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto days = values[i].time_since_epoch().count();
        if (!std::in_range<std::int32_t>(days)) {
          throw_out_of_range("deft::export_arrow: a date beyond Arrow's 32 bits of days");
        }
        copy[i] = static_cast<std::int32_t>(days);
      }
    } else if constexpr (is_optional_field<F>) {
      using value = typename F::value_type;
      memory.validity = copy_bits(count, [&](std::size_t i) { return values[i].has_value(); });
      const auto copy = gather<value>(count, [&](std::size_t i) { return values[i].value_or(value{}); });
      fill(memory, copy, count);
    } else if constexpr (is_std_array<F>) {
      using element = typename F::value_type;
      constexpr std::size_t length = std::tuple_size_v<F>;
      static_assert(sizeof(F) == length * sizeof(element), "deft: Arrow has no lists of length 0");
      arrow_memory& items = push(count * length, 0);
      fill(items, reinterpret_cast<const element*>(values), count * length);
    } else {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (fill_member<I>(values, count), ...);
      }(std::make_index_sequence<field_count<F>>());
    }
  }

  template <std::size_t I, typename F>
  DEFT_TAGGED void fill_member(const F* values, std::size_t count) {
    using member = field_type<F, I>;
    arrow_memory& memory = push(count, 0);
    fill(memory, gather<member>(count, [&](std::size_t i) { return std::get<I>(tie_fields(values[i])); }),
         count);
  }

  template <typename F, typename Get>
  [[nodiscard]] DEFT_TAGGED const F* gather(std::size_t count, Get get) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(F)) {
      throw_length_error("deft::export_arrow: a copied column would exceed the address space");
    }
    copies_.push_back(shared_buffer::allocate(count * sizeof(F)));
    auto* const elements = reinterpret_cast<F*>(copies_.back().writable_bytes().data());
    for (std::size_t i = 0; i < count; ++i) std::construct_at(elements + i, get(i));
    return elements;
  }

  arrow_memory* next_;
  std::size_t first_;
  std::size_t count_;
  std::vector<shared_buffer> copies_;
};

}  // namespace deft::detail
