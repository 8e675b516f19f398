#include "deft/memo/detail/key_traits.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory_resource>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace {

using deft::detail::key_reference;
using deft::detail::key_traits;

enum class color : std::uint8_t { red, green };

// Equal whatever they are: a trusted key must not ask.
[[maybe_unused]] bool operator==(color /*a*/, color /*b*/) {
  throw 1;
}

struct point {
  int x;
  int y;
  bool operator==(const point&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const point& p) {
    return H::combine(std::move(state), p.x, p.y);
  }
};

struct named_point : point {};

struct person {
  std::string name;
  bool operator==(const person&) const = default;
};

}  // namespace

template <>
struct std::hash<person> {
  std::size_t operator()(const person& p) const { return p.name.size(); }
};

namespace {

template <typename K, typename View, std::size_t Words>
constexpr bool is_words_of = std::is_same_v<typename key_traits<K>::view, View> && key_traits<K>::is_words &&
                             key_traits<K>::trusted && key_traits<K>::words == Words;

static_assert(is_words_of<int, int, 1> && is_words_of<double, double, 1> && is_words_of<color, color, 1>);
static_assert(is_words_of<const int*, const int*, 1> && is_words_of<std::tuple<>, std::tuple<>, 1>);
static_assert(is_words_of<std::monostate, std::monostate, 1>);
static_assert(is_words_of<std::chrono::seconds, std::chrono::seconds, 1>);
static_assert(key_traits<std::tuple<std::uint32_t, std::uint32_t>>::words == 1);
static_assert(key_traits<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>>::words == 2);
static_assert(key_traits<std::tuple<char, bool, std::uint16_t, float>>::words == 1);
static_assert(key_traits<std::pair<std::uint64_t, std::optional<std::uint32_t>>>::words == 2);
static_assert(key_traits<std::array<std::uint64_t, 8>>::is_words);
static_assert(key_traits<std::tuple<std::array<std::uint16_t, 3>, std::pair<char, char>>>::words == 1);
static_assert(!key_traits<std::array<std::uint64_t, 9>>::is_words &&
              key_traits<std::array<std::uint64_t, 9>>::trusted);
static_assert(!key_traits<std::array<char, 100'000>>::is_words);
#ifdef __SIZEOF_INT128__
static_assert(key_traits<deft::detail::int128>::words == 2);
#endif

template <typename K, typename View, bool Trusted>
constexpr bool is_viewed_as = std::is_same_v<typename key_traits<K>::view, View> &&
                              !key_traits<K>::is_words && key_traits<K>::trusted == Trusted;

static_assert(is_viewed_as<std::string, std::string_view, true>);
static_assert(is_viewed_as<std::pmr::u16string, std::u16string_view, true>);
static_assert(is_viewed_as<std::vector<int>, std::span<const int>, true>);
static_assert(is_viewed_as<std::vector<point>, std::span<const point>, false>);
static_assert(is_viewed_as<std::vector<bool>, key_reference<std::vector<bool>>, false>);
static_assert(is_viewed_as<std::tuple<std::string, int>, std::tuple<std::string_view, int>, true>);
static_assert(
    is_viewed_as<std::pair<std::string, point>, std::pair<std::string_view, key_reference<point>>, false>);
static_assert(is_viewed_as<std::optional<std::string>, std::optional<std::string_view>, true>);
static_assert(is_viewed_as<std::tuple<std::tuple<std::string>, std::pair<int, double>>,
                           std::tuple<std::tuple<std::string_view>, std::pair<int, double>>, true>);
static_assert(is_viewed_as<point, key_reference<point>, false>);
static_assert(is_viewed_as<long double, long double, true>);

// A lookup takes temporaries, but nothing that would first have to become a key of its own.
static_assert(std::is_convertible_v<point, key_reference<point>>);
static_assert(std::is_convertible_v<named_point, key_reference<point>>);
static_assert(!std::is_constructible_v<key_reference<std::variant<int, std::string>>, int>);
static_assert(std::is_convertible_v<const char*, key_traits<std::string>::view>);
static_assert(
    std::is_convertible_v<std::pair<const char*, point>&, key_traits<std::pair<std::string, point>>::view>);

// Every pair of `keys` (all different) and copies of them: equality, hashes, words, owning and views.
template <typename K>
void expect_all_different(const std::vector<K>& keys) {
  using traits = key_traits<K>;
  for (std::size_t a = 0; a < keys.size(); ++a) {
    const K stored = traits::make(traits::of(keys[a]));
    for (std::size_t b = 0; b < keys.size(); ++b) {
      const auto view = traits::of(keys[b]);
      EXPECT_EQ(traits::equal(stored, view), a == b) << a << ' ' << b;
      EXPECT_EQ(traits::hash(traits::of(stored), 5) == traits::hash(view, 5), a == b) << a << ' ' << b;
      if constexpr (traits::is_words) {
        std::array<std::uint64_t, traits::words> of_a{};
        std::array<std::uint64_t, traits::words> of_b{};
        traits::encode(traits::of(stored), of_a.data());
        traits::encode(view, of_b.data());
        EXPECT_EQ(of_a == of_b, a == b) << a << ' ' << b;
        EXPECT_EQ(traits::equal(traits::decode(of_a.data()), view), a == b) << a << ' ' << b;
      }
    }
    EXPECT_NE(traits::hash(traits::of(stored), 5), traits::hash(traits::of(stored), 6));
  }
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

TEST(KeyTraits, TellDifferentNumbersApart) {
  expect_all_different<int>({0, 1, -1, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()});
  expect_all_different<std::int8_t>({0, 1, -1, -128, 127});
  expect_all_different<std::uint64_t>({0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63});
  expect_all_different<bool>({false, true});
  expect_all_different<double>({0.0, 1.0, -1.0, nan, inf, -inf, std::numeric_limits<double>::denorm_min()});
  expect_all_different<float>({0.0F, 1.0F, static_cast<float>(nan), static_cast<float>(inf)});
  expect_all_different<long double>({0.0L, 1.0L, std::numeric_limits<long double>::quiet_NaN()});
  static const int numbers[2]{};
  expect_all_different<const int*>({nullptr, numbers, numbers + 1});
  expect_all_different<color>({color::red, color::green});
  using namespace std::chrono_literals;
  expect_all_different<std::chrono::milliseconds>({0ms, 1ms, -1ms});
  expect_all_different<std::chrono::system_clock::time_point>(
      {{}, std::chrono::system_clock::time_point(1us)});
#ifdef __SIZEOF_INT128__
  using deft::detail::int128;
  expect_all_different<int128>({0, 1, -1, int128{1} << 64, int128{1} << 100});
  expect_all_different<std::tuple<char, int128>>({{'a', 0}, {'a', int128{1} << 64}, {'b', 0}, {'b', -1}});
#endif
}

TEST(KeyTraits, TellDifferentRecordsOfNumbersApart) {
  expect_all_different<std::tuple<int, int>>({{1, 2}, {2, 1}, {-1, 0}, {0, -1}, {0, 0}});
  expect_all_different<std::pair<std::int8_t, double>>({{-1, 0.0}, {0, -1.0}, {0, nan}, {1, nan}});
  expect_all_different<std::optional<int>>({std::nullopt, 0, 1, -1});
  expect_all_different<std::optional<std::optional<int>>>({std::nullopt, std::optional<int>(), 0, 1});
  expect_all_different<std::array<std::uint16_t, 5>>({{}, {1}, {0, 1}, {0, 0, 0, 0, 1}, {0, 0, 0, 1}});
  expect_all_different<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>>(
      {{1, 2, 3}, {3, 2, 1}, {2, 1, 3}, {1, 3, 2}, {0, 0, 0}});
  expect_all_different<
      std::tuple<std::tuple<bool, std::optional<char>>, std::pair<short, std::array<int, 2>>>>(
      {{{true, 'a'}, {1, {2, 3}}},
       {{true, {}}, {1, {2, 3}}},
       {{false, 'a'}, {1, {2, 3}}},
       {{true, 'a'}, {1, {3, 2}}}});
}

TEST(KeyTraits, TellDifferentStringsSequencesAndTuplesApart) {
  expect_all_different<std::string>(
      {"", "a", "b", std::string(1, '\0'), std::string(2, '\0'), std::string(99, 'x')});
  expect_all_different<std::wstring>({L"", L"a", L"b"});
  expect_all_different<std::pmr::string>({"", "a", "b"});
  expect_all_different<std::vector<int>>({{}, {0}, {1}, {0, 0}, {1, 2}, {2, 1}});
  expect_all_different<std::vector<double>>({{}, {0}, {nan}, {nan, nan}});
  expect_all_different<std::vector<std::string>>({{}, {""}, {"a"}, {"", "a"}, {"a", ""}});
  expect_all_different<std::vector<std::vector<int>>>({{}, {{}}, {{1}}, {{}, {1}}, {{1}, {}}});
  expect_all_different<std::vector<bool>>(
      {{}, {true}, {false, true}});  // std::hash ignores zeroes at the end
  expect_all_different<std::array<std::string, 2>>({{"a", ""}, {"", "a"}, {}});
  expect_all_different<std::optional<std::string>>({std::nullopt, "", "a"});
  expect_all_different<std::optional<std::optional<std::string>>>(
      {std::nullopt, std::optional<std::string>(), ""});
  expect_all_different<std::pair<std::string, int>>({{"a", 1}, {"a", 2}, {"b", 1}});
  expect_all_different<std::tuple<std::tuple<std::string>>>({{{"a"}}, {{"b"}}});
  expect_all_different<std::tuple<std::string, std::vector<int>, std::pair<int, std::string>>>(
      {{"a", {1}, {1, "a"}}, {"a", {}, {1, "a"}}, {"a", {1}, {1, "b"}}, {"", {1}, {1, "a"}}});
}

TEST(KeyTraits, TakeTypesOfTheUsers) {
  expect_all_different<point>({{1, 2}, {2, 1}, {0, 0}});
  expect_all_different<person>({{""}, {"a"}, {"bc"}});  // of different lengths: its hash is that bad
  expect_all_different<std::tuple<point, std::string>>({{{1, 2}, "a"}, {{1, 2}, "b"}, {{2, 1}, "a"}});
  expect_all_different<std::vector<point>>({{}, {{1, 2}}, {{1, 2}, {1, 2}}});
  expect_all_different<std::optional<person>>({std::nullopt, person{"a"}});
  expect_all_different<std::variant<int, std::string>>({0, 1, "a"});
}

TEST(KeyTraits, CallEveryNanEqualAndMinusZeroZero) {
  using traits = key_traits<double>;
  EXPECT_TRUE(traits::equal(nan, -nan));
  EXPECT_TRUE(traits::equal(0.0, -0.0));
  EXPECT_EQ(traits::hash(nan, 5), traits::hash(-nan, 5));
  EXPECT_EQ(traits::hash(0.0, 5), traits::hash(-0.0, 5));
  using vector_traits = key_traits<std::vector<float>>;
  const std::vector<float> a{0.0F, std::nanf("1")};
  const std::vector<float> b{-0.0F, std::nanf("2")};
  EXPECT_TRUE(vector_traits::equal(a, b));
  EXPECT_EQ(vector_traits::hash(a, 5), vector_traits::hash(b, 5));
  using tuple_traits = key_traits<std::tuple<std::string, long double, std::optional<double>>>;
  EXPECT_TRUE(tuple_traits::equal({"a", -0.0L, nan}, {"a", 0.0L, -nan}));
  EXPECT_EQ(tuple_traits::hash({"a", -0.0L, nan}, 5), tuple_traits::hash({"a", 0.0L, -nan}, 5));
}

TEST(KeyTraits, HashViewsOfTheCallersAsViewsOfWhatIsStored) {
  using traits = key_traits<std::tuple<std::string, std::vector<int>>>;
  const std::array<int, 2> numbers{1, 2};
  const traits::view asked("key", numbers);
  const std::tuple<std::string, std::vector<int>> stored("key", {1, 2});
  EXPECT_EQ(traits::hash(asked, 5), traits::hash(traits::of(stored), 5));
  EXPECT_TRUE(traits::equal(stored, asked));
  EXPECT_EQ(traits::make(asked), stored);
}

// Random records against std::tuple's own equality.
TEST(KeyTraits, AgreeWithTheEqualityOfTuplesOfNumbers) {
  using record = std::tuple<std::uint8_t, std::optional<std::int16_t>, std::array<bool, 3>, std::int64_t>;
  using traits = key_traits<record>;
  static_assert(traits::is_words);
  std::mt19937 random(1);
  const auto small = [&] { return static_cast<int>(random() % 3) - 1; };
  const auto make = [&] {
    record r(static_cast<std::uint8_t>(small()),
             small() == 0 ? std::nullopt : std::optional<std::int16_t>(small()), {}, small());
    for (bool& bit : std::get<2>(r)) bit = small() == 0;
    return r;
  };
  int equal = 0;
  for (int i = 0; i < 20'000; ++i) {
    const record a = make();
    const record b = make();
    equal += static_cast<int>(a == b);
    ASSERT_EQ(traits::equal(a, b), a == b);
    std::array<std::uint64_t, traits::words> words{};
    traits::encode(a, words.data());
    ASSERT_EQ(traits::decode(words.data()), a);
  }
  EXPECT_GT(equal, 10);
}

}  // namespace
