// What record_vector promises about numbers that do not fit, capacity, texts' offsets and rows.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/record/fields.hpp"
#include "deft/record/fixed_string.hpp"
#include "deft/record/record_vector.hpp"

namespace {

using testing::ElementsAre;

struct trade {
  std::uint8_t lots;
  int change;
  std::optional<std::int16_t> flags;
  deft::fixed_string<4> symbol;
};

struct note {
  int id;
  std::string text;
};

TEST(RecordVectorSet, RefusesANumberThatTheFieldDoesNotHave) {
  deft::record_vector<trade> v{{1, 2, 3, "A"}};
  EXPECT_THROW(v[0].set<&trade::lots>(300), std::out_of_range);
  EXPECT_THROW(v[0].set<&trade::lots>(-1), std::out_of_range);
  EXPECT_THROW(v[0].set<&trade::change>(std::uint64_t{1} << 31), std::out_of_range);
  EXPECT_THROW(v[0].set<&trade::flags>(40'000), std::out_of_range);
  EXPECT_THROW((v[0].set_many<&trade::change, &trade::lots>(7, 256)), std::out_of_range);
  EXPECT_EQ(v[0].get<&trade::lots>(), 1);
  EXPECT_EQ(v[0].get<&trade::change>(), 2);
  EXPECT_EQ(v[0].get<&trade::flags>(), 3);
  v[0].set<&trade::lots>(255);
  EXPECT_EQ(v[0].get<&trade::lots>(), 255);
}

TEST(RecordVectorSet, RefusesAColumnWithANumberThatTheFieldDoesNotHave) {
  deft::record_vector<trade> v(2, {1, 2, 3, "A"});
  EXPECT_THROW(v.set_column<&trade::lots>(0, std::vector{5, 256}), std::out_of_range);
  EXPECT_THAT(v.column<&trade::lots>(), ElementsAre(1, 1));
  const std::vector<deft::fixed_string<4>> symbols{"B"};
  EXPECT_THROW(v.append_columns(std::vector{-1}, std::vector{0}, std::vector{0}, symbols), std::out_of_range);
  EXPECT_EQ(v.size(), 2U);
}

TEST(RecordVectorColumn, OfEnumsIsWrittenByTheSettersOnly) {
  enum class side : std::uint8_t { buy, sell };

  struct order {
    side way;
    std::byte raw;
  };

  deft::record_vector<order> v(3);
  static_assert(std::is_same_v<decltype(v.column<&order::way>()), std::span<const side>>);
  static_assert(std::is_same_v<decltype(v[0].get<&order::way>()), side>);
  static_assert(std::is_same_v<decltype(v.column<&order::raw>()), std::span<std::byte>>);
  v[0].set<&order::way>(side::sell);
  v.set_column<&order::way>(1, std::vector{side::sell, side::buy});
  EXPECT_THAT(v.column<&order::way>(), testing::ElementsAre(side::sell, side::sell, side::buy));
  std::ranges::sort(v, {}, deft::project<&order::way>);
  EXPECT_EQ(v[0].get<&order::way>(), side::buy);
}

TEST(RecordVectorRow, TakesALiteralAsFixedString) {
  deft::record_vector<trade> v(1);
  v[0].get<&trade::symbol>() = "QQ";
  EXPECT_EQ(v[0].get<&trade::symbol>().view(), "QQ");
}

TEST(RecordVectorCapacity, StaysWhenColumnsAreAppended) {
  deft::record_vector<note> v;
  v.reserve(10'000);
  v.append_columns(std::vector{1}, std::vector<std::string>{"a"});
  EXPECT_GE(v.capacity(), 10'000U);
  EXPECT_EQ(v[0].get<&note::text>(), "a");
}

TEST(RecordVectorCapacity, StaysWhenRowsAreAssigned) {
  deft::record_vector<note> v;
  v.reserve(10'000);
  v.assign(3, {1, "a"});
  EXPECT_GE(v.capacity(), 10'000U);
  v.assign({{2, "b"}});
  EXPECT_GE(v.capacity(), 10'000U);
  EXPECT_EQ(v.size(), 1U);
}

TEST(RecordVectorTexts, HaveAnEndOnceShared) {
  deft::record_vector<note> v{{1, "ab"}, {2, "c"}};
  EXPECT_THAT(v.column<&note::text>().offsets(), ElementsAre(0, 2));
  deft::shared_table<note> shared;
  shared = v.share();
  EXPECT_THAT(shared.column<&note::text>().offsets(), ElementsAre(0, 2, 3));
}

TEST(RecordVectorAppend, TakesALazyViewOfItsOwnRows) {
  deft::record_vector<note> v;
  for (int i = 0; v.size() < v.capacity() || i == 0; ++i) v.push_back({i, std::to_string(i)});
  const std::size_t before = v.size();
  v.append_range(std::ranges::subrange(v.begin(), v.end()) |
                 std::views::filter([](const auto& row) { return deft::project<&note::id>(row) % 2 == 1; }) |
                 std::views::transform([](const auto& row) { return note(row); }));
  ASSERT_EQ(v.size(), before + before / 2);
  EXPECT_EQ(v[before].get<&note::text>(), "1");
}

TEST(RecordVectorIterator, HasAnArrow) {
  deft::record_vector<note> v{{1, "a"}};
  EXPECT_EQ(v.begin()->get<&note::id>(), 1);
  v.begin()->set<&note::id>(5);
  EXPECT_EQ(v.cbegin()->get<&note::id>(), 5);
}

TEST(RecordVectorRow, CanBeHashed) {
  const deft::record_vector<note> v{{1, "a"}, {1, "a"}};
  EXPECT_EQ(std::hash<deft::record_vector<note>::const_row>{}(v[0]),
            std::hash<deft::record_vector<note>::const_row>{}(v[1]));
}

}  // namespace
