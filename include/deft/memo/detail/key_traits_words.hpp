/// @file
/// Keys that are a few numbers: how they are packed into 64-bit words, so that equal keys are equal words.
///
/// A key is taken apart into its leaves (numbers, enums, pointers), each of 1, 2, 4 or 8 bytes. Every leaf
/// goes into the first word that has room for it: tuple<u32, u64, u32> takes two words,
///
///     word 0   | third u32 : first u32 |
///     word 1   |          u64          |
///
/// and what remains of a word is zero. An optional is a flag of one byte and the leaves of its value.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"

namespace deft::detail {

/// Keys of more words are compared where the caller has them.
inline constexpr std::size_t max_key_words = 8;

/// How K is taken apart. `count` leaves of `bytes` each; put() writes them, get() makes a K of them.
template <typename K>
struct leaf_traits {
  static constexpr bool has_leaves = false;
};

template <std::size_t Bytes>
using unsigned_of_size =
    std::conditional_t<Bytes == 1, std::uint8_t,
                       std::conditional_t<Bytes == 2, std::uint16_t,
                                          std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

template <typename K>
  requires((std::is_arithmetic_v<K> && sizeof(K) <= 8) || std::is_enum_v<K> || std::is_pointer_v<K>)
struct leaf_traits<K> {
  static constexpr bool has_leaves = true;
  static constexpr std::size_t count = 1;
  static constexpr std::array<unsigned char, 1> bytes{sizeof(K)};

  DEFT_TAGGED static void put(K key, std::uint64_t* out) noexcept {
    if constexpr (std::is_floating_point_v<K>) {
      key = key != key ? std::numeric_limits<K>::quiet_NaN() : key + K{0};  // -0.0 + 0.0 is 0.0
    }
    *out = std::bit_cast<unsigned_of_size<sizeof(K)>>(key);
  }

  DEFT_TAGGED static K get(const std::uint64_t* in) noexcept {
    return std::bit_cast<K>(static_cast<unsigned_of_size<sizeof(K)>>(*in));
  }
};

template <typename K>
  requires is_wide_integer<K>
struct leaf_traits<K> {
  static constexpr bool has_leaves = true;
  static constexpr std::size_t count = 2;
  static constexpr std::array<unsigned char, 2> bytes{8, 8};

  DEFT_TAGGED static void put(K key, std::uint64_t* out) noexcept {
    out[0] = static_cast<std::uint64_t>(key);
    out[1] = static_cast<std::uint64_t>(key >> 64);
  }

  DEFT_TAGGED static K get(const std::uint64_t* in) noexcept {
    return static_cast<K>(static_cast<K>(in[1]) << 64 | static_cast<K>(in[0]));
  }
};

/// Types of one value.
template <typename K>
  requires(std::is_same_v<K, std::monostate> || std::is_same_v<K, std::nullptr_t>)
struct leaf_traits<K> {
  static constexpr bool has_leaves = true;
  static constexpr std::size_t count = 0;
  static constexpr std::array<unsigned char, 0> bytes{};

  DEFT_TAGGED static void put(K, std::uint64_t*) noexcept {}

  DEFT_TAGGED static K get(const std::uint64_t*) noexcept { return K{}; }
};

template <typename Rep, typename Period>
  requires(std::is_arithmetic_v<Rep> && leaf_traits<Rep>::has_leaves)
struct leaf_traits<std::chrono::duration<Rep, Period>> : leaf_traits<Rep> {
  using duration = std::chrono::duration<Rep, Period>;

  DEFT_TAGGED static void put(duration key, std::uint64_t* out) noexcept {
    leaf_traits<Rep>::put(key.count(), out);
  }

  DEFT_TAGGED static duration get(const std::uint64_t* in) noexcept {
    return duration(leaf_traits<Rep>::get(in));
  }
};

template <typename Clock, typename Duration>
  requires leaf_traits<Duration>::has_leaves
struct leaf_traits<std::chrono::time_point<Clock, Duration>> : leaf_traits<Duration> {
  using time_point = std::chrono::time_point<Clock, Duration>;

  DEFT_TAGGED static void put(time_point key, std::uint64_t* out) noexcept {
    leaf_traits<Duration>::put(key.time_since_epoch(), out);
  }

  DEFT_TAGGED static time_point get(const std::uint64_t* in) noexcept {
    return time_point(leaf_traits<Duration>::get(in));
  }
};

/// Of several parts, one after another.
template <typename K, typename... Parts>
struct leaves_of_parts {
  static constexpr bool has_leaves = true;
  static constexpr std::size_t count = (leaf_traits<Parts>::count + ... + 0);

  static constexpr std::array<unsigned char, count> bytes = [] {
    std::array<unsigned char, count> all{};
    [[maybe_unused]] std::size_t at = 0;
    (
        [&] {
          for (const unsigned char size : leaf_traits<Parts>::bytes) all[at++] = size;
        }(),
        ...);
    return all;
  }();

  DEFT_TAGGED static void put(const K& key, std::uint64_t* out) noexcept {
    put_each(key, out, std::index_sequence_for<Parts...>());
  }

  DEFT_TAGGED static K get(const std::uint64_t* in) noexcept {
    return get_each(in, std::index_sequence_for<Parts...>());
  }

 private:
  // Where the leaves of each part begin.
  static constexpr std::array<std::size_t, sizeof...(Parts) + 1> offsets = [] {
    std::array<std::size_t, sizeof...(Parts) + 1> all{};
    [[maybe_unused]] std::size_t part = 0;
    ((all[part + 1] = all[part] + leaf_traits<Parts>::count, ++part), ...);
    return all;
  }();

  template <std::size_t... I>
  DEFT_TAGGED static void put_each([[maybe_unused]] const K& key, [[maybe_unused]] std::uint64_t* out,
                                   std::index_sequence<I...>) noexcept {
    (leaf_traits<Parts>::put(std::get<I>(key), out + offsets[I]), ...);
  }

  template <std::size_t... I>
  DEFT_TAGGED static K get_each([[maybe_unused]] const std::uint64_t* in,
                                std::index_sequence<I...>) noexcept {
    return K{leaf_traits<Parts>::get(in + offsets[I])...};
  }
};

template <typename... T>
  requires(leaf_traits<T>::has_leaves && ...)
struct leaf_traits<std::tuple<T...>> : leaves_of_parts<std::tuple<T...>, T...> {};

template <typename A, typename B>
  requires(leaf_traits<A>::has_leaves && leaf_traits<B>::has_leaves)
struct leaf_traits<std::pair<A, B>> : leaves_of_parts<std::pair<A, B>, A, B> {};

template <typename T, std::size_t N>
  requires leaf_traits<T>::has_leaves
struct leaf_traits<std::array<T, N>> {
  static constexpr bool has_leaves = N <= max_key_words * 8;
  static constexpr std::size_t count = has_leaves ? N * leaf_traits<T>::count : 0;

  static constexpr std::array<unsigned char, count> bytes = [] {
    std::array<unsigned char, count> all{};
    for (std::size_t i = 0; i < count; ++i) all[i] = leaf_traits<T>::bytes[i % leaf_traits<T>::count];
    return all;
  }();

  DEFT_TAGGED static void put(const std::array<T, N>& key, std::uint64_t* out) noexcept {
    for (std::size_t i = 0; i < N; ++i) leaf_traits<T>::put(key[i], out + i * leaf_traits<T>::count);
  }

  DEFT_TAGGED static std::array<T, N> get(const std::uint64_t* in) noexcept {
    std::array<T, N> key{};
    for (std::size_t i = 0; i < N; ++i) key[i] = leaf_traits<T>::get(in + i * leaf_traits<T>::count);
    return key;
  }
};

template <typename T>
  requires leaf_traits<T>::has_leaves
struct leaf_traits<std::optional<T>> {
  static constexpr bool has_leaves = true;
  static constexpr std::size_t count = 1 + leaf_traits<T>::count;

  static constexpr std::array<unsigned char, count> bytes = [] {
    std::array<unsigned char, count> all{1};
    for (std::size_t i = 1; i < count; ++i) all[i] = leaf_traits<T>::bytes[i - 1];
    return all;
  }();

  DEFT_TAGGED static void put(const std::optional<T>& key, std::uint64_t* out) noexcept {
    out[0] = key.has_value() ? 1 : 0;
    if (key.has_value()) {
      leaf_traits<T>::put(*key, out + 1);
    } else {
      for (std::size_t i = 1; i < count; ++i) out[i] = 0;
    }
  }

  DEFT_TAGGED static std::optional<T> get(const std::uint64_t* in) noexcept {
    if (in[0] == 0) return std::nullopt;
    return std::optional<T>(std::in_place, leaf_traits<T>::get(in + 1));
  }
};

/// Which word each of Count leaves goes into, and how far it is shifted there.
template <std::size_t Count>
struct word_layout {
  std::array<std::size_t, Count> word{};
  std::array<unsigned, Count> shift{};
  std::size_t words = 1;  // a key of no leaves has a word, too
};

template <std::size_t Count>
constexpr word_layout<Count> place_leaves(const std::array<unsigned char, Count>& bytes) {
  word_layout<Count> layout;
  std::array<unsigned, Count + 1> used{};  // bytes of each word
  for (std::size_t i = 0; i < Count; ++i) {
    std::size_t word = 0;
    while (used[word] + bytes[i] > 8) ++word;
    layout.word[i] = word;
    layout.shift[i] = used[word] * 8;
    used[word] += bytes[i];
    if (word + 1 > layout.words) layout.words = word + 1;
  }
  return layout;
}

template <typename K>
constexpr bool fits_words() {
  if constexpr (!leaf_traits<K>::has_leaves) {
    return false;
  } else if constexpr (leaf_traits<K>::count > max_key_words * 8) {
    return false;
  } else {
    return place_leaves(leaf_traits<K>::bytes).words <= max_key_words;
  }
}

/// Keys that are stored as words.
template <typename K>
concept word_key = fits_words<K>();

/// The words of K.
template <word_key K>
struct word_packing {
  static constexpr std::size_t count = leaf_traits<K>::count;
  static constexpr word_layout<count> layout = place_leaves(leaf_traits<K>::bytes);
  static constexpr std::size_t words = layout.words;

  DEFT_TAGGED static void encode(const K& key, std::uint64_t* out) noexcept {
    std::uint64_t leaves[count + 1];
    leaf_traits<K>::put(key, leaves);
    for (std::size_t i = 0; i < words; ++i) out[i] = 0;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((out[layout.word[I]] |= leaves[I] << layout.shift[I]), ...);
    }(std::make_index_sequence<count>());
  }

  DEFT_TAGGED static K decode(const std::uint64_t* in) noexcept {
    std::uint64_t leaves[count + 1];
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((leaves[I] =
            in[layout.word[I]] >> layout.shift[I] & ~std::uint64_t{0} >> (64 - 8 * leaf_traits<K>::bytes[I])),
       ...);
    }(std::make_index_sequence<count>());
    return leaf_traits<K>::get(leaves);
  }

  /// Two multiplications to 128 bits with folded halves (one would leave multiples of large powers of two,
  /// such as addresses, in few places) and one more for each further word: fewer instructions than
  /// hash_integer, on the path of each hit.
  DEFT_TAGGED static std::uint64_t hash(const std::uint64_t* in, std::uint64_t seed) noexcept {
    std::uint64_t hash = fold(in[0] ^ seed ^ 0x9e3779b97f4a7c15u);
    for (std::size_t i = 1; i < words; ++i) hash = fold(hash ^ in[i]);
    return fold(hash);
  }

 private:
  DEFT_TAGGED static std::uint64_t fold(std::uint64_t x) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using wide = unsigned __int128;
    const wide product = static_cast<wide>(x) * 0xff51afd7ed558ccdu;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
    return hash_integer(x, 0);
#endif
  }
};

}  // namespace deft::detail
