/// @file
/// as_map: a plain aggregate's fields by names that are known only when the program runs.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/field_name.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft {

namespace detail {

template <typename T, typename... List>
inline constexpr bool is_one_of = (std::is_same_v<T, List> || ...);

// A variant holds each type once, however many fields have it.
template <typename Variant, typename... Rest>
struct variant_of {
  using type = Variant;
};

template <typename... Chosen, typename T, typename... Rest>
struct variant_of<std::variant<Chosen...>, T, Rest...>
    : variant_of<
          std::conditional_t<is_one_of<T, Chosen...>, std::variant<Chosen...>, std::variant<Chosen..., T>>,
          Rest...> {};

template <typename List>
struct variant_of_types;

template <typename... T>
struct variant_of_types<type_list<T...>> {
  using type = typename variant_of<std::variant<>, T...>::type;
};

}  // namespace detail

/// Copies of the fields of a T, by name: Python's `asdict`. In declaration order, as Python's dict.
///
/// Use it where names come from outside: a query, a column of a file. `get<&T::x>` and `project` find fields
/// at compile time.
///
/// Memory: for each field, a string view and a variant of all types of fields. Threads: as for an array.
template <typename T>
class field_map {
  static_assert(detail::check_aggregate<T>::value && detail::field_count<T> > 0,
                "deft::as_map: the struct has no fields");

 public:
  using key_type = std::string_view;
  using mapped_type = typename detail::variant_of_types<detail::field_types<T>>::type;
  using value_type = std::pair<std::string_view, mapped_type>;
  using const_iterator = typename std::array<value_type, detail::field_count<T>>::const_iterator;
  using iterator = const_iterator;

  /// Copies the fields of `object`.
  /// @throws      What copying them throws. @complexity O(fields). @concurrency Concurrent reads.
  DEFT_TAGGED explicit constexpr field_map(const T& object)
      : entries_(detail::visit_fields(object, make_entries{})) {}

  /// The entries, in declaration order.
  /// @returns     Iterators to pairs of name and value. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr const_iterator begin() const noexcept { return entries_.begin(); }

  [[nodiscard]] DEFT_TAGGED constexpr const_iterator end() const noexcept { return entries_.end(); }

  /// @}

  /// @returns     The number of fields. @complexity O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static constexpr std::size_t size() noexcept { return detail::field_count<T>; }

  /// The entry of a name.
  /// @returns     end() if there is no field of that name. @complexity O(fields). @concurrency Concurrent
  /// reads.
  [[nodiscard]] DEFT_TAGGED constexpr const_iterator find(std::string_view name) const noexcept {
    const_iterator entry = begin();
    while (entry != end() && entry->first != name) ++entry;
    return entry;
  }

  /// @returns     Whether there is a field of that name. @complexity O(fields). @concurrency Concurrent
  /// reads.
  [[nodiscard]] DEFT_TAGGED constexpr bool contains(std::string_view name) const noexcept {
    return find(name) != end();
  }

  /// The value of a field.
  /// @returns     A variant that holds it. @throws std::out_of_range if there is no field of that name.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr const mapped_type& at(std::string_view name) const {
    const const_iterator entry = find(name);
    if (entry == end()) detail::throw_out_of_range("deft::field_map: there is no field of this name");
    return entry->second;
  }

  /// The value of a field whose type is known.
  /// @returns     A reference to it. @throws std::out_of_range if there is no field of that name and type.
  /// @complexity  O(fields). @concurrency Concurrent reads.
  template <typename Field>
  [[nodiscard]] DEFT_TAGGED constexpr const Field& get(std::string_view name) const {
    const Field* const value = std::get_if<Field>(&at(name));
    if (value == nullptr) detail::throw_out_of_range("deft::field_map: the field is of another type");
    return *value;
  }

 private:
  struct make_entries {
    template <typename... Field>
    DEFT_TAGGED constexpr std::array<value_type, sizeof...(Field)> operator()(const Field&... fields) const {
      std::size_t i = 0;
      // In braces, so that names are counted in order.
      return {value_type(detail::field_names_of<T>[i++], mapped_type(std::in_place_type<Field>, fields))...};
    }
  };

  std::array<value_type, detail::field_count<T>> entries_;
};

inline namespace DEFT_TAG {

/// Copies of the fields by name: Python's `asdict`.
/// @returns     The map. @throws What copying the fields throws. @complexity O(fields).
/// @concurrency Concurrent reads.
template <typename T>
[[nodiscard]] constexpr field_map<T> as_map(const T& object) {
  return field_map<T>(object);
}

}  // namespace DEFT_TAG

}  // namespace deft
