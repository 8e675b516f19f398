#include "view/item_format.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>

#include "deft/core/contracts.hpp"

namespace deft::detail {

namespace {

bool is_order(char c) noexcept {
  return c == '@' || c == '=' || c == '<' || c == '>' || c == '!';
}

/// 0 for a letter that names no element.
std::size_t native_size(char code) noexcept {
  switch (code) {
    case 'c':
    case 'b':
    case 'B':
      return 1;
    case '?':
      return sizeof(bool);
    case 'h':
    case 'H':
      return sizeof(short);
    case 'i':
    case 'I':
      return sizeof(int);
    case 'l':
    case 'L':
      return sizeof(long);
    case 'q':
    case 'Q':
      return sizeof(long long);
    case 'n':
    case 'N':
      return sizeof(std::size_t);
    case 'P':
      return sizeof(void*);
    case 'e':
      return 2;
    case 'f':
      return sizeof(float);
    case 'd':
      return sizeof(double);
    default:
      return 0;
  }
}

/// With a byte order sizes do not depend on the machine.
std::size_t standard_size(char code) noexcept {
  switch (code) {
    case 'i':
    case 'I':
    case 'l':
    case 'L':
      return 4;
    case 'n':
    case 'N':
    case 'P':
      return 0;
    default:
      return native_size(code);
  }
}

enum class item_kind { bytes, truth, signed_number, unsigned_number, floating };

item_kind kind_of(char code) noexcept {
  switch (code) {
    case 'c':
    case 's':
      return item_kind::bytes;
    case '?':
      return item_kind::truth;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n':
      return item_kind::signed_number;
    case 'e':
    case 'f':
    case 'd':
      return item_kind::floating;
    default:
      return item_kind::unsigned_number;
  }
}

/// The bytes as a number of 64 bits, whatever their number and order.
std::uint64_t load(const std::byte* from, const item_format& item) noexcept {
  const bool little = (std::endian::native == std::endian::little) != item.swapped;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < item.size; ++i) {
    bits = bits << 8 | std::to_integer<std::uint64_t>(from[little ? item.size - 1 - i : i]);
  }
  return bits;
}

void store(std::byte* to, const item_format& item, std::uint64_t bits) noexcept {
  const bool little = (std::endian::native == std::endian::little) != item.swapped;
  for (std::size_t i = 0; i < item.size; ++i) {
    to[little ? i : item.size - 1 - i] = static_cast<std::byte>(bits & 0xff);
    bits >>= 8;
  }
}

double half_as_double(std::uint64_t bits) noexcept {
  const auto exponent = static_cast<int>(bits >> 10 & 31);
  const auto fraction = static_cast<double>(bits & 1023);
  double magnitude = 0;
  if (exponent == 31) {
    magnitude =
        fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, -24);
  } else {
    magnitude = std::ldexp(1024 + fraction, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// Rounds to even.
std::uint64_t double_as_half(double value) {
  const std::uint64_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return sign | 0x7e00;
  const double magnitude = std::fabs(value);
  if (std::isinf(value)) return sign | 0x7c00;
  if (magnitude == 0) return sign;
  int exponent = 0;
  std::frexp(magnitude, &exponent);               // magnitude = f * 2^exponent, f in [0.5, 1)
  const int unit = std::max(exponent - 11, -24);  // of the last place
  const double places = std::nearbyint(std::ldexp(magnitude, -unit));  // at most 2048
  auto bits = static_cast<std::uint64_t>(places);
  if (unit > -24 || bits >= 1024) bits += static_cast<std::uint64_t>(unit + 24) << 10;
  if (bits >= 0x7c00) throw_out_of_range("deft: any_view: the value does not fit format e");
  return sign | bits;
}

/// The value's bits if it is an integer that lies in the range; the range's ends are those of the format.
std::uint64_t integer_bits(const item_format& item, const any_value& value, bool is_signed) {
  const auto width = static_cast<int>(8 * item.size);
  bool negative = false;
  std::uint64_t bits = 0;
  if (const auto* truth = std::get_if<bool>(&value.variant())) {
    bits = *truth ? 1 : 0;
  } else if (const auto* number = std::get_if<std::int64_t>(&value.variant())) {
    negative = *number < 0;
    bits = static_cast<std::uint64_t>(*number);
  } else if (const auto* positive = std::get_if<std::uint64_t>(&value.variant())) {
    bits = *positive;
  } else {
    throw_invalid_argument("deft: any_view: the format takes integers");
  }
  bool fits = false;
  if (negative) {
    fits = is_signed && static_cast<std::int64_t>(bits) >= -(std::int64_t{1} << (width - 2)) * 2;
  } else {
    const int free = is_signed ? width - 1 : width;
    fits = free == 64 || bits >> free == 0;
  }
  if (!fits) throw_out_of_range("deft: any_view: the value does not fit the format");
  return bits;
}

bool truth_of(const any_value& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
          return !held.empty();
        } else {
          return held != 0;
        }
      },
      value.variant());
}

void pack_bytes(std::byte* to, const item_format& item, const any_value& value) {
  const auto* const bytes = std::get_if<std::string>(&value.variant());
  if (bytes == nullptr) throw_invalid_argument("deft: any_view: the format takes bytes");
  if (item.code == 'c' && bytes->size() != 1)
    throw_invalid_argument("deft: any_view: the format c takes one byte");
  // As struct.pack: `s` cuts off, and fills with zeros.
  const std::size_t kept = std::min(bytes->size(), item.size);
  if (kept != 0) std::memcpy(to, bytes->data(), kept);
  if (kept != item.size) std::memset(to + kept, 0, item.size - kept);
}

}  // namespace

item_format parse_format(std::string_view format) noexcept {
  const item_format unknown{'\0', false, 0};
  char order = '@';
  if (!format.empty() && is_order(format.front())) {
    order = format.front();
    format.remove_prefix(1);
  }
  if (format.empty()) return unknown;
  const bool big = order == '>' || order == '!';
  const bool swapped = order != '@' && order != '=' && big != (std::endian::native == std::endian::big);
  if (format.back() == 's') {
    std::size_t count = format.size() == 1 ? 1 : 0;
    for (const char digit : format.substr(0, format.size() - 1)) {
      if (digit < '0' || digit > '9' || count > 1'000'000'000) return unknown;
      count = 10 * count + static_cast<std::size_t>(digit - '0');
    }
    return count == 0 ? unknown : item_format{'s', false, count};
  }
  if (format.size() != 1) return unknown;
  const std::size_t size = order == '@' ? native_size(format.front()) : standard_size(format.front());
  return size == 0 ? unknown : item_format{format.front(), swapped, size};
}

bool is_byte_format(std::string_view format) noexcept {
  if (format.starts_with('@')) format.remove_prefix(1);
  return format == "B" || format == "b" || format == "c";
}

bool same_format(std::string_view a, std::string_view b) noexcept {
  if (a.starts_with('@')) a.remove_prefix(1);
  if (b.starts_with('@')) b.remove_prefix(1);
  return a == b;
}

any_value unpack(const std::byte* from, const item_format& item) {
  switch (kind_of(item.code)) {
    case item_kind::bytes:
      return std::string(reinterpret_cast<const char*>(from), item.size);
    case item_kind::truth:
      return load(from, item) != 0;
    case item_kind::signed_number: {
      const int unused = 64 - static_cast<int>(8 * item.size);
      return static_cast<std::int64_t>(load(from, item) << unused) >> unused;
    }
    case item_kind::unsigned_number:
      return load(from, item);
    case item_kind::floating:
      break;
  }
  const std::uint64_t bits = load(from, item);
  if (item.code == 'd') return std::bit_cast<double>(bits);
  if (item.code == 'f') return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return half_as_double(bits);
}

void pack(std::byte* to, const item_format& item, const any_value& value) {
  switch (kind_of(item.code)) {
    case item_kind::bytes:
      return pack_bytes(to, item, value);
    case item_kind::truth:
      return store(to, item, truth_of(value) ? 1 : 0);
    case item_kind::signed_number:
      return store(to, item, integer_bits(item, value, true));
    case item_kind::unsigned_number:
      return store(to, item, integer_bits(item, value, false));
    case item_kind::floating:
      break;
  }
  const auto number = value.as<double>();
  if (item.code == 'd') return store(to, item, std::bit_cast<std::uint64_t>(number));
  if (item.code == 'e') return store(to, item, double_as_half(number));
  // A double beyond all floats has no conversion that the language defines.
  constexpr double most = std::numeric_limits<float>::max();
  constexpr auto infinity = std::numeric_limits<float>::infinity();
  constexpr double rounds_up_from = 0x1.ffffffp127;  // half-way to the next power of two; even is up
  float narrowed = 0;
  if (number >= rounds_up_from) {
    narrowed = infinity;
  } else if (number <= -rounds_up_from) {
    narrowed = -infinity;
  } else {
    narrowed = std::fabs(number) > most
                   ? std::copysign(std::numeric_limits<float>::max(), static_cast<float>(number > 0 ? 1 : -1))
                   : static_cast<float>(number);
  }
  store(to, item, std::bit_cast<std::uint32_t>(narrowed));
}

}  // namespace deft::detail
