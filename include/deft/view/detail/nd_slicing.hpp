/// @file
/// What slices of arrays of several dimensions are computed with.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/view/slice.hpp"

namespace deft::detail {

/// What nd_view::slice takes for a dimension.
template <typename Key>
concept nd_key =
    (std::integral<Key> && !std::same_as<Key, bool>) || std::same_as<Key, slice> ||
    std::same_as<Key, full_extent_t> || std::same_as<Key, ellipsis_t> || std::same_as<Key, new_axis_t>;

/// Whether it speaks of one dimension of the array.
template <typename Key>
inline constexpr std::size_t keys_dimension =
    std::is_integral_v<Key> || std::is_same_v<Key, slice> || std::is_same_v<Key, full_extent_t> ? 1 : 0;

inline namespace DEFT_TAG {

/// @returns Whether the product fits std::ptrdiff_t; `count` is it then.
template <std::size_t Rank>
[[nodiscard]] constexpr bool product(const std::array<std::size_t, Rank>& extents,
                                     std::size_t& count) noexcept {
  count = 1;
  for (const std::size_t extent : extents) {
    if (extent == 0) count = 0;
  }
  for (const std::size_t extent : extents) {
    if (__builtin_mul_overflow(count, extent, &count)) return false;
  }
  return count <= static_cast<std::size_t>(-1) / 2;
}

template <std::size_t Rank>
[[nodiscard]] constexpr std::array<std::ptrdiff_t, Rank> row_major(
    const std::array<std::size_t, Rank>& extents) noexcept {
  std::array<std::ptrdiff_t, Rank> strides{};
  std::ptrdiff_t stride = 1;
  for (std::size_t d = Rank; d-- > 0;) {
    strides[d] = stride;
    stride = times(stride, static_cast<std::ptrdiff_t>(extents[d]));
  }
  return strides;
}

/// Strides of dimensions of one element say nothing, and of no elements none does.
template <std::size_t Rank>
[[nodiscard]] constexpr bool contiguous_rows(const std::array<std::size_t, Rank>& extents,
                                             const std::array<std::ptrdiff_t, Rank>& strides) noexcept {
  std::ptrdiff_t stride = 1;
  bool contiguous = true;
  for (std::size_t d = Rank; d-- > 0;) {
    if (extents[d] == 0) return true;
    if (extents[d] != 1 && strides[d] != stride) contiguous = false;
    stride = times(stride, static_cast<std::ptrdiff_t>(extents[d]));
  }
  return contiguous;
}

template <typename T, std::size_t Rank>
[[nodiscard]] constexpr std::array<T, Rank - 1> without_first(const std::array<T, Rank>& values) noexcept {
  std::array<T, Rank - 1> rest{};
  for (std::size_t d = 1; d < Rank; ++d) rest[d - 1] = values[d];
  return rest;
}

}  // namespace DEFT_TAG

/// Takes the keys of a slice one after another: dimension `from` of the array is next, dimension `to` of the
/// result is.
template <typename T, std::size_t Rank, std::size_t ResultRank>
struct nd_slicing {
  DEFT_TAGGED constexpr nd_slicing(T* first, const std::array<std::size_t, Rank>& whole_extents,
                                   const std::array<std::ptrdiff_t, Rank>& whole_strides) noexcept
      : data(first), whole_extents_(whole_extents), whole_strides_(whole_strides) {}

  template <std::integral Position>
  DEFT_TAGGED constexpr void take(Position position, std::size_t /*left*/) noexcept {
    const std::ptrdiff_t wanted = slice_bound(position).value_or(0);
    const auto size = static_cast<std::ptrdiff_t>(whole_extents_[from_]);
    DEFT_PRECONDITION(wanted < size && wanted >= -size, "nd_view: slice() with a position outside");
    data += (wanted < 0 ? wanted + size : wanted) * whole_strides_[from_];
    ++from_;
  }

  DEFT_TAGGED constexpr void take(const slice& part, std::size_t /*left*/) noexcept {
    DEFT_PRECONDITION(part.step != 0, "nd_view: slice() with a step of 0");
    const resolved_slice found = resolve(part.start, part.stop, part.step, whole_extents_[from_]);
    if (found.count != 0) data += static_cast<std::ptrdiff_t>(found.first) * whole_strides_[from_];
    extents[to_] = found.count;
    strides[to_] = times(whole_strides_[from_], part.step);
    ++from_;
    ++to_;
  }

  DEFT_TAGGED constexpr void take(full_extent_t, std::size_t /*left*/) noexcept {
    extents[to_] = whole_extents_[from_];
    strides[to_] = whole_strides_[from_];
    ++from_;
    ++to_;
  }

  DEFT_TAGGED constexpr void take(ellipsis_t, std::size_t left) noexcept {
    for (std::size_t i = 0; i < left; ++i) take(full_extent_t(), 0);
  }

  DEFT_TAGGED constexpr void take(new_axis_t, std::size_t /*left*/) noexcept {
    extents[to_] = 1;
    strides[to_] = 0;
    ++to_;
  }

  DEFT_TAGGED constexpr void take_rest() noexcept {
    while (from_ < Rank) take(full_extent_t(), 0);
  }

  T* data;
  std::array<std::size_t, ResultRank> extents{};
  std::array<std::ptrdiff_t, ResultRank> strides{};

 private:
  std::array<std::size_t, Rank> whole_extents_;
  std::array<std::ptrdiff_t, Rank> whole_strides_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
};

}  // namespace deft::detail
