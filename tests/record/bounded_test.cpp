// bounded and bounded_enum: values of a declared domain.
#include "deft/record/bounded.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <compare>
#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

#include "deft/core/hash.hpp"
#include "deft/record/enum_names.hpp"

namespace {

using deft::bounded;
using deft::bounded_enum;

using digit = bounded<int, 0, 9>;
using charge = bounded<std::int8_t, -3, 3>;
enum class side : char { buy, sell };
enum class mode : std::uint64_t { air, rail, road };
using known_side = bounded_enum<side, side::sell>;
using known_mode = bounded_enum<mode, mode::road>;

TEST(Bounded, TakesTheNarrowestTypeThatHoldsItsDomain) {
  static_assert(std::is_same_v<digit::storage_type, std::uint8_t> && sizeof(digit) == 1);
  static_assert(std::is_same_v<bounded<int, -1, 9>::storage_type, std::int8_t>);
  static_assert(std::is_same_v<bounded<int, -1, 128>::storage_type, std::int16_t>);
  static_assert(std::is_same_v<bounded<long, 0, 256>::storage_type, std::uint16_t>);
  static_assert(std::is_same_v<bounded<long, 0, 65536>::storage_type, std::uint32_t>);
  static_assert(std::is_same_v<bounded<long, -40000, 0>::storage_type, std::int32_t>);
  static_assert(std::is_same_v<bounded<std::int64_t, INT64_MIN, INT64_MAX>::storage_type, std::int64_t>);
  static_assert(std::is_same_v<bounded<std::uint64_t, 0, UINT64_MAX>::storage_type, std::uint64_t>);
  static_assert(sizeof(known_side) == 1 && sizeof(known_mode) == 1);
}

TEST(Bounded, CountsTheBitsThatTellItsValuesApart) {
  static_assert(digit::bits == 4 && charge::bits == 3 && bounded<int, 5, 5>::bits == 0);
  static_assert(bounded<int, INT_MIN, INT_MAX>::bits == 32);
  static_assert(bounded<std::uint64_t, 0, UINT64_MAX>::bits == 64);
  static_assert(known_side::bits == 1 && known_mode::bits == 2);
}

TEST(Bounded, StartsAtZeroOrTheLowestValue) {
  static_assert(digit{} == 0 && charge{} == 0 && bounded<int, 5, 7>{} == 5 && bounded<int, -7, -5>{} == -7);
  static_assert(known_side{} == side::buy);
}

TEST(Bounded, IsANumberWhereItIsRead) {
  constexpr digit three = 3;
  static_assert(three == 3 && 3 == three && three != 4 && three < 4u && 2.5 < three && three + 1 == 4);
  static_assert(std::is_same_v<decltype(three + 1), int>);
  static_assert(three == digit(3) && three < digit(4) && (three <=> digit(4)) < 0);
  int plain = three;
  EXPECT_EQ(plain, 3);
  int array[5]{0, 1, 2, 3, 4};
  EXPECT_EQ(array[three], 3);
}

TEST(Bounded, MembersOfStructsHaveDefaultedComparisons) {
  struct pair {
    digit d;
    known_side s;
    bool operator==(const pair&) const = default;
    auto operator<=>(const pair&) const = default;
  };

  static_assert(pair{1, side::buy} == pair{1, side::buy} && pair{1, side::buy} < pair{1, side::sell});
  static_assert(std::is_same_v<decltype(pair{} <=> pair{}), std::strong_ordering>);
}

TEST(Bounded, TakesIntegersOfAnyTypeThatAreInTheDomain) {
  charge c = 3u;
  c = -3L;
  c = static_cast<unsigned char>(2);
  c = digit(1);
  c = bounded<long, -100, 100>(-2);
  EXPECT_EQ(c, -2);
  const bounded<std::uint64_t, 0, UINT64_MAX> all = ~std::uint64_t{0};
  EXPECT_EQ(all, UINT64_MAX);
}

TEST(Bounded, ThrowsForAValueOutsideAndKeepsTheOldOne) {
  digit d = 7;
  EXPECT_THROW(d = 10, std::out_of_range);
  EXPECT_THROW(d = -1, std::out_of_range);
  EXPECT_THROW(d = UINT64_MAX, std::out_of_range);
  EXPECT_THROW(d = INT64_MIN, std::out_of_range);
  EXPECT_THROW((d = bounded<int, 0, 99>(10)), std::out_of_range);
  EXPECT_THROW(d += 3, std::out_of_range);
  EXPECT_THROW(d -= 8, std::out_of_range);
  EXPECT_THROW(d += UINT64_MAX, std::out_of_range);
  EXPECT_EQ(d, 7);
  bounded<int, 0, INT_MAX> most = INT_MAX;
  EXPECT_THROW(++most, std::out_of_range);
  EXPECT_EQ(most, INT_MAX);
}

TEST(Bounded, SaysWhichValueIsOutsideOfWhichDomain) {
  try {
    const digit d = -12;
    FAIL() << d;
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "deft::bounded: -12 is not of [0, 9]");
  }
  try {
    const bounded<std::uint64_t, 1, UINT64_MAX> d = 0;
    FAIL() << d;
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "deft::bounded: 0 is not of [1, 18446744073709551615]");
  }
  try {
    digit d = 9;
    ++d;
    FAIL();
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "deft::bounded: a sum or difference is not of [0, 9]");
  }
}

TEST(Bounded, CountsAndAddsInsideTheDomain) {
  charge c;
  EXPECT_EQ(++c, 1);
  EXPECT_EQ(c++, 1);
  EXPECT_EQ(c--, 2);
  EXPECT_EQ(--c, 0);
  EXPECT_EQ(c += 3, 3);
  EXPECT_EQ(c -= 6L, -3);
}

TEST(Bounded, AddsSubtractsAndMultipliesByValuesOfAnyDomain) {
  digit d = 2;
  EXPECT_EQ(d += digit(3), 5);
  EXPECT_EQ(d -= d, 0);
  EXPECT_EQ(d -= charge(-3), 3);
  EXPECT_EQ(d *= digit(2), 6);
  EXPECT_THROW(d += digit(4), std::out_of_range);
  EXPECT_THROW(d -= (bounded<std::uint64_t, 0, UINT64_MAX>(UINT64_MAX)), std::out_of_range);
  EXPECT_THROW(d *= charge(-1), std::out_of_range);
  EXPECT_EQ(d, 6);
  static_assert([] {
    digit sum = 4;
    sum += digit(5);
    sum -= digit(6);
    return sum *= digit(3);
  }() == 9);
}

TEST(Bounded, MultipliesInsideTheDomain) {
  charge c = 1;
  EXPECT_EQ(c *= -3, -3);
  EXPECT_THROW(c *= 2u, std::out_of_range);
  EXPECT_EQ(c, -3);
  bounded<int, 0, INT_MAX> most = INT_MAX;
  EXPECT_THROW(most *= 2, std::out_of_range);
  EXPECT_THROW(most *= INT64_MAX, std::out_of_range);
  EXPECT_EQ(most, INT_MAX);
  try {
    digit d = 5;
    d *= 2;
    FAIL() << d;
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "deft::bounded: a product is not of [0, 9]");
  }
}

TEST(Bounded, IsChosenBesideANumberWhereOneOfThemSaysItsType) {
  const digit d = 3;
  const auto choose = [&](bool c) { return c ? d.value() : 12; };
  EXPECT_EQ(choose(true), 3);
  EXPECT_EQ(choose(false), 12);
  const auto bounded_choice = [&](bool c) { return c ? d : digit(5); };
  static_assert(std::is_same_v<decltype(bounded_choice(true)), digit>);
  EXPECT_EQ(bounded_choice(false), 5);
}

TEST(Bounded, IsLookedForAmongNumbersAndNumbersAmongIt) {
  static_assert(std::totally_ordered_with<digit, int> && std::totally_ordered_with<int, charge>);
  static_assert(std::is_same_v<std::common_type_t<charge, int>, int>);
  static_assert(std::is_same_v<std::common_type_t<digit, charge>, int>);
  static_assert(std::is_same_v<std::common_type_t<digit, digit>, digit>);
  const std::array<digit, 3> digits{1, 5, 9};
  EXPECT_EQ(std::ranges::find(digits, 5), digits.begin() + 1);
  EXPECT_EQ(std::ranges::lower_bound(digits, 6), digits.begin() + 2);
  const std::array<int, 2> numbers{4, 9};
  EXPECT_EQ(std::ranges::find(numbers, digit(9)), numbers.begin() + 1);
}

TEST(Bounded, TriesAndClamps) {
  static_assert(digit::try_from(9) == digit(9) && !digit::try_from(10) && !digit::try_from(-1));
  static_assert(digit::clamped(12) == 9 && digit::clamped(-12) == 0 && digit::clamped(5u) == 5);
  static_assert(digit::contains(0) && !digit::contains(UINT64_MAX));
  static_assert(known_side::try_from(side::sell) == known_side(side::sell));
  static_assert(!known_side::try_from(static_cast<side>(2)) && !known_side::try_from(static_cast<side>(-1)));
}

TEST(Bounded, HashesAsItsValue) {
  EXPECT_EQ(std::hash<digit>{}(4), std::hash<int>{}(4));
  EXPECT_TRUE(deft::hashable<digit> && deft::hashable<known_side>);
  const std::unordered_set<known_side> sides{side::buy, side::sell, side::buy};
  EXPECT_EQ(sides.size(), 2u);
}

TEST(BoundedEnum, IsTheEnumeratorWhereItIsRead) {
  constexpr known_mode m = mode::rail;
  static_assert(m == mode::rail && m != mode::air && m.value() == mode::rail && m < mode::road);
  switch (m) {
    case mode::rail:
      break;
    default:
      FAIL();
  }
}

TEST(BoundedEnum, ThrowsForANumberThatIsNoEnumerator) {
  known_mode m = mode::road;
  EXPECT_THROW(m = static_cast<mode>(3), std::out_of_range);
  EXPECT_THROW(static_cast<void>(known_side(static_cast<side>(-1))), std::out_of_range);
  EXPECT_EQ(m, mode::road);
}

TEST(EnumNames, AreThoseOfTheDeclaration) {
  static_assert(deft::enum_names<known_mode>() == std::array<std::string_view, 3>{"air", "rail", "road"});
  static_assert(deft::enum_name(known_side(side::sell)) == "sell");

  enum unscoped { zero, two = 2 };

  static_assert(deft::enum_names<bounded_enum<unscoped, two>>() ==
                std::array<std::string_view, 3>{"zero", "", "two"});
}

TEST(Bounded, IsTrivialToCopy) {
  EXPECT_TRUE(std::is_trivially_copyable_v<digit> && std::is_trivially_copyable_v<known_side>);
}

}  // namespace
