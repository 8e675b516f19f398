/// @file
/// `synth-three-way` as the standard words it ([expos.only.entity]): by `<=>` where there is one, else by
/// `<`.
#pragma once

#include <compare>
#include <concepts>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

template <typename T>
concept synth_comparable = std::three_way_comparable<T> || requires(const T& a, const T& b) {
  { a < b } -> std::convertible_to<bool>;
};

inline namespace DEFT_TAG {

template <synth_comparable T>
auto synth_three_way(const T& a, const T& b) {
  if constexpr (std::three_way_comparable<T>) {
    return a <=> b;
  } else {
    if (a < b) return std::weak_ordering::less;
    if (b < a) return std::weak_ordering::greater;
    return std::weak_ordering::equivalent;
  }
}

}  // namespace DEFT_TAG

template <typename T>
using synth_three_way_result =
    decltype(detail::synth_three_way(std::declval<const T&>(), std::declval<const T&>()));

}  // namespace deft::detail
