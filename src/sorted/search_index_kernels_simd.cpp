// Compiled once per instruction set by Highway's foreach_target, as bisect_kernels_simd.cpp is.

#define HWY_DISABLED_TARGETS HWY_AVX3_DL
#define HWY_IS_DEBUG_BUILD 0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sorted/search_index_kernels_simd.cpp"
#include <type_traits>

#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "sorted/search_index_kernels.hpp"

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
HWY_BEFORE_NAMESPACE();

namespace deft::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Number>
using lanes = hn::CappedTag<Number, node_keys<Number>>;

/// A needle in every lane, as separators are kept.
template <typename Side, typename Key>
struct sought {
  hn::Vec<lanes<separator<Key>>> everywhere;

  HWY_INLINE HWY_ATTR explicit sought(Key needle) noexcept
      : everywhere(hn::Set(lanes<separator<Key>>(), to_separator(Side::sought(needle)))) {}
};

/// Which lanes hold numbers before the needle.
template <typename Side, typename Vector>
HWY_INLINE HWY_ATTR auto before(Vector numbers, Vector x) noexcept {
  if constexpr (Side::takes_equals && hwy::IsFloat<hn::TFromV<Vector>>()) {
    return hn::Le(numbers, x);
  } else {
    return hn::Lt(numbers, x);
  }
}

template <typename Number>
HWY_INLINE HWY_ATTR auto vector_at(std::uintptr_t node, std::size_t index) noexcept {
  return hn::LoadU(lanes<Number>(),
                   reinterpret_cast<const Number*>(node) + index * hn::Lanes(lanes<Number>()));
}

#if HWY_TARGET == HWY_AVX2

/// How many of the lanes in four vectors' masks are true. Packing them first takes a third fewer instructions
/// than counting each.
template <typename Number, typename Mask>
HWY_INLINE HWY_ATTR auto count_true(Mask a, Mask b, Mask c, Mask d) noexcept -> std::size_t {
  const auto ints = [](Mask mask) HWY_ATTR {
    return hn::BitCast(hn::CappedTag<std::int32_t, 8>(), hn::VecFromMask(lanes<Number>(), mask)).raw;
  };
  if constexpr (sizeof(Number) >= 4) {
    const __m256i packed =
        _mm256_packs_epi16(_mm256_packs_epi32(ints(a), ints(b)), _mm256_packs_epi32(ints(c), ints(d)));
    const auto bits = static_cast<unsigned>(_mm256_movemask_epi8(packed));
    return static_cast<std::size_t>(__builtin_popcount(bits)) / (sizeof(Number) / 4);
  } else if constexpr (sizeof(Number) == 2) {
    const auto low = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_packs_epi16(ints(a), ints(b))));
    const auto high = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_packs_epi16(ints(c), ints(d))));
    return static_cast<std::size_t>(__builtin_popcount(low) + __builtin_popcount(high));
  } else {
    const lanes<Number> tag;
    return hn::CountTrue(tag, a) + hn::CountTrue(tag, b) + hn::CountTrue(tag, c) + hn::CountTrue(tag, d);
  }
}

template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto before_in_node(std::uintptr_t node, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  using number = separator<Key>;
  return count_true<number>(before<Side>(vector_at<number>(node, 0), x.everywhere),
                            before<Side>(vector_at<number>(node, 1), x.everywhere),
                            before<Side>(vector_at<number>(node, 2), x.everywhere),
                            before<Side>(vector_at<number>(node, 3), x.everywhere));
}

/// Keys as separators.
template <typename Key>
HWY_INLINE HWY_ATTR auto separators_at(std::uintptr_t block, std::size_t index) noexcept {
  const auto numbers = vector_at<separator<Key>>(block, index);
  if constexpr (std::is_same_v<separator<Key>, Key>) {
    return numbers;
  } else {
    return hn::Xor(numbers, hn::Set(lanes<separator<Key>>(), std::numeric_limits<separator<Key>>::min()));
  }
}

template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto before_in_block(std::uintptr_t block, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  return count_true<separator<Key>>(before<Side>(separators_at<Key>(block, 0), x.everywhere),
                                    before<Side>(separators_at<Key>(block, 1), x.everywhere),
                                    before<Side>(separators_at<Key>(block, 2), x.everywhere),
                                    before<Side>(separators_at<Key>(block, 3), x.everywhere));
}

#else

/// How many of the lanes in two vectors' masks are true.
template <typename Number, typename Mask>
HWY_INLINE HWY_ATTR auto count_true(Mask a, Mask b) noexcept -> std::size_t {
  if constexpr (sizeof(Number) == 8) {
    return static_cast<std::size_t>(__builtin_popcount(_mm512_kunpackb(b.raw, a.raw)));
  } else if constexpr (sizeof(Number) == 4) {
    return static_cast<std::size_t>(__builtin_popcount(_mm512_kunpackw(b.raw, a.raw)));
  } else if constexpr (sizeof(Number) == 2) {
    return static_cast<std::size_t>(__builtin_popcountll(_mm512_kunpackd(b.raw, a.raw)));
  } else {
    return hn::CountTrue(lanes<Number>(), a) + hn::CountTrue(lanes<Number>(), b);
  }
}

template <typename Side, typename Number>
HWY_INLINE HWY_ATTR auto before_in(std::uintptr_t node, hn::Vec<lanes<Number>> x) noexcept -> std::size_t {
  return count_true<Number>(before<Side>(vector_at<Number>(node, 0), x),
                            before<Side>(vector_at<Number>(node, 1), x));
}

template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto before_in_node(std::uintptr_t node, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  return before_in<Side, separator<Key>>(node, x.everywhere);
}

template <typename Side, typename Key>
HWY_INLINE HWY_ATTR auto before_in_block(std::uintptr_t block, const sought<Side, Key>& x) noexcept
    -> std::size_t {
  if constexpr (std::is_same_v<separator<Key>, Key>) {
    return before_in<Side, Key>(block, x.everywhere);
  } else {
    const auto key =
        hn::Xor(x.everywhere, hn::Set(lanes<separator<Key>>(), std::numeric_limits<separator<Key>>::min()));
    return before_in<Side, Key>(block, hn::BitCast(lanes<Key>(), key));
  }
}

#endif

#define DEFT_KERNEL HWY_ATTR
#define DEFT_KERNEL_INLINE HWY_INLINE HWY_ATTR
#include "sorted/search_index_descent-inl.hpp"
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
constinit const layer_kernels<Key> simd_layer_kernels<Key>::avx2 = for_avx2::kernels<Key>;
template <typename Key>
constinit const layer_kernels<Key> simd_layer_kernels<Key>::avx512 = N_AVX3::kernels<Key>;

#define DEFT_INSTANTIATE(key) template struct simd_layer_kernels<key>;
DEFT_FOR_EACH_KEY(DEFT_INSTANTIATE)

}  // namespace deft::detail
#endif
