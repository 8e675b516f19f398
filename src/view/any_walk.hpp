/// @file
/// Walks the elements of an any_view, whatever its strides and suboffsets.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>

#include "deft/view/detail/any_parts.hpp"

namespace deft::detail {

/// The address at position i of a dimension whose first position is `at`.
inline std::byte* moved_along(std::byte* at, const any_dimension& dim, std::size_t i) noexcept {
  at += static_cast<std::ptrdiff_t>(i) * dim.stride;
  if (dim.suboffset < 0) return at;
  std::byte* target = nullptr;
  std::memcpy(&target, at, sizeof target);
  return target + dim.suboffset;
}

/// Calls `f(address)` for each element in C's order; false ends it.
template <typename Function>
bool walk_elements(std::byte* at, std::span<const any_dimension> dims, Function& f) {
  if (dims.empty()) return f(at);
  for (std::size_t i = 0; i < dims.front().extent; ++i) {
    if (!walk_elements(moved_along(at, dims.front(), i), dims.subspan(1), f)) return false;
  }
  return true;
}

/// The same in Fortran's order: the first dimension's neighbours one after another.
template <typename Function>
void walk_backwards(const any_parts& parts, Function f) {
  std::vector<std::size_t> positions(parts.dims.size());
  for (std::size_t left = parts.count(); left != 0; --left) {
    auto* at = static_cast<std::byte*>(parts.data);
    for (std::size_t d = 0; d < positions.size(); ++d) at = moved_along(at, parts.dims[d], positions[d]);
    f(at);
    for (std::size_t d = 0; d < positions.size() && ++positions[d] == parts.dims[d].extent; ++d)
      positions[d] = 0;
  }
}

template <typename Function>
bool walk_elements(const any_parts& parts, Function f) {
  return walk_elements(static_cast<std::byte*>(parts.data), parts.dims, f);
}

/// Two views of one shape.
template <typename Function>
bool walk_both(std::byte* a, std::span<const any_dimension> a_dims, std::byte* b,
               std::span<const any_dimension> b_dims, Function& f) {
  if (a_dims.empty()) return f(a, b);
  for (std::size_t i = 0; i < a_dims.front().extent; ++i) {
    if (!walk_both(moved_along(a, a_dims.front(), i), a_dims.subspan(1), moved_along(b, b_dims.front(), i),
                   b_dims.subspan(1), f)) {
      return false;
    }
  }
  return true;
}

}  // namespace deft::detail
