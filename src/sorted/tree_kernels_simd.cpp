// Compiled once per instruction set by Highway's foreach_target, as bisect_kernels_simd.cpp is.

#define HWY_DISABLED_TARGETS HWY_AVX3_DL
#define HWY_IS_DEBUG_BUILD 0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sorted/tree_kernels_simd.cpp"
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "sorted/tree_kernels.hpp"

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
HWY_BEFORE_NAMESPACE();

namespace deft::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// As many as a register holds.
template <typename Number>
using lanes = hn::ScalableTag<Number>;

template <typename Number>
HWY_INLINE HWY_ATTR auto vector_at(const void* numbers, std::size_t index) noexcept {
  constexpr lanes<Number> tag;
  return hn::LoadU(tag, static_cast<const Number*>(numbers) + index * hn::Lanes(tag));
}

// Comparisons of 32 numbers give 32 bits: `stops<PassesEqual>(numbers, x)` has one for each number that is
// not passed, or `passes` for each that is. `first_bits(n)` has those of the first n numbers, whatever their
// order is.

#if HWY_TARGET == HWY_AVX2

/// What orders as the keys do and can be compared.
template <typename Key>
struct comparable_as : std::make_signed<Key> {};

template <>
struct comparable_as<float> : std::type_identity<float> {};

template <>
struct comparable_as<double> : std::type_identity<double> {};

template <typename Key>
using comparable = typename comparable_as<Key>::type;

template <typename Key, typename Vector>
HWY_INLINE HWY_ATTR auto to_comparable(Vector keys) noexcept {
  constexpr lanes<comparable<Key>> tag;
  if constexpr (std::is_unsigned_v<Key>) {
    return hn::Xor(hn::BitCast(tag, keys), hn::Set(tag, std::numeric_limits<comparable<Key>>::min()));
  } else {
    return keys;
  }
}

template <typename Key>
struct sought {
  hn::Vec<lanes<comparable<Key>>> everywhere;

  HWY_INLINE HWY_ATTR explicit sought(Key needle) noexcept
      : everywhere(to_comparable<Key>(hn::Set(lanes<Key>(), needle))) {}
};

/// Bits in the order that packing leaves them in, which takes no further instructions.
template <typename Number, typename Compare>
HWY_INLINE HWY_ATTR auto bits_of_32(Compare compare) noexcept -> std::uint32_t {
  const auto ints = [&](std::size_t i) HWY_ATTR {
    return hn::BitCast(lanes<std::int32_t>(), hn::VecFromMask(lanes<Number>(), compare(i))).raw;
  };
  __m256i low;
  __m256i high;
  if constexpr (sizeof(Number) == 4) {
    low = _mm256_packs_epi32(ints(0), ints(1));
    high = _mm256_packs_epi32(ints(2), ints(3));
  } else {
    const auto halves = [&](std::size_t i) HWY_ATTR {
      return _mm256_castps_si256(
          _mm256_shuffle_ps(_mm256_castsi256_ps(ints(i)), _mm256_castsi256_ps(ints(i + 1)), 0x88));
    };
    low = _mm256_packs_epi32(halves(0), halves(2));
    high = _mm256_packs_epi32(halves(4), halves(6));
  }
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_packs_epi16(low, high)));
}

/// [n]: the bits of the first n numbers.
template <std::size_t Size>
inline constexpr std::array<std::uint32_t, 33> bits_of_first = [] {
  constexpr std::size_t per_half = 16 / Size;  // numbers in 16 bytes, of which packing keeps the order
  std::array<std::uint32_t, 33> of{};
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t half = i / per_half % 2;
    const std::size_t bit = 16 * half + i / (2 * per_half) * per_half + i % per_half;
    of[i + 1] = of[i] | std::uint32_t{1} << bit;
  }
  return of;
}();

template <typename Number>
HWY_INLINE HWY_ATTR auto first_bits(std::size_t count) noexcept -> std::uint32_t {
  return bits_of_first<sizeof(Number)>[count];
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto passed_of_32(const Key* keys, const sought<Key>& x) noexcept -> std::uint32_t {
  using number = comparable<Key>;
  const std::uint32_t bits = bits_of_32<number>([&](std::size_t i) HWY_ATTR {
    const auto numbers = to_comparable<Key>(vector_at<Key>(keys, i));
    return PassesEqual ? hn::Lt(x.everywhere, numbers) : hn::Lt(numbers, x.everywhere);
  });
  return PassesEqual ? ~bits : bits;
}

/// AVX2 has no unsigned comparison, but the greater of two.
HWY_INLINE HWY_ATTR auto counts_not_above(const std::uint32_t* counts, std::uint32_t position) noexcept
    -> std::uint32_t {
  const auto x = hn::Set(lanes<std::uint32_t>(), position);
  return bits_of_32<std::uint32_t>(
      [&](std::size_t i) HWY_ATTR { return hn::Eq(hn::Max(vector_at<std::uint32_t>(counts, i), x), x); });
}

#else

template <typename Key>
struct sought {
  hn::Vec<lanes<Key>> everywhere;

  HWY_INLINE HWY_ATTR explicit sought(Key needle) noexcept : everywhere(hn::Set(lanes<Key>(), needle)) {}
};

template <typename Number, typename Compare>
HWY_INLINE HWY_ATTR auto bits_of_32(Compare compare) noexcept -> std::uint32_t {
  if constexpr (sizeof(Number) == 4) {
    return _mm512_kunpackw(compare(1).raw, compare(0).raw);
  } else {
    return _mm512_kunpackw(_mm512_kunpackb(compare(3).raw, compare(2).raw),
                           _mm512_kunpackb(compare(1).raw, compare(0).raw));
  }
}

template <typename Number>
HWY_INLINE HWY_ATTR auto first_bits(std::size_t count) noexcept -> std::uint32_t {
  return _bzhi_u32(~std::uint32_t{0}, static_cast<unsigned>(count));
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto passed_of_32(const Key* keys, const sought<Key>& x) noexcept -> std::uint32_t {
  const std::uint32_t bits = bits_of_32<Key>([&](std::size_t i) HWY_ATTR {
    const auto numbers = vector_at<Key>(keys, i);
    return PassesEqual ? hn::Lt(x.everywhere, numbers) : hn::Lt(numbers, x.everywhere);
  });
  return PassesEqual ? ~bits : bits;
}

HWY_INLINE HWY_ATTR auto counts_not_above(const std::uint32_t* counts, std::uint32_t position) noexcept
    -> std::uint32_t {
  const auto x = hn::Set(lanes<std::uint32_t>(), position);
  return ~bits_of_32<std::uint32_t>([&](std::size_t i)
                                        HWY_ATTR { return hn::Lt(x, vector_at<std::uint32_t>(counts, i)); });
}

#endif

/// Number 0's is the lowest bit in every order.
template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto child_slot(tree_node* node, const sought<Key>& x) noexcept -> std::size_t {
  const std::uint32_t used = first_bits<Key>(node->count) & ~std::uint32_t{1};
  const std::uint32_t passed = passed_of_32<PassesEqual>(separators<Key>(node), x);
  return static_cast<std::size_t>(__builtin_popcount(passed & used));
}

HWY_INLINE HWY_ATTR auto child_of_position(tree_node* node, std::uint32_t position) noexcept -> std::size_t {
  const std::uint32_t used = first_bits<std::uint32_t>(node->count - std::size_t{1});
  const std::uint32_t passed = counts_not_above(static_cast<tree_inner*>(node)->counts, position);
  return static_cast<std::size_t>(__builtin_popcount(passed & used));
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto in_segment(const Key* keys, const sought<Key>& x, std::size_t count) noexcept
    -> std::size_t {
  const std::size_t first = HWY_MIN(count, std::size_t{32});
  const std::uint32_t passed = passed_of_32<PassesEqual>(keys, x) & first_bits<Key>(first);
  if constexpr (tree_segment<Key> == 32) {
    return static_cast<std::size_t>(__builtin_popcount(passed));
  } else {
    const std::size_t second = HWY_MIN(count - first, std::size_t{32});
    const std::uint32_t more = passed_of_32<PassesEqual>(keys + 32, x) & first_bits<Key>(second);
    return static_cast<std::size_t>(__builtin_popcountll(std::uint64_t{more} << 32 | passed));
  }
}

/// The numbers of `above`, one place further, behind the last of `below`.
HWY_INLINE HWY_ATTR auto moved_up(hn::Vec<lanes<std::uint64_t>> above,
                                  hn::Vec<lanes<std::uint64_t>> below) noexcept {
  using tag = lanes<std::uint64_t>;
#if HWY_TARGET == HWY_AVX2
  const __m256i middle = _mm256_permute2x128_si256(below.raw, above.raw, 0x21);
  return hn::Vec<tag>{_mm256_alignr_epi8(above.raw, middle, 8)};
#else
  return hn::Vec<tag>{_mm512_alignr_epi64(above.raw, below.raw, 7)};
#endif
}

HWY_INLINE HWY_ATTR auto moved_up(hn::Vec<lanes<std::uint32_t>> above,
                                  hn::Vec<lanes<std::uint32_t>> below) noexcept {
  using tag = lanes<std::uint32_t>;
#if HWY_TARGET == HWY_AVX2
  const __m256i middle = _mm256_permute2x128_si256(below.raw, above.raw, 0x21);
  return hn::Vec<tag>{_mm256_alignr_epi8(above.raw, middle, 12)};
#else
  return hn::Vec<tag>{_mm512_alignr_epi32(above.raw, below.raw, 15)};
#endif
}

/// Vectors that lie as keys do, from the end. Only what the last insertion stored is loaded, whole: a load of
/// parts of two vectors would have to wait until both are out of the store buffer.
template <typename Key>
HWY_INLINE HWY_ATTR void insert_key(tree_node* leaf, std::size_t slot, Key key) noexcept {
  using bits = std::conditional_t<sizeof(Key) == 4, std::uint32_t, std::uint64_t>;
  constexpr lanes<bits> tag;
  const std::size_t per_vector = hn::Lanes(tag);
  auto* const keys = leaf_keys<bits>(leaf);
  bits* to = keys + leaf->count / per_vector * per_vector;
  bits* const last = keys + slot / per_vector * per_vector;
  auto here = hn::LoadU(tag, to);
  for (; to != last; to -= per_vector) {
    const auto below = hn::LoadU(tag, to - per_vector);
    hn::StoreU(moved_up(here, below), tag, to);
    here = below;
  }
  const auto place = hn::Iota(tag, 0);
  const auto at = hn::Set(tag, static_cast<bits>(slot % per_vector));
  const auto put = hn::IfThenElse(hn::Eq(place, at), hn::Set(tag, std::bit_cast<bits>(key)), here);
  using signed_tag = lanes<std::make_signed_t<bits>>;
  const auto behind = hn::Lt(hn::BitCast(signed_tag(), at), hn::BitCast(signed_tag(), place));
  hn::StoreU(hn::IfThenElse(hn::RebindMask(tag, behind), moved_up(here, here), put), tag, to);
}

HWY_INLINE HWY_ATTR void add_from(std::uint32_t* counts, std::size_t slot, std::uint32_t change) noexcept {
  constexpr lanes<std::int32_t> tag;
  const auto before = hn::Set(tag, static_cast<std::int32_t>(slot) - 1);
  const auto more = hn::Set(tag, static_cast<std::int32_t>(change));
  auto* const numbers = reinterpret_cast<std::int32_t*>(counts);
  for (std::size_t i = 0; i < tree_fanout; i += hn::Lanes(tag)) {
    const auto here = hn::Iota(tag, static_cast<std::int32_t>(i));
    const auto added = hn::IfThenElseZero(hn::Lt(before, here), more);
    hn::StoreU(hn::Add(hn::LoadU(tag, numbers + i), added), tag, numbers + i);
  }
}

#define DEFT_KERNEL HWY_ATTR
#define DEFT_KERNEL_INLINE HWY_INLINE HWY_ATTR
#include "sorted/tree_descent-inl.hpp"
#undef DEFT_KERNEL
#undef DEFT_KERNEL_INLINE

}  // namespace deft::detail::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace deft::detail {

// A build whose own flags demand AVX-512 has no AVX2 path left.
#if HWY_TARGETS & HWY_AVX2
namespace for_avx2 = N_AVX2;
#else
namespace for_avx2 = N_AVX3;
#endif

template <typename Key>
constinit const tree_kernels<Key> simd_tree_kernels<Key>::avx2 = for_avx2::kernels<Key>;
template <typename Key>
constinit const tree_kernels<Key> simd_tree_kernels<Key>::avx512 = N_AVX3::kernels<Key>;

constinit const tree_count_kernels simd_tree_count_kernels::avx2 = for_avx2::count_kernels;
constinit const tree_count_kernels simd_tree_count_kernels::avx512 = N_AVX3::count_kernels;

#define DEFT_INSTANTIATE(key) template struct simd_tree_kernels<key>;
DEFT_FOR_EACH_TREE_KEY(DEFT_INSTANTIATE)

}  // namespace deft::detail
#endif
