/// @file
/// Comparing values of fields: as their own operators do, and structs that have none by their fields, in
/// declaration order.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/detail/reflect.hpp"

namespace deft::detail {

/// `Parts`: structs by their fields, whatever operators they have: as the bytes of a packed record are equal.
template <bool Parts>
struct ordering_of {
  template <typename T>
  [[nodiscard]] DEFT_TAGGED static constexpr auto order(const T& a, const T& b);

  template <typename T, std::size_t... I>
  [[nodiscard]] DEFT_TAGGED static constexpr auto order_each(const T& a, const T& b,
                                                             std::index_sequence<I...>) {
    using category = std::common_comparison_category_t<decltype(order(
        std::get<I>(detail::tie_fields(a)), std::get<I>(detail::tie_fields(b))))...>;
    const auto fields_of_a = detail::tie_fields(a);
    const auto fields_of_b = detail::tie_fields(b);
    category result = std::strong_ordering::equal;
    static_cast<void>((((result = order(std::get<I>(fields_of_a), std::get<I>(fields_of_b))) != 0) || ...));
    return result;
  }
};

template <bool Parts>
template <typename T>
constexpr auto ordering_of<Parts>::order(const T& a, const T& b) {
  if constexpr (is_bounded<T>) {
    return a.value() <=> b.value();
  } else if constexpr (is_optional<T>) {
    using category = decltype(order(*a, *b));
    if (a.has_value() && b.has_value()) return category(order(*a, *b));
    return category(a.has_value() <=> b.has_value());
  } else if constexpr (is_std_array<T>) {
    using category = decltype(order(a[0], b[0]));
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (const category result = order(a[i], b[i]); result != 0) return result;
    }
    return category(std::strong_ordering::equal);
  } else if constexpr (std::three_way_comparable<T> && !(Parts && is_plain_class<T>)) {
    return a <=> b;
  } else if constexpr (is_plain_class<T>) {
    return order_each(a, b, std::make_index_sequence<field_count<T>>());
  } else {
    static_assert(requires { a < b; }, "deft: a field is of a type that has no order");
    return a < b   ? std::weak_ordering::less
           : b < a ? std::weak_ordering::greater
                   : std::weak_ordering::equivalent;
  }
}

/// Whether ordering_of can order values of T.
template <typename T>
consteval bool has_field_order() {
  if constexpr (is_bounded<T> || std::three_way_comparable<T>) {
    return true;
  } else if constexpr (is_optional<T> || is_std_array<T>) {
    return has_field_order<typename T::value_type>();
  } else if constexpr (requires(const T& a) { a < a; }) {
    return true;
  } else if constexpr (plain_aggregate<T>) {
    return []<typename... F>(type_list<F...>) { return (has_field_order<F>() && ...); }(field_types<T>{});
  } else {
    return false;
  }
}

struct equal_fields {
  template <typename T>
  [[nodiscard]] DEFT_TAGGED static constexpr bool equal(const T& a, const T& b) {
    if constexpr (is_bounded<T>) {
      return a.value() == b.value();
    } else if constexpr (is_optional<T>) {
      if (a.has_value() != b.has_value()) return false;
      return !a.has_value() || equal(*a, *b);
    } else if constexpr (is_std_array<T>) {
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(a[i], b[i])) return false;
      }
      return true;
    } else if constexpr (std::equality_comparable<T>) {
      return static_cast<bool>(a == b);
    } else {
      static_assert(is_plain_class<T>, "deft: a field is of a type that has no ==");
      return equal_each(a, b, std::make_index_sequence<field_count<T>>());
    }
  }

  template <typename T, std::size_t... I>
  [[nodiscard]] DEFT_TAGGED static constexpr bool equal_each(const T& a, const T& b,
                                                             std::index_sequence<I...>) {
    const auto fields_of_a = detail::tie_fields(a);
    const auto fields_of_b = detail::tie_fields(b);
    return (equal(std::get<I>(fields_of_a), std::get<I>(fields_of_b)) && ...);
  }
};

}  // namespace deft::detail
