/// @file
/// What Python's namedtuple and dataclass do, for plain aggregates: field names, tuples, copies with one
/// field changed, projections.
///
/// A schema is a plain aggregate: a struct of at most 64 public fields without constructors, base classes,
/// C arrays, bit-fields, const fields and references. Fields are named as `&T::x`. Nothing has to be declared
/// beside the struct.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft {

/// What deft takes as a schema.
template <typename T>
concept schema = detail::plain_aggregate<T>;

namespace detail {

template <typename List>
struct tuple_of_types;

template <typename... T>
struct tuple_of_types<type_list<T...>> {
  using type = std::tuple<T...>;
};

template <typename Tuple>
inline constexpr std::size_t tuple_size_or_none = static_cast<std::size_t>(-1);
template <typename Tuple>
  requires requires { std::tuple_size<Tuple>::value; }
inline constexpr std::size_t tuple_size_or_none<Tuple> = std::tuple_size_v<Tuple>;

struct copy_fields {
  template <typename... T>
  DEFT_TAGGED constexpr std::tuple<T...> operator()(const T&... fields) const {
    return std::tuple<T...>{fields...};
  }
};

struct move_fields {
  template <typename... T>
  DEFT_TAGGED constexpr std::tuple<T...> operator()(T&... fields) const {
    return std::tuple<T...>{std::move(fields)...};
  }
};

template <auto Member>
struct project_field {
  static_assert(is_field_pointer<Member>, "deft: name a field as &T::x");

  template <typename Row>
  [[nodiscard]] DEFT_TAGGED constexpr decltype(auto) operator()(Row&& row) const
      noexcept(std::is_base_of_v<member_class<Member>, std::remove_cvref_t<Row>>) {
    if constexpr (std::is_base_of_v<member_class<Member>, std::remove_cvref_t<Row>>) {
      return (std::forward<Row>(row).*Member);
    } else {
      return std::forward<Row>(row).template get<Member>();
    }
  }
};

}  // namespace detail

/// The tuple of the types of T's fields, in declaration order.
template <typename T>
using fields_of = typename detail::tuple_of_types<detail::field_types<T>>::type;

/// The number of T's fields.
template <typename T>
inline constexpr std::size_t field_count = detail::field_count<T>;

inline namespace DEFT_TAG {

/// The names of T's fields, in declaration order: Python's `_fields`.
/// @returns     An array of string views, null-terminated nowhere. @complexity At compile time.
/// @concurrency Safe.
template <typename T>
[[nodiscard]] consteval auto field_names() noexcept -> std::array<std::string_view, detail::field_count<T>> {
  return detail::field_names_of<T>;
}

/// The values of the fields: Python's `astuple`.
/// @returns     A tuple of copies; of what was moved from the fields of an rvalue.
/// @throws      What copying the fields throws. @complexity That of copying T. @concurrency Concurrent reads.
/// @{
template <typename T>
[[nodiscard]] constexpr fields_of<T> as_tuple(const T& object) {
  return detail::visit_fields(object, detail::copy_fields{});
}

template <typename T>
  requires(!std::is_reference_v<T> && !std::is_const_v<T>)
[[nodiscard]] constexpr fields_of<T> as_tuple(T&& object) {
  return detail::visit_fields(object, detail::move_fields{});
}

/// @}

/// The fields as they are, for `std::tie`'s purposes: comparing, assigning, hashing some of them.
/// @returns     A tuple of references, to const fields of a const object. @complexity O(1).
/// @concurrency Safe.
template <typename T>
[[nodiscard]] constexpr auto tie_fields(T& object) noexcept {
  return detail::tie_fields(object);
}

/// Makes a T of the values of its fields: Python's `_make`.
/// @returns     The object. Values are converted to the types of the fields, explicitly if need be.
/// @throws      std::out_of_range where a value is outside a field's domain; what the conversions throw.
/// @complexity  That of the conversions. @concurrency Safe.
template <typename T, typename Tuple>
[[nodiscard]] constexpr T from_tuple(Tuple&& tuple) {
  static_assert(detail::check_aggregate<T>::value);
  static_assert(detail::tuple_size_or_none<std::remove_cvref_t<Tuple>> == detail::field_count<T>,
                "deft::from_tuple: the tuple has as many elements as the schema has fields");
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return T{static_cast<detail::field_type<T, I>>(std::get<I>(std::forward<Tuple>(tuple)))...};
  }(std::make_index_sequence<detail::field_count<T>>());
}

/// A copy with one field changed: Python's `_replace`.
/// @returns     The copy. @throws std::out_of_range for a value outside the field's domain; what copying and
///              the conversion throw.
/// @complexity  That of copying T. @concurrency Concurrent reads.
template <auto Member>
  requires detail::is_field_pointer<Member>
[[nodiscard]] constexpr detail::member_class<Member> with(detail::member_class<Member> object,
                                                          detail::member_type<Member> value) {
  object.*Member = std::move(value);
  return object;
}

/// Calls f(name, field) for each field, in declaration order.
/// @throws      What f throws. @complexity One call for each field. @concurrency That of f.
template <typename T, typename F>
constexpr void for_each_field(T& object, F&& f) {
  detail::visit_fields(object, [&f](auto&... fields) {
    std::size_t index = 0;
    (static_cast<void>(f(detail::field_names_of<std::remove_const_t<T>>[index++], fields)), ...);
  });
}

}  // namespace DEFT_TAG

/// The field x of whatever has one: `project<&T::x>` applies to a T, to a packed<T> and to a row of a
/// record_vector<T>, and so serves algorithms that call it with several of them.
template <auto Member>
inline constexpr detail::project_field<Member> project{};

}  // namespace deft
