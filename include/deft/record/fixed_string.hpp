/// @file
/// A string of at most N characters that lies where it is: a field of packed records, and a template
/// argument.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <functional>
#include <string_view>

#include "deft/core/contracts.hpp"

namespace deft {

/// At most N characters, in N bytes: `fixed_string<8> symbol = "AAPL";`
///
/// Use it for short codes of a known length, in aggregates that shall stay plain bytes. Trailing zero bytes
/// are not part of the value; zeros between other characters are.
///
/// A string literal may be a template argument by it: `field<"x", int>`.
///
/// Memory: N bytes, at least 1. Order: that of std::string_view. Threads: as for an array.
template <std::size_t N>
class fixed_string {
 public:
  using value_type = char;

  /// The empty string. @complexity O(N). @concurrency Safe.
  DEFT_TAGGED constexpr fixed_string() noexcept = default;

  /// A literal of at most N characters; a longer one does not compile. Of an array that does not end in a
  /// zero, as a literal does, all characters.
  /// @throws      std::length_error if that is one too many. @guarantee Strong.
  /// @complexity  O(N). @concurrency Safe.
  template <std::size_t Size>
    requires(Size <= N + 1)
  DEFT_TAGGED constexpr fixed_string(  // NOLINT(google-explicit-constructor)
      const char (&text)[Size]) noexcept(Size <= N) {
    const std::size_t size = text[Size - 1] == '\0' ? Size - 1 : Size;
    if (size > N) detail::throw_length_error("deft::fixed_string: the text has too many characters");
    std::copy_n(text, size, chars);
  }

  template <std::size_t Size>
    requires(Size > N + 1)
  fixed_string(const char (&text)[Size]) = delete;

  /// A string whose length is known when the program runs.
  /// @throws      std::length_error if it is longer than N. @guarantee Strong.
  /// @complexity  O(N). @concurrency Safe.
  DEFT_TAGGED explicit constexpr fixed_string(std::string_view text) {
    if (text.size() > N) detail::throw_length_error("deft::fixed_string: the text has too many characters");
    std::copy_n(text.data(), text.size(), chars);
  }

  /// Takes another text; a literal that is longer than N does not compile.
  /// @returns     *this. @throws std::length_error if it is longer than N. @guarantee Strong.
  /// @complexity  O(N). @concurrency Exclusive access.
  /// @{
  DEFT_TAGGED constexpr fixed_string& operator=(std::string_view text) { return *this = fixed_string(text); }

  template <std::size_t Size>
    requires(Size <= N + 1)
  DEFT_TAGGED constexpr fixed_string& operator=(const char (&text)[Size]) noexcept(Size <= N) {
    return *this = fixed_string(text);
  }

  template <std::size_t Size>
    requires(Size > N + 1)
  fixed_string& operator=(const char (&text)[Size]) = delete;

  /// @}

  /// The characters, without the zeros at the end.
  /// @returns     A view into this object. @complexity O(N). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr std::string_view view() const noexcept { return {chars, size()}; }

  DEFT_TAGGED constexpr operator std::string_view() const noexcept {  // NOLINT(google-explicit-constructor)
    return view();
  }

  /// @}

  /// @returns     The number of characters. @complexity O(N). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size() const noexcept {
    std::size_t size = N;
    while (size > 0 && chars[size - 1] == '\0') --size;
    return size;
  }

  /// @returns     Whether there is no character. @complexity O(N). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr bool empty() const noexcept { return size() == 0; }

  /// @returns     N. @complexity O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr std::size_t capacity() noexcept { return N; }

  /// The N bytes.
  /// @returns     A pointer to the first. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr const char* data() const noexcept { return chars; }

  /// By the characters, as unsigned char.
  /// @returns     The order. @complexity O(N). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED friend constexpr bool operator==(const fixed_string& a,
                                                             const fixed_string& b) noexcept {
    return std::equal(a.chars, a.chars + N, b.chars);
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr std::strong_ordering operator<=>(
      const fixed_string& a, const fixed_string& b) noexcept {
    return a.view() <=> b.view();
  }

  /// @}

  // Public, because a template argument has no private parts: read it by view().
  char chars[N == 0 ? 1 : N]{};
};

template <std::size_t Size>
fixed_string(const char (&)[Size]) -> fixed_string<Size - 1>;

namespace detail {

template <typename T>
inline constexpr bool is_fixed_string = false;
template <std::size_t N>
inline constexpr bool is_fixed_string<fixed_string<N>> = true;

}  // namespace detail

}  // namespace deft

/// The hash of the characters.
template <std::size_t N>
struct std::hash<deft::fixed_string<N>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(const deft::fixed_string<N>& text) const noexcept {
    return std::hash<std::string_view>{}(text.view());
  }
};
