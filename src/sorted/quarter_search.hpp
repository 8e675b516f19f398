// Search among a few entries in order, by quarters.
#pragma once

#include <cstddef>

namespace deft::detail {

/// How many of the entries `first` + `Stride` - 1, + 2 * `Stride` - 1 and + 3 * `Stride` - 1 there are, the
/// first `count` being there, and are passed.
template <std::size_t Stride, typename Passed>
[[gnu::always_inline]] constexpr auto passed_of_three(std::size_t first, std::size_t count,
                                                      Passed passed) noexcept -> std::size_t {
  const auto one = [&](std::size_t behind) {
    return static_cast<std::size_t>(passed(behind - 1)) & static_cast<std::size_t>(behind <= count);
  };
  return one(first + Stride) + one(first + 2 * Stride) + one(first + 3 * Stride);
}

/// How many of `count` entries are passed, which are the first ones; of `Most`, 31, 32, 63 or 64, at most.
/// `passed(i)` may be asked of any i below `Most`, there or not.
///
/// Asks three entries at once, which takes hardly longer than one, because steps have to wait for one
/// another; and as many steps for all counts, so that nothing has to be predicted. Twice as fast as halving.
template <std::size_t Most, typename Passed>
[[gnu::always_inline]] constexpr auto count_passed(std::size_t count, Passed passed) noexcept -> std::size_t {
  static_assert(Most == 31 || Most == 32 || Most == 63 || Most == 64);
  std::size_t n = 0;
  if constexpr (Most > 32) {
    n = 16 * passed_of_three<16>(0, count, passed);
    n += 4 * passed_of_three<4>(n, count, passed);
    n += passed_of_three<1>(n, count, passed);
  } else {
    n = 8 * passed_of_three<8>(0, count, passed);
    n += 2 * passed_of_three<2>(n, count, passed);
    n += static_cast<std::size_t>(passed(n)) & static_cast<std::size_t>(n < count);
  }
  if constexpr (Most % 2 == 0) n += static_cast<std::size_t>(passed(n)) & static_cast<std::size_t>(n < count);
  return n;
}

}  // namespace deft::detail
