/// @file
/// Keys, data sets and queries that the benchmarks of all containers share.
///
/// A data set is built when a benchmark first asks for it and kept: listing benchmarks builds nothing,
/// running a single one builds what that one needs, in milliseconds up to 1e5 keys. Sets are made in
/// ascending order without sorting; strings are allocated in scattered order, as they lie in memory after
/// real use.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace deft_bench {

/// The sizes of every sweep, with the names that benchmarks carry.
struct size_step {
  std::size_t size;
  const char* name;
};

inline constexpr std::array<size_step, 6> sizes{{{100, "1e2"},
                                                 {1'000, "1e3"},
                                                 {10'000, "1e4"},
                                                 {100'000, "1e5"},
                                                 {1'000'000, "1e6"},
                                                 {10'000'000, "1e7"}}};

/// How strings are spelt: 16 hexadecimal digits, the same behind a prefix that all of them share, or words of
/// 2 to 10 letters, which std::string holds in place. An argument and not a type, so that all are measured by
/// the same code.
enum class spelling { digits, url, word };

/// The part of a benchmark's name that says which keys.
template <typename Key>
constexpr auto key_name(spelling spelt = spelling::digits) -> const char* {
  if (spelt == spelling::url) return "url";
  if (spelt == spelling::word) return "word";
  if constexpr (std::is_same_v<Key, std::uint64_t>) return "u64";
  if constexpr (std::is_same_v<Key, std::int32_t>) return "i32";
  if constexpr (std::is_same_v<Key, double>) return "double";
  if constexpr (std::is_same_v<Key, std::string>) return "string";
}

/// A small generator with fixed seeds: the same keys in every process and on every machine.
class split_mix {
 public:
  explicit split_mix(std::uint64_t seed) : state_(seed) {}

  auto operator()() -> std::uint64_t {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

/// The word at `place` of the order of letters. Where it is cut off changes that order a little.
inline auto word_at(std::uint64_t place) -> std::string {
  std::string text(2 + split_mix(place)() % 9, ' ');
  for (char& letter : text) {
    const auto wide = static_cast<unsigned __int128>(place) * 26;
    letter = static_cast<char>('a' + static_cast<int>(wide >> 64U));
    place = static_cast<std::uint64_t>(wide);
  }
  return text;
}

/// The key at `place` of the 2^64 places of an order that all key types share (words nearly so). Strings
/// other than words are longer than what std::string holds in place.
template <typename Key>
auto key_at(std::uint64_t place, [[maybe_unused]] spelling spelt = spelling::digits) -> Key {
  if constexpr (std::is_same_v<Key, std::string>) {
    if (spelt == spelling::word) return word_at(place);
    std::string text = spelt == spelling::url ? "https://www.example.org/archive/" : "";
    const std::size_t prefix = text.size();
    text.resize(prefix + 16);
    for (std::size_t i = text.size(); i-- > prefix; place >>= 4U) text[i] = "0123456789abcdef"[place & 15U];
    return text;
  } else if constexpr (std::is_same_v<Key, std::int32_t>) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(place >> 32U) ^ 0x80000000U);
  } else {
    return static_cast<Key>(place);
  }
}

/// `size` ascending keys, evenly spread with random distances; all different, but for words.
template <typename Key>
auto sorted_keys(std::size_t size, spelling spelt = spelling::digits) -> const std::vector<Key>& {
  static std::map<std::pair<std::size_t, spelling>, std::vector<Key>> sets;
  std::vector<Key>& keys = sets[{size, spelt}];
  if (!keys.empty()) return keys;
  keys.resize(size);
  split_mix random(size);
  const std::uint64_t stride = ~std::uint64_t{0} / size;
  std::size_t i = 0;
  for (std::size_t made = 0; made < size; ++made) {
    keys[i] = key_at<Key>(stride * i + random() % (stride / 8 * 7), spelt);
    // A step without common divisor reaches every position once.
    i = std::is_same_v<Key, std::string> ? (i + 999'983) % size : i + 1;
  }
  if (spelt == spelling::word) std::sort(keys.begin(), keys.end());
  return keys;
}

/// How many different queries there are: too many for a branch predictor to remember their outcomes.
inline constexpr std::size_t query_count = std::size_t{1} << 16U;

/// Queries that one iteration of a benchmark answers, the next iteration taking the next ones.
inline constexpr std::size_t batch = 1024;

/// `query_count` keys in random order, every second one present in sorted_keys(size); `batch` more repeat the
/// first.
template <typename Key>
auto queries(std::size_t size, spelling spelt = spelling::digits) -> const std::vector<Key>& {
  static std::map<std::pair<std::size_t, spelling>, std::vector<Key>> sets;
  std::vector<Key>& needles = sets[{size, spelt}];
  if (!needles.empty()) return needles;
  const std::vector<Key>& keys = sorted_keys<Key>(size, spelt);
  split_mix random(size + 1);
  needles.reserve(query_count + batch);
  for (std::size_t i = 0; i < query_count; ++i) {
    needles.push_back(i % 2 == 0 ? keys[random() % size] : key_at<Key>(random(), spelt));
  }
  for (std::size_t i = 0; i < batch; ++i) needles.push_back(needles[i]);
  return needles;
}

}  // namespace deft_bench
