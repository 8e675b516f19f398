/// @file
/// deft::bits_view and deft::mutable_bits_view: bitmaps in bytes, least significant bit first.
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft {

/// A sequence of bits somewhere in memory, as Arrow lays out validity bitmaps and boolean columns.
///
/// Bit i of the view is bit `(offset + i) % 8` of byte `(offset + i) / 8`, the least significant bit first:
///
///     byte      0                 1
///     bit       7 6 5 4 3 2 1 0   7 6 5 4 3 2 1 0
///     offset 3  e d c b a . . .   . . . . . . g f      a is [0], g is [6], size() is 7
///
/// Use the aliases bits_view (Byte = const std::byte) and mutable_bits_view. Not an owner. Bytes that hold no
/// bit of the view are never read; bits outside the view are never changed, though the bytes they share are
/// rewritten.
///
/// Memory: three words. Threads: as the bytes themselves: writing one bit writes its whole byte.
template <typename Byte>
class basic_bits_view {
  static_assert(std::is_same_v<std::remove_const_t<Byte>, std::byte>,
                "deft::basic_bits_view: Byte is std::byte or const std::byte");
  static constexpr bool writable = !std::is_const_v<Byte>;

 public:
  /// What `[i]` of a mutable view gives: reads as bool, writes one bit.
  class reference {
   public:
    /// @returns     The bit.
    /// @complexity  O(1). @concurrency Concurrent reads.
    DEFT_TAGGED operator bool() const noexcept { return (*byte_ & mask_) != std::byte{}; }

    /// Writes the bit.
    /// @returns     *this.
    /// @complexity  O(1). @concurrency Exclusive access to the byte.
    DEFT_TAGGED const reference& operator=(bool value) const noexcept
      requires writable
    {
      *byte_ = value ? *byte_ | mask_ : *byte_ & ~mask_;
      return *this;
    }

    /// @overload
    DEFT_TAGGED const reference& operator=(const reference& other) const noexcept
      requires writable
    {
      return *this = static_cast<bool>(other);
    }

    /// @overload
    DEFT_TAGGED reference& operator=(const reference& other) noexcept {
      if constexpr (writable) std::as_const(*this) = static_cast<bool>(other);
      return *this;
    }

    reference(const reference&) = default;

   private:
    friend class basic_bits_view;

    DEFT_TAGGED reference(Byte* bytes, std::size_t bit) noexcept
        : byte_(bytes + bit / 8), mask_(std::byte{1} << static_cast<int>(bit % 8)) {}

    Byte* byte_;
    std::byte mask_;
  };

  /// Walks the bits, giving bool by value. Random access.
  class iterator {
   public:
    using value_type = bool;
    using reference = bool;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::random_access_iterator_tag;
    using iterator_category = std::input_iterator_tag;

    iterator() = default;

    /// The iterator's operations are those of any random access iterator.
    /// @returns     As for any random access iterator.
    /// @pre         As for any random access iterator.
    /// @complexity  O(1). @concurrency Concurrent reads.
    /// @{
    DEFT_TAGGED bool operator*() const noexcept {
      return (bytes_[bit_ / 8] & (std::byte{1} << static_cast<int>(bit_ % 8))) != std::byte{};
    }

    DEFT_TAGGED bool operator[](difference_type n) const noexcept { return *(*this + n); }

    DEFT_TAGGED iterator& operator+=(difference_type n) noexcept {
      bit_ += static_cast<std::size_t>(n);
      return *this;
    }

    DEFT_TAGGED iterator& operator-=(difference_type n) noexcept { return *this += -n; }

    DEFT_TAGGED iterator& operator++() noexcept { return *this += 1; }

    DEFT_TAGGED iterator& operator--() noexcept { return *this += -1; }

    DEFT_TAGGED iterator operator++(int) noexcept {
      iterator old = *this;
      ++*this;
      return old;
    }

    DEFT_TAGGED iterator operator--(int) noexcept {
      iterator old = *this;
      --*this;
      return old;
    }

    DEFT_TAGGED friend iterator operator+(iterator it, difference_type n) noexcept { return it += n; }

    DEFT_TAGGED friend iterator operator+(difference_type n, iterator it) noexcept { return it += n; }

    DEFT_TAGGED friend iterator operator-(iterator it, difference_type n) noexcept { return it -= n; }

    DEFT_TAGGED friend difference_type operator-(const iterator& a, const iterator& b) noexcept {
      return static_cast<difference_type>(a.bit_ - b.bit_);
    }

    DEFT_TAGGED friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.bit_ == b.bit_;
    }

    DEFT_TAGGED friend std::strong_ordering operator<=>(const iterator& a, const iterator& b) noexcept {
      return a.bit_ <=> b.bit_;
    }

    /// @}

   private:
    friend class basic_bits_view;

    DEFT_TAGGED iterator(const std::byte* bytes, std::size_t bit) noexcept : bytes_(bytes), bit_(bit) {}

    const std::byte* bytes_ = nullptr;
    std::size_t bit_ = 0;
  };

  using value_type = bool;
  using const_iterator = iterator;

  /// What find_first and find_next return when there is no such bit.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  /// No bits.
  basic_bits_view() = default;

  /// `size` bits from bit `offset` of `bytes` on.
  /// @pre         `bytes` holds offset + size bits, else traps.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED basic_bits_view(std::span<Byte> bytes, std::size_t offset, std::size_t size) noexcept
      : bytes_(bytes.data()), offset_(offset), size_(size) {
    DEFT_PRECONDITION(
        size <= npos - 7 && offset <= npos - 7 - size && (offset + size + 7) / 8 <= bytes.size(),
        "bits_view: the bytes hold fewer bits");
    rebase();
  }

  /// A read-only view of what a mutable one shows.
  /// @complexity  O(1). @concurrency Safe.
  template <typename Other>
    requires(!writable && std::is_same_v<Other, std::byte>)
  DEFT_TAGGED basic_bits_view(const basic_bits_view<Other>& other) noexcept
      : bytes_(other.bytes_), offset_(other.offset_), size_(other.size_) {}

  /// Size and ends.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return {bytes_, offset_}; }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return {bytes_, offset_ + size_}; }

  /// @}

  /// The byte that bit 0 is in, and which bit of it that is: [0, 8).
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED Byte* data() const noexcept { return bytes_; }

  [[nodiscard]] DEFT_TAGGED std::size_t offset() const noexcept { return offset_; }

  /// @}

  /// Bit `i`: a bool, of a mutable view a reference.
  /// @returns     The bit.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  DEFT_TAGGED std::conditional_t<writable, reference, bool> operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "bits_view: [i] is outside [0, size())");
    return reference(bytes_, offset_ + i);
  }

  /// Sets every bit of the view.
  /// @complexity  O(size / 64). @concurrency Exclusive access to the view's bytes.
  DEFT_TAGGED void fill(bool value) const noexcept
    requires writable
  {
    std::size_t i = 0;
    for (; i < size_ && (offset_ + i) % 8 != 0; ++i) reference(bytes_, offset_ + i) = value;
    const std::size_t whole = (size_ - i) / 8;
    if (whole != 0) std::memset(bytes_ + (offset_ + i) / 8, value ? 0xff : 0, whole);
    for (i += whole * 8; i < size_; ++i) reference(bytes_, offset_ + i) = value;
  }

  /// How many bits are set, and whether all, any or none are (of no bits: all and none).
  /// @returns     What the name says.
  /// @complexity  O(size / 64). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t count() const noexcept {
    std::size_t total = 0;
    for (std::size_t i = 0; i < size_; i += 64) total += static_cast<std::size_t>(std::popcount(word_at(i)));
    return total;
  }

  [[nodiscard]] DEFT_TAGGED bool all() const noexcept { return count() == size_; }

  [[nodiscard]] DEFT_TAGGED bool any() const noexcept { return find_first() != npos; }

  [[nodiscard]] DEFT_TAGGED bool none() const noexcept { return !any(); }

  /// @}

  /// The first set bit, and the first one after position `i`.
  /// @returns     Its position, or npos.
  /// @complexity  O(distance / 64). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t find_first() const noexcept { return find_from(0); }

  [[nodiscard]] DEFT_TAGGED std::size_t find_next(std::size_t i) const noexcept {
    return i >= size_ ? npos : find_from(i + 1);
  }

  /// @}

  /// The bits at [first, first + count), `count` cut at the end.
  /// @returns     A view of the same bytes.
  /// @pre         first <= size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED basic_bits_view subview(std::size_t first,
                                                    std::size_t count = npos) const noexcept {
    DEFT_PRECONDITION(first <= size_, "bits_view: subview(first, count) with first beyond size()");
    basic_bits_view part(*this);
    part.offset_ += first;
    part.size_ = count < size_ - first ? count : size_ - first;
    part.rebase();
    return part;
  }

  /// Compares size and bits, wherever they lie in their bytes.
  /// @returns     Whether they are equal.
  /// @complexity  O(size / 64). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED friend bool operator==(const basic_bits_view& a,
                                                   const basic_bits_view& b) noexcept {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; i += 64) {
      if (a.word_at(i) != b.word_at(i)) return false;
    }
    return true;
  }

 private:
  template <typename>
  friend class basic_bits_view;

  // Keeps the offset below 8, so that adding positions cannot overflow.
  DEFT_TAGGED void rebase() noexcept {
    if (bytes_ != nullptr) bytes_ += offset_ / 8;
    offset_ %= 8;
  }

  // The 64 bits from position i on, zeros beyond the end. Reads only bytes that hold bits of the view.
  DEFT_TAGGED std::uint64_t word_at(std::size_t i) const noexcept {
    const std::size_t bits = size_ - i < 64 ? size_ - i : 64;
    const std::size_t first = (offset_ + i) / 8;
    const std::size_t last = (offset_ + i + bits + 7) / 8;
    const auto shift = static_cast<unsigned>((offset_ + i) % 8);
    std::uint64_t word = 0;
    if (std::endian::native == std::endian::little && last - first >= 8) {
      std::memcpy(&word, bytes_ + first, 8);
    } else {
      for (std::size_t b = 0; b < last - first && b < 8; ++b) {
        word |= std::to_integer<std::uint64_t>(bytes_[first + b]) << (8 * b);
      }
    }
    word >>= shift;
    if (last - first > 8) word |= std::to_integer<std::uint64_t>(bytes_[first + 8]) << (64 - shift);
    return bits == 64 ? word : word & ((std::uint64_t{1} << bits) - 1);
  }

  DEFT_TAGGED std::size_t find_from(std::size_t i) const noexcept {
    for (; i < size_; i += 64) {
      const std::uint64_t word = word_at(i);
      if (word != 0) return i + static_cast<std::size_t>(std::countr_zero(word));
    }
    return npos;
  }

  Byte* bytes_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

using bits_view = basic_bits_view<const std::byte>;
using mutable_bits_view = basic_bits_view<std::byte>;

}  // namespace deft

template <typename Byte>
inline constexpr bool std::ranges::enable_borrowed_range<deft::basic_bits_view<Byte>> = true;

template <typename Byte>
inline constexpr bool std::ranges::enable_view<deft::basic_bits_view<Byte>> = true;
