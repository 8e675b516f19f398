// Taking values out of bit-packed columns. Eight values of b bits are b bytes: groups of eight start at whole
// bytes whatever b is.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/record/detail/column_bits.hpp"
#include "deft/record/detail/column_decode.hpp"

#include "core/isa.hpp"
#include "record/packed_kernels.hpp"

namespace deft::detail {
namespace {

/// One at a time, from two words.
template <typename Target>
void decode_each(const std::byte* words, std::size_t first, std::size_t count, unsigned bits, Target lowest,
                 Target* out) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<Target>(load_bits(words, (first + i) * bits, bits) + lowest);
  }
}

/// The same from eight bytes: for values of at most 57 bits of which eight bytes can be read.
template <typename Target>
void decode_windows(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                    Target lowest, Target* out) noexcept {
  const std::uint64_t mask = low_ones(bits);
  std::size_t bit = first * bits;
  for (std::size_t i = 0; i < count; ++i, bit += bits) {
    std::uint64_t window = 0;
    std::memcpy(&window, words + bit / 8, 8);
    out[i] = static_cast<Target>(((window >> (bit % 8)) & mask) + lowest);
  }
}

[[maybe_unused]] const packed_kernels* kernels() noexcept {
#if DEFT_HAS_HIGHWAY
  switch (active_isa()) {
    case isa::avx2:
      return &packed_kernels_avx2;
    case isa::avx512:
      return &packed_kernels_avx512;
    default:
      break;
  }
#endif
  return nullptr;
}

template <typename Target>
[[maybe_unused]] decode_groups<Target> groups_of(const packed_kernels& all) noexcept {
  if constexpr (sizeof(Target) == 1) {
    return all.to_8;
  } else if constexpr (sizeof(Target) == 2) {
    return all.to_16;
  } else {
    return all.to_32;
  }
}

template <typename Target>
void decode(const std::byte* words, std::size_t first, std::size_t count, unsigned bits, Target lowest,
            Target* out) noexcept {
  // Behind the last value there are the rest of its word and nothing that may be read.
  const std::size_t readable = (first + count) * bits / 64 * 8 + ((first + count) * bits % 64 != 0 ? 8 : 0);
  if constexpr (sizeof(Target) <= 4) {
    if (const packed_kernels* const vectors = kernels(); vectors != nullptr && bits <= widest_in_vectors) {
      const std::size_t head = std::min(count, (8 - first % 8) % 8);
      decode_each(words, first, head, bits, lowest, out);
      const std::size_t start = (first + head) / 8 * bits;
      // The last group reads 16 bytes from its fifth value on.
      const std::size_t reach = bits / 2 + 1 + 16;
      std::size_t groups = (count - head) / 8;
      while (groups != 0 && start + (groups - 1) * bits + reach > readable) --groups;
      if (groups != 0) {
        groups_of<Target> (*vectors)(words + start, 8 * groups, bits, static_cast<std::uint32_t>(lowest),
                                     out + head);
      }
      const std::size_t done = head + 8 * groups;
      decode_each(words, first + done, count - done, bits, lowest, out + done);
      return;
    }
  }
  std::size_t done = 0;
  if (std::endian::native == std::endian::little && bits <= 57 && readable >= 8) {
    const std::size_t safe = (readable - 8) * 8 / bits;  // values that start no later than there
    if (safe > first) {
      done = std::min(count, safe - first);
      decode_windows(words, first, done, bits, lowest, out);
    }
  }
  decode_each(words, first + done, count - done, bits, lowest, out + done);
}

}  // namespace

void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint8_t lowest, std::uint8_t* out) noexcept {
  decode(words, first, count, bits, lowest, out);
}

void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint16_t lowest, std::uint16_t* out) noexcept {
  decode(words, first, count, bits, lowest, out);
}

void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint32_t lowest, std::uint32_t* out) noexcept {
  decode(words, first, count, bits, lowest, out);
}

void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint64_t lowest, std::uint64_t* out) noexcept {
  decode(words, first, count, bits, lowest, out);
}

}  // namespace deft::detail
