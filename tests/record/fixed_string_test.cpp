// deft::fixed_string: short texts of a known capacity.
#include "deft/record/fixed_string.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>

namespace {

using symbol = deft::fixed_string<8>;

TEST(FixedString, TakesALiteral) {
  symbol s;
  s = "AAPL";
  EXPECT_EQ(s.view(), "AAPL");
  s = "A";
  EXPECT_EQ(s, symbol("A"));
}

TEST(FixedString, TakesAString) {
  symbol s;
  s = std::string("MSFT");
  EXPECT_EQ(s.view(), "MSFT");
  EXPECT_THROW(s = std::string(9, 'x'), std::length_error);
  EXPECT_EQ(s.view(), "MSFT");
}

TEST(FixedString, TakesNoLiteralThatIsTooLong) {
  static_assert(std::is_assignable_v<symbol&, const char(&)[9]>);
  static_assert(!std::is_assignable_v<symbol&, const char(&)[10]>);
}

// With AddressSanitizer: nothing behind the array is read.
TEST(FixedString, TakesAllOfAnArrayThatDoesNotEndInAZero) {
  const auto code = std::make_unique<char[][4]>(1);
  std::ranges::copy(std::string_view("AAPL"), code[0]);
  EXPECT_EQ(symbol(code[0]).view(), "AAPL");
  EXPECT_EQ(deft::fixed_string<4>(code[0]).view(), "AAPL");
  symbol s;
  s = code[0];
  EXPECT_EQ(s.view(), "AAPL");
  static constexpr char two[2] = {'a', 'b'};
  static_assert(deft::fixed_string<2>(two).view() == "ab");
}

TEST(FixedString, RefusesAnArrayThatDoesNotEndInAZeroAndIsTooLong) {
  const char code[4] = {'A', 'A', 'P', 'L'};
  EXPECT_THROW(static_cast<void>(deft::fixed_string<3>(code)), std::length_error);
  deft::fixed_string<3> s = "AA";
  EXPECT_THROW(s = code, std::length_error);
  EXPECT_EQ(s.view(), "AA");
}

}  // namespace
