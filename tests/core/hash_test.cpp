#include "deft/core/hash.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

/// For structured bindings, without std::get.
struct interval {
  int first;
  int last;

  template <std::size_t I>
  [[nodiscard]] auto get() const -> int {
    return I == 0 ? first : last;
  }
};

}  // namespace

template <>
struct std::tuple_size<interval> : std::integral_constant<std::size_t, 2> {};

template <std::size_t I>
struct std::tuple_element<I, interval> {
  using type = int;
};

template <>
struct std::hash<interval> {
  auto operator()(const interval& x) const noexcept -> std::size_t {
    return static_cast<std::size_t>(x.first);
  }
};

namespace {

enum class color : std::uint8_t { red, green };

struct point {
  int x;
  int y;
};

static_assert(deft::hashable<std::string> && deft::hashable<std::tuple<int, std::string_view, color>>);
static_assert(deft::hashable<std::unique_ptr<int>>);  // through std::hash
static_assert(!deft::hashable<point> && !deft::hashable<std::pair<int, point>>);
static_assert(deft::hash_integer(1, 0) != deft::hash_integer(1, 1));

TEST(Hash, GivesThePinnedValuesUnderAPinnedSeed) {
  EXPECT_EQ(deft::hash_integer(0, 0), 0xe220a8397b1dcdafu);
  EXPECT_EQ(deft::hash_bytes("", 0, 0), 0x2d06800538d394c2u);
  EXPECT_EQ(deft::hash_bytes("deft", 4, 0), 0x98f3bbaafdd08905u);
  EXPECT_EQ(deft::hash_bytes("deft", 4, 42), 0xcc7acadd34199e3eu);
  EXPECT_EQ(deft::hash_value(std::pair(1, std::string("deft")), 42), 0x3da648fe2e655d1bu);
  EXPECT_EQ(deft::hash_value(1.5, 42), 0xeaf9739d23653898u);
}

TEST(Hash, EqualValuesHashAlike) {
  const deft::hash<double> number;
  EXPECT_EQ(number(0.0), number(-0.0));
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()),
            number(-std::numeric_limits<double>::quiet_NaN()));
  const std::string text = "a string longer than any small buffer";
  EXPECT_EQ(deft::hash<std::string>{}(text), deft::hash<std::string_view>{}(std::string_view(text)));
  EXPECT_EQ(deft::hash<std::string>{}("literal"), deft::hash<std::string>{}(std::string("literal")));
  EXPECT_EQ(deft::hash_value(std::tuple(1, text), 7),
            deft::hash_value(std::tie(std::as_const(*std::make_unique<int>(1)), text), 7));
}

TEST(Hash, DependsOnEverythingThatItShould) {
  const std::set<std::uint64_t> different{deft::hash_value(0, 1),
                                          deft::hash_value(0, 2),
                                          deft::hash_value(std::pair(1, 2), 1),
                                          deft::hash_value(std::pair(2, 1), 1),
                                          deft::hash_value(std::tuple(1, 2, 0), 1),
                                          deft::hash_value(std::optional<int>(), 1),
                                          deft::hash_value(std::optional<int>(0), 1),
                                          deft::hash_value(std::string(1, '\0'), 1),
                                          deft::hash_value(std::string(2, '\0'), 1),
                                          deft::hash_value(color::green, 1),
                                          deft::hash_value(std::array{1, 2, 3}, 1)};
  EXPECT_EQ(different.size(), 11u);
}

TEST(Hash, EveryInputBitReachesEveryOutputBit) {
  for (int in = 0; in < 64; ++in) {
    std::array<int, 64> flips{};
    for (std::uint64_t x = 0; x < 256; ++x) {
      const std::uint64_t key = x * 0x123456789abcdefu;
      const std::uint64_t changed =
          deft::hash_integer(key, 5) ^ deft::hash_integer(key ^ (std::uint64_t{1} << in), 5);
      for (int out = 0; out < 64; ++out) flips[out] += static_cast<int>(changed >> out & 1);
    }
    for (const int count : flips) {
      EXPECT_GT(count, 256 / 4);
      EXPECT_LT(count, 256 * 3 / 4);
    }
  }
}

TEST(Hash, CollisionsPreparedForOneSeedSpreadUnderAnother) {
  std::vector<std::uint64_t> keys;  // all in bucket 0 of 1024 under seed 0
  for (std::uint64_t x = 0; keys.size() < 1000; ++x) {
    if (deft::hash_integer(x, 0) % 1024 == 0) keys.push_back(x);
  }
  std::set<std::uint64_t> buckets;
  for (const std::uint64_t key : keys) buckets.insert(deft::hash_integer(key, 1) % 1024);
  EXPECT_GT(buckets.size(), 500u);  // 638 expected of a random function
}

TEST(Hash, LooksStringsUpWithoutMakingThem) {
  std::unordered_map<std::string, int, deft::hash<std::string>, std::equal_to<>> table;
  table["key"] = 1;
  EXPECT_TRUE(table.contains(std::string_view("key")));
}

struct upper_case : std::char_traits<char> {
  static auto eq(char a, char b) -> bool { return (a & ~0x20) == (b & ~0x20); }
};

TEST(Hash, RefusesStringsWhoseTraitsDecideWhatIsEqual) {
  static_assert(deft::hashable<std::u16string>);
  static_assert(!deft::hashable<std::basic_string<char, upper_case>>);
  static_assert(!deft::hashable<std::basic_string_view<char, upper_case>>);
}

TEST(Hash, TakesATypesOwnStdHashThoughItCanBeTakenApart) {
  EXPECT_EQ(deft::hash_value(interval{1, 2}, 5), deft::hash_value(interval{1, 3}, 5));
  EXPECT_NE(deft::hash_value(interval{1, 2}, 5), deft::hash_value(interval{2, 2}, 5));
}

/// Hashable for Abseil, and by a std::hash that gives no hint of it.
struct account {
  std::string owner;
  std::vector<int> numbers;
  std::set<int> tags = {};

  template <typename H>
  friend H AbslHashValue(H state, const account& x) {
    state = H::combine(std::move(state), x.owner, x.numbers.size());
    state = H::combine_contiguous(std::move(state), x.numbers.data(), x.numbers.size());
    return H::combine_unordered(std::move(state), x.tags.begin(), x.tags.end());
  }
};

/// Has parts that are hashable for Abseil only.
struct household {
  account first;
  std::optional<account> second;

  template <typename H>
  friend H AbslHashValue(H state, const household& x) {
    return H::combine(std::move(state), x.first, x.second);
  }
};

}  // namespace

template <>
struct std::hash<account> {
  auto operator()(const account& /*x*/) const noexcept -> std::size_t { return 1; }
};

namespace {

static_assert(deft::hashable<account> && deft::hashable<household> && deft::hashable<std::vector<account>>);
static_assert(!deft::hashable<std::vector<point>> && deft::hashable<std::vector<bool>>);

TEST(Hash, TakesAnAbslHashValueWithoutAbseilAndPrefersItToStdHash) {
  const account ann{"ann", {1, 2}};
  EXPECT_EQ(deft::hash_value(ann, 5), deft::hash_value(account{"ann", {1, 2}}, 5));
  EXPECT_NE(deft::hash_value(ann, 5), deft::hash_value(account{"bob", {1, 2}}, 5));
  EXPECT_NE(deft::hash_value(ann, 5), deft::hash_value(account{"ann", {2, 1}}, 5));
  EXPECT_NE(deft::hash_value(ann, 5), deft::hash_value(account{"ann", {}}, 5));
  EXPECT_NE(deft::hash_value(ann, 5), deft::hash_value(ann, 6));
  EXPECT_EQ(deft::hash<account>(5)(ann), static_cast<std::size_t>(deft::hash_value(ann, 5)));
}

TEST(Hash, LetsAbslHashValueCombineWhatHasOneAndWhatHasNoOrder) {
  EXPECT_EQ(deft::hash_value(household{{"ann", {}}, account{"bob", {}}}, 5),
            deft::hash_value(household{{"ann", {}}, account{"bob", {}}}, 5));
  EXPECT_NE(deft::hash_value(household{{"ann", {}}, account{"bob", {}}}, 5),
            deft::hash_value(household{{"ann", {}}, std::nullopt}, 5));
  const auto of = [](auto... tags) {
    const std::array<int, sizeof...(tags)> all{tags...};
    return deft::detail::hash_state::combine_unordered(deft::detail::hash_state(5), all.begin(), all.end())
        .value();
  };
  EXPECT_EQ(of(1, 2, 3), of(3, 1, 2));
  EXPECT_NE(of(1, 2, 3), of(1, 2));
  EXPECT_NE(of(1, 1), of(1));
}

TEST(Hash, OfAVectorIsThatOfASpanOfIt) {
  const std::vector<int> numbers{1, 2, 3};
  EXPECT_EQ(deft::hash_value(numbers, 5), deft::hash_value(std::span<const int>(numbers), 5));
  EXPECT_EQ(deft::hash_value(numbers, 5), deft::hash_value(std::span<const int, 3>(numbers), 5));
  EXPECT_NE(deft::hash_value(numbers, 5), deft::hash_value(std::vector{1, 2}, 5));
  EXPECT_NE(deft::hash_value(numbers, 5), deft::hash_value(std::vector{1, 3, 2}, 5));
  EXPECT_EQ(deft::hash_value(std::vector{0.0}, 5), deft::hash_value(std::vector{-0.0}, 5));
  EXPECT_NE(deft::hash_value(std::vector<std::vector<int>>{{1}, {}}, 5),
            deft::hash_value(std::vector<std::vector<int>>{{}, {1}}, 5));
  EXPECT_EQ(deft::hash_value(std::vector<int>(), 5), deft::hash_value(std::span<const int>(), 5));
}

TEST(Hash, OfLongDoublesAndWideIntegersFollowsTheSameRules) {
  EXPECT_EQ(deft::hash_value(0.0L, 5), deft::hash_value(-0.0L, 5));
  EXPECT_EQ(deft::hash_value(std::numeric_limits<long double>::quiet_NaN(), 5),
            deft::hash_value(-std::numeric_limits<long double>::quiet_NaN(), 5));
#ifdef __SIZEOF_INT128__
  static_assert(deft::hashable<deft::detail::int128> && deft::hashable<deft::detail::uint128>);
  const deft::detail::int128 one = 1;
  EXPECT_NE(deft::hash_value(one, 5), deft::hash_value(deft::detail::int128{one << 64}, 5));
  EXPECT_EQ(deft::hash_value(one, 5), deft::hash_value(deft::detail::int128{1}, 5));
#endif
}

TEST(HashSeed, IsTheSameInEveryCallAndTheDefault) {
  EXPECT_EQ(deft::hash_seed(), deft::hash_seed());
  EXPECT_EQ(deft::hash<int>().seed(), deft::hash_seed());
}

// In a new process, because the seed is drawn once: the statement runs in the child only.
void exit_with_low_seed_bits(const char* variable) {
  ::setenv("DEFT_HASH_SEED", variable, 1);
  std::exit(static_cast<int>(deft::hash_seed() & 0x7f));
}

TEST(HashSeedDeathTest, IsTakenFromTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(exit_with_low_seed_bits("37"), testing::ExitedWithCode(37), "");
  EXPECT_EXIT(exit_with_low_seed_bits("0x25"), testing::ExitedWithCode(0x25), "");
}

}  // namespace
