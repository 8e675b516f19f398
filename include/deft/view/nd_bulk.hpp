/// @file
/// The bulk operations over arrays of several dimensions; nd_view.hpp includes it.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/bulk.hpp"
#include "deft/view/nd_view.hpp"

namespace deft {

namespace detail {

inline namespace DEFT_TAG {

/// Calls `run` with the rows of all, views of one dimension, in order; false ends it.
template <typename Run, typename T, std::size_t Rank, typename... Others>
constexpr bool rows(Run& run, const nd_view<T, Rank>& first, const Others&... others) {
  if constexpr (Rank == 1) {
    return run(first.as_strided(), others.as_strided()...);
  } else {
    for (std::size_t i = 0; i < first.extent(0); ++i) {
      if (!rows(run, first[i], others[i]...)) return false;
    }
    return true;
  }
}

/// Calls `run` with views of one dimension that together are the arrays: one run if all are contiguous.
template <typename Run, typename T, std::size_t Rank, typename... Others>
constexpr bool runs(Run run, const nd_view<T, Rank>& first, const Others&... others) {
  if (first.c_contiguous() && (others.c_contiguous() && ...)) return run(first.flat(), others.flat()...);
  return rows(run, first, others...);
}

/// The rows from dimension `Dimension` on, each array's first element there being at `at`: calls
/// `run(size, cursors...)` for each.
template <std::size_t Dimension, bool Unit, typename Run, typename... Arrays>
constexpr void cursor_rows(Run& run, const std::tuple<const Arrays&...>& arrays,
                           typename Arrays::element_type*... at) {
  constexpr std::size_t last = std::tuple_element_t<0, std::tuple<Arrays...>>::rank() - 1;
  const std::size_t size = std::get<0>(arrays).extent(Dimension);
  std::apply(
      [&](const Arrays&... array) {
        if constexpr (Dimension < last) {
          for (std::size_t i = 0; i < size; ++i) {
            cursor_rows<Dimension + 1, Unit>(
                run, arrays, at + static_cast<std::ptrdiff_t>(i) * array.stride(Dimension)...);
          }
        } else if constexpr (Unit) {
          run(size, unit_cursor<typename Arrays::element_type>{at}...);
        } else {
          run(size, stride_cursor<typename Arrays::element_type, dynamic_stride>{at, array.stride(last)}...);
        }
      },
      arrays);
}

/// The same elements in as few runs as their strides allow, which are looked at once, not for each row.
template <typename Run, typename... Arrays>
constexpr void cursor_runs(Run run, const Arrays&... arrays) {
  const auto& first = std::get<0>(std::tie(arrays...));
  constexpr std::size_t last = std::remove_cvref_t<decltype(first)>::rank() - 1;
  if ((arrays.c_contiguous() && ...)) {
    run(first.size(), unit_cursor<typename Arrays::element_type>{arrays.data()}...);
  } else if (((arrays.stride(last) == 1) && ...)) {
    cursor_rows<0, true>(run, std::tuple<const Arrays&...>(arrays...), arrays.data()...);
  } else {
    cursor_rows<0, false>(run, std::tuple<const Arrays&...>(arrays...), arrays.data()...);
  }
}

/// Whether the memory between the lowest and the highest elements overlaps.
template <typename A, typename B>
[[nodiscard]] constexpr bool nd_overlap(const A& a, const B& b) noexcept {
  if (a.empty() || b.empty()) return false;
  const auto ends = [](const auto& v) {
    const auto* low = v.data();
    const auto* high = v.data();
    for (std::size_t d = 0; d < v.rank(); ++d) {
      const std::ptrdiff_t reach = static_cast<std::ptrdiff_t>(v.extent(d) - 1) * v.stride(d);
      (reach < 0 ? low : high) += reach;
    }
    return std::pair(reinterpret_cast<const std::byte*>(low), reinterpret_cast<const std::byte*>(high + 1));
  };
  const auto [a_low, a_high] = ends(a);
  const auto [b_low, b_high] = ends(b);
  return std::less<>()(a_low, b_high) && std::less<>()(b_low, a_high);
}

}  // namespace DEFT_TAG

}  // namespace detail

inline namespace DEFT_TAG {

/// Calls `f(element)` for each element, the last dimension's neighbours one after another.
/// @throws      What `f` throws.
/// @complexity  O(size). @concurrency As `f` uses the elements.
template <detail::nd_view_type Array, typename Function>
constexpr void for_each(const Array& array, Function f) {
  detail::cursor_runs([&](std::size_t size, auto cursor) { detail::walk(size, f, cursor); }, array);
}

/// Assigns `f(in(i, ...))` to each `out(i, ...)`. `out` may be `in`.
/// @pre         The extents are equal, else traps.
/// @throws      What `f` and assigning throw.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `out`.
template <typename T, typename U, std::size_t Rank, typename Function>
constexpr void transform(const nd_view<T, Rank>& in, const nd_view<U, Rank>& out, Function f) {
  static_assert(!std::is_const_v<U>, "deft::transform: the elements of `out` are const");
  DEFT_PRECONDITION(in.extents() == out.extents(), "transform(in, out, f) of different extents");
  detail::cursor_runs(
      [&](std::size_t size, auto to, auto from) {
        for (std::size_t i = 0; i < size; ++i) to[i] = std::invoke(f, from[i]);
      },
      out, in);
}

/// Assigns `f(in1(i, ...), in2(i, ...))` to each `out(i, ...)`. `out` may be one of the others.
/// @pre         The extents are equal, else traps.
/// @throws      What `f` and assigning throw.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `out`.
template <typename T, typename U, typename V, std::size_t Rank, typename Function>
constexpr void transform(const nd_view<T, Rank>& in1, const nd_view<U, Rank>& in2,
                         const nd_view<V, Rank>& out, Function f) {
  DEFT_PRECONDITION(in1.extents() == out.extents() && in2.extents() == out.extents(),
                    "transform(in1, in2, out, f) of different extents");
  static_assert(!std::is_const_v<V>, "deft::transform: the elements of `out` are const");
  detail::cursor_runs(
      [&](std::size_t size, auto to, auto a, auto b) {
        for (std::size_t i = 0; i < size; ++i) to[i] = std::invoke(f, a[i], b[i]);
      },
      out, in1, in2);
}

/// Assigns the elements of `from` to those of `to`, as if from a copy: they may overlap.
/// @pre         The extents are equal, else traps.
/// @throws      What assigning throws; std::bad_alloc, only if their memory overlaps.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `to`.
template <typename T, typename U, std::size_t Rank>
constexpr void copy(const nd_view<T, Rank>& from, const nd_view<U, Rank>& to) {
  DEFT_PRECONDITION(from.extents() == to.extents(), "copy(from, to) of different extents");
  const bool one_run = from.c_contiguous() && to.c_contiguous();
  if (!one_run && (std::is_constant_evaluated() || detail::nd_overlap(from, to))) {
    const std::vector<std::remove_cv_t<T>> held = from.tolist();
    std::size_t next = 0;
    deft::for_each(to, [&](U& element) { element = held[next++]; });
    return;
  }
  detail::runs(
      [](auto target, auto source) {
        deft::copy(source, target);
        return true;
      },
      to, from);
}

/// Assigns `value` to each element.
/// @throws      What assigning throws.
/// @complexity  O(size). @concurrency Exclusive access to the elements.
template <typename T, std::size_t Rank, typename Value>
constexpr void fill(const nd_view<T, Rank>& array, const Value& value) {
  const std::remove_cv_t<T> held = value;  // value may be one of the elements
  static_assert(!std::is_const_v<T>, "deft::fill: the elements are const");
  detail::cursor_runs(
      [&](std::size_t size, auto cursor) {
        for (std::size_t i = 0; i < size; ++i) cursor[i] = held;
      },
      array);
}

/// Whether the extents and the elements are equal; integers compare by value, whatever their types.
/// @returns     What the name says.
/// @throws      What the elements' == throws.
/// @complexity  O(size). @concurrency Reads the elements.
/// @{
template <typename T, typename U, std::size_t Rank>
[[nodiscard]] constexpr bool equal(const nd_view<T, Rank>& a, const nd_view<U, Rank>& b) {
  return a.extents() == b.extents() &&
         detail::runs([](auto left, auto right) { return deft::equal(left, right); }, a, b);
}

template <typename T, typename U, std::size_t Rank>
  requires requires(const T& a, const U& b) { static_cast<bool>(a == b); }
[[nodiscard]] constexpr bool operator==(const nd_view<T, Rank>& a, const nd_view<U, Rank>& b) {
  return deft::equal(a, b);
}

/// @}

}  // namespace DEFT_TAG

template <typename T, std::size_t Rank>
constexpr auto nd_view<T, Rank>::tolist() const -> std::vector<value_type> {
  std::vector<value_type> copy;
  copy.reserve(size());
  deft::for_each(*this, [&](const T& element) { copy.push_back(element); });
  return copy;
}

}  // namespace deft
