// How the drivers of the flat containers and of the trees look at a container's elements.
#pragma once

#include <string>
#include <type_traits>

namespace deft_fuzz {

/// A map's values.
template <typename V>
struct mapped_values {
  static V make(int number) {
    if constexpr (std::is_same_v<V, std::string>) {
      return "the value number " + std::to_string(number);
    } else if constexpr (std::is_constructible_v<V, int, int>) {
      return V(0, number);
    } else {
      return static_cast<V>(number);
    }
  }

  static bool same(const V& value, int number) {
    if constexpr (requires { value.serial; }) {
      return value.serial == number;
    } else {
      return value == make(number);
    }
  }
};

/// Elements of a `Container` of `Keys`: keys, or of a map pairs.
template <typename Container, typename Keys>
struct element_parts {
  using key_type = typename Container::key_type;
  static constexpr bool is_map = requires { typename Container::mapped_type; };

  template <typename Reference>
  static const key_type& key_in(const Reference& element) {
    if constexpr (is_map) {
      return element.first;
    } else {
      return element;
    }
  }

  template <typename Reference>
  static bool same(const Reference& element, auto row) {
    if constexpr (is_map) {
      return Keys::same(element.first, row) &&
             mapped_values<typename Container::mapped_type>::same(element.second, row.value);
    } else {
      return Keys::same(element, row);
    }
  }
};

}  // namespace deft_fuzz
