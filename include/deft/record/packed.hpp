/// @file
/// packed<T>: the values of a plain aggregate in as few bytes as their declared domains need.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/codec.hpp"
#include "deft/record/detail/compare_fields.hpp"
#include "deft/record/detail/field_key.hpp"
#include "deft/record/detail/layout.hpp"
#include "deft/record/detail/packed_bytes.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft {

/// A layout of packed: every byte counts.
struct tight {
  static constexpr bool is_aligned = false;
};

/// A layout of packed: whole bytes at their natural alignment, the size a multiple of it.
struct aligned {
  static constexpr bool is_aligned = true;
};

/// The values of a T, packed:
///
/// ```
/// struct tick { std::int64_t ts; bounded<int, 0, 19> venue; std::optional<std::int32_t> cond; bool buy;
/// double price; };
///
/// packed<tick>:   ts 8 bytes | price 8 bytes | cond 4 bytes | 0-4 venue, 5 cond?, 6 buy, 7 spare
/// ```
///
/// 21 bytes instead of 40. Fields of whole bytes come first, wide before narrow; then the bits of all others
/// without gaps: bounded numbers by their distance from the lowest, bools and optionals' presence 1 bit each,
/// those of nested structs and arrays in the same row. At most 7 bits are spare.
///
/// Use it where many records lie in memory and are read one by one: in hash tables, in queues, in files of
/// one machine. Not where whole columns are read (record_vector), nor where fields are written in a hot loop:
/// a bit is written by reading its neighbours. packed<T, aligned> gives up some bytes for aligned loads.
///
/// Fields may be numbers, bools, enums, bounded, std::chrono's durations and time points, fixed_string, and
/// std::optional, std::array and plain aggregates of these.
///
/// Values are equal as in T; the order is that of the fields in T's declaration, whatever the layout. Both
/// are as for numbers where fields are floating-point: a NaN equals nothing, -0.0 equals 0.0 (each keeps its
/// bits). The hash is of the bytes.
///
/// Threads: fields share bytes, so two threads must not write different fields at the same time.
template <typename T, typename Layout = tight>
class packed {
  static_assert(detail::check_aggregate<T>::value);
  static_assert(std::is_same_v<Layout, tight> || std::is_same_v<Layout, aligned>,
                "deft::packed: the layout is deft::tight or deft::aligned");

  static constexpr bool is_aligned = Layout::is_aligned;
  using codec = detail::codec<T, is_aligned>;
  using layout = typename codec::layout;
  template <std::size_t I>
  using field_codec = detail::codec<detail::field_type<T, I>, is_aligned>;

  // Bits begin where the bytes of the last field end.
  static constexpr std::size_t first_bit = 8 * layout::places.bytes;
  static constexpr std::size_t bit_bytes = (layout::bits + 7) / 8;

  static consteval std::size_t round_up(std::size_t size, std::size_t to) {
    return size == 0 ? to : (size + to - 1) / to * to;
  }

 public:
  using value_type = T;
  using layout_type = Layout;

  /// sizeof(packed).
  static constexpr std::size_t size_bytes =
      round_up(layout::places.bytes + bit_bytes, is_aligned ? layout::align : 1);
  /// How many bits the declared domains need, with those of whole bytes.
  static constexpr std::size_t information_bits =
      8 * detail::codec<T, false>::layout::places.bytes + detail::codec<T, false>::layout::bits;

  /// The type of the field that Key names: `&T::x`, an index, or a name in quotes.
  template <auto Key>
    requires detail::is_field_key<Key>
  using field_type = detail::field_type<T, detail::field_key<T, Key>()>;

  /// The values of a `T{}`.
  /// @throws      What T{} throws. @complexity O(fields). @concurrency Safe.
  DEFT_TAGGED constexpr packed() : packed(T{}) {}

  /// The values of `object`.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  DEFT_TAGGED constexpr packed(const T& object) noexcept {  // NOLINT(google-explicit-constructor)
    detail::bit_words<layout::bits> words{};
    detail::bit_writer to{words.data()};
    codec::encode(object, bytes_.data(), to);
    store_all_bits(words, std::make_index_sequence<(bit_bytes + 7) / 8>());
  }

  /// The values as a T.
  /// @returns     A T that has them. @complexity O(fields). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr T unpack() const noexcept {
    const auto words = detail::load_words<size_bytes, first_bit, layout::bits>(bytes_.data());
    detail::bit_reader from{words.data()};
    return codec::decode(bytes_.data(), from);
  }

  [[nodiscard]] DEFT_TAGGED explicit constexpr operator T() const noexcept { return unpack(); }

  /// @}

  /// The value of a field: `get<&T::x>()`, `get<"x">()`.
  /// @returns     A copy: there is no object to refer to. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  template <auto Member>
    requires detail::is_field_pointer<Member>
  [[nodiscard]] DEFT_TAGGED constexpr field_type<Member> get() const noexcept {
    return get_at<detail::field_key<T, Member>()>();
  }

  template <fixed_string Name>
  [[nodiscard]] DEFT_TAGGED constexpr field_type<Name> get() const noexcept {
    return get_at<detail::field_key<T, Name>()>();
  }

  /// @}

  /// For structured bindings, which are copies of the values: `auto [ts, venue] = p;`.
  /// @returns     The value of the field of that index. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED constexpr detail::field_type<T, I> get() const& noexcept {
    return get_at<I>();
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED constexpr detail::field_type<T, I> get() & noexcept {
    static_assert(I > detail::max_fields,
                  "deft::packed: a field is no object that auto& could bind to; write auto [...] or "
                  "const auto& [...], and set<&T::x>(value)");
    return get_at<I>();
  }

  /// @}

  /// Sets a field: `set<&T::x>(value)`, `set<"x">(value)`.
  /// @returns     *this. @throws std::out_of_range for a value outside the field's domain; what converting
  ///              the value throws. @guarantee Strong.
  /// @complexity  O(1). @concurrency Exclusive access.
  /// @{
  template <auto Member>
    requires detail::is_field_pointer<Member>
  DEFT_TAGGED constexpr packed& set(const std::type_identity_t<field_type<Member>>& value) noexcept {
    set_at<detail::field_key<T, Member>()>(value);
    return *this;
  }

  template <fixed_string Name>
  DEFT_TAGGED constexpr packed& set(const std::type_identity_t<field_type<Name>>& value) noexcept {
    set_at<detail::field_key<T, Name>()>(value);
    return *this;
  }

  /// @}

  /// Sets several fields, all or none: `set_many<&T::x, &T::y>(1, 2)`. Fields of bits are written together,
  /// which is faster than one after the other.
  /// @returns     *this. @throws As set. @guarantee Strong.
  /// @complexity  O(fields). @concurrency Exclusive access.
  template <auto... Members>
    requires(sizeof...(Members) > 0 && (detail::is_field_pointer<Members> && ...))
  DEFT_TAGGED constexpr packed& set_many(
      const std::type_identity_t<field_type<Members>>&... values) noexcept {
    set_at_many<detail::field_key<T, Members>()...>(values...);
    return *this;
  }

  /// A copy with one field changed: Python's `_replace`.
  /// @returns     The copy. @throws As set. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  template <auto Member>
    requires detail::is_field_pointer<Member>
  [[nodiscard]] DEFT_TAGGED constexpr packed with(
      const std::type_identity_t<field_type<Member>>& value) const noexcept {
    packed copy = *this;
    copy.template set<Member>(value);
    return copy;
  }

  template <fixed_string Name>
  [[nodiscard]] DEFT_TAGGED constexpr packed with(
      const std::type_identity_t<field_type<Name>>& value) const noexcept {
    packed copy = *this;
    copy.template set<Name>(value);
    return copy;
  }

  /// @}

  /// The bytes. Equal bytes are equal values, NaNs excepted; the reverse holds unless fields are
  /// floating-point. Whole bytes have the byte order of the machine, and layouts may change between versions
  /// of deft: not a format for exchange.
  /// @returns     A view into this object. @complexity O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::span<const std::byte, size_bytes> bytes() const noexcept {
    return std::span<const std::byte, size_bytes>(bytes_);
  }

  /// A packed of bytes that came from elsewhere, checked.
  /// @returns     nullopt if bytes() of no packed is like this: a number is outside its domain, or what is
  ///              spare or absent is not zero.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED static constexpr std::optional<packed> from_bytes(
      std::span<const std::byte, size_bytes> bytes) noexcept {
    packed result(from_bytes_tag{});
    for (std::size_t i = 0; i < size_bytes; ++i) result.bytes_[i] = bytes[i];
    const auto words = detail::load_words<size_bytes, first_bit, layout::bits>(result.bytes_.data());
    detail::bit_reader from{words.data()};
    if (!layout::valid_fields(result.bytes_.data(), from)) return std::nullopt;
    for (std::size_t bit = first_bit + layout::bits; bit < 8 * size_bytes; ++bit) {
      if ((result.bytes_[bit / 8] >> (bit % 8) & std::byte{1}) != std::byte{}) return std::nullopt;
    }
    return result;
  }

  /// Hashes the values under a seed.
  /// @returns     Equal hashes for equal values; all NaNs hash alike.
  /// @complexity  O(bytes). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::uint64_t hash_value(std::uint64_t seed) const noexcept {
    return detail::hash_packed<layout, size_bytes>(bytes_.data(), seed);
  }

  /// Compares the values of T's fields, of nested structs field by field.
  /// @returns     Whether all are equal. @complexity O(bytes). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED friend constexpr bool operator==(const packed& a, const packed& b) noexcept {
    return detail::same_values<layout, size_bytes>(a.bytes_.data(), b.bytes_.data());
  }

  /// By the first fields, in the order of their declaration, that differ.
  /// @returns     A std::partial_ordering if there are floating-point fields, else std::strong_ordering.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED friend constexpr auto operator<=>(const packed& a, const packed& b) noexcept {
    return order(a, b, std::make_index_sequence<detail::field_count<T>>());
  }

 private:
  struct from_bytes_tag {};

  DEFT_TAGGED explicit constexpr packed(from_bytes_tag) noexcept {}

  template <std::size_t... I>
  [[gnu::always_inline]] DEFT_TAGGED constexpr void store_all_bits(
      const detail::bit_words<layout::bits>& words, std::index_sequence<I...>) noexcept {
    static_cast<void>(words);
    (detail::store_bytes<std::min<std::size_t>(bit_bytes - 8 * I, 8)>(
         bytes_.data() + layout::places.bytes + 8 * I, words[I]),
     ...);
  }

  template <std::size_t I>
  [[gnu::always_inline]] DEFT_TAGGED constexpr detail::field_type<T, I> get_at() const noexcept {
    constexpr detail::field_place place = layout::places.fields[I];
    const auto words = detail::load_words<size_bytes, first_bit + place.bit, place.bits>(bytes_.data());
    detail::bit_reader from{words.data()};
    return field_codec<I>::decode(bytes_.data() + place.byte, from);
  }

  template <std::size_t I>
  [[gnu::always_inline]] DEFT_TAGGED constexpr void set_at(const detail::field_type<T, I>& value) noexcept {
    constexpr detail::field_place place = layout::places.fields[I];
    detail::bit_words<place.bits> words{};
    detail::bit_writer to{words.data()};
    field_codec<I>::encode(value, bytes_.data() + place.byte, to);
    detail::store_words<size_bytes, first_bit + place.bit, place.bits>(bytes_.data(), words);
  }

  template <std::size_t... I>
  [[gnu::always_inline]] DEFT_TAGGED constexpr void set_at_many(
      const detail::field_type<T, I>&... values) noexcept {
    constexpr std::array<std::size_t, sizeof...(I)> indices{I...};
    static_assert(detail::are_distinct(indices), "deft::packed: set_many names a field twice");
    // The fields' bits, and what lies between them, are read and written once.
    constexpr detail::bit_range range = detail::range_of_bits(layout::places.fields, indices);
    auto words = detail::load_words<size_bytes, first_bit + range.first, range.size>(bytes_.data());
    (set_in_words<I>(words.data(), layout::places.fields[I].bit - range.first, values), ...);
    detail::store_words<size_bytes, first_bit + range.first, range.size>(bytes_.data(), words);
  }

  template <std::size_t I>
  [[gnu::always_inline]] DEFT_TAGGED constexpr void set_in_words(
      std::uint64_t* words, std::size_t bit, const detail::field_type<T, I>& value) noexcept {
    constexpr detail::field_place place = layout::places.fields[I];
    detail::bit_writer to{words, bit};
    to.clear(place.bits);
    field_codec<I>::encode(value, bytes_.data() + place.byte, to);
  }

  template <std::size_t... I>
  DEFT_TAGGED static constexpr auto order(const packed& a, const packed& b,
                                          std::index_sequence<I...>) noexcept {
    using compare = detail::ordering_of<true>;
    std::common_comparison_category_t<decltype(compare::order(a.template get_at<I>(),
                                                              b.template get_at<I>()))...>
        result = std::strong_ordering::equal;
    static_cast<void>(
        (((result = compare::order(a.template get_at<I>(), b.template get_at<I>())) != 0) || ...));
    return result;
  }

  alignas(is_aligned ? layout::align : 1) std::array<std::byte, size_bytes> bytes_{};
};

namespace detail {

template <typename T>
inline constexpr bool is_packed = false;
template <typename T, typename Layout>
inline constexpr bool is_packed<packed<T, Layout>> = true;

}  // namespace detail

}  // namespace deft

template <typename T, typename Layout>
struct std::tuple_size<deft::packed<T, Layout>>
    : std::integral_constant<std::size_t, deft::detail::field_count<T>> {};

template <std::size_t I, typename T, typename Layout>
struct std::tuple_element<I, deft::packed<T, Layout>> {
  using type = deft::detail::field_type<T, I>;
};

/// The hash under the process seed.
template <typename T, typename Layout>
struct std::hash<deft::packed<T, Layout>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(const deft::packed<T, Layout>& x) const noexcept {
    return static_cast<std::size_t>(x.hash_value(deft::hash_seed()));
  }
};
