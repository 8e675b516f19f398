/// @file
/// for_each, transform, copy, fill, accumulate, gather and == over views: one comparison of sizes, then loops
/// that check nothing.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/cursors.hpp"
#include "deft/view/strided_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

// All take view<T>, strided_view<T, S>, and contiguous containers; nd_view's are in nd_view.hpp.
inline namespace DEFT_TAG {

/// Calls `f(element)` for each element, in order.
/// @throws      What `f` throws.
/// @complexity  O(size). @concurrency As `f` uses the elements.
template <detail::bulk_range Range, typename Function>
constexpr void for_each(Range&& range, Function f) {
  const auto v = detail::linear(range);
  detail::with_cursors([&](auto cursor) { detail::walk(v.size(), f, cursor); }, v);
}

/// `init` combined with each element, in order: `init = op(init, element)`.
/// @returns     The result.
/// @throws      What `op` throws.
/// @complexity  O(size). @concurrency Reads the elements.
template <detail::bulk_range Range, typename Value, typename Operation = std::plus<>>
[[nodiscard]] constexpr Value accumulate(Range&& range, Value init, Operation op = {}) {
  const auto v = detail::linear(range);
  detail::with_cursors(
      [&](auto cursor) {
        Value sum = std::move(init);
        for (std::size_t i = 0; i < v.size(); ++i) sum = std::invoke(op, std::move(sum), cursor[i]);
        init = std::move(sum);
      },
      v);
  return init;
}

/// Assigns `f(in[i])` to each `out[i]`, in order. `out` may be `in`.
/// @pre         The sizes are equal, else traps.
/// @throws      What `f` and assigning throw.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `out`.
template <detail::bulk_range In, detail::bulk_range Out, typename Function>
constexpr void transform(In&& in, Out&& out, Function f) {
  const auto from = detail::linear(in);
  const auto to = detail::linear(out);
  static_assert(!std::is_const_v<typename decltype(to)::element_type>,
                "deft::transform: the elements of `out` are const");
  DEFT_PRECONDITION(from.size() == to.size(), "transform(in, out, f) of different sizes");
  const std::size_t size = to.size();
  detail::with_cursors(
      [&](auto target, auto a) {
        for (std::size_t i = 0; i < size; ++i) target[i] = std::invoke(f, a[i]);
      },
      to, from);
}

/// Assigns `f(in1[i], in2[i])` to each `out[i]`, in order. `out` may be one of the others.
/// @pre         The sizes are equal, else traps.
/// @throws      What `f` and assigning throw.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `out`.
template <detail::bulk_range In1, detail::bulk_range In2, detail::bulk_range Out, typename Function>
constexpr void transform(In1&& in1, In2&& in2, Out&& out, Function f) {
  const auto first = detail::linear(in1);
  const auto second = detail::linear(in2);
  const auto to = detail::linear(out);
  static_assert(!std::is_const_v<typename decltype(to)::element_type>,
                "deft::transform: the elements of `out` are const");
  DEFT_PRECONDITION(first.size() == to.size() && second.size() == to.size(),
                    "transform(in1, in2, out, f) of different sizes");
  const std::size_t size = to.size();
  detail::with_cursors(
      [&](auto target, auto a, auto b) {
        for (std::size_t i = 0; i < size; ++i) target[i] = std::invoke(f, a[i], b[i]);
      },
      to, first, second);
}

/// Assigns the elements of `from` to those of `to`, as if from a copy: the two may overlap, in whatever
/// direction they run.
/// @pre         The sizes are equal, else traps.
/// @throws      What assigning throws; std::bad_alloc, only if they overlap and their strides or types
/// differ.
/// @complexity  O(size). @concurrency Exclusive access to the elements of `to`.
template <detail::bulk_range From, detail::bulk_range To>
constexpr void copy(const From& from_range, To&& to_range) {
  const auto from = detail::linear(from_range);
  const auto to = detail::linear(to_range);
  using source = typename decltype(from)::value_type;
  using element = typename decltype(to)::element_type;
  static_assert(std::is_assignable_v<element&, const source&>,
                "deft::copy(from, to): the elements of `to` cannot be assigned those of `from`");
  DEFT_PRECONDITION(from.size() == to.size(), "copy(from, to) of different sizes");
  const std::size_t size = to.size();
  const auto forward = [&] {
    detail::with_cursors(
        [size](auto a, auto b) {
          for (std::size_t i = 0; i < size; ++i) b[i] = a[i];
        },
        from, to);
  };
  if constexpr (!std::is_same_v<source, element>) {
    if constexpr (std::is_arithmetic_v<source> && std::is_arithmetic_v<element>) {
      // A number's signed and unsigned type may look at the same memory, and char at any.
      if (!std::is_constant_evaluated() && detail::overlap(from, to)) {
        const std::vector<source> held = from.tolist();
        for (std::size_t i = 0; i < size; ++i) to[i] = held[i];
        return;
      }
    }
    forward();
  } else {
    if (std::is_constant_evaluated()) {
      std::vector<source> held = from.tolist();
      for (std::size_t i = 0; i < size; ++i) to[i] = held[i];
      return;
    }
    if (from.stride() == 1 && to.stride() == 1) {
      if constexpr (std::is_trivially_copyable_v<source>) {
        if (size != 0) std::memmove(to.data(), from.data(), size * sizeof(source));
        return;
      }
    }
    if (!detail::overlap(from, to)) {
      forward();
    } else if (from.stride() == to.stride()) {
      const bool ahead = std::less<>()(from.data(), to.data());  // in memory
      if (ahead == (to.stride() > 0)) {
        for (std::size_t i = size; i-- > 0;) to[i] = from[i];
      } else {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
      }
    } else {
      std::vector<source> held = from.tolist();
      for (std::size_t i = 0; i < size; ++i) to[i] = std::move(held[i]);
    }
  }
}

/// Assigns `value` to each element.
/// @throws      What assigning throws.
/// @complexity  O(size). @concurrency Exclusive access to the elements.
template <detail::bulk_range Range, typename Value>
constexpr void fill(Range&& range, const Value& value) {
  const auto v = detail::linear(range);
  static_assert(!std::is_const_v<typename decltype(v)::element_type>, "deft::fill: the elements are const");
  const typename decltype(v)::value_type held = value;  // value may be one of the elements
  detail::with_cursors(
      [&, size = v.size()](auto cursor) {
        for (std::size_t i = 0; i < size; ++i) cursor[i] = held;
      },
      v);
}

/// Assigns `from[indices[i]]` to each `out[i]`, in order. Each index is checked just before it is used; four
/// in a row, which saves of the loop's own steps what the checks cost. (Rejected: finding the greatest index
/// of a block first, which needs vector instructions to pay: at -O2 it took three times as long.)
/// @pre         The sizes of `indices` and `out` are equal, each index is below from.size(); else traps.
/// @throws      What assigning throws.
/// @complexity  O(size(indices)). @concurrency Exclusive access to the elements of `out`.
template <detail::bulk_range From, detail::bulk_range Indices, detail::bulk_range Out>
constexpr void gather(const From& from_range, const Indices& index_range, Out&& out_range) {
  const auto from = detail::linear(from_range);
  const auto indices = detail::linear(index_range);
  const auto out = detail::linear(out_range);
  using index = typename decltype(indices)::value_type;
  static_assert(std::is_integral_v<index> && !std::is_same_v<index, bool>,
                "deft::gather: indices are integers");
  DEFT_PRECONDITION(indices.size() == out.size(), "gather(from, indices, out) of different sizes");
  detail::with_cursors(
      [size = from.size(), count = indices.size()](auto at, auto source, auto target) {
        const auto one = [&](std::size_t i) {
          const auto k = static_cast<std::size_t>(at[i]);  // a negative one is very large
          DEFT_PRECONDITION(k < size, "gather: an index is outside");
          target[i] = source[k];
        };
        std::size_t i = 0;
        for (; count - i >= 4; i += 4) {
          one(i);
          one(i + 1);
          one(i + 2);
          one(i + 3);
        }
        for (; i < count; ++i) one(i);
      },
      indices, from, out);
}

/// Whether both have as many elements and these are equal, in order. Integers compare by value, whatever
/// their types.
/// @returns     What the name says.
/// @throws      What the elements' == throws.
/// @complexity  O(size). @concurrency Reads the elements.
template <detail::bulk_range A, detail::bulk_range B>
  requires detail::comparable_elements<A, B>
[[nodiscard]] constexpr bool equal(const A& a_range, const B& b_range) {
  const auto a = detail::linear(a_range);
  const auto b = detail::linear(b_range);
  if (a.size() != b.size()) return false;
  using a_element = typename decltype(a)::value_type;
  using b_element = typename decltype(b)::value_type;
  if constexpr (detail::equal_as_bytes<a_element, b_element>) {
    if (!std::is_constant_evaluated() && a.stride() == 1 && b.stride() == 1) {
      return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(a_element)) == 0;
    }
  }
  return detail::with_cursors(
      [size = a.size()](auto left, auto right) {
        for (std::size_t i = 0; i < size; ++i) {
          if (!detail::same_value(detail::plain_value(left[i]), detail::plain_value(right[i]))) return false;
        }
        return true;
      },
      a, b);
}

/// `equal` as an operator: of a view and a view, or a contiguous container.
/// @returns     Whether the elements are equal.
/// @throws      What the elements' == throws.
/// @complexity  O(size). @concurrency Reads the elements.
template <detail::linear_view A, detail::bulk_range B>
  requires detail::comparable_elements<A, B>
[[nodiscard]] constexpr bool operator==(const A& a, const B& b) {
  return deft::equal(a, b);
}

}  // namespace DEFT_TAG

}  // namespace deft
