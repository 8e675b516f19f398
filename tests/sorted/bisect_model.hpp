/// @file
/// The naive linear model that searches are compared with.
#pragma once

#include <cstddef>

namespace deft_test {

template <typename Range, typename Needle>
auto linear_left(const Range& range, const Needle& x) -> std::size_t {
  std::size_t position = 0;
  for (const auto& element : range) {
    if (!(element < x)) break;
    ++position;
  }
  return position;
}

template <typename Range, typename Needle>
auto linear_right(const Range& range, const Needle& x) -> std::size_t {
  std::size_t position = 0;
  for (const auto& element : range) {
    if (x < element) break;
    ++position;
  }
  return position;
}

}  // namespace deft_test
