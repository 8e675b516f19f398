/// @file
/// The name that keeps inline functions of translation units with different flags apart; see contracts.hpp.
#pragma once

// One word per instruction set extension that a compiler uses by itself in ordinary code. An extension
// missing here means that the linker may keep a body using it for a caller compiled without it.
#ifdef __SSE3__
#define DEFT_DETAIL_TAG_SSE3 _sse3
#else
#define DEFT_DETAIL_TAG_SSE3
#endif
#ifdef __SSSE3__
#define DEFT_DETAIL_TAG_SSSE3 _ssse3
#else
#define DEFT_DETAIL_TAG_SSSE3
#endif
#ifdef __SSE4_1__
#define DEFT_DETAIL_TAG_SSE41 _sse41
#else
#define DEFT_DETAIL_TAG_SSE41
#endif
#ifdef __SSE4_2__
#define DEFT_DETAIL_TAG_SSE42 _sse42
#else
#define DEFT_DETAIL_TAG_SSE42
#endif
#ifdef __POPCNT__
#define DEFT_DETAIL_TAG_POPCNT _popcnt
#else
#define DEFT_DETAIL_TAG_POPCNT
#endif
#ifdef __LZCNT__
#define DEFT_DETAIL_TAG_LZCNT _lzcnt
#else
#define DEFT_DETAIL_TAG_LZCNT
#endif
#ifdef __MOVBE__
#define DEFT_DETAIL_TAG_MOVBE _movbe
#else
#define DEFT_DETAIL_TAG_MOVBE
#endif
#ifdef __BMI__
#define DEFT_DETAIL_TAG_BMI _bmi
#else
#define DEFT_DETAIL_TAG_BMI
#endif
#ifdef __BMI2__
#define DEFT_DETAIL_TAG_BMI2 _bmi2
#else
#define DEFT_DETAIL_TAG_BMI2
#endif
#ifdef __FMA__
#define DEFT_DETAIL_TAG_FMA _fma
#else
#define DEFT_DETAIL_TAG_FMA
#endif
#ifdef __AVX__
#define DEFT_DETAIL_TAG_AVX _avx
#else
#define DEFT_DETAIL_TAG_AVX
#endif
#ifdef __AVX2__
#define DEFT_DETAIL_TAG_AVX2 _avx2
#else
#define DEFT_DETAIL_TAG_AVX2
#endif
#ifdef __AVX512F__
#define DEFT_DETAIL_TAG_AVX512F _avx512f
#else
#define DEFT_DETAIL_TAG_AVX512F
#endif
#ifdef __AVX512VL__
#define DEFT_DETAIL_TAG_AVX512VL _avx512vl
#else
#define DEFT_DETAIL_TAG_AVX512VL
#endif
#ifdef __AVX512BW__
#define DEFT_DETAIL_TAG_AVX512BW _avx512bw
#else
#define DEFT_DETAIL_TAG_AVX512BW
#endif
#ifdef __AVX512DQ__
#define DEFT_DETAIL_TAG_AVX512DQ _avx512dq
#else
#define DEFT_DETAIL_TAG_AVX512DQ
#endif
#ifdef __AVX512VBMI2__
#define DEFT_DETAIL_TAG_AVX512VBMI2 _avx512vbmi2
#else
#define DEFT_DETAIL_TAG_AVX512VBMI2
#endif
#ifdef __F16C__
#define DEFT_DETAIL_TAG_F16C _f16c
#else
#define DEFT_DETAIL_TAG_F16C
#endif
#ifdef __FMA4__
#define DEFT_DETAIL_TAG_FMA4 _fma4
#else
#define DEFT_DETAIL_TAG_FMA4
#endif
#ifdef __XOP__
#define DEFT_DETAIL_TAG_XOP _xop
#else
#define DEFT_DETAIL_TAG_XOP
#endif
#ifdef __GFNI__
#define DEFT_DETAIL_TAG_GFNI _gfni
#else
#define DEFT_DETAIL_TAG_GFNI
#endif
#ifdef __AVXVNNI__
#define DEFT_DETAIL_TAG_AVXVNNI _avxvnni
#else
#define DEFT_DETAIL_TAG_AVXVNNI
#endif
#ifdef __AVX512CD__
#define DEFT_DETAIL_TAG_AVX512CD _avx512cd
#else
#define DEFT_DETAIL_TAG_AVX512CD
#endif
#ifdef __AVX512VPOPCNTDQ__
#define DEFT_DETAIL_TAG_AVX512VPOPCNTDQ _avx512vpopcntdq
#else
#define DEFT_DETAIL_TAG_AVX512VPOPCNTDQ
#endif
#ifdef __AVX512BITALG__
#define DEFT_DETAIL_TAG_AVX512BITALG _avx512bitalg
#else
#define DEFT_DETAIL_TAG_AVX512BITALG
#endif
#ifdef __AVX512VNNI__
#define DEFT_DETAIL_TAG_AVX512VNNI _avx512vnni
#else
#define DEFT_DETAIL_TAG_AVX512VNNI
#endif
#ifdef __AVX512FP16__
#define DEFT_DETAIL_TAG_AVX512FP16 _avx512fp16
#else
#define DEFT_DETAIL_TAG_AVX512FP16
#endif
#ifdef __ARM_FEATURE_SVE
#define DEFT_DETAIL_TAG_SVE _sve
#else
#define DEFT_DETAIL_TAG_SVE
#endif
#ifdef __ARM_FEATURE_ATOMICS
#define DEFT_DETAIL_TAG_LSE _lse
#else
#define DEFT_DETAIL_TAG_LSE
#endif

// Not an extension, but flags all the same: containers keep AddressSanitizer's books in its bodies alone.
#if defined(__SANITIZE_ADDRESS__)
#define DEFT_DETAIL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DEFT_DETAIL_ASAN 1
#endif
#endif
#ifdef DEFT_DETAIL_ASAN
#define DEFT_DETAIL_TAG_ASAN _asan
#else
#define DEFT_DETAIL_ASAN 0
#define DEFT_DETAIL_TAG_ASAN
#endif

#define DEFT_DETAIL_JOIN_(a, b, c, d, e, f, g, h, i, j) a##b##c##d##e##f##g##h##i##j
#define DEFT_DETAIL_JOIN(a, b, c, d, e, f, g, h, i, j) DEFT_DETAIL_JOIN_(a, b, c, d, e, f, g, h, i, j)
#define DEFT_DETAIL_TAG_1                                                                  \
  DEFT_DETAIL_JOIN(DEFT_DETAIL_TAG_HARDENING, DEFT_DETAIL_TAG_SSE3, DEFT_DETAIL_TAG_SSSE3, \
                   DEFT_DETAIL_TAG_SSE41, DEFT_DETAIL_TAG_SSE42, DEFT_DETAIL_TAG_POPCNT,   \
                   DEFT_DETAIL_TAG_LZCNT, DEFT_DETAIL_TAG_MOVBE, DEFT_DETAIL_TAG_BMI, DEFT_DETAIL_TAG_BMI2)
#define DEFT_DETAIL_TAG_2                                                                                   \
  DEFT_DETAIL_JOIN(DEFT_DETAIL_TAG_FMA, DEFT_DETAIL_TAG_AVX, DEFT_DETAIL_TAG_AVX2, DEFT_DETAIL_TAG_AVX512F, \
                   DEFT_DETAIL_TAG_AVX512VL, DEFT_DETAIL_TAG_AVX512BW, DEFT_DETAIL_TAG_AVX512DQ,            \
                   DEFT_DETAIL_TAG_AVX512VBMI2, DEFT_DETAIL_TAG_SVE, DEFT_DETAIL_TAG_LSE)
#define DEFT_DETAIL_TAG_3                                                                                 \
  DEFT_DETAIL_JOIN(DEFT_DETAIL_TAG_F16C, DEFT_DETAIL_TAG_FMA4, DEFT_DETAIL_TAG_XOP, DEFT_DETAIL_TAG_GFNI, \
                   DEFT_DETAIL_TAG_AVXVNNI, DEFT_DETAIL_TAG_AVX512CD, DEFT_DETAIL_TAG_AVX512VPOPCNTDQ,    \
                   DEFT_DETAIL_TAG_AVX512BITALG, DEFT_DETAIL_TAG_AVX512VNNI, DEFT_DETAIL_TAG_AVX512FP16)
#define DEFT_DETAIL_TAG_JOINED                                                 \
  DEFT_DETAIL_CONCAT(DEFT_DETAIL_CONCAT(DEFT_DETAIL_TAG_1, DEFT_DETAIL_TAG_2), \
                     DEFT_DETAIL_CONCAT(DEFT_DETAIL_TAG_3, DEFT_DETAIL_TAG_ASAN))
