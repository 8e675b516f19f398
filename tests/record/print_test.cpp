// Records as text.
#include "deft/record/print.hpp"

#include <iomanip>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record.hpp"

#include "tests/record/schemas.hpp"

namespace {

using namespace deft_test;

template <typename T>
std::string written(const T& object) {
  std::ostringstream to;
  to << object;
  return to.str();
}

TEST(Print, WritesFieldsWithTheirNames) {
  const tick t{-1, 3, std::nullopt, true, 2.5};
  EXPECT_EQ(deft::to_string(t), "{ts=-1, venue=3, cond=none, buy=true, price=2.5}");
  EXPECT_EQ(written(deft::packed<tick>(t)), "{ts=-1, venue=3, cond=none, buy=true, price=2.5}");
  EXPECT_EQ(written(deft::packed<tick, deft::aligned>(deft::with<&tick::cond>(t, 7))),
            "{ts=-1, venue=3, cond=7, buy=true, price=2.5}");
  EXPECT_EQ(written(deft::make_record<"x", "y">(1, 'a')), "{x=1, y=97}");
}

TEST(Print, WritesEveryKindOfField) {
  const every_kind object{};
  EXPECT_EQ(written(deft::packed<every_kind>(object)),
            "{b=false, c=0, i8=0, u16=0, i32=0, u64=0, f32=0, f64=0, plain_enum=0, bool_enum=false, wide=0, "
            "widest=0, "
            "only=7, mode=air, maybe_f64=none, maybe_b=none, maybe_status=none, numbers=[0, 0, 0], "
            "flags=[false, false, false, false, false], "
            "digits=[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], maybe_pair=none, "
            "nested={bid=0, skew=0, firm=none}, maybe_nested=none, "
            "nested_each=[{bid=0, skew=0, firm=none}, {bid=0, skew=0, firm=none}], at=0, took=0, code=\"\"}");
}

TEST(Print, QuotesText) {
  struct named {
    std::string name;
    deft::fixed_string<8> code;
    std::vector<int> list;
  };

  EXPECT_EQ(deft::to_string(named{"a \"b\"\\\n\x01\x7f\xc3\xa9", "xy", {1, 2}}),
            "{name=\"a \\\"b\\\"\\\\\\n\\x01\\x7f\xc3\xa9\", code=\"xy\", list=[1, 2]}");
  EXPECT_EQ(written(deft::fixed_string<4>("ab")), "ab");
}

TEST(Print, WritesNumbersThatReadBackTheSame) {
  struct numbers {
    double d;
    float f;
    std::uint64_t u;
    std::int8_t i;
  };

  EXPECT_EQ(deft::to_string(numbers{0.1, 0.1f, std::numeric_limits<std::uint64_t>::max(), -128}),
            "{d=0.1, f=0.1, u=18446744073709551615, i=-128}");
  EXPECT_EQ(deft::to_string(numbers{1e300, std::numeric_limits<float>::infinity(), 0, 0}),
            "{d=1e+300, f=inf, u=0, i=0}");
}

TEST(Print, FillsUpToTheWidthOfTheStream) {
  std::ostringstream to;
  to << std::setw(10) << std::left << std::setfill('.') << deft::make_record<"x">(1) << '|';
  EXPECT_EQ(to.str(), "{x=1}.....|");
}

TEST(Print, WritesALayoutAsATable) {
  EXPECT_EQ(written(deft::layout_report<tick>()),
            "field  struct bytes  whole bytes  from byte  bits  from bit\n"
            "ts                8            8          0     0         -\n"
            "venue             1            0          -     5       160\n"
            "cond              8            4         16     1       165\n"
            "buy               1            0          -     1       166\n"
            "price             8            8          8     0         -\n" +
                std::to_string(sizeof(tick)) +
                " bytes as a struct, 21 packed; the domains need 167 bits, 1 are spare\n");
}

#if defined(__cpp_lib_format)
TEST(Print, FormatsWithTheOptionsOfStringsAndNumbers) {
  const tick t{-1, 3, std::nullopt, true, 2.5};
  EXPECT_EQ(std::format("{}", deft::packed<tick>(t)), "{ts=-1, venue=3, cond=none, buy=true, price=2.5}");
  EXPECT_EQ(std::format("{:.<7}|{:03}", deft::make_record<"x">(1), t.venue), "{x=1}..|003");
}
#endif

}  // namespace
