/// @file
/// Seeded hashing: deft::hash<T> for tables, hash_value for composing, hash_bytes for raw bytes.
///
/// Every hash depends on a seed. By default that is the process seed, drawn at random once, so that nobody
/// who chooses keys can prepare collisions, and so that nothing comes to depend on an order. Values differ
/// from run to run, and between versions of deft and machines of different byte order: never store them.
///
/// Bytes and strings go through XXH3 (64 bit, seeded), integers through a bijective mixer (the finalizer of
/// splitmix64, Stafford's variant 13). Neither is a cryptographic hash: a client who can measure
/// a table's every answer may learn something of the seed.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"

namespace deft {

/// The seed of this process, drawn at random at first use.
///
/// The environment variable `DEFT_HASH_SEED` (decimal, or hexadecimal after 0x) sets it, to reproduce a run;
/// any other text there is ignored. Built with FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION it is always 0.
/// @returns     The same value in every call.
/// @complexity  O(1) after the first call. @concurrency Safe.
[[nodiscard]] std::uint64_t hash_seed() noexcept;

/// Hashes bytes: XXH3, the same on every machine.
/// @pre         `bytes` refers to `size` bytes; may be null if `size` is 0.
/// @returns     A value that depends on all bytes, their number and the seed.
/// @complexity  O(size). @concurrency Safe.
[[nodiscard]] std::uint64_t hash_bytes(const void* bytes, std::size_t size,
                                       std::uint64_t seed = hash_seed()) noexcept;

/// Mixes an integer: a bijection for each seed, so that distinct integers never share a hash.
/// @returns     64 well-mixed bits: any of them may index a table.
/// @complexity  O(1). @concurrency Safe.
[[nodiscard]] DEFT_TAGGED constexpr std::uint64_t hash_integer(std::uint64_t x, std::uint64_t seed) noexcept {
  x ^= seed ^ 0x9e3779b97f4a7c15u;  // so that 0 under seed 0 is not hashed to 0
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// Adds one more hash to an accumulated one; the order matters.
/// @returns     The new accumulated hash.
/// @complexity  O(1). @concurrency Safe.
[[nodiscard]] DEFT_TAGGED constexpr std::uint64_t hash_combine(std::uint64_t accumulated,
                                                               std::uint64_t next) noexcept {
  return hash_integer(next, std::rotl(accumulated, 23) * 0x9fb21c651e98df25u);
}

namespace detail {

template <typename T>
inline constexpr bool is_string_like = false;
// Not of other traits: strings that those call equal may differ in their characters.
template <typename Char, typename Allocator>
inline constexpr bool is_string_like<std::basic_string<Char, std::char_traits<Char>, Allocator>> = true;
template <typename Char>
inline constexpr bool is_string_like<std::basic_string_view<Char>> = true;

// Not whatever has a std::tuple_size: such a type may have a std::hash of its own.
template <typename T>
inline constexpr bool tuple_like = false;
template <typename... T>
inline constexpr bool tuple_like<std::tuple<T...>> = true;
template <typename A, typename B>
inline constexpr bool tuple_like<std::pair<A, B>> = true;
template <typename T, std::size_t N>
inline constexpr bool tuple_like<std::array<T, N>> = true;

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Not vector<bool>, which has no elements in memory: it has a std::hash.
template <typename T>
inline constexpr bool is_sequence = false;
template <typename T, typename Allocator>
inline constexpr bool is_sequence<std::vector<T, Allocator>> = !std::is_same_v<T, bool>;
template <typename T, std::size_t N>
inline constexpr bool is_sequence<std::span<T, N>> = true;

// std::is_integral says no to them without GNU extensions.
template <typename T>
inline constexpr bool is_wide_integer = false;
#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;
template <>
inline constexpr bool is_wide_integer<int128> = true;
template <>
inline constexpr bool is_wide_integer<uint128> = true;
#endif

/// What a user's AbslHashValue(state, value) combines the value's parts into: the interface of Abseil's hash
/// states, so that types which were made hashable for Abseil are hashable here, without Abseil.
class hash_state {
 public:
  DEFT_TAGGED explicit constexpr hash_state(std::uint64_t seed) noexcept : seed_(seed), value_(seed) {}

  template <typename... T>
  DEFT_TAGGED static hash_state combine(hash_state state, const T&... parts);

  template <typename T>
  DEFT_TAGGED static hash_state combine_contiguous(hash_state state, const T* data, std::size_t size);

  // Independent of the order.
  template <typename Iterator>
  DEFT_TAGGED static hash_state combine_unordered(hash_state state, Iterator first, Iterator last);

  [[nodiscard]] DEFT_TAGGED constexpr std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t seed_;
  std::uint64_t value_;
};

// Found by argument-dependent lookup only: nothing of this name is declared here.
template <typename T>
concept absl_hashable = requires(hash_state state, const T& value) {
  { AbslHashValue(std::move(state), value) } -> std::same_as<hash_state>;
};

// What hashes itself in a better way than by its parts: deft's own.
template <typename T>
concept self_hashable = requires(const T& value, std::uint64_t seed) {
  { value.hash_value(seed) } noexcept -> std::same_as<std::uint64_t>;
};

template <typename T>
concept std_hashable = requires(const T& value) {
  { std::hash<T>{}(value) } -> std::convertible_to<std::size_t>;
};

template <typename T>
constexpr bool can_hash();

template <typename Tuple, std::size_t... I>
constexpr bool can_hash_each(std::index_sequence<I...>) {
  return (can_hash<std::remove_cvref_t<std::tuple_element_t<I, Tuple>>>() && ...);
}

template <typename T>
constexpr bool can_hash() {
  if constexpr (std::is_arithmetic_v<T> || is_wide_integer<T> || std::is_enum_v<T> || std::is_pointer_v<T> ||
                is_string_like<T>) {
    return true;
  } else if constexpr (is_sequence<T>) {
    return can_hash<std::remove_cv_t<typename T::value_type>>();
  } else if constexpr (tuple_like<T>) {
    return can_hash_each<T>(std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (is_optional<T>) {
    return can_hash<std::remove_const_t<typename T::value_type>>();
  } else {
    return self_hashable<T> || absl_hashable<T> || std_hashable<T>;
  }
}

}  // namespace detail

/// Types that deft hashes: numbers, enums, pointers (by address), strings and string views of any character
/// type (and the usual traits), pairs, tuples and arrays (std::tie too), optionals, vectors and spans; types
/// of one's own that have an AbslHashValue, as for Abseil's tables, but without Abseil:
///
/// ```
/// template <typename H>
/// friend H AbslHashValue(H state, const point& p) { return H::combine(std::move(state), p.x, p.y); }
/// ```
///
/// and whatever has a std::hash, whose result is mixed with the seed (it does not protect from prepared
/// collisions that std::hash itself has; AbslHashValue does, where it combines all that is compared).
template <typename T>
concept hashable = detail::can_hash<T>();

namespace detail {
inline namespace DEFT_TAG {

template <typename T>
[[nodiscard]] std::uint64_t hash_sequence(const T* data, std::size_t size, std::uint64_t seed);

}  // namespace DEFT_TAG
}  // namespace detail

inline namespace DEFT_TAG {

/// Hashes a value under a seed. For a type of one's own: `hash_value(std::tie(x.a, x.b), seed)`.
///
/// Equal values have equal hashes: -0.0 hashes as 0.0, a string as a string_view of it, a vector as a span of
/// it. All NaNs hash alike,
/// although no NaN equals any: a table never finds one again.
/// @returns     The hash.
/// @throws      What AbslHashValue or std::hash<T> throw, where they are used.
/// @complexity  O(bytes of the value). @concurrency Concurrent reads.
template <hashable T>
[[nodiscard]] std::uint64_t hash_value(const T& value, std::uint64_t seed) {
  if constexpr (std::is_enum_v<T>) {
    return deft::hash_value(static_cast<std::underlying_type_t<T>>(value), seed);
  } else if constexpr (std::is_integral_v<T> || detail::is_wide_integer<T>) {
    if constexpr (sizeof(T) > sizeof(std::uint64_t)) {
      return hash_combine(hash_integer(static_cast<std::uint64_t>(value >> 64), seed),
                          static_cast<std::uint64_t>(value));
    } else {
      return hash_integer(static_cast<std::uint64_t>(value), seed);
    }
  } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    if (value != value) return hash_integer(0x7ff8000000000000u, seed);
    return hash_integer(std::bit_cast<std::uint64_t>(static_cast<double>(value) + 0.0),
                        seed);  // -0.0 + 0.0 is 0.0
  } else if constexpr (std::is_same_v<T, long double>) {
    return hash_integer(value != value ? 0x7ff8000000000000u : std::hash<T>{}(value), seed);
  } else if constexpr (std::is_pointer_v<T>) {
    return hash_integer(reinterpret_cast<std::uintptr_t>(value), seed);
  } else if constexpr (detail::is_string_like<T>) {
    return hash_bytes(value.data(), value.size() * sizeof(typename T::value_type), seed);
  } else if constexpr (detail::tuple_like<T>) {
    return std::apply(
        [seed](const auto&... elements) {
          std::uint64_t hash = hash_integer(sizeof...(elements), seed);
          ((hash = hash_combine(hash,
                                deft::hash_value<std::remove_cvref_t<decltype(elements)>>(elements, seed))),
           ...);
          return hash;
        },
        value);
  } else if constexpr (detail::is_optional<T>) {
    return value.has_value() ? hash_combine(seed + 1, deft::hash_value(*value, seed))
                             : hash_integer(0, seed + 2);
  } else if constexpr (detail::is_sequence<T>) {
    return detail::hash_sequence<std::remove_cv_t<typename T::value_type>>(value.data(), value.size(), seed);
  } else if constexpr (detail::self_hashable<T>) {
    return value.hash_value(seed);
  } else if constexpr (detail::absl_hashable<T>) {
    return AbslHashValue(detail::hash_state(seed), value).value();
  } else {
    return hash_integer(static_cast<std::uint64_t>(std::hash<T>{}(value)), seed);
  }
}

}  // namespace DEFT_TAG

namespace detail {
inline namespace DEFT_TAG {

template <typename T>
[[nodiscard]] std::uint64_t hash_sequence(const T* data, std::size_t size, std::uint64_t seed) {
  if constexpr ((std::is_integral_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>) &&
                std::has_unique_object_representations_v<T>) {
    return hash_bytes(data, size * sizeof(T), seed);
  } else {
    std::uint64_t hash = hash_integer(size, seed);
    for (std::size_t i = 0; i < size; ++i) hash = hash_combine(hash, deft::hash_value<T>(data[i], seed));
    return hash;
  }
}

}  // namespace DEFT_TAG

template <typename... T>
hash_state hash_state::combine(hash_state state, const T&... parts) {
  ((state.value_ = hash_combine(state.value_, deft::hash_value<T>(parts, state.seed_))), ...);
  return state;
}

template <typename T>
hash_state hash_state::combine_contiguous(hash_state state, const T* data, std::size_t size) {
  state.value_ = hash_combine(state.value_, hash_sequence<std::remove_cv_t<T>>(data, size, state.seed_));
  return state;
}

template <typename Iterator>
hash_state hash_state::combine_unordered(hash_state state, Iterator first, Iterator last) {
  std::uint64_t sum = 0;
  std::uint64_t size = 0;
  for (; first != last; ++first, ++size) sum += combine(hash_state(state.seed_), *first).value_;
  state.value_ = hash_combine(hash_combine(state.value_, sum), size);
  return state;
}

}  // namespace detail

/// A hash function for tables. Stateful: it keeps the seed with which it was made, the process seed unless
/// told.
///
/// For strings it is transparent: `hash<std::string>` takes a string_view or a literal without making a
/// string, and agrees with `hash<std::string_view>`. `is_avalanching` tells tables that need not mix the
/// result again.
///
/// Memory: 8 bytes, the seed. Threads: calls may run at the same time.
template <typename T>
class hash {
  static_assert(
      hashable<T>,
      "deft::hash<T>: deft cannot hash this type; give it an AbslHashValue or a std::hash, or hash the "
      "parts: deft::hash_value(std::tie(x.a, x.b), seed)");

 public:
  using is_avalanching = void;

  /// @complexity  O(1) after the first use of hash_seed(). @concurrency Safe.
  DEFT_TAGGED hash() noexcept : seed_(hash_seed()) {}

  /// A hash that gives the same values in every run.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED explicit constexpr hash(std::uint64_t seed) noexcept : seed_(seed) {}

  /// @returns     hash_value(value, seed()), cut to std::size_t.
  /// @throws      As hash_value.
  /// @complexity  As hash_value. @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(const T& value) const {
    return static_cast<std::size_t>(deft::hash_value(value, seed_));
  }

  /// @returns     The seed.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::uint64_t seed() const noexcept { return seed_; }

 private:
  std::uint64_t seed_;
};

/// The transparent hash of strings; see the primary template.
template <typename T>
  requires detail::is_string_like<T>
class hash<T> {
 public:
  using is_transparent = void;
  using is_avalanching = void;
  using view = std::basic_string_view<typename T::value_type, typename T::traits_type>;

  /// @complexity  O(1) after the first use of hash_seed(). @concurrency Safe.
  DEFT_TAGGED hash() noexcept : seed_(hash_seed()) {}

  /// A hash that gives the same values in every run.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED explicit constexpr hash(std::uint64_t seed) noexcept : seed_(seed) {}

  /// @returns     hash_bytes of the characters, cut to std::size_t.
  /// @complexity  O(size). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t operator()(view text) const noexcept {
    return static_cast<std::size_t>(deft::hash_value(text, seed_));
  }

  /// @returns     The seed.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr std::uint64_t seed() const noexcept { return seed_; }

 private:
  std::uint64_t seed_;
};

}  // namespace deft
