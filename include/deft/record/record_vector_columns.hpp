/// @file
/// What a table's columns are seen as where they are no plain arrays: string_column, packed_column.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/column_bits.hpp"
#include "deft/record/detail/column_decode.hpp"
#include "deft/record/detail/column_kinds.hpp"

namespace deft {

namespace detail {

/// Walks what `Column::operator[]` gives, by value. Random access.
template <typename Column>
class column_iterator {
 public:
  using value_type = std::remove_cvref_t<decltype(std::declval<const Column&>()[0])>;
  using reference = value_type;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;

  column_iterator() = default;

  DEFT_TAGGED column_iterator(const Column& column, std::size_t i) noexcept
      : column_(column), i_(static_cast<difference_type>(i)) {}

  DEFT_TAGGED reference operator*() const noexcept { return column_.unchecked(static_cast<std::size_t>(i_)); }

  DEFT_TAGGED reference operator[](difference_type n) const noexcept { return *(*this + n); }

  DEFT_TAGGED column_iterator& operator+=(difference_type n) noexcept {
    i_ += n;
    return *this;
  }

  DEFT_TAGGED column_iterator& operator-=(difference_type n) noexcept {
    i_ -= n;
    return *this;
  }

  DEFT_TAGGED column_iterator& operator++() noexcept { return *this += 1; }

  DEFT_TAGGED column_iterator& operator--() noexcept { return *this -= 1; }

  DEFT_TAGGED column_iterator operator++(int) noexcept {
    column_iterator old = *this;
    ++*this;
    return old;
  }

  DEFT_TAGGED column_iterator operator--(int) noexcept {
    column_iterator old = *this;
    --*this;
    return old;
  }

  DEFT_TAGGED friend column_iterator operator+(column_iterator it, difference_type n) noexcept {
    return it += n;
  }

  DEFT_TAGGED friend column_iterator operator+(difference_type n, column_iterator it) noexcept {
    return it += n;
  }

  DEFT_TAGGED friend column_iterator operator-(column_iterator it, difference_type n) noexcept {
    return it -= n;
  }

  DEFT_TAGGED friend difference_type operator-(const column_iterator& a, const column_iterator& b) noexcept {
    return a.i_ - b.i_;
  }

  DEFT_TAGGED friend bool operator==(const column_iterator& a, const column_iterator& b) noexcept {
    return a.i_ == b.i_;
  }

  DEFT_TAGGED friend std::strong_ordering operator<=>(const column_iterator& a,
                                                      const column_iterator& b) noexcept {
    return a.i_ <=> b.i_;
  }

 private:
  Column column_;
  difference_type i_ = 0;
};

}  // namespace detail

/// A column of std::string: a random access range of std::string_view. An absent value of an optional is
/// empty. Not an owner; valid as long as a reference into the table.
class string_column {
 public:
  using value_type = std::string_view;
  using iterator = detail::column_iterator<string_column>;

  /// No texts.
  string_column() = default;

  /// The texts of a column: text i has `lengths[i]` characters from `begins[i]` on.
  /// @pre         The arrays are of `size` elements, `begins` of one more where it `has_end`.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED string_column(const char* characters, std::size_t character_count, const std::uint64_t* begins,
                            const std::uint32_t* lengths, std::size_t size, bool in_order,
                            bool has_end) noexcept
      : characters_(characters),
        character_count_(character_count),
        begins_(begins),
        lengths_(lengths),
        size_(size),
        in_order_(in_order),
        has_end_(has_end) {}

  /// Size and ends.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return {*this, 0}; }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return {*this, size_}; }

  /// @}

  /// Text `i`.
  /// @returns     A view of its characters.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::string_view operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "string_column: [i] is outside [0, size())");
    return unchecked(i);
  }

  /// Whether the characters lie in the order of the rows without gaps, so that offsets() and characters()
  /// describe them. So they do in a shared_table, and in a table to which rows were only appended.
  /// @returns     Whether they do.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED bool in_order() const noexcept { return in_order_; }

  /// Where each text starts in characters(), and in a shared_table also where the last one ends: size() + 1
  /// numbers, Arrow's layout of large strings.
  /// @returns     The offsets; none of a table that never had rows.
  /// @pre         in_order(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::span<const std::int64_t> offsets() const noexcept {
    DEFT_PRECONDITION(in_order_, "string_column: offsets() of texts that are not in order; share the table");
    return {reinterpret_cast<const std::int64_t*>(begins_), has_end_ ? size_ + 1 : size_};
  }

  /// All characters, those of row 0 first.
  /// @returns     The characters.
  /// @pre         in_order(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::span<const char> characters() const noexcept {
    DEFT_PRECONDITION(in_order_, "string_column: characters() that are not in order; share the table");
    return {characters_, character_count_};
  }

 private:
  friend iterator;

  [[nodiscard]] DEFT_TAGGED std::string_view unchecked(std::size_t i) const noexcept {
    return {characters_ + begins_[i], lengths_[i]};
  }

  const char* characters_ = nullptr;
  std::size_t character_count_ = 0;
  const std::uint64_t* begins_ = nullptr;
  const std::uint32_t* lengths_ = nullptr;
  std::size_t size_ = 0;
  bool in_order_ = true;
  bool has_end_ = false;
};

/// A bit-packed column: a random access range of narrowed values, as the column would hold them otherwise.
///
/// One by one they cost a shift and a mask each; `for_each_block` and `decode` take them out by the vector.
/// Not an owner; valid as long as a reference into the table.
///
/// Layout: value i less the lower bound of its domain is the `Bits` bits from bit i * Bits on, the least
/// significant first.
template <typename Stored, unsigned Bits, std::uint64_t Lowest>
class packed_column {
 public:
  using value_type = Stored;
  using iterator = detail::column_iterator<packed_column>;

  /// How many values for_each_block hands out at a time: they stay in the first cache.
  static constexpr std::size_t block_size = 1024;
  static constexpr unsigned bits = Bits;
  static constexpr std::uint64_t lowest = Lowest;

  /// No values.
  packed_column() = default;

  /// The first `size` values of a column.
  /// @pre         `words` holds size * Bits bits, in whole words.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED packed_column(const std::byte* words, std::size_t size) noexcept : words_(words), size_(size) {}

  /// Size and ends.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return {*this, 0}; }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return {*this, size_}; }

  /// @}

  /// Value `i`.
  /// @returns     The value.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED Stored operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "packed_column: [i] is outside [0, size())");
    return unchecked(i);
  }

  /// Writes the values from `first` on to `out`.
  /// @pre         first <= size() and out.size() <= size() - first, else traps.
  /// @complexity  O(out.size()), by the vector. @concurrency Concurrent reads.
  DEFT_TAGGED void decode(std::size_t first, std::span<Stored> out) const noexcept {
    DEFT_PRECONDITION(first <= size_ && out.size() <= size_ - first,
                      "packed_column: decode(first, out) beyond size()");
    if constexpr (Bits == 0) {
      std::ranges::fill(out, static_cast<Stored>(Lowest));
    } else {
      using target = std::make_unsigned_t<Stored>;
      detail::decode_bits(words_, first, out.size(), Bits, static_cast<target>(Lowest),
                          reinterpret_cast<target*>(out.data()));
    }
  }

  /// Calls `f(std::span<const Stored>)` for all values in order, block_size of them at a time but for the
  /// last ones.
  /// @throws      What `f` throws.
  /// @complexity  O(size()). @concurrency Concurrent reads.
  template <typename F>
  DEFT_TAGGED void for_each_block(F&& f) const {
    alignas(64) std::array<Stored, block_size> block;
    for (std::size_t first = 0; first < size_; first += block_size) {
      const std::span<Stored> part(block.data(), std::min(block_size, size_ - first));
      decode(first, part);
      f(std::span<const Stored>(part));
    }
  }

 private:
  friend iterator;

  [[nodiscard]] DEFT_TAGGED Stored unchecked([[maybe_unused]] std::size_t i) const noexcept {
    if constexpr (Bits == 0) {
      return static_cast<Stored>(Lowest);
    } else {
      return static_cast<Stored>(detail::load_bits(words_, i * Bits, Bits) + Lowest);
    }
  }

  const std::byte* words_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace deft

template <>
inline constexpr bool std::ranges::enable_borrowed_range<deft::string_column> = true;
template <>
inline constexpr bool std::ranges::enable_view<deft::string_column> = true;
template <typename Stored, unsigned Bits, std::uint64_t Lowest>
inline constexpr bool std::ranges::enable_borrowed_range<deft::packed_column<Stored, Bits, Lowest>> = true;
template <typename Stored, unsigned Bits, std::uint64_t Lowest>
inline constexpr bool std::ranges::enable_view<deft::packed_column<Stored, Bits, Lowest>> = true;
