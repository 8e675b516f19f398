// Records of random values, of every type of field; and equality that goes by bits where floats are
// concerned.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "deft/record/bounded.hpp"
#include "deft/record/detail/codec.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft_test {

/// A value of any field type; the ends of a domain are likely.
template <typename F, typename Random>
F random_value(Random& random) {
  if constexpr (deft::detail::is_bounded_integer<F>) {
    const auto lowest = static_cast<std::uint64_t>(F::lowest);
    const std::uint64_t last = static_cast<std::uint64_t>(F::highest) - lowest;
    const std::uint64_t kind = random() % 4;
    const std::uint64_t code = kind == 0            ? 0
                               : kind == 1          ? last
                               : last == UINT64_MAX ? random()
                                                    : random() % (last + 1);
    return F(static_cast<typename F::value_type>(lowest + code));
  } else if constexpr (deft::detail::is_bounded_enum<F>) {
    return F(static_cast<typename F::value_type>(random() % (static_cast<std::uint64_t>(F::highest) + 1)));
  } else if constexpr (deft::detail::is_bit<F>) {
    return static_cast<F>(random() % 2 != 0);
  } else if constexpr (deft::detail::is_optional<F>) {
    if (random() % 3 == 0) return std::nullopt;
    return random_value<typename F::value_type>(random);
  } else if constexpr (deft::detail::is_std_array<F>) {
    F values{};
    for (auto& value : values) value = random_value<typename F::value_type>(random);
    return values;
  } else if constexpr (deft::detail::is_fixed_string<F>) {
    char text[F::capacity()];
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    return F(std::string_view(text, random() % (F::capacity() + 1)));
  } else if constexpr (deft::detail::chrono_time_point<F>) {
    return F(random_value<typename F::duration>(random));
  } else if constexpr (deft::detail::chrono_duration<F>) {
    return F(random_value<typename F::rep>(random));
  } else if constexpr (std::is_floating_point_v<F>) {
    switch (random() % 8) {
      case 0:
        return -F{0};
      case 1:
        return std::numeric_limits<F>::quiet_NaN();
      case 2:
        return std::numeric_limits<F>::infinity();
      default:
        return static_cast<F>(static_cast<std::int64_t>(random())) / 3;
    }
  } else if constexpr (std::is_enum_v<F>) {
    return static_cast<F>(random_value<std::underlying_type_t<F>>(random));
  } else if constexpr (std::is_integral_v<F>) {
    return static_cast<F>(random());
  } else {
    F object{};
    deft::detail::visit_fields(object, [&](auto&... fields) {
      ((fields = random_value<std::remove_reference_t<decltype(fields)>>(random)), ...);
    });
    return object;
  }
}

template <typename Schema, typename Random>
Schema random_record(Random& random) {
  return random_value<Schema>(random);
}

/// Whether two values are the same to the last bit.
template <typename F>
bool same_value(const F& a, const F& b) {
  if constexpr (std::is_floating_point_v<F>) {
    return std::memcmp(&a, &b, sizeof a) == 0;
  } else if constexpr (deft::detail::is_optional<F>) {
    return a.has_value() == b.has_value() && (!a.has_value() || same_value(*a, *b));
  } else if constexpr (deft::detail::is_std_array<F>) {
    bool same = true;
    for (std::size_t i = 0; i < a.size(); ++i) same = same && same_value(a[i], b[i]);
    return same;
  } else if constexpr (deft::detail::is_plain_class<F>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (same_value(std::get<I>(deft::tie_fields(a)), std::get<I>(deft::tie_fields(b))) && ...);
    }(std::make_index_sequence<deft::field_count<F>>());
  } else {
    return a == b;
  }
}

template <typename Schema>
bool same_record(const Schema& a, const Schema& b) {
  return same_value(a, b);
}

/// Sets field I, which tests that go through all fields have no member pointer of, by its name.
template <std::size_t I, typename Packed, typename Value>
void set_field(Packed& p, const Value& value) {
  constexpr std::string_view name = deft::detail::field_name<typename Packed::value_type, I>;
  constexpr auto key = [name] {
    deft::fixed_string<name.size()> label;
    for (std::size_t i = 0; i < name.size(); ++i) label.chars[i] = name[i];
    return label;
  }();
  p.template set<key>(value);
}

template <typename Packed>
void set_each(Packed& p, const typename Packed::value_type& object) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (set_field<I>(p, std::get<I>(deft::tie_fields(object))), ...);
  }(std::make_index_sequence<deft::field_count<typename Packed::value_type>>());
}

}  // namespace deft_test
