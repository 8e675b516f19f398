/// @file
/// How bulk operations walk views: sizes are compared once, then nothing is checked.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <ranges>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/strided_iterator.hpp"
#include "deft/view/detail/view_concepts.hpp"
#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"

namespace deft::detail {

/// What bulk operations take: views, and what a view can be made of.
template <typename Range>
concept bulk_range =
    linear_view<Range> || (std::ranges::contiguous_range<Range> && std::ranges::sized_range<Range>);

template <typename A, typename B>
concept comparable_elements =
    requires(std::ranges::range_reference_t<const A&> a, std::ranges::range_reference_t<const B&> b) {
      static_cast<bool>(a == b);
    };

// SAFETY of both: whoever makes a cursor has compared the sizes before.
template <typename T>
struct unit_cursor {
  DEFT_TAGGED constexpr T& operator[](std::size_t i) const noexcept { return data[i]; }

  T* data;
};

template <typename T, std::ptrdiff_t Stride>
struct stride_cursor {
  DEFT_TAGGED constexpr T& operator[](std::size_t i) const noexcept {
    return data[static_cast<std::ptrdiff_t>(i) * stride.value()];
  }

  T* data;
  [[no_unique_address]] stride_of<Stride> stride;
};

template <typename V>
inline constexpr bool has_static_stride = true;
template <typename T>
inline constexpr bool has_static_stride<strided_view<T, dynamic_stride>> = false;

inline namespace DEFT_TAG {

/// The view itself, or one of the container.
template <bulk_range Range>
[[nodiscard]] constexpr auto linear(Range&& range) {
  if constexpr (linear_view<Range>) {
    return range;
  } else {
    return borrow(range);
  }
}

template <typename T>
[[nodiscard]] constexpr auto cursor_of(view<T> v) noexcept {
  return unit_cursor<T>{v.data()};
}

template <typename T, std::ptrdiff_t Stride>
[[nodiscard]] constexpr auto cursor_of(strided_view<T, Stride> v) noexcept {
  if constexpr (Stride == 1) {
    return unit_cursor<T>{v.data()};
  } else {
    return stride_cursor<T, Stride>{v.data(), {v.stride()}};
  }
}

/// Calls `body` with a cursor for each view. Where strides are known at run time only and all are 1, with
/// cursors that know it: a loop over those is up to four times as fast.
template <typename Body, typename... Views>
constexpr decltype(auto) with_cursors(Body&& body, const Views&... views) {
  if constexpr ((has_static_stride<Views> && ...)) {
    return body(cursor_of(views)...);
  } else {
    if (((views.stride() == 1) && ...))
      return body(unit_cursor<typename Views::element_type>{views.data()}...);
    return body(cursor_of(views)...);
  }
}

template <typename Function, typename... Cursors>
constexpr void walk(std::size_t size, Function& f, Cursors... cursors) {
  for (std::size_t i = 0; i < size; ++i) std::invoke(f, cursors[i]...);
}

/// Whether the bytes of two views of one type overlap. Not for constant evaluation.
template <typename A, typename B>
[[nodiscard]] constexpr bool overlap(const A& a, const B& b) noexcept {
  if (a.empty() || b.empty()) return false;
  const auto ends = [](const auto& v) {
    const auto* const first = reinterpret_cast<const std::byte*>(v.data());
    const auto* const last = reinterpret_cast<const std::byte*>(&v[v.size() - 1]);
    return std::less<>()(last, first) ? std::pair(last, first + sizeof *v.data())
                                      : std::pair(first, last + sizeof *v.data());
  };
  const auto [a_low, a_high] = ends(a);
  const auto [b_low, b_high] = ends(b);
  return std::less<>()(a_low, b_high) && std::less<>()(b_low, a_high);
}

/// What an endian_number holds: comparing needs the type of the number.
template <typename T>
[[nodiscard]] constexpr decltype(auto) plain_value(const T& value) {
  if constexpr (requires {
                  requires std::is_arithmetic_v<typename T::value_type>;
                  value.value();
                }) {
    return value.value();
  } else {
    return (value);
  }
}

/// Numbers are equal if their values are, whatever their types: -1 is not 0xffffffff.
template <typename A, typename B>
[[nodiscard]] constexpr bool same_value(const A& a, const B& b) {
  if constexpr (std::is_integral_v<A> && std::is_integral_v<B> &&
                std::is_signed_v<A> != std::is_signed_v<B>) {
    if constexpr (std::is_signed_v<A>) {
      return a >= 0 && static_cast<std::make_unsigned_t<A>>(a) == b;
    } else {
      return same_value(b, a);
    }
  } else {
    return static_cast<bool>(a == b);
  }
}

}  // namespace DEFT_TAG

/// Equal values have equal bytes, and the other way round.
template <typename A, typename B>
inline constexpr bool equal_as_bytes = std::is_same_v<std::remove_cv_t<A>, std::remove_cv_t<B>> &&
                                       (std::is_integral_v<A> || std::is_enum_v<A> || std::is_pointer_v<A>) &&
                                       std::has_unique_object_representations_v<A>;

}  // namespace deft::detail
