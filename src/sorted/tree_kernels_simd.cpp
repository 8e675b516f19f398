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
HWY_INLINE HWY_ATTR auto first_bits(std::size_t count, std::uint32_t among = ~std::uint32_t{0}) noexcept
    -> std::uint32_t {
  return bits_of_first<sizeof(Number)>[count] & among;
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
HWY_INLINE HWY_ATTR auto first_bits(std::size_t count, std::uint32_t among = ~std::uint32_t{0}) noexcept
    -> std::uint32_t {
  return _bzhi_u32(among, static_cast<unsigned>(count));
}

/// The needle comes first so that the compiler reads keys from memory in the comparison itself; Highway's
/// ones are turned round.
template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto passed(hn::Vec<lanes<Key>> x, hn::Vec<lanes<Key>> keys) noexcept {
  constexpr int above = PassesEqual ? _MM_CMPINT_NLT : _MM_CMPINT_NLE;
  constexpr int above_or_nan = PassesEqual ? _CMP_NLT_UQ : _CMP_GT_OQ;
  if constexpr (std::is_same_v<Key, std::int32_t>) {
    return hn::Mask<lanes<Key>>{_mm512_cmp_epi32_mask(x.raw, keys.raw, above)};
  } else if constexpr (std::is_same_v<Key, std::uint32_t>) {
    return hn::Mask<lanes<Key>>{_mm512_cmp_epu32_mask(x.raw, keys.raw, above)};
  } else if constexpr (std::is_same_v<Key, std::int64_t>) {
    return hn::Mask<lanes<Key>>{_mm512_cmp_epi64_mask(x.raw, keys.raw, above)};
  } else if constexpr (std::is_same_v<Key, std::uint64_t>) {
    return hn::Mask<lanes<Key>>{_mm512_cmp_epu64_mask(x.raw, keys.raw, above)};
  } else if constexpr (std::is_same_v<Key, float>) {
    return hn::Mask<lanes<Key>>{_mm512_cmp_ps_mask(x.raw, keys.raw, above_or_nan)};
  } else {
    return hn::Mask<lanes<Key>>{_mm512_cmp_pd_mask(x.raw, keys.raw, above_or_nan)};
  }
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto passed_of_32(const Key* keys, const sought<Key>& x) noexcept -> std::uint32_t {
  return bits_of_32<Key>([&](std::size_t i) HWY_ATTR {
    return passed<PassesEqual, Key>(x.everywhere, vector_at<Key>(keys, i));
  });
}

HWY_INLINE HWY_ATTR auto counts_not_above(const std::uint32_t* counts, std::uint32_t position) noexcept
    -> std::uint32_t {
  const auto x = hn::Set(lanes<std::uint32_t>(), position);
  return bits_of_32<std::uint32_t>([&](std::size_t i) HWY_ATTR {
    return passed<true, std::uint32_t>(x, vector_at<std::uint32_t>(counts, i));
  });
}

#endif

/// Number 0's is the lowest bit in every order.
HWY_INLINE HWY_ATTR auto count_bits(std::uint32_t bits) noexcept -> std::size_t {
  // Of 64 bits, because g++ 12 extends the result of 32 by an instruction that the next load waits for.
  return static_cast<std::size_t>(__builtin_popcountll(bits));
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto child_slot(tree_node* node, const sought<Key>& x) noexcept -> std::size_t {
  const std::uint32_t used = first_bits<Key>(node->count, ~std::uint32_t{1});
  const std::uint32_t passed = passed_of_32<PassesEqual>(separators<Key>(node), x);
  return count_bits(passed & used);
}

HWY_INLINE HWY_ATTR auto child_of_position(tree_node* node, std::uint32_t position) noexcept -> std::size_t {
  const std::uint32_t used = first_bits<std::uint32_t>(node->count - std::size_t{1});
  const std::uint32_t passed = counts_not_above(static_cast<tree_inner*>(node)->counts, position);
  return count_bits(passed & used);
}

template <bool PassesEqual, typename Key>
HWY_INLINE HWY_ATTR auto in_segment(const Key* keys, const sought<Key>& x, std::size_t count) noexcept
    -> std::size_t {
  const std::size_t first = HWY_MIN(count, std::size_t{32});
  const std::uint32_t passed = passed_of_32<PassesEqual>(keys, x) & first_bits<Key>(first);
  if constexpr (tree_segment<Key> == 32) {
    return count_bits(passed);
  } else {
    const std::size_t second = HWY_MIN(count - first, std::size_t{32});
    const std::uint32_t more = passed_of_32<PassesEqual>(keys + 32, x) & first_bits<Key>(second);
    return static_cast<std::size_t>(__builtin_popcountll(std::uint64_t{more} << 32 | passed));
  }
}

/// The numbers of `above`, one place further, behind the last of `below`.
template <typename Number>
HWY_INLINE HWY_ATTR auto moved_up(hn::Vec<lanes<Number>> above, hn::Vec<lanes<Number>> below) noexcept {
#if HWY_TARGET == HWY_AVX2
  const __m256i middle = _mm256_permute2x128_si256(below.raw, above.raw, 0x21);
  return hn::Vec<lanes<Number>>{_mm256_alignr_epi8(above.raw, middle, 16 - sizeof(Number))};
#else
  if constexpr (sizeof(Number) == 4) {
    return hn::Vec<lanes<Number>>{_mm512_alignr_epi32(above.raw, below.raw, 15)};
  } else {
    return hn::Vec<lanes<Number>>{_mm512_alignr_epi64(above.raw, below.raw, 7)};
  }
#endif
}

/// The numbers of `below`, one place less, before the first of `above`.
template <typename Number>
HWY_INLINE HWY_ATTR auto moved_down(hn::Vec<lanes<Number>> above, hn::Vec<lanes<Number>> below) noexcept {
#if HWY_TARGET == HWY_AVX2
  const __m256i middle = _mm256_permute2x128_si256(below.raw, above.raw, 0x21);
  return hn::Vec<lanes<Number>>{_mm256_alignr_epi8(middle, below.raw, sizeof(Number))};
#else
  if constexpr (sizeof(Number) == 4) {
    return hn::Vec<lanes<Number>>{_mm512_alignr_epi32(above.raw, below.raw, 1)};
  } else {
    return hn::Vec<lanes<Number>>{_mm512_alignr_epi64(above.raw, below.raw, 1)};
  }
#endif
}

template <typename Key>
using key_bits = std::conditional_t<sizeof(Key) == 4, std::uint32_t, std::uint64_t>;

/// Where a leaf's vector `i` is stored that may have to stay as it is, without a branch: which vectors have
/// to change differs from one operation to the next, and a processor that guesses wrong has to take back the
/// following operation, which it had begun meanwhile.
template <typename Bits>
HWY_INLINE HWY_ATTR auto place_if_behind(std::size_t i, std::size_t first, Bits* to, Bits* nowhere) noexcept
    -> Bits* {
  // Compilers make a branch of a conditional expression here.
  asm("cmp %[i], %[first]\n\tcmovb %[to], %[nowhere]"
      : [nowhere] "+r"(nowhere)
      : [i] "r"(i), [first] "r"(first), [to] "r"(to)
      : "cc");
  return nowhere;
}

/// Vectors that lie as keys do. Only what an earlier change stored is loaded, whole: a load of parts of two
/// vectors would have to wait until both are out of the store buffer. Masked stores would leave out what
/// stays, too, but loads of what they may have stored wait.
template <typename Key>
HWY_INLINE HWY_ATTR void insert_key(tree_node* leaf, std::size_t slot, Key key) noexcept {
  using bits = key_bits<Key>;
  constexpr lanes<bits> tag;
  constexpr lanes<std::make_signed_t<bits>> signed_tag;
  constexpr std::size_t per_vector = sizeof(hn::Vec<decltype(tag)>) / sizeof(bits);
  constexpr std::size_t vectors = tree_leaf_bytes / sizeof(hn::Vec<decltype(tag)>);
  auto* const keys = leaf_keys<bits>(leaf);
  const std::size_t own = slot / per_vector;
  const auto old = hn::LoadU(tag, keys + own * per_vector);
  const auto place = hn::Iota(signed_tag, 0);
  const auto at = hn::Set(signed_tag, static_cast<std::make_signed_t<bits>>(slot % per_vector));
  const auto behind = hn::IfThenElse(hn::RebindMask(tag, hn::Lt(at, place)), moved_up<bits>(old, old), old);
  const auto put =
      hn::IfThenElse(hn::RebindMask(tag, hn::Eq(at, place)), hn::Set(tag, std::bit_cast<bits>(key)), behind);
  alignas(64) bits nowhere[per_vector];
  auto above = hn::LoadU(tag, keys + (vectors - 1) * per_vector);
#pragma GCC unroll 32
  for (std::size_t i = vectors - 1; i > 0; --i) {
    const auto below = hn::LoadU(tag, keys + (i - 1) * per_vector);
    hn::StoreU(moved_up<bits>(above, below), tag, place_if_behind(i, own, keys + i * per_vector, nowhere));
    above = below;
  }
  hn::StoreU(put, tag, keys + own * per_vector);
}

template <typename Key>
HWY_INLINE HWY_ATTR void erase_key(tree_node* leaf, std::size_t slot) noexcept {
  using bits = key_bits<Key>;
  constexpr lanes<bits> tag;
  constexpr lanes<std::make_signed_t<bits>> signed_tag;
  constexpr std::size_t per_vector = sizeof(hn::Vec<decltype(tag)>) / sizeof(bits);
  constexpr std::size_t vectors = tree_leaf_bytes / sizeof(hn::Vec<decltype(tag)>);
  auto* const keys = leaf_keys<bits>(leaf);
  const std::size_t own = slot / per_vector;
  const auto old = hn::LoadU(tag, keys + own * per_vector);
  const auto next = hn::LoadU(tag, keys + HWY_MIN(own + 1, vectors - 1) * per_vector);
  const auto place = hn::Iota(signed_tag, 0);
  const auto at = hn::Set(signed_tag, static_cast<std::make_signed_t<bits>>(slot % per_vector));
  const auto put = hn::IfThenElse(hn::RebindMask(tag, hn::Lt(place, at)), old, moved_down<bits>(next, old));
  alignas(64) bits nowhere[per_vector];
  auto below = hn::LoadU(tag, keys + per_vector);
#pragma GCC unroll 32
  for (std::size_t i = 1; i < vectors; ++i) {
    const auto above = hn::LoadU(tag, keys + HWY_MIN(i + 1, vectors - 1) * per_vector);
    hn::StoreU(moved_down<bits>(above, below), tag, place_if_behind(i, own, keys + i * per_vector, nowhere));
    below = above;
  }
  hn::StoreU(put, tag, keys + own * per_vector);
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
