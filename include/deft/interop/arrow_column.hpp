/// @file
/// deft::arrow_column, deft::arrow_batch: checked arrays of Arrow that somebody else made.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/view/shared_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// What the values of an array are. Where two Arrow types differ only in the width of their offsets they are
/// one kind here.
enum class arrow_kind : unsigned char {
  null,
  boolean,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float16,
  float32,
  float64,
  decimal,
  text,         ///< UTF-8 that is not checked to be such.
  bytes,        ///< Any number of bytes.
  fixed_bytes,  ///< As many bytes in every row.
  date_days,
  date_milliseconds,
  time_of_day,
  timestamp,
  duration,
  interval,
  structure,
  fixed_list,
  list,
};

namespace detail {

struct arrow_access;
struct arrow_node;
struct arrow_batch_state;

/// The kind whose values are Ts in memory; null for none.
template <typename T>
consteval arrow_kind kind_of_number() {
  if constexpr (std::is_same_v<T, float>) return arrow_kind::float32;
  if constexpr (std::is_same_v<T, double>) return arrow_kind::float64;
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    constexpr bool is_signed = std::is_signed_v<T>;
    if constexpr (sizeof(T) == 1) return is_signed ? arrow_kind::int8 : arrow_kind::uint8;
    if constexpr (sizeof(T) == 2) return is_signed ? arrow_kind::int16 : arrow_kind::uint16;
    if constexpr (sizeof(T) == 4) return is_signed ? arrow_kind::int32 : arrow_kind::uint32;
    if constexpr (sizeof(T) == 8) return is_signed ? arrow_kind::int64 : arrow_kind::uint64;
  }
  return arrow_kind::null;
}

}  // namespace detail

/// Types of numbers that an arrow_column can show where they lie.
template <typename T>
concept arrow_number = detail::kind_of_number<T>() != arrow_kind::null;

/// One column of an arrow_batch, or of what is nested in one: looks at the memory of whoever made it, which
/// was checked as a whole when it was imported. Not an owner: valid as long as the batch.
///
/// Memory: three words. Threads: any number of readers.
class arrow_column {
 public:
  /// Its name, Arrow's format of its type, its kind, the number of rows, and whether its type, or
  /// that of its dictionary, allows absent values.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::string_view name() const noexcept;
  [[nodiscard]] std::string_view format() const noexcept;
  [[nodiscard]] arrow_kind kind() const noexcept;

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] bool nullable() const noexcept;

  /// @}

  /// Whether row `i` has no value, how many rows have none, and which have one. A row whose index is of an
  /// entry of the dictionary without a value has none.
  /// @returns     What the name says. validity() is empty where every row has a value.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1); null_count() O(size / 64). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] bool is_null(std::size_t i) const noexcept;
  [[nodiscard]] std::size_t null_count() const noexcept;
  [[nodiscard]] bits_view validity() const noexcept;

  /// @}

  /// The numbers where they lie: of dates, times, timestamps and durations the counts, of a dictionary the
  /// indices. What stands in rows without a value is anything.
  /// @returns     The elements.
  /// @throws      std::invalid_argument if the column's elements are no Ts.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <arrow_number T>
  [[nodiscard]] DEFT_TAGGED std::span<const T> values() const {
    return {reinterpret_cast<const T*>(numbers(detail::kind_of_number<T>(), sizeof(T))), size_};
  }

  /// The bits of a column of truth values.
  /// @returns     The bits.
  /// @throws      std::invalid_argument if the column is of another kind.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] bits_view bits() const;

  /// Row `i` of a column of text, of bytes, or of a dictionary of such.
  /// @returns     Its characters; none where the row has no value.
  /// @pre         i < size(), else traps.
  /// @throws      std::invalid_argument if the column is of another kind.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] std::string_view text(std::size_t i) const;

  /// The columns of a struct.
  /// @returns     Column i, and how many there are (0 of other kinds).
  /// @pre         i < child_count(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::size_t child_count() const noexcept;
  [[nodiscard]] arrow_column child(std::size_t i) const noexcept;

  /// @}

  /// How long each row is of a column of lists or bytes of a fixed length, and the elements of all rows.
  /// @returns     The length; a column of size() * length rows.
  /// @throws      std::invalid_argument if the column is of another kind.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::size_t fixed_size() const;
  [[nodiscard]] arrow_column items() const;

  /// @}

  /// The elements of one row of a column of lists.
  /// @returns     A column; empty where the row has no value.
  /// @pre         i < size(), else traps.
  /// @throws      std::invalid_argument if the column is of another kind.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] arrow_column list(std::size_t i) const;

  /// What the indices of a column with a dictionary are of.
  /// @returns     The dictionary, or nothing.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] std::optional<arrow_column> dictionary() const noexcept;

 private:
  friend class arrow_batch;

  DEFT_TAGGED arrow_column(const detail::arrow_node* node, std::size_t first, std::size_t size) noexcept
      : node_(node), first_(first), size_(size) {}

  [[nodiscard]] const std::byte* numbers(arrow_kind kind, std::size_t width) const;

  const detail::arrow_node* node_;
  std::size_t first_;  // from the start of the buffers
  std::size_t size_;
};

/// An array of Arrow whose type is a struct, a table's rows, that somebody else made: checked, and kept until
/// the last copy of the batch and the last of its shared columns go, on whichever thread.
///
/// Memory: a shared pointer. Threads: any number of readers.
class arrow_batch {
 public:
  /// How many rows and columns there are.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t column_count() const noexcept;

  /// @}

  /// A column by its position, and by its name.
  /// @returns     The column.
  /// @pre         i < column_count(), else traps.
  /// @throws      By name: std::invalid_argument if none has it, or several have.
  /// @complexity  O(1), by name O(columns). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] arrow_column column(std::size_t i) const noexcept;
  [[nodiscard]] arrow_column column(std::string_view name) const;

  /// @}

  /// The numbers of a column, without a copy, and for as long as this handle to them lives.
  /// @returns     A shared view.
  /// @throws      std::invalid_argument if there is no such column or its elements are no Ts; std::bad_alloc.
  /// @complexity  O(columns). @concurrency Concurrent reads.
  template <arrow_number T>
  [[nodiscard]] DEFT_TAGGED shared_view<T> shared_column(std::string_view name) const {
    const std::span<const T> values = column(name).values<T>();
    return shared_view<T>(view<const T>(values.data(), values.size()), state_);
  }

 private:
  friend struct detail::arrow_access;

  DEFT_TAGGED explicit arrow_batch(std::shared_ptr<const detail::arrow_batch_state> state) noexcept
      : state_(std::move(state)) {}

  std::shared_ptr<const detail::arrow_batch_state> state_;
};

}  // namespace deft
