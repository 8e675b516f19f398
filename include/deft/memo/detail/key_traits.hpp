/// @file
/// What a cache does with keys: how a lookup names one without owning it, hashes and compares it.
///
/// key_traits<K> of a stored (decayed) key type K:
///
///   using view = ...                    what a lookup takes by value: cheap, refers to the caller's object.
///   string -> string_view, vector<T> -> span<const T>,
///                                       tuple<A...> -> tuple<views...> (pair, array, optional likewise),
///                                       numbers, enums and pointers themselves, everything else const K& (as
///                                       a std::reference_wrapper<const K>)
///   static constexpr bool trusted       hashing and comparing run nothing of the user's: may be done under a
///   lock static constexpr bool is_words      K is stored as `words` 64-bit words, equal as numbers exactly
///   when the keys are equal (at most 8). Implies trusted static constexpr std::size_t words static
///   std::uint64_t hash(view, seed)                  may throw what the user's hash throws, unless trusted
///   static bool equal(const K&, view)                      likewise; NaN equals NaN, -0.0 equals 0.0
///   static K make(view)                                    owns; may throw
///   static view of(const K&) noexcept
///   static void encode(view, std::uint64_t* out) noexcept  is_words: NaNs all alike, -0.0 as 0.0
///   static K decode(const std::uint64_t*) noexcept         is_words
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"

namespace deft::detail {

template <typename K>
struct key_traits;

/// Numbers of up to eight bytes, enums and pointers: one word.
template <typename K>
  requires((std::is_arithmetic_v<K> && sizeof(K) <= 8) || std::is_enum_v<K> || std::is_pointer_v<K>)
struct key_traits<K> {
  using view = K;
  static constexpr bool trusted = true;
  static constexpr bool is_words = true;
  static constexpr std::size_t words = 1;

  DEFT_TAGGED static std::uint64_t hash(view key, std::uint64_t seed) noexcept {
    return deft::hash_value(key, seed);
  }

  DEFT_TAGGED static bool equal(const K& stored, view key) noexcept {
    return stored == key || (stored != stored && key != key);
  }

  DEFT_TAGGED static K make(view key) noexcept { return key; }

  DEFT_TAGGED static view of(const K& stored) noexcept { return stored; }

  DEFT_TAGGED static void encode(view key, std::uint64_t* out) noexcept {
    if constexpr (std::is_floating_point_v<K>) {
      key = key != key ? std::numeric_limits<K>::quiet_NaN() : key + K{0};  // -0.0 + 0.0 is 0.0
    }
    std::uint64_t word = 0;
    std::memcpy(&word, &key, sizeof key);
    *out = word;
  }

  DEFT_TAGGED static K decode(const std::uint64_t* words) noexcept {
    K key;
    std::memcpy(&key, words, sizeof key);
    return key;
  }
};

}  // namespace deft::detail
