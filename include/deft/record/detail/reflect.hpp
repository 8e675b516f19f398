/// @file
/// What an aggregate has: the number, types, names and references of its fields, found without macros.
///
/// The number comes from how many values of any type the aggregate takes in braces; references from a
/// structured binding; names from how the compiler spells a pointer to a field of an object that exists as a
/// declaration only. Nothing else in deft looks at these means: when the language reflects, this file goes.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/field_tie.hpp"

namespace deft::detail {

// Converts to whatever a field is; never evaluated. Defined all the same, as clang asks for a definition
// where a constructor template takes it.
struct any_field {
  template <typename T>
  DEFT_TAGGED operator T() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_unreachable();
  }
};

template <std::size_t>
using any_field_at = any_field;

// Converts to a base class of T only. Not copyable, or a std::any would hold it.
template <typename T>
struct any_base_of {
  any_base_of() = default;
  any_base_of(const any_base_of&) = delete;
  any_base_of& operator=(const any_base_of&) = delete;

  template <typename Base>
    requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
  DEFT_TAGGED operator Base() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_unreachable();
  }
};

// Converts to nothing: what is made of it is made of anything.
struct no_field {
  no_field() = default;
  no_field(const no_field&) = delete;
  no_field& operator=(const no_field&) = delete;
};

template <typename T, typename Indices>
inline constexpr bool takes_values_each = false;
template <typename T, std::size_t... I>
inline constexpr bool takes_values_each<T, std::index_sequence<I...>> = requires { T{any_field_at<I>{}...}; };
template <typename T, std::size_t N>
inline constexpr bool takes_values = takes_values_each<T, std::make_index_sequence<N>>;

template <typename T, typename Before, typename Behind>
inline constexpr bool takes_braces_between_each = false;
template <typename T, std::size_t... I, std::size_t... J>
inline constexpr bool takes_braces_between_each<T, std::index_sequence<I...>, std::index_sequence<J...>> =
    requires { T{any_field_at<I>{}..., {}, any_field_at<J>{}...}; };
template <typename T, std::size_t Before, std::size_t Behind>
inline constexpr bool takes_braces_between =
    takes_braces_between_each<T, std::make_index_sequence<Before>, std::make_index_sequence<Behind>>;

// T takes Low values, and not High.
template <typename T, std::size_t Low, std::size_t High>
consteval std::size_t most_values_between() {
  if constexpr (High - Low <= 1) {
    return Low > max_fields ? max_fields + 1 : Low;
  } else if constexpr (constexpr std::size_t middle = Low + (High - Low) / 2; takes_values<T, middle>) {
    return most_values_between<T, middle, High>();
  } else {
    return most_values_between<T, Low, middle>();
  }
}

// Gallops, as most aggregates have few fields, and long lists are slow to try.
template <typename T, std::size_t Low, std::size_t High>
consteval std::size_t most_values_above() {
  if constexpr (Low > max_fields) {
    return max_fields + 1;
  } else if constexpr (takes_values<T, High>) {
    return most_values_above<T, High, 2 * High>();
  } else {
    return most_values_between<T, Low, High>();
  }
}

// A reference takes no value.
inline constexpr std::size_t no_count = max_fields + 2;

// For fields without a default: T takes too few values as little as too many.
template <typename T, std::size_t N>
consteval std::size_t first_most_values() {
  if constexpr (N > max_fields) {
    return no_count;
  } else if constexpr (takes_values<T, N> && !takes_values<T, N + 1>) {
    return N;
  } else {
    return first_most_values<T, N + 1>();
  }
}

// What is no aggregate but says itself what an aggregate does not: deft::record.
template <typename T>
concept described = requires { typename T::described_types; };

template <typename T>
consteval std::size_t count_values() {
  if constexpr (described<T>) {
    return T::size;
  } else if constexpr (!std::is_aggregate_v<T> || std::is_array_v<T>) {
    return 0;
  } else if constexpr (takes_values<T, 0>) {
    return most_values_above<T, 0, 8>();
  } else {
    return first_most_values<T, 1>();
  }
}

/// The number of fields of the aggregate T (of values, where a field is an array; see has_array_field).
template <typename T>
inline constexpr std::size_t field_count = count_values<T>();

template <typename T, std::size_t N, std::size_t... I>
consteval bool counts_elements(std::index_sequence<I...>) {
  // Braces for the whole array leave too many values for the rest.
  return ((takes_braces_between<T, I, 0> && !takes_braces_between<T, I, N - I - 1>) || ...);
}

template <typename T>
consteval bool find_array_field() {
  constexpr std::size_t n = field_count<T>;
  if constexpr (n <= max_fields && !described<T>) {
    // The usual case costs one attempt.
    if constexpr (!field_tie<n>::template takes_braces<T>) {
      return counts_elements<T, n>(std::make_index_sequence<n>());
    }
  }
  return false;
}

/// Whether a field is a C array: its elements are counted as fields, and no binding fits.
template <typename T>
inline constexpr bool has_array_field = find_array_field<T>();

template <typename T>
inline constexpr bool has_base_class = requires {
  T{any_base_of<T>{}};
  requires !requires { T{no_field{}}; };
};

template <typename T>
inline constexpr bool is_std_array = false;
template <typename T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <typename T>
inline constexpr bool is_plain_class =
    (std::is_class_v<T> && std::is_aggregate_v<T> && !is_std_array<T>) || described<T>;

/// A class whose fields deft can find: an aggregate of at most 64 fields, without base classes and without C
/// arrays, const fields and references.
template <typename T>
concept plain_aggregate = is_plain_class<T> && !has_base_class<T> && field_count<T> <= max_fields &&
                          !has_array_field<T> && std::is_move_assignable_v<T>;

/// Says in one sentence why T is not a plain_aggregate. Instantiated by whatever takes an aggregate.
template <typename T>
struct check_aggregate {
  static_assert(std::is_class_v<T>, "deft: a schema is a struct; this type is no class");
  static_assert(is_plain_class<T>,
                "deft: a schema is a plain aggregate: a struct with public fields and without constructors, "
                "virtual functions and private fields");
  static_assert(!has_base_class<T>, "deft: a schema has no base class; make the base a field");
  static_assert(field_count<T> != no_count,
                "deft: a schema has no references, and all its fields are public");
  static_assert(field_count<T> <= max_fields || field_count<T> == no_count,
                "deft: a schema has at most 64 fields; nest some in a struct");
  static_assert(!has_array_field<T>, "deft: a schema has no C array; make it a std::array");
  static_assert(std::is_move_assignable_v<T> || field_count<T> == no_count,
                "deft: the fields of a schema can be assigned: none is const or a reference");
  static constexpr bool value = plain_aggregate<T>;
};

inline namespace DEFT_TAG {

/// Calls f with a reference to each field, in declaration order.
template <typename T, typename F>
[[gnu::always_inline]] constexpr decltype(auto) visit_fields(T& object, F&& f) {
  if constexpr (described<std::remove_const_t<T>>) {
    return object.visit(static_cast<F&&>(f));
  } else if constexpr (check_aggregate<std::remove_const_t<T>>::value) {
    return field_tie<field_count<std::remove_const_t<T>>>::visit(object, static_cast<F&&>(f));
  }
}

}  // namespace DEFT_TAG

template <typename... T>
struct type_list {
  static constexpr std::size_t size = sizeof...(T);
};

template <std::size_t I, typename T>
struct indexed_type {
  using type = T;
};
template <typename Indices, typename... T>
struct indexed_types;

template <std::size_t... I, typename... T>
struct indexed_types<std::index_sequence<I...>, T...> : indexed_type<I, T>... {};

// By overload resolution: std::tuple_element is a recursion under g++ 12.
template <std::size_t I, typename T>
indexed_type<I, T> type_at(const indexed_type<I, T>*);

struct list_types {
  template <typename... T>
  DEFT_TAGGED constexpr type_list<T...> operator()(T&...) const noexcept {
    return {};
  }
};

template <typename List>
struct index_types;

template <typename... T>
struct index_types<type_list<T...>> : indexed_types<std::index_sequence_for<T...>, T...> {};

/// The types of the fields, as a type_list.
template <typename T>
using field_types = decltype(detail::visit_fields(std::declval<T&>(), list_types{}));

/// The type of field I.
template <typename T, std::size_t I>
using field_type =
    typename decltype(detail::type_at<I>(static_cast<index_types<field_types<T>>*>(nullptr)))::type;

struct tie_references {
  template <typename... T>
  DEFT_TAGGED constexpr std::tuple<T&...> operator()(T&... fields) const noexcept {
    return {fields...};
  }
};

inline namespace DEFT_TAG {

/// References to the fields; to const fields of a const object.
template <typename T>
[[nodiscard]] constexpr auto tie_fields(T& object) noexcept {
  return detail::visit_fields(object, tie_references{});
}

}  // namespace DEFT_TAG

template <typename Member>
struct member_parts {
  static constexpr bool is_field = false;
};

template <typename Class, typename Field>
  requires(!std::is_function_v<Field>)
struct member_parts<Field Class::*> {
  static constexpr bool is_field = true;
  using class_type = Class;
  using type = Field;
};

/// Whether `Member` is what `&T::x` gives for a field x.
template <auto Member>
inline constexpr bool is_field_pointer = member_parts<std::remove_const_t<decltype(Member)>>::is_field;

/// The T of `&T::x`.
template <auto Member>
using member_class = typename member_parts<std::remove_const_t<decltype(Member)>>::class_type;

/// The type of the field x.
template <auto Member>
using member_type = typename member_parts<std::remove_const_t<decltype(Member)>>::type;

template <typename T>
struct declared_object {
  T value;
};

// Declared and never defined: the address of a field is a constant all the same. Clang would rather see a
// definition where T is local to a file.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <typename T>
extern const declared_object<T> declared;

// The place of the field that `field` points at, or their number. By its type, too: fields without a size may
// lie where others do.
template <typename Field>
struct find_field {
  const Field* field;

  template <typename T>
  [[nodiscard]] DEFT_TAGGED constexpr bool is(const T& other) const noexcept {
    if constexpr (std::is_same_v<T, Field>) {
      return std::addressof(other) == field;
    } else {
      return false;
    }
  }

  template <typename... T>
  DEFT_TAGGED constexpr std::size_t operator()(const T&... fields) const noexcept {
    std::size_t index = 0;
    static_cast<void>(((is(fields) || (++index, false)) || ...));
    return index;
  }
};

#if defined(__clang__)
template <auto Member>
consteval std::size_t index_of_member() {
  const auto& object = declared<member_class<Member>>.value;
  return detail::visit_fields(object, find_field<member_type<Member>>{std::addressof(object.*Member)});
}

#pragma clang diagnostic pop
#else
// g++ does not compare addresses in what is declared only; clang knows no constants of a union whose member's
// destructor is none.
template <typename T>
union unmade_object {
  char none;
  T value;

  DEFT_TAGGED constexpr unmade_object() noexcept : none{} {}

  DEFT_TAGGED constexpr ~unmade_object() {}
};

template <auto Member>
consteval std::size_t index_of_member() {
  unmade_object<member_class<Member>> object;
  return detail::visit_fields(object.value,
                              find_field<member_type<Member>>{std::addressof(object.value.*Member)});
}
#endif

/// The index of the field x, given `&T::x`.
template <auto Member>
  requires is_field_pointer<Member>
inline constexpr std::size_t field_index = index_of_member<Member>();

}  // namespace deft::detail
