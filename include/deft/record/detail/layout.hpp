/// @file
/// Where the fields of a packed record lie: whole bytes first, those of wide types before those of narrow
/// ones, then all bits, one behind the other.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/codec.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft::detail {

/// What a field takes, and then where it lies: `byte` in the bytes, `bit` in the bits.
struct field_place {
  std::size_t bytes;
  std::size_t align;
  std::size_t bits;
  std::size_t byte = 0;
  std::size_t bit = 0;
};

template <std::size_t N>
struct field_places {
  std::array<field_place, N> fields;
  std::size_t bytes = 0;  // without those of the bits
  std::size_t align = 1;
  std::size_t bits = 0;
};

/// Gives each field its place. Wide types first: sizes are multiples of alignments, so that no padding is
/// needed even where fields are aligned.
template <std::size_t N>
consteval field_places<N> place_fields(std::array<field_place, N> fields) {
  field_places<N> places{fields};
  for (const field_place& field : fields)
    places.align = field.align > places.align ? field.align : places.align;
  for (std::size_t align = places.align; align > 0; align /= 2) {
    for (field_place& field : places.fields) {
      if (field.align != align) continue;
      field.byte = places.bytes;
      places.bytes += field.bytes;
    }
  }
  for (field_place& field : places.fields) {
    field.bit = places.bits;
    places.bits += field.bits;
  }
  return places;
}

/// A stretch of bits.
struct bit_range {
  std::size_t first = 0;
  std::size_t size = 0;
};

/// From the first to the last bit of some fields; empty if none of them has bits.
template <std::size_t N, std::size_t M>
consteval bit_range range_of_bits(const std::array<field_place, N>& fields,
                                  const std::array<std::size_t, M>& some) {
  bit_range range;
  std::size_t end = 0;
  for (const std::size_t i : some) {
    if (fields[i].bits == 0) continue;
    range.first = end == 0 || fields[i].bit < range.first ? fields[i].bit : range.first;
    end = std::max(end, fields[i].bit + fields[i].bits);
  }
  range.size = end == 0 ? 0 : end - range.first;
  return range;
}

template <typename List, bool Aligned>
struct layout_of_types;

/// The codec of an aggregate, of the codecs of its fields.
template <typename... F, bool Aligned>
struct layout_of_types<type_list<F...>, Aligned> {
  static constexpr std::size_t size = sizeof...(F);
  static constexpr field_places<size> places = place_fields<size>(std::array<field_place, size>{
      field_place{codec<F, Aligned>::bytes, codec<F, Aligned>::align, codec<F, Aligned>::bits}...});
  static constexpr std::size_t align = places.align;
  // In an aligned record, such that the next one is aligned, too.
  static constexpr std::size_t bytes = Aligned ? (places.bytes + align - 1) / align * align : places.bytes;
  static constexpr std::size_t bits = places.bits;
  static constexpr bool has_floats = (codec<F, Aligned>::has_floats || ...);
  static constexpr bool has_invalid = (codec<F, Aligned>::has_invalid || ...) || bytes != places.bytes;

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode_each(std::byte* to, bit_writer& bits_to,
                                                                       const F&... fields) noexcept {
    std::size_t i = 0;
    (codec<F, Aligned>::encode(fields, to + places.fields[i++].byte, bits_to), ...);
  }

  // A function, as g++ takes braces around a constructor's arguments for parentheses when it warns of i++.
  [[gnu::always_inline]] DEFT_TAGGED static constexpr std::size_t next_byte(std::size_t& i) noexcept {
    return places.fields[i++].byte;
  }

  template <typename T>
  [[gnu::always_inline]] DEFT_TAGGED static constexpr T decode_all(const std::byte* from,
                                                                   bit_reader& bits_from) noexcept {
    std::size_t i = 0;
    // In braces, so that the fields are decoded in order.
    return T{codec<F, Aligned>::decode(from + next_byte(i), bits_from)...};
  }

  DEFT_TAGGED static constexpr bool valid_fields(const std::byte* from, bit_reader& bits_from) noexcept {
    std::size_t i = 0;
    bool all = true;
    ((all = field_valid<codec<F, Aligned>>(from + places.fields[i++].byte, bits_from) && all), ...);
    return all;
  }

  DEFT_TAGGED static constexpr bool valid(const std::byte* from, bit_reader& bits_from) noexcept {
    bool all = valid_fields(from, bits_from);
    for (std::size_t at = places.bytes; at < bytes; ++at) all = all && from[at] == std::byte{};
    return all;
  }

  DEFT_TAGGED static constexpr bool equal_floats(const std::byte* a, const std::byte* b) noexcept {
    std::size_t i = 0;
    bool all = true;
    ((all &= field_equal_floats<codec<F, Aligned>>(a + places.fields[i].byte, b + places.fields[i].byte),
      ++i),
     ...);
    return all;
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void put_floats(const std::byte* from,
                                                                      bit_writer& to) noexcept {
    std::size_t i = 0;
    (field_put_floats<codec<F, Aligned>>(from + places.fields[i++].byte, to), ...);
  }

  DEFT_TAGGED static constexpr void mark_floats(unsigned char* sizes) noexcept {
    std::size_t i = 0;
    (field_mark_floats<codec<F, Aligned>>(sizes + places.fields[i++].byte), ...);
  }

 private:
  template <typename Codec>
  DEFT_TAGGED static constexpr bool field_valid(const std::byte* from, bit_reader& bits_from) noexcept {
    if constexpr (Codec::has_invalid) {
      return Codec::valid(from, bits_from);
    } else {
      bits_from.at += Codec::bits;
      return true;
    }
  }

  template <typename Codec>
  [[gnu::always_inline]] DEFT_TAGGED static constexpr bool field_equal_floats(const std::byte* a,
                                                                              const std::byte* b) noexcept {
    if constexpr (Codec::has_floats) {
      return Codec::equal_floats(a, b);
    } else {
      return true;
    }
  }

  template <typename Codec>
  [[gnu::always_inline]] DEFT_TAGGED static constexpr void field_put_floats(const std::byte* from,
                                                                            bit_writer& to) noexcept {
    if constexpr (Codec::has_floats) Codec::put_floats(from, to);
  }

  template <typename Codec>
  DEFT_TAGGED static constexpr void field_mark_floats(unsigned char* sizes) noexcept {
    if constexpr (Codec::has_floats) Codec::mark_floats(sizes);
  }
};

template <typename F, bool Aligned>
  requires is_plain_class<F>
struct codec<F, Aligned> : layout_of_types<field_types<F>, Aligned> {
  static_assert(check_aggregate<F>::value && field_count<F> > 0, "deft::packed: the struct has no fields");
  using layout = layout_of_types<field_types<F>, Aligned>;

  struct encode_to {
    std::byte* bytes;
    bit_writer& bits;

    template <typename... T>
    [[gnu::always_inline]] DEFT_TAGGED constexpr void operator()(const T&... fields) const noexcept {
      layout::encode_each(bytes, bits, fields...);
    }
  };

  [[gnu::always_inline]] DEFT_TAGGED static constexpr void encode(const F& value, std::byte* to,
                                                                  bit_writer& bits_to) noexcept {
    detail::visit_fields(value, encode_to{to, bits_to});
  }

  [[gnu::always_inline]] DEFT_TAGGED static constexpr F decode(const std::byte* from,
                                                               bit_reader& bits_from) noexcept {
    return layout::template decode_all<F>(from, bits_from);
  }
};

}  // namespace deft::detail
