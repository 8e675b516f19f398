/// @file
/// Search in an array of numbers under layers of separators: one table of functions per instruction set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "deft/sorted/detail/key_layers.hpp"

#include "core/isa.hpp"
#include "sorted/bisect_kernels.hpp"
#include "sorted/bisect_narrow.hpp"

namespace deft::detail {

/// Defined where deft is built with Highway.
template <typename Key>
struct simd_layer_kernels {
  static const layer_kernels<Key> avx2;
  static const layer_kernels<Key> avx512;
};

/// @returns The kernels of a supported path.
template <typename Key>
[[nodiscard]] auto layer_kernels_for(isa path) noexcept -> const layer_kernels<Key>&;

template <typename Key>
inline constexpr std::size_t node_keys = sizeof(key_node) / sizeof(Key);

/// What orders as the keys do and can be compared everywhere: separators are kept so.
template <typename Key>
struct separator_of : std::make_signed<Key> {};

template <>
struct separator_of<float> : std::type_identity<float> {};

template <>
struct separator_of<double> : std::type_identity<double> {};

template <typename Key>
using separator = typename separator_of<Key>::type;

template <typename Key>
[[gnu::always_inline]] inline auto to_separator(Key key) noexcept -> separator<Key> {
  if constexpr (std::is_same_v<separator<Key>, Key>) {
    return key;
  } else {
    return static_cast<separator<Key>>(key ^ (std::numeric_limits<Key>::max() / 2 + 1));
  }
}

/// What fills the room behind separators: it is not before any needle, neither by `<` nor, as floating point
/// is searched on the right, by `<=`.
template <typename Key>
inline constexpr Key no_key =
    std::is_floating_point_v<Key> ? std::numeric_limits<Key>::quiet_NaN() : std::numeric_limits<Key>::max();

/// The two sides of a search. Which one it is decides what is sought and what the position found means, so
/// that integers are compared in one way only, which every instruction set has: what is not after x is before
/// x + 1.
struct lower_side {
  static constexpr bool takes_equals = false;

  template <typename Number>
  [[gnu::always_inline]] static auto is_before(Number number, Number x) noexcept -> bool {
    return number < x;
  }

  template <typename Key>
  [[gnu::always_inline]] static auto sought(Key needle) noexcept -> Key {
    return needle;
  }

  template <typename Key>
  [[gnu::always_inline]] static auto answer(std::size_t position, Key, std::size_t) noexcept -> std::size_t {
    return position;
  }
};

struct upper_side {
  /// Of floating point only: the number after x is no substitute where denormals count as zero.
  static constexpr bool takes_equals = true;

  template <typename Number>
  [[gnu::always_inline]] static auto is_before(Number number, Number x) noexcept -> bool {
    if constexpr (std::is_floating_point_v<Number>) {
      return number <= x;
    } else {
      return number < x;
    }
  }

  template <typename Key>
  [[gnu::always_inline]] static auto sought(Key needle) noexcept -> Key {
    if constexpr (std::is_floating_point_v<Key>) {
      return needle;
    } else {
      return static_cast<Key>(static_cast<std::make_unsigned_t<Key>>(needle) + 1U);
    }
  }

  /// The greatest integer has none after it, and a NaN is after nothing: everything is on their left.
  template <typename Key>
  [[gnu::always_inline]] static auto answer(std::size_t position, Key needle, std::size_t size) noexcept
      -> std::size_t {
    if constexpr (std::is_floating_point_v<Key>) {
      return needle != needle ? size : position;
    } else {
      return needle == std::numeric_limits<Key>::max() ? size : position;
    }
  }
};

/// The child that lies behind `before` of the node's separators; above the array, the block. See key_layers.
/// Written so that only a shift and an addition wait for the comparison.
template <typename Key>
[[gnu::always_inline]] inline auto child_of(std::uintptr_t node, std::size_t before,
                                            std::uintptr_t step) noexcept -> std::uintptr_t {
  return before * sizeof(key_node) + (node * (node_keys<Key> + 1) + step);
}

/// Where to read the block: where it lies, or moved inwards at the array's ends.
[[gnu::always_inline]] inline auto inside(const key_layers& in, std::uintptr_t block) noexcept
    -> std::uintptr_t {
  block = block < in.first_block ? in.first_block : block;
  return block > in.last_block ? in.last_block : block;
}

/// How many nodes are compared one after the other before there is a level above them, which takes longer.
inline constexpr std::size_t max_root_nodes = 3;

/// Searches that go down together: as many as the registers hold.
inline constexpr std::size_t group_width = 8;

/// Of arrays beyond the cache, as many as hide a miss behind the others' work.
inline constexpr std::size_t crowd_width = 256;

/// Roughly what one core's L2 holds.
inline constexpr std::size_t near_bytes = std::size_t{1} << 20;

}  // namespace deft::detail
