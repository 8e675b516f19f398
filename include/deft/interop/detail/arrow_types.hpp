/// @file
/// Which of Arrow's types a field of a schema is, as constants.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/enum_names.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft::detail {

/// Constant texts as Arrow lays them out.
struct arrow_texts {
  const std::int32_t* offsets;
  const char* characters;
  std::size_t count;
};

/// A field's type, and those below it.
struct arrow_type {
  const char* format;
  const char* name;
  const arrow_type* children = nullptr;
  std::size_t child_count = 0;
  const arrow_texts* dictionary = nullptr;
  bool nullable = false;
};

/// The same text with a zero behind it: names of fields are parts of longer texts.
template <std::size_t Size>
consteval std::array<char, Size + 1> terminated(std::string_view text) {
  std::array<char, Size + 1> copy{};
  for (std::size_t i = 0; i < Size; ++i) copy[i] = text[i];
  return copy;
}

template <typename T, std::size_t I>
inline constexpr auto terminated_name = terminated<field_name<T, I>.size()>(field_name<T, I>);

/// `before` and a number.
template <std::size_t Size>
consteval std::array<char, Size + 20> format_with(const char (&before)[Size], std::size_t number) {
  std::array<char, Size + 20> text{};
  std::size_t digits = 1;
  for (std::size_t rest = number / 10; rest != 0; rest /= 10) ++digits;
  for (std::size_t i = 0; i + 1 < Size; ++i) text[i] = before[i];
  for (std::size_t i = digits; i-- > 0; number /= 10) {
    text[Size - 1 + i] = static_cast<char>('0' + number % 10);
  }
  return text;
}

template <std::size_t Bytes>
inline constexpr auto fixed_bytes_format = format_with("w:", Bytes);
template <std::size_t Length>
inline constexpr auto fixed_list_format = format_with("+w:", Length);

/// What stands for value `i` in a dictionary: its name, or its number where no enumerator has the value.
struct dictionary_entry {
  std::string_view name;
  std::array<char, 3> digits{};
  std::size_t size;

  consteval dictionary_entry(std::string_view text, std::size_t i) : name(text), size(text.size()) {
    if (!text.empty()) return;
    size = i < 10 ? 1 : i < 100 ? 2 : 3;
    for (std::size_t at = size; at-- > 0; i /= 10) digits[at] = static_cast<char>('0' + i % 10);
  }

  consteval char operator[](std::size_t at) const { return name.empty() ? digits[at] : name[at]; }
};

template <typename Enum>
struct enum_dictionary {
  static constexpr std::size_t count = enumerators_of<Enum>;

  static consteval dictionary_entry entry(std::size_t i) { return {names_of_enumerators<Enum>[i], i}; }

  static consteval std::array<std::int32_t, count + 1> find_offsets() {
    std::array<std::int32_t, count + 1> all{};
    for (std::size_t i = 0; i < count; ++i) all[i + 1] = all[i] + static_cast<std::int32_t>(entry(i).size);
    return all;
  }

  template <std::size_t Size>
  static consteval std::array<char, Size> spell() {
    std::array<char, Size> all{};
    std::size_t used = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const dictionary_entry text = entry(i);
      for (std::size_t at = 0; at < text.size; ++at) all[used++] = text[at];
    }
    return all;
  }

  static constexpr std::array<std::int32_t, count + 1> offsets = find_offsets();
  static constexpr auto characters = spell<static_cast<std::size_t>(offsets[count]) + 1>();
  static constexpr arrow_texts texts{offsets.data(), characters.data(), count};
};

/// Few enough values that each has a place in a dictionary.
template <typename F>
inline constexpr bool has_dictionary = false;
template <typename E, E Last>
inline constexpr bool has_dictionary<bounded_enum<E, Last>> = enumerators_of<bounded_enum<E, Last>> <= 256;

template <typename F>
inline constexpr bool is_time_point = false;
template <typename Clock, typename Duration>
inline constexpr bool is_time_point<std::chrono::time_point<Clock, Duration>> = true;
template <typename F>
inline constexpr bool is_duration = false;
template <typename Rep, typename Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;
template <typename F>
inline constexpr bool is_optional_field = false;
template <typename F>
inline constexpr bool is_optional_field<std::optional<F>> = true;

template <std::size_t Size, bool Signed>
consteval const char* integer_format() {
  static_assert(Size == 1 || Size == 2 || Size == 4 || Size == 8);
  if constexpr (Size == 1) return Signed ? "c" : "C";
  if constexpr (Size == 2) return Signed ? "s" : "S";
  if constexpr (Size == 4) return Signed ? "i" : "I";
  return Signed ? "l" : "L";
}

template <typename>
inline constexpr bool unsupported_time = false;

/// Of a duration or a time point: 's', 'm', 'u', 'n', or 'D' for days; 0 for others.
template <typename Period>
inline constexpr char unit_letter = std::is_same_v<Period, std::ratio<1>>       ? 's'
                                    : std::is_same_v<Period, std::milli>        ? 'm'
                                    : std::is_same_v<Period, std::micro>        ? 'u'
                                    : std::is_same_v<Period, std::nano>         ? 'n'
                                    : std::is_same_v<Period, std::ratio<86400>> ? 'D'
                                                                                : '\0';

template <typename Duration, bool IsPoint>
consteval const char* time_format() {
  constexpr char unit = unit_letter<typename Duration::period>;
  using rep = typename Duration::rep;
  if constexpr (IsPoint && unit == 'D' && std::integral<rep> && sizeof(rep) >= 4) {
    return "tdD";
  } else if constexpr (unit != 'D' && unit != '\0' && std::signed_integral<rep> && sizeof(rep) == 8) {
    if constexpr (IsPoint) {
      return unit == 's' ? "tss:" : unit == 'm' ? "tsm:" : unit == 'u' ? "tsu:" : "tsn:";
    } else {
      return unit == 's' ? "tDs" : unit == 'm' ? "tDm" : unit == 'u' ? "tDu" : "tDn";
    }
  } else {
    static_assert(
        unsupported_time<Duration>,
        "deft: Arrow has time points and durations of whole seconds, milliseconds, microseconds and "
        "nanoseconds in 64 bits, and time points of days; not this one");
    return "";
  }
}

/// Whether column elements of type F lie in memory as Arrow has them.
template <typename F>
inline constexpr bool days_to_narrow = false;
template <typename Clock, typename Duration>
inline constexpr bool days_to_narrow<std::chrono::time_point<Clock, Duration>> =
    unit_letter<typename Duration::period> == 'D' && sizeof(typename Duration::rep) != 4;

template <typename F>
consteval const char* format_of_field() {
  if constexpr (std::is_same_v<F, bool>) {
    return "b";
  } else if constexpr (std::is_integral_v<F>) {
    return integer_format<sizeof(F), std::is_signed_v<F>>();
  } else if constexpr (std::is_enum_v<F>) {
    return format_of_field<std::underlying_type_t<F>>();
  } else if constexpr (std::is_same_v<F, float>) {
    return "f";
  } else if constexpr (std::is_same_v<F, double>) {
    return "g";
  } else if constexpr (is_bounded<F>) {
    return format_of_field<typename F::storage_type>();
  } else if constexpr (is_optional_field<F>) {
    return format_of_field<typename F::value_type>();
  } else if constexpr (std::is_same_v<F, std::string>) {
    return "U";
  } else if constexpr (is_fixed_string<F>) {
    return fixed_bytes_format<sizeof(F)>.data();
  } else if constexpr (is_time_point<F>) {
    return time_format<typename F::duration, true>();
  } else if constexpr (is_duration<F>) {
    return time_format<F, false>();
  } else if constexpr (is_std_array<F>) {
    return fixed_list_format<std::tuple_size_v<F>>.data();
  } else if constexpr (is_plain_class<F>) {
    static_assert(check_aggregate<F>::value);
    return "+s";
  } else {
    static_assert(std::is_trivially_copyable_v<F> && std::has_unique_object_representations_v<F>,
                  "deft: Arrow has no type for a field of this type");
    return fixed_bytes_format<sizeof(F)>.data();
  }
}

template <typename F>
struct arrow_children {
  static constexpr std::array<arrow_type, 0> of{};
  static constexpr std::size_t nodes = 0;  // below, all levels
};

template <typename F>
struct arrow_field {
  static constexpr std::size_t nodes = 1 + arrow_children<F>::nodes;

  DEFT_TAGGED static constexpr arrow_type named(const char* name) {
    constexpr const arrow_texts* dictionary = [] {
      if constexpr (is_optional_field<F>) {
        return arrow_field<typename F::value_type>::named("").dictionary;
      } else if constexpr (has_dictionary<F>) {
        return &enum_dictionary<F>::texts;
      } else {
        return static_cast<const arrow_texts*>(nullptr);
      }
    }();
    return {format_of_field<F>(),         name,       arrow_children<F>::of.data(),
            arrow_children<F>::of.size(), dictionary, is_optional_field<F>};
  }
};

template <typename F>
struct arrow_children<std::optional<F>> : arrow_children<F> {};

template <typename F, std::size_t N>
struct arrow_children<std::array<F, N>> {
  static constexpr std::array<arrow_type, 1> of{arrow_field<F>::named("item")};
  static constexpr std::size_t nodes = arrow_field<F>::nodes;
};

template <typename F>
  requires(is_plain_class<F>)
struct arrow_children<F> {
  static constexpr auto of = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<arrow_type, sizeof...(I)>{
        arrow_field<field_type<F, I>>::named(terminated_name<F, I>.data())...};
  }(std::make_index_sequence<field_count<F>>());
  static constexpr std::size_t nodes = []<std::size_t... I>(std::index_sequence<I...>) {
    return (std::size_t{0} + ... + arrow_field<field_type<F, I>>::nodes);
  }(std::make_index_sequence<field_count<F>>());
};

}  // namespace deft::detail
