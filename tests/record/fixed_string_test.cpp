// deft::fixed_string: short texts of a known capacity.
#include "deft/record/fixed_string.hpp"

#include <stdexcept>
#include <string>
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

}  // namespace
