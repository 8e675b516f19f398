/// @file
/// deft::slice and what else selects part of a view, by Python's rules.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft {

/// One end of a slice: a position, negative ones counted from the end, or `{}` for Python's None. Positions
/// of any integer type; those beyond std::ptrdiff_t are its nearest.
class slice_bound {
 public:
  /// None: the end that the step comes from, or goes to.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr slice_bound() noexcept = default;

  /// The position.
  /// @complexity  O(1). @concurrency Safe.
  template <std::integral Position>
    requires(!std::same_as<std::remove_cv_t<Position>, bool>)
  DEFT_TAGGED constexpr slice_bound(Position position) noexcept : given_(true) {
    if constexpr (std::is_unsigned_v<Position> && sizeof(Position) >= sizeof(std::ptrdiff_t)) {
      constexpr auto most = static_cast<Position>(std::numeric_limits<std::ptrdiff_t>::max());
      position_ = static_cast<std::ptrdiff_t>(position < most ? position : most);
    } else {
      position_ = static_cast<std::ptrdiff_t>(position);
    }
  }

  /// Whether it is a position, and which: `otherwise` if not.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr bool given() const noexcept { return given_; }

  [[nodiscard]] DEFT_TAGGED constexpr std::ptrdiff_t value_or(std::ptrdiff_t otherwise) const noexcept {
    return given_ ? position_ : otherwise;
  }

  /// @}

 private:
  std::ptrdiff_t position_ = 0;
  bool given_ = false;
};

/// Python's `start:stop:step` as a value, for one dimension of several: `m.slice(slice{1, -1}, full_extent)`.
/// As in Python positions outside are cut off, and a step of 0 is a mistake.
struct slice {
  slice_bound start{};
  slice_bound stop{};
  std::ptrdiff_t step = 1;
};

/// Python's `:`, a whole dimension; the name is that of C++26's submdspan.
struct full_extent_t {};

inline constexpr full_extent_t full_extent{};

/// Python's `...`, as many whole dimensions as are not spoken of.
struct ellipsis_t {};

inline constexpr ellipsis_t ellipsis{};

/// numpy's `newaxis`, a further dimension of one element.
struct new_axis_t {};

inline constexpr new_axis_t new_axis{};

namespace detail {

/// The elements first, first + step, ..., `count` of them; first is 0 if there are none.
struct resolved_slice {
  std::size_t first;
  std::size_t count;
};

/// As CPython's PySlice_AdjustIndices; `step` is not 0.
[[nodiscard]] DEFT_TAGGED constexpr resolved_slice resolve(slice_bound start, slice_bound stop,
                                                           std::ptrdiff_t step, std::size_t size) noexcept {
  constexpr std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max();
  constexpr std::ptrdiff_t least = std::numeric_limits<std::ptrdiff_t>::min();
  const auto n = static_cast<std::ptrdiff_t>(size);
  const bool down = step < 0;
  const auto inside = [n, down](std::ptrdiff_t position) {
    if (position < 0) {
      position += n;
      return position < 0 ? (down ? std::ptrdiff_t{-1} : std::ptrdiff_t{0}) : position;
    }
    return position < n ? position : (down ? n - 1 : n);
  };
  const std::ptrdiff_t from = inside(start.value_or(down ? most : 0));
  const std::ptrdiff_t to = inside(stop.value_or(down ? least : most));
  if (down ? to >= from : from >= to) return {0, 0};
  const auto distance = static_cast<std::size_t>(down ? from - to : to - from);
  // The magnitude of the least number is no std::ptrdiff_t.
  const std::size_t stride =
      down ? std::size_t{0} - static_cast<std::size_t>(step) : static_cast<std::size_t>(step);
  return {static_cast<std::size_t>(from), (distance - 1) / stride + 1};
}

/// The same for a step of 1, in fewer instructions.
[[nodiscard]] DEFT_TAGGED constexpr resolved_slice resolve(slice_bound start, slice_bound stop,
                                                           std::size_t size) noexcept {
  const auto n = static_cast<std::ptrdiff_t>(size);
  const auto inside = [n](std::ptrdiff_t position) {
    if (position < 0) position += n;
    return position < 0 ? std::ptrdiff_t{0} : position < n ? position : n;
  };
  const std::ptrdiff_t from = inside(start.value_or(0));
  const std::ptrdiff_t to = inside(stop.value_or(n));
  return {static_cast<std::size_t>(from < to ? from : 0),
          static_cast<std::size_t>(from < to ? to - from : 0)};
}

/// A product that wraps: of strides that belong to at most one element and are never walked.
[[nodiscard]] DEFT_TAGGED constexpr std::ptrdiff_t times(std::ptrdiff_t stride,
                                                         std::ptrdiff_t step) noexcept {
  return static_cast<std::ptrdiff_t>(static_cast<std::size_t>(stride) * static_cast<std::size_t>(step));
}

/// Python's position, negative ones from the end.
/// @throws std::out_of_range outside.
[[nodiscard]] DEFT_TAGGED constexpr std::size_t position_in(std::ptrdiff_t i, std::size_t size,
                                                            const char* what) {
  const auto n = static_cast<std::ptrdiff_t>(size);
  if (i < -n || i >= n) throw_out_of_range(what);
  return static_cast<std::size_t>(i < 0 ? i + n : i);
}

}  // namespace detail

}  // namespace deft
