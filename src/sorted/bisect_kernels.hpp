/// @file
/// Search in a contiguous sorted array of arithmetic keys: one table of functions per instruction set.
///
/// `Key` is one of the ten fixed-width integers and floating-point types; the array may hold any type of the
/// same representation (`long long` as well as `long`), hence the untyped pointer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/isa.hpp"

namespace deft::detail {

template <typename Key>
struct bisect_kernels {
  auto (*left)(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t;
  auto (*right)(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t;
  void (*left_many)(const void* keys, std::size_t size, const void* needles, std::size_t count,
                    std::size_t* out) noexcept;
  void (*right_many)(const void* keys, std::size_t size, const void* needles, std::size_t count,
                     std::size_t* out) noexcept;
};

/// Defined where deft is built with Highway.
template <typename Key>
struct simd_bisect_kernels {
  static const bisect_kernels<Key> avx2;
  static const bisect_kernels<Key> avx512;
};

/// @returns The kernels of a supported path.
template <typename Key>
[[nodiscard]] auto bisect_kernels_for(isa path) noexcept -> const bisect_kernels<Key>&;

}  // namespace deft::detail

/// Calls `macro(key)` for every key type that has kernels.
#define DEFT_FOR_EACH_KEY(macro)                                                                      \
  macro(std::int8_t) macro(std::uint8_t) macro(std::int16_t) macro(std::uint16_t) macro(std::int32_t) \
      macro(std::uint32_t) macro(std::int64_t) macro(std::uint64_t) macro(float) macro(double)
