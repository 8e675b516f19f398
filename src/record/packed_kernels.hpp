/// @file
/// How bit-packed columns are taken out by the vector.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deft::detail {

/// Writes `count` values (a multiple of 8) of `bits` bits to 32-bit numbers, plus `lowest`. `bytes` is the
/// first byte of the first value, which starts there; 16 bytes from where any 4 values start can be read.
template <typename Target>
using decode_groups = void (*)(const std::byte* bytes, std::size_t count, unsigned bits, std::uint32_t lowest,
                               Target* out) noexcept;

/// Values up to this many bits lie in four bytes wherever they start.
inline constexpr unsigned widest_in_vectors = 25;

struct packed_kernels {
  decode_groups<std::uint8_t> to_8;
  decode_groups<std::uint16_t> to_16;
  decode_groups<std::uint32_t> to_32;
};

#if DEFT_HAS_HIGHWAY
extern const packed_kernels packed_kernels_avx2;
extern const packed_kernels packed_kernels_avx512;
#endif

}  // namespace deft::detail
