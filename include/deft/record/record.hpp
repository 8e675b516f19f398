/// @file
/// record<field<"x", T>...>: a tuple whose elements have names, for rows without a struct of their own.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/detail/compare_fields.hpp"
#include "deft/record/detail/field_key.hpp"
#include "deft/record/detail/reflect.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft {

/// A field of a record: `field<"price", double>`.
template <fixed_string Name, typename T>
struct field {
  static_assert(!Name.empty(), "deft::field: a field has a name");
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_array_v<T>,
                "deft::field: a field is no reference, not const and no C array");
  using type = T;
  static constexpr auto name = Name;
};

namespace detail {

template <typename T>
inline constexpr bool is_field = false;
template <fixed_string Name, typename T>
inline constexpr bool is_field<field<Name, T>> = true;

template <std::size_t I, typename T>
struct record_element {
  T value{};
};

template <typename Indices, typename... T>
struct record_elements;

template <std::size_t... I, typename... T>
struct record_elements<std::index_sequence<I...>, T...> : record_element<I, T>... {};

template <std::size_t I, typename T>
DEFT_TAGGED constexpr T& element_at(record_element<I, T>& element) noexcept {
  return element.value;
}

template <std::size_t I, typename T>
DEFT_TAGGED constexpr const T& element_at(const record_element<I, T>& element) noexcept {
  return element.value;
}

template <std::size_t N>
consteval bool names_are_distinct(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (detail::index_of_name(names, names[i]) != i) return false;
  }
  return true;
}

}  // namespace detail

/// A row made up where it is needed: `record<field<"x", int>, field<"y", double>> r{1, 2.0}; r.get<"x">()`.
///
/// Use it for results of few fields that no struct is worth: a pair whose elements say what they are. Where a
/// struct exists, it is the schema: see packed and record_vector. Unlike a std::tuple, it compares,
/// hashes and prints with its names, and fields are never found by type or number only. It is a schema, too:
/// packed<record<...>>.
///
/// Memory: as a struct of the same fields in the same order. Threads: as for a struct.
template <typename... Fields>
class record {
  static_assert((detail::is_field<Fields> && ...),
                "deft::record: its arguments are deft::field<\"name\", type>");

  using elements = detail::record_elements<std::index_sequence_for<Fields...>, typename Fields::type...>;
  static constexpr std::array<std::string_view, sizeof...(Fields)> all_names{Fields::name.view()...};
  static_assert(detail::names_are_distinct(all_names), "deft::record: two fields have the same name");

 public:
  using described_types = detail::type_list<typename Fields::type...>;

  /// The number of fields.
  static constexpr std::size_t size = sizeof...(Fields);

  /// The names of the fields, in order.
  /// @returns     Python's `_fields`. @complexity O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr const std::array<std::string_view, size>& names() noexcept {
    return all_names;
  }

  /// The index of a field.
  template <fixed_string Name>
  static constexpr std::size_t index = [] {
    constexpr std::size_t i = detail::index_of_name(all_names, Name.view());
    static_assert(i < size, "deft::record: there is no field of this name");
    return i < size ? i : 0;
  }();

  /// The type of a field.
  template <std::size_t I>
  using type_at = typename decltype(detail::type_at<I>(
      static_cast<detail::index_types<detail::type_list<typename Fields::type...>>*>(nullptr)))::type;
  template <fixed_string Name>
  using type_of = type_at<index<Name>>;

  /// Fields value-initialised. @throws What that throws. @complexity O(fields). @concurrency Safe.
  DEFT_TAGGED constexpr record() = default;

  // Not of a record, which is asked before whether it converts: a std::any would ask in turn whether a record
  // is copied.
  /// One value for each field, in order.
  /// @throws      What initialising the fields throws. @complexity O(fields). @concurrency Safe.
  template <typename... T>
    requires(sizeof...(T) == sizeof...(Fields) && sizeof...(T) > 0 &&
             !std::is_same_v<detail::type_list<std::remove_cvref_t<T>...>, detail::type_list<record>> &&
             (std::is_convertible_v<T &&, typename Fields::type> && ...))
  DEFT_TAGGED explicit(sizeof...(T) == 1) constexpr record(T&&... values)
      : elements_{{static_cast<typename Fields::type>(std::forward<T>(values))}...} {}

  /// The field of that name.
  /// @returns     A reference to it. @complexity O(1). @concurrency That of the field.
  /// @{
  template <fixed_string Name>
  [[nodiscard]] DEFT_TAGGED constexpr auto& get() & noexcept {
    return detail::element_at<index<Name>>(elements_);
  }

  template <fixed_string Name>
  [[nodiscard]] DEFT_TAGGED constexpr const auto& get() const& noexcept {
    return detail::element_at<index<Name>>(elements_);
  }

  template <fixed_string Name>
  [[nodiscard]] DEFT_TAGGED constexpr auto&& get() && noexcept {
    return std::move(detail::element_at<index<Name>>(elements_));
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED constexpr auto& get() & noexcept {
    return detail::element_at<I>(elements_);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED constexpr const auto& get() const& noexcept {
    return detail::element_at<I>(elements_);
  }

  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED constexpr auto&& get() && noexcept {
    return std::move(detail::element_at<I>(elements_));
  }

  /// @}

  /// A copy with one field changed: Python's `_replace`.
  /// @returns     The copy. @throws What copying and assigning throw. @complexity O(fields).
  /// @concurrency Concurrent reads.
  template <fixed_string Name, typename Value>
  [[nodiscard]] DEFT_TAGGED constexpr record with(Value&& value) const {
    record copy = *this;
    copy.template get<Name>() = std::forward<Value>(value);
    return copy;
  }

  /// Calls f with references to all fields.
  /// @returns     What f returns. @throws What f throws. @complexity One call. @concurrency That of f.
  /// @{
  template <typename F>
  DEFT_TAGGED constexpr decltype(auto) visit(F&& f) const {
    return visit_each(elements_, std::forward<F>(f), std::make_index_sequence<size>());
  }

  template <typename F>
  DEFT_TAGGED constexpr decltype(auto) visit(F&& f) {
    return visit_each(elements_, std::forward<F>(f), std::make_index_sequence<size>());
  }

  /// @}

  /// The values.
  /// @returns     A tuple of copies. @throws What copying throws. @complexity O(fields).
  /// @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::tuple<typename Fields::type...> as_tuple() const {
    return visit([](const auto&... fields) { return std::tuple<typename Fields::type...>(fields...); });
  }

  /// Hashes the values under a seed.
  /// @returns     hash_value of a tuple of them. @complexity O(fields). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::uint64_t hash_value(std::uint64_t seed) const noexcept
    requires(hashable<typename Fields::type> && ...)
  {
    return visit([seed](const auto&... fields) { return deft::hash_value(std::tie(fields...), seed); });
  }

  /// By the fields, in order.
  /// @returns     As the fields' types compare. @throws What comparing throws. @complexity O(fields).
  /// @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED friend constexpr bool operator==(const record& a, const record& b) {
    return equal(a, b, std::make_index_sequence<size>());
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr auto operator<=>(const record& a, const record& b)
    requires(detail::has_field_order<typename Fields::type>() && ...)
  {
    return order(a, b, std::make_index_sequence<size>());
  }

  /// @}

 private:
  template <typename Elements, typename F, std::size_t... I>
  DEFT_TAGGED static constexpr decltype(auto) visit_each(Elements& elements, F&& f,
                                                         std::index_sequence<I...>) {
    return std::forward<F>(f)(detail::element_at<I>(elements)...);
  }

  template <std::size_t... I>
  DEFT_TAGGED static constexpr bool equal(const record& a, const record& b, std::index_sequence<I...>) {
    return (detail::equal_fields::equal(a.template get<I>(), b.template get<I>()) && ...);
  }

  template <std::size_t... I>
  DEFT_TAGGED static constexpr auto order(const record& a, const record& b, std::index_sequence<I...>) {
    using compare = detail::ordering_of<false>;
    std::common_comparison_category_t<decltype(compare::order(a.template get<I>(), b.template get<I>()))...>
        result = std::strong_ordering::equal;
    static_cast<void>((((result = compare::order(a.template get<I>(), b.template get<I>())) != 0) || ...));
    return result;
  }

  elements elements_;
};

namespace detail {

template <typename T>
inline constexpr bool is_record = false;
template <typename... Fields>
inline constexpr bool is_record<record<Fields...>> = true;

}  // namespace detail

inline namespace DEFT_TAG {

/// Makes a record of values whose types it takes from them: `make_record<"x", "y">(1, 2.0)`.
/// @returns     The record. @throws What copying the values throws. @complexity O(fields). @concurrency Safe.
template <fixed_string... Names, typename... T>
[[nodiscard]] constexpr auto make_record(T&&... values) -> record<field<Names, std::decay_t<T>>...> {
  return record<field<Names, std::decay_t<T>>...>(std::forward<T>(values)...);
}

}  // namespace DEFT_TAG

}  // namespace deft

template <typename... Fields>
struct std::tuple_size<deft::record<Fields...>> : std::integral_constant<std::size_t, sizeof...(Fields)> {};

template <std::size_t I, typename... Fields>
struct std::tuple_element<I, deft::record<Fields...>> {
  using type = typename deft::record<Fields...>::template type_at<I>;
};

/// The hash under the process seed.
template <typename... Fields>
  requires(deft::hashable<typename Fields::type> && ...)
struct std::hash<deft::record<Fields...>> {
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(const deft::record<Fields...>& x) const noexcept {
    return static_cast<std::size_t>(x.hash_value(deft::hash_seed()));
  }
};
