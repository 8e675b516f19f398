// record<field<"x", T>...>: a tuple whose elements have names.
#include "deft/record/record.hpp"

#include <any>
#include <compare>
#include <complex>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/bounded.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/fixed_string.hpp"
#include "deft/record/packed.hpp"

namespace {

using deft::field;
using deft::record;

using row = record<field<"x", int>, field<"y", double>>;

TEST(Record, FindsItsFieldsByName) {
  constexpr row r{1, 2.5};
  static_assert(r.get<"x">() == 1 && r.get<"y">() == 2.5);
  static_assert(row::names() == std::array<std::string_view, 2>{"x", "y"} && row::index<"y"> == 1);
  static_assert(std::is_same_v<row::type_of<"y">, double>);
  row changed = r;
  changed.get<"x">() = 7;
  EXPECT_EQ(changed.get<"x">(), 7);
}

TEST(Record, IsValueInitialisedByDefault) {
  static_assert(row{}.get<"x">() == 0 && row{}.get<"y">() == 0.0);
}

TEST(Record, TakesAsManyBytesAsTheStruct) {
  struct plain {
    int x;
    double y;
  };

  static_assert(sizeof(row) == sizeof(plain) && std::is_trivially_copyable_v<row>);
}

TEST(Record, MovesItsFields) {
  record<field<"p", std::unique_ptr<int>>, field<"n", int>> r{std::make_unique<int>(3), 4};
  auto moved = std::move(r);
  EXPECT_EQ(*moved.get<"p">(), 3);
  const std::unique_ptr<int> p = std::move(moved).get<"p">();
  EXPECT_EQ(*p, 3);
  EXPECT_EQ(moved.get<"p">(), nullptr);
}

// A std::any takes any value that is copied, a record as well: asking whether it does must not ask in turn
// whether the record is copied.
TEST(Record, OfASingleFieldThatTakesAnyValueIsCopied) {
  using holder = record<field<"x", std::any>>;
  const holder five{5};
  const holder copy = five;
  EXPECT_EQ(std::any_cast<int>(copy.get<"x">()), 5);
  std::vector<holder> holders{five, copy};
  holders.push_back(std::move(holders.front()));
  EXPECT_EQ(std::any_cast<int>(holders.back().get<"x">()), 5);
  holders.front() = five;
  EXPECT_EQ(std::any_cast<int>(holders.front().get<"x">()), 5);
  const auto [x] = five;
  EXPECT_EQ(std::any_cast<int>(x), 5);
}

TEST(Record, BindsItsFieldsByReference) {
  row r{1, 2.5};
  auto& [x, y] = r;
  x = 5;
  EXPECT_EQ(r.get<"x">(), 5);
  const auto [copy_x, copy_y] = r;
  EXPECT_EQ(copy_x, 5);
  EXPECT_EQ(copy_y, y);
}

TEST(Record, ComparesFieldByField) {
  static_assert(row{1, 2.0} == row{1, 2.0} && row{1, 2.0} != row{1, 3.0} && row{1, 9.0} < row{2, 0.0});
  static_assert(std::is_same_v<decltype(row{} <=> row{}), std::partial_ordering>);
  using named = record<field<"name", std::string>, field<"digit", deft::bounded<int, 0, 9>>>;
  EXPECT_LT(named(std::string("a"), 2), named(std::string("b"), 1));
  static_assert(std::is_same_v<decltype(named{} <=> named{}), std::strong_ordering>);
}

TEST(Record, HashesItsValues) {
  EXPECT_EQ(deft::hash_value(row{1, 0.0}, 3), deft::hash_value(row{1, -0.0}, 3));
  EXPECT_NE(deft::hash_value(row{1, 0.0}, 3), deft::hash_value(row{2, 0.0}, 3));
  const std::unordered_set<row> rows{row{1, 2.0}, row{1, 2.0}, row{2, 2.0}};
  EXPECT_EQ(rows.size(), 2u);
}

TEST(Record, ReplacesOneField) {
  constexpr row r{1, 2.5};
  static_assert(r.with<"y">(3.5) == row{1, 3.5} && r.as_tuple() == std::tuple(1, 2.5));
}

TEST(Record, IsMadeOfValuesWithNames) {
  const auto r = deft::make_record<"count", "name">(3, std::string("abc"));
  static_assert(std::is_same_v<decltype(r), const record<field<"count", int>, field<"name", std::string>>>);
  EXPECT_EQ(r.get<"name">(), "abc");
}

TEST(Record, IsASchema) {
  using small = record<field<"digit", deft::bounded<int, 0, 9>>, field<"y", double>, field<"yes", bool>>;
  static_assert(deft::schema<small> && deft::field_names<small>()[2] == "yes" &&
                deft::field_count<small> == 3);
  constexpr deft::packed<small> p = small{7, 2.5, true};
  static_assert(sizeof p == 9 && p.get<"digit">() == 7 &&
                p.with<"yes">(false).unpack() == small{7, 2.5, false});
  static_assert(deft::as_tuple(p.unpack()) == std::tuple(7, 2.5, true));
  static_assert(deft::from_tuple<small>(std::tuple(7, 2.5, true)) == p.unpack());
  small s = p.unpack();
  std::get<0>(deft::tie_fields(s)) = 8;
  EXPECT_EQ(s.get<"digit">(), 8);
  EXPECT_THROW(static_cast<void>(p.with<"digit">(10)), std::out_of_range);

  struct outer {
    small inner;
    bool b;
  };

  static_assert(sizeof(deft::packed<outer>) == 9);
}

TEST(FixedString, HoldsUpToItsCapacity) {
  constexpr deft::fixed_string<4> code = "AB";
  static_assert(code.size() == 2 && code.view() == "AB" && !code.empty() && code.capacity() == 4);
  static_assert(sizeof(code) == 4 && deft::fixed_string<4>("ABCD").size() == 4);
  static_assert(deft::fixed_string<4>{}.empty() && deft::fixed_string("abc").capacity() == 3);
  deft::fixed_string<4> other;
  other = std::string_view("wxyz");
  EXPECT_EQ(other, "wxyz");
  EXPECT_THROW(other = std::string_view("12345"), std::length_error);
  EXPECT_EQ(other.view(), "wxyz");
}

TEST(FixedString, OrdersAsStringViews) {
  static_assert(deft::fixed_string<4>("AB") < deft::fixed_string<4>("ABC"));
  EXPECT_LT(deft::fixed_string<4>("a"), deft::fixed_string<4>("\xff"));
  EXPECT_EQ(std::hash<deft::fixed_string<4>>{}("ab"), std::hash<std::string_view>{}("ab"));
}

TEST(FixedString, HasZerosBetweenButNotBehindItsCharacters) {
  const deft::fixed_string<5> inside{std::string_view("a\0b", 3)};
  EXPECT_EQ(inside.size(), 3u);
  const deft::fixed_string<5> behind{std::string_view("a\0\0", 3)};
  EXPECT_EQ(behind.size(), 1u);
}

TEST(RecordOrder, ExistsWhereAllFieldsHaveOne) {
  using numbers = deft::record<deft::field<"x", int>, deft::field<"y", double>>;
  using no_order = deft::record<deft::field<"x", std::complex<double>>>;
  static_assert(std::three_way_comparable<numbers>);
  static_assert(!std::three_way_comparable<no_order>);
  EXPECT_TRUE(no_order(std::complex<double>(1, 2)) == no_order(std::complex<double>(1, 2)));
}

}  // namespace
