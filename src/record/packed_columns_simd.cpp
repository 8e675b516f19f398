// Compiled once per instruction set by Highway's foreach_target, as sorted/bisect_kernels_simd.cpp.
#define HWY_DISABLED_TARGETS HWY_AVX3_DL
#define HWY_IS_DEBUG_BUILD 0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "record/packed_columns_simd.cpp"
#include <cstddef>
#include <cstdint>

#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "record/packed_kernels.hpp"

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
HWY_BEFORE_NAMESPACE();

namespace deft::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Eight values at a time: each half of the vector takes 16 bytes, shuffles the four that hold a value into
/// its lane, and shifts it down. Wider vectors would need a shuffle across their quarters; memory is the
/// limit before that.
template <typename Target>
HWY_ATTR void decode(const std::byte* bytes, std::size_t count, unsigned bits, std::uint32_t lowest,
                     Target* out) noexcept {
  const hn::FixedTag<std::uint32_t, 8> lanes;
  const hn::Half<decltype(lanes)> half;
  const hn::Repartition<std::uint8_t, decltype(lanes)> places;
  const hn::Repartition<std::uint8_t, decltype(half)> half_places;

  HWY_ALIGN std::uint8_t from[32];
  HWY_ALIGN std::uint32_t down[8];
  const unsigned upper = 4 * bits;  // the first bit of the upper half's values
  for (unsigned i = 0; i < 8; ++i) {
    const unsigned bit = i < 4 ? i * bits : i * bits - upper / 8 * 8;
    for (unsigned b = 0; b < 4; ++b) from[4 * i + b] = static_cast<std::uint8_t>(bit / 8 + b);
    down[i] = bit % 8;
  }
  const auto shuffle = hn::Load(places, from);
  const auto shift = hn::Load(lanes, down);
  const auto mask = hn::Set(lanes, (std::uint32_t{1} << bits) - 1);
  const auto base = hn::Set(lanes, lowest);
  const auto* const low = reinterpret_cast<const std::uint8_t*>(bytes);
  const auto* const high = low + upper / 8;
  for (std::size_t i = 0, at = 0; i < count; i += 8, at += bits) {
    const auto raw = hn::Combine(places, hn::LoadU(half_places, high + at), hn::LoadU(half_places, low + at));
    const auto windows = hn::BitCast(lanes, hn::TableLookupBytes(raw, shuffle));
    const auto values = hn::Add(hn::And(hn::Shr(windows, shift), mask), base);
    if constexpr (sizeof(Target) == 4) {
      hn::StoreU(values, lanes, out + i);
    } else {
      const hn::Rebind<Target, decltype(lanes)> narrow;
      hn::StoreU(hn::TruncateTo(narrow, values), narrow, out + i);
    }
  }
}

}  // namespace deft::detail::HWY_NAMESPACE

namespace deft::detail {

#if HWY_TARGET == HWY_AVX2
const packed_kernels packed_kernels_avx2{&HWY_NAMESPACE::decode<std::uint8_t>,
                                         &HWY_NAMESPACE::decode<std::uint16_t>,
                                         &HWY_NAMESPACE::decode<std::uint32_t>};
#else
const packed_kernels packed_kernels_avx512{&HWY_NAMESPACE::decode<std::uint8_t>,
                                           &HWY_NAMESPACE::decode<std::uint16_t>,
                                           &HWY_NAMESPACE::decode<std::uint32_t>};
#endif

}  // namespace deft::detail

HWY_AFTER_NAMESPACE();
#endif
