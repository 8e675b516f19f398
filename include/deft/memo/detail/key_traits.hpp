/// @file
/// What a cache does with keys: how a lookup names one without owning it, hashes and compares it.
///
/// key_traits<K> of a stored (decayed) key type K:
///
///     using view = ...               what a lookup takes by value: cheap, refers to the caller's object
///     static constexpr bool trusted       hashing and comparing run nothing of the user's and do not throw:
///                                         may be done under a lock
///     static constexpr bool is_words      K is stored as `words` 64-bit words, equal as numbers exactly when
///                                         the keys are equal (at most 8). Implies trusted
///     static constexpr std::size_t words  0 unless is_words
///     static std::uint64_t hash(view, seed)    may throw what the user's hash throws, unless trusted
///     static bool equal(const K&, view)        likewise; NaN equals NaN, -0.0 equals 0.0
///     static K make(view)                      owns; may throw
///     static view of(const K&) noexcept
///     static void encode(view, std::uint64_t* out) noexcept    is_words: NaNs all alike, -0.0 as 0.0
///     static K decode(const std::uint64_t*) noexcept           is_words
///
/// | key                                                            | view          | trusted         |
/// |----------------------------------------------------------------|---------------|-----------------|
/// | numbers, enums, pointers, durations, time points; tuples,      | themselves    | yes, words      |
/// | pairs, arrays and optionals of such, if they fit eight words   |               |                 |
/// | strings                                                        | string_view   | yes             |
/// | vectors                                                        | span of const | as the elements |
/// | other tuples, pairs, optionals                                 | of the views  | as the parts    |
/// | other arrays                                                   | key_reference | as the elements |
/// | everything else                                                | key_reference | no              |
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/memo/detail/key_traits_words.hpp"

namespace deft::detail {

/// A reference to the caller's key that can be kept in tuples. Unlike a std::reference_wrapper it binds
/// temporaries, as a parameter of type const K& does, but never to what merely converts to a K: that would
/// not outlive the conversion.
template <typename K>
class key_reference {
 public:
  template <typename Same>
    requires(std::same_as<Same, K> || std::derived_from<Same, K>)
  DEFT_TAGGED constexpr key_reference(const Same& key) noexcept
      : key_(&static_cast<const K&>(key)) {}  // NOLINT(google-explicit-constructor): a parameter

  [[nodiscard]] DEFT_TAGGED constexpr const K& get() const noexcept { return *key_; }

  DEFT_TAGGED constexpr operator const K&()
      const noexcept {  // NOLINT(google-explicit-constructor): it is one
    return *key_;
  }

 private:
  const K* key_;
};

template <typename T>
inline constexpr bool refers_to_others_memory = false;
template <typename Char, typename Traits>
inline constexpr bool refers_to_others_memory<std::basic_string_view<Char, Traits>> = true;
template <typename T, std::size_t N>
inline constexpr bool refers_to_others_memory<std::span<T, N>> = true;

/// Everything else: compared by ==, hashed by deft::hash_value.
template <typename K>
struct key_traits {
  using view = key_reference<K>;
  static constexpr bool trusted = false;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(view key, std::uint64_t seed) {
    if constexpr (hashable<K>) {
      return deft::hash_value(key.get(), seed);
    } else {
      return 0;  // said above
    }
  }

  DEFT_TAGGED static bool equal(const K& stored, view key) {
    if constexpr (std::equality_comparable<K>) {
      return static_cast<bool>(stored == key.get());
    } else {
      return false;  // said above
    }
  }

  DEFT_TAGGED static K make(view key) { return key.get(); }

  DEFT_TAGGED static view of(const K& stored) noexcept { return stored; }

  // Last, because clang knows no members behind one that fails, and goes on with complaints about those.
  static_assert(
      !refers_to_others_memory<K>,
      "deft: a cache must own its keys: use std::string instead of a string_view, std::vector instead "
      "of a span (lookups take the view)");
  static_assert(
      refers_to_others_memory<K> || hashable<K>,
      "deft: this key or argument cannot be hashed: give it an AbslHashValue or specialise std::hash, "
      "or choose another key with deft::memoize_by");
  static_assert(refers_to_others_memory<K> || std::equality_comparable<K>,
                "deft: this key or argument cannot be compared: give it an operator==, or choose another key "
                "with deft::memoize_by");
  static_assert(
      std::is_copy_constructible_v<K>,
      "deft: this key or argument cannot be copied, and a cache must own its keys: choose another key "
      "with deft::memoize_by");
};

/// Numbers, enums and pointers, and small tuples, pairs, arrays and optionals of them.
template <word_key K>
struct key_traits<K> {
  using view = K;
  static constexpr bool trusted = true;
  static constexpr bool is_words = true;
  static constexpr std::size_t words = word_packing<K>::words;

  DEFT_TAGGED static std::uint64_t hash(const view& key, std::uint64_t seed) noexcept {
    std::uint64_t packed[words];
    encode(key, packed);
    return word_packing<K>::hash(packed, seed);
  }

  DEFT_TAGGED static bool equal(const K& stored, const view& key) noexcept {
    std::uint64_t a[words];
    std::uint64_t b[words];
    encode(stored, a);
    encode(key, b);
    std::uint64_t differ = 0;
    for (std::size_t i = 0; i < words; ++i) differ |= a[i] ^ b[i];
    return differ == 0;
  }

  DEFT_TAGGED static K make(const view& key) noexcept { return key; }

  DEFT_TAGGED static view of(const K& stored) noexcept { return stored; }

  DEFT_TAGGED static void encode(const view& key, std::uint64_t* out) noexcept {
    word_packing<K>::encode(key, out);
  }

  DEFT_TAGGED static K decode(const std::uint64_t* in) noexcept { return word_packing<K>::decode(in); }
};

/// Of 16 bytes or less, some of which mean nothing.
template <>
struct key_traits<long double> {
  using view = long double;
  static constexpr bool trusted = true;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(view key, std::uint64_t seed) noexcept {
    return deft::hash_value(key, seed);
  }

  DEFT_TAGGED static bool equal(long double stored, view key) noexcept {
    return stored == key || (stored != stored && key != key);
  }

  DEFT_TAGGED static long double make(view key) noexcept { return key; }

  DEFT_TAGGED static view of(long double stored) noexcept { return stored; }
};

template <typename Char, typename Allocator>
struct key_traits<std::basic_string<Char, std::char_traits<Char>, Allocator>> {
  using key = std::basic_string<Char, std::char_traits<Char>, Allocator>;
  using view = std::basic_string_view<Char>;
  static constexpr bool trusted = true;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(view text, std::uint64_t seed) noexcept {
    return deft::hash_value(text, seed);
  }

  DEFT_TAGGED static bool equal(const key& stored, view text) noexcept { return view(stored) == text; }

  DEFT_TAGGED static key make(view text) { return key(text); }

  DEFT_TAGGED static view of(const key& stored) noexcept { return stored; }
};

inline namespace DEFT_TAG {

template <typename T>
bool equal_keys(std::span<const T> a, std::span<const T> b) {
  if (a.size() != b.size()) return false;
  if constexpr (std::is_integral_v<T> && std::has_unique_object_representations_v<T>) {
    return a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
  } else {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!key_traits<T>::equal(a[i], key_traits<T>::of(b[i]))) return false;
    }
    return true;
  }
}

}  // namespace DEFT_TAG

template <typename T, typename Allocator>
  requires(!std::same_as<T, bool>)
struct key_traits<std::vector<T, Allocator>> {
  using key = std::vector<T, Allocator>;
  using view = std::span<const T>;
  static constexpr bool trusted = key_traits<T>::trusted;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(view elements, std::uint64_t seed) {
    return deft::hash_value(elements, seed);
  }

  DEFT_TAGGED static bool equal(const key& stored, view elements) { return equal_keys<T>(stored, elements); }

  DEFT_TAGGED static key make(view elements) { return key(elements.begin(), elements.end()); }

  DEFT_TAGGED static view of(const key& stored) noexcept { return stored; }
};

template <typename T, std::size_t N>
  requires(!word_key<std::array<T, N>>)
struct key_traits<std::array<T, N>> {
  using key = std::array<T, N>;
  using view = key_reference<key>;
  static constexpr bool trusted = key_traits<T>::trusted;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(view elements, std::uint64_t seed) {
    return deft::hash_value(std::span<const T>(elements.get()), seed);
  }

  DEFT_TAGGED static bool equal(const key& stored, view elements) {
    return equal_keys<T>(stored, elements.get());
  }

  DEFT_TAGGED static key make(view elements) { return elements.get(); }

  DEFT_TAGGED static view of(const key& stored) noexcept { return stored; }
};

template <typename T>
  requires(!word_key<std::optional<T>>)
struct key_traits<std::optional<T>> {
  using part = key_traits<T>;
  using key = std::optional<T>;
  using view = std::optional<typename part::view>;
  static constexpr bool trusted = part::trusted;
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(const view& value, std::uint64_t seed) {
    return value.has_value() ? hash_combine(seed + 1, part::hash(*value, seed)) : hash_integer(0, seed + 2);
  }

  DEFT_TAGGED static bool equal(const key& stored, const view& value) {
    if (stored.has_value() != value.has_value()) return false;
    return !stored.has_value() || part::equal(*stored, *value);
  }

  DEFT_TAGGED static key make(const view& value) {
    return value.has_value() ? key(std::in_place, part::make(*value)) : key();
  }

  DEFT_TAGGED static view of(const key& stored) noexcept {
    return stored.has_value() ? view(std::in_place, part::of(*stored)) : view();
  }
};

/// Of a tuple or pair Key, of the types Parts.
template <typename Key, typename View, typename... Parts>
struct key_traits_of_parts {
  using view = View;
  static constexpr bool trusted = (key_traits<Parts>::trusted && ...);
  static constexpr bool is_words = false;
  static constexpr std::size_t words = 0;

  DEFT_TAGGED static std::uint64_t hash(const view& parts, std::uint64_t seed) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::uint64_t hash = hash_integer(sizeof...(Parts), seed);
      ((hash = hash_combine(hash, key_traits<Parts>::hash(std::get<I>(parts), seed))), ...);
      return hash;
    }(std::index_sequence_for<Parts...>());
  }

  DEFT_TAGGED static bool equal(const Key& stored, const view& parts) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (key_traits<Parts>::equal(std::get<I>(stored), std::get<I>(parts)) && ...);
    }(std::index_sequence_for<Parts...>());
  }

  DEFT_TAGGED static Key make(const view& parts) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Key(key_traits<Parts>::make(std::get<I>(parts))...);
    }(std::index_sequence_for<Parts...>());
  }

  DEFT_TAGGED static view of(const Key& stored) noexcept {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return view(key_traits<Parts>::of(std::get<I>(stored))...);
    }(std::index_sequence_for<Parts...>());
  }
};

template <typename... T>
  requires(!word_key<std::tuple<T...>>)
struct key_traits<std::tuple<T...>>
    : key_traits_of_parts<std::tuple<T...>, std::tuple<typename key_traits<T>::view...>, T...> {};

template <typename A, typename B>
  requires(!word_key<std::pair<A, B>>)
struct key_traits<std::pair<A, B>>
    : key_traits_of_parts<std::pair<A, B>,
                          std::pair<typename key_traits<A>::view, typename key_traits<B>::view>, A, B> {};

}  // namespace deft::detail
