/// @file
/// The names of an aggregate's fields, as the compiler spells them.
///
/// Apart from reflect.hpp, as names cost a function per field: what does not show them does not compile them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft::detail {

// Clang up to 17 takes a pointer to a subobject as a template argument only inside a class.
template <typename Field>
struct spelled_pointer {
  const Field* pointer;
};

template <std::size_t I, typename Field>
struct indexed_pointer {
  const Field* pointer;
};
template <typename Indices, typename... Field>
struct indexed_pointers;

template <std::size_t... I, typename... Field>
struct indexed_pointers<std::index_sequence<I...>, Field...> : indexed_pointer<I, Field>... {};

struct point_at_fields {
  template <typename... Field>
  DEFT_TAGGED constexpr auto operator()(const Field&... fields) const noexcept {
    return indexed_pointers<std::index_sequence_for<Field...>, Field...>{{&fields}...};
  }
};

template <std::size_t I, typename Field>
consteval spelled_pointer<Field> pointer_at(const indexed_pointer<I, Field>& pointer) {
  return {pointer.pointer};
}

// Letters come first, as most characters are: compilers take their time over each step of a constant.
consteval bool is_in_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         std::string_view(" ()[]{}<>&.,:;=*'\"").find(c) == std::string_view::npos;
}

// The last identifier of "[auto Pointer = {&declared.value.x}]", whatever stands around it.
consteval std::string_view last_identifier(const char* text) {
  const char* end = text + std::string_view(text).size();
  while (!is_in_identifier(end[-1])) --end;
  const char* begin = end;
  while (is_in_identifier(begin[-1])) --begin;
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Not std::string_view: g++ explains what that stands for behind the argument.
struct spelling {
  const char* text;
};

template <auto Pointer>
consteval spelling spell() {
  return {__PRETTY_FUNCTION__};
}

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <typename T, std::size_t... I>
consteval std::array<std::string_view, sizeof...(I)> spell_fields(std::index_sequence<I...>) {
  [[maybe_unused]] constexpr auto pointers = detail::visit_fields(declared<T>.value, point_at_fields{});
  return {last_identifier(spell<detail::pointer_at<I>(pointers)>().text)...};
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <typename T>
consteval auto names_of_fields() {
  if constexpr (described<T>) {
    return T::names();
  } else if constexpr (check_aggregate<T>::value) {
    return spell_fields<T>(std::make_index_sequence<field_count<T>>());
  } else {
    return std::array<std::string_view, 0>{};
  }
}

/// The names of the fields of T, in declaration order.
template <typename T>
inline constexpr auto field_names_of = names_of_fields<T>();

/// The name of field I.
template <typename T, std::size_t I>
inline constexpr std::string_view field_name = field_names_of<T>[I];

}  // namespace deft::detail
