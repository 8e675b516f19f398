#include <algorithm>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/core/hash.hpp"
#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/record/record_vector_schemas.hpp"
#include "tests/record/schemas.hpp"

namespace {

using deft_test::everything;
using deft_test::make_everything;
using deft_test::person;
using deft_test::trade;
using table = deft::record_vector<everything>;
using trades = deft::record_vector<trade>;

static_assert(std::random_access_iterator<table::iterator>);
static_assert(std::random_access_iterator<table::const_iterator>);
static_assert(
    std::sortable<table::iterator, std::ranges::less, deft::detail::project_field<&everything::id>>);
static_assert(std::ranges::random_access_range<table> && std::ranges::sized_range<table>);
static_assert(std::permutable<table::iterator> && !std::permutable<table::const_iterator>);
static_assert(std::convertible_to<table::iterator, table::const_iterator>);
static_assert(!std::convertible_to<table::const_iterator, table::iterator>);
static_assert(std::is_nothrow_move_constructible_v<table> && std::is_nothrow_move_assignable_v<table>);

TEST(RecordVector, HoldsWhatIsPushedBack) {
  table v;
  EXPECT_TRUE(v.empty());
  std::vector<everything> model;
  for (int i = 0; i < 1000; ++i) {
    model.push_back(make_everything(i));
    v.push_back(model.back());
  }
  ASSERT_EQ(v.size(), 1000u);
  EXPECT_GE(v.capacity(), 1000u);
  for (std::size_t i = 0; i < v.size(); ++i) ASSERT_EQ(everything(v[i]), model[i]) << i;
  EXPECT_TRUE(std::ranges::equal(v, model, [](const auto& a, const auto& b) { return a == b; }));
  EXPECT_EQ(v.front(), model.front());
  EXPECT_EQ(v.back(), model.back());
}

TEST(RecordVector, GivesPlainFieldsByReferenceAndOthersByValue) {
  table v{make_everything(1), make_everything(2)};
  static_assert(std::is_same_v<decltype(v[0].get<&everything::price>()), double&>);
  static_assert(std::is_same_v<decltype(std::as_const(v)[0].get<&everything::price>()), const double&>);
  static_assert(std::is_same_v<decltype(v[0].get<&everything::flag>()), bool>);
  static_assert(std::is_same_v<decltype(v[0].get<&everything::name>()), std::string_view>);
  static_assert(std::is_same_v<decltype(v[0].get<&everything::level>()), deft::bounded<int, -5, 300>>);
  static_assert(std::is_same_v<decltype(v[0].get<&everything::note>()), std::optional<std::string_view>>);
  static_assert(std::is_same_v<decltype(v[0].get<3>()), double&>);
  v[1].get<&everything::price>() = 8.5;
  EXPECT_EQ(v[1].get<&everything::price>(), 8.5);
  EXPECT_EQ(deft::project<&everything::price>(v[1]), 8.5);
  EXPECT_EQ(v[0].get<&everything::name>(), "row number 1");
}

TEST(RecordVector, ChecksDomainsWhereItIsWrittenTo) {
  table v{make_everything(1)};
  v[0].set<&everything::level>(300);
  EXPECT_EQ(v[0].get<&everything::level>(), 300);
  EXPECT_THROW(v[0].set<&everything::level>(301), std::out_of_range);
  EXPECT_THROW(v.set<&everything::grade>(0, 9), std::out_of_range);
  EXPECT_EQ(v[0].get<&everything::level>(), 300);
  const std::vector<int> levels{7};
  v.set_column<&everything::level>(0, levels);
  EXPECT_EQ(v[0].get<&everything::level>(), 7);
  EXPECT_THROW(v.set_column<&everything::level>(0, std::vector{-6}), std::out_of_range);
  EXPECT_EQ(v[0].get<&everything::level>(), 7);
}

TEST(RecordVector, WritesSeveralFieldsOfARowOrNone) {
  table v{make_everything(1), make_everything(2)};
  v[1].set_many<&everything::level, &everything::name, &everything::note>(9, "new", std::nullopt);
  EXPECT_EQ(v[1].get<&everything::level>(), 9);
  EXPECT_EQ(v[1].get<&everything::name>(), "new");
  EXPECT_EQ(v[1].get<&everything::note>(), std::nullopt);
  EXPECT_THROW((v[1].set_many<&everything::name, &everything::level>("newer", 999)), std::out_of_range);
  EXPECT_EQ(v[1].get<&everything::name>(), "new");
}

TEST(RecordVector, AssignsRowsThroughConstReferences) {
  table v{make_everything(1), make_everything(2), make_everything(3)};
  const auto first = v[0];
  first = v[2];
  EXPECT_EQ(v[0], make_everything(3));
  first = make_everything(9);
  EXPECT_EQ(v[0], make_everything(9));
  swap(v[0], v[1]);
  EXPECT_EQ(v[0], make_everything(2));
  EXPECT_EQ(v[1], make_everything(9));
  table other{make_everything(50)};
  swap(v[0], other[0]);
  EXPECT_EQ(v[0], make_everything(50));
  EXPECT_EQ(other[0], make_everything(2));
}

TEST(RecordVector, TakesRowsApartInBindings) {
  trades v{{.serial = 1, .venue = 3, .condition = 5, .buy = true, .price = 2.5}};
  auto [serial, venue, condition, buy, price] = v[0];
  EXPECT_EQ(serial, 1);
  EXPECT_EQ(venue, 3);
  EXPECT_EQ(condition, 5);
  EXPECT_TRUE(buy);
  price = 4;
  EXPECT_EQ(v[0].get<&trade::price>(), 4);
}

TEST(RecordVector, ShowsColumnsAsTheyLieInMemory) {
  table v;
  for (int i = 0; i < 300; ++i) v.push_back(make_everything(i));
  const std::span<double> prices = v.column<&everything::price>();
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(prices.data()) % 64, 0u);
  const std::span<const std::int16_t> levels = v.column<&everything::level>();
  static_assert(std::is_same_v<decltype(v.column<&everything::way>()), std::span<const std::uint8_t>>);
  static_assert(std::is_same_v<decltype(v.column<&everything::grade>()), std::span<const std::uint8_t>>);
  const deft::mutable_bits_view flags = v.column<&everything::flag>();
  const deft::bits_view counted = v.validity<&everything::count>();
  const auto names = v.column<&everything::name>();
  ASSERT_EQ(prices.size(), 300u);
  for (int i = 0; i < 300; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const everything e = make_everything(i);
    ASSERT_EQ(prices[n], e.price);
    ASSERT_EQ(levels[n], e.level);
    ASSERT_EQ(flags[n], e.flag);
    ASSERT_EQ(counted[n], e.count.has_value());
    ASSERT_EQ(v.column<&everything::count>()[n], e.count.value_or(0));
    ASSERT_EQ(names[n], e.name);
    ASSERT_EQ(v.column<&everything::note>()[n], e.note.value_or(""));
  }
  EXPECT_TRUE(names.in_order());
  flags[1] = true;
  EXPECT_TRUE(v[1].get<&everything::flag>());
  EXPECT_EQ(std::tuple_size_v<decltype(v.columns())>, 14u);
}

TEST(RecordVector, GivesNothingOfTemporaries) {
  const auto can_index = []<typename V>(V&& of) { return requires { std::forward<V>(of)[0]; }; };
  trades v(1);
  EXPECT_TRUE(can_index(v));
  EXPECT_FALSE(can_index(trades(1)));
  const auto can_column = []<typename V>(V&& of) {
    return requires { std::forward<V>(of).template column<&trade::price>(); };
  };
  EXPECT_TRUE(can_column(v));
  EXPECT_FALSE(can_column(trades(1)));
}

TEST(RecordVector, ThrowsBehindTheEndWhereAskedTo) {
  trades v(2);
  EXPECT_NO_THROW(static_cast<void>(v.at(1)));
  EXPECT_THROW(static_cast<void>(v.at(2)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(std::as_const(v).at(2)), std::out_of_range);
  EXPECT_DEATH(static_cast<void>(v[2]), "outside");
  EXPECT_THROW(v.reserve(v.max_size() + 1), std::length_error);
}

TEST(RecordVector, ComparesAndHashesRowsByTheirFields) {
  trades v{{1, 2, 3, true, 1.5}, {1, 2, 3, true, 1.5}, {1, 2, {}, true, 1.5}, {2, 0, 0, false, 0}};
  EXPECT_EQ(v[0], v[1]);
  EXPECT_NE(v[0], v[2]);
  EXPECT_EQ(v[0], (trade{1, 2, 3, true, 1.5}));
  EXPECT_LT(v[2], v[0]);  // an absent value comes first
  EXPECT_LT(v[0], v[3]);
  EXPECT_GT(v[3], (trade{1, 2, 3, true, 1.5}));
  using row = trades::const_row;
  EXPECT_EQ(deft::hash_value<row>(v[0], 7), deft::hash_value<row>(v[1], 7));
  EXPECT_NE(deft::hash_value<row>(v[0], 7), deft::hash_value<row>(v[2], 7));
  const trades w = v;
  EXPECT_EQ(v, w);
  v[3].get<&trade::price>() = 1;
  EXPECT_NE(v, w);
  EXPECT_GT(v, w);
}

TEST(RecordVector, SelectsColumnsSideBySide) {
  const trades v{{1, 2, 3, true, 1.5}, {2, 5, {}, false, 2.5}};
  double sum = 0;
  for (const auto [venue, price] : v.select<&trade::venue, &trade::price>()) sum += venue * price;
  EXPECT_EQ(sum, 3.0 + 12.5);
  const auto selection = v.select<&trade::condition>();
  static_assert(std::ranges::random_access_range<decltype(selection)>);
  static_assert(std::ranges::view<decltype(v.select<&trade::condition>())>);
  EXPECT_EQ(std::get<0>(selection[1]), std::nullopt);
}

TEST(RecordVector, ResizesForOverwriteWithDefaultsWhereADomainWantsThem) {
  table v{make_everything(5)};
  v.resize_for_overwrite(100);
  const everything fresh{};
  for (std::size_t i = 1; i < 100; ++i) {
    ASSERT_EQ(v[i].get<&everything::level>(), fresh.level);
    ASSERT_EQ(v[i].get<&everything::grade>(), std::nullopt);
    ASSERT_EQ(v[i].get<&everything::name>(), "");
    ASSERT_FALSE(v[i].get<&everything::flag>());
  }
  EXPECT_EQ(v[0], make_everything(5));
  std::ranges::fill(v.column<&everything::price>(), 1.0);
  v.resize_for_overwrite(1);
  EXPECT_EQ(v.size(), 1u);
}

TEST(RecordVector, AppendsColumnsAtOnce) {
  trades v{{1, 2, 3, true, 1.5}};
  const std::vector<std::int64_t> serials{7, 8};
  const std::vector<int> venues{1, 19};
  const std::vector<std::optional<int>> conditions{std::nullopt, 4};
  const std::vector<bool> buys{true, false};
  const std::vector<double> prices{0.5, 0.25};
  v.append_columns(serials, venues, conditions, buys, prices);
  EXPECT_EQ(v, (trades{{1, 2, 3, true, 1.5}, {7, 1, {}, true, 0.5}, {8, 19, 4, false, 0.25}}));
  const std::vector<int> wrong{1, 20};
  EXPECT_THROW(v.append_columns(serials, wrong, conditions, buys, prices), std::out_of_range);
  EXPECT_EQ(v.size(), 3u);
}

TEST(RecordVector, SaysHowManyBytesARowTakes) {
  EXPECT_EQ(trades::bytes_per_row(), 8 + 1 + 4 + 8 + 2.0 / 8);
  EXPECT_EQ(deft::record_vector<deft_test::lineitem>::bytes_per_row(), 33 + 1.0 / 8);
  EXPECT_EQ(deft::record_vector<deft_test::market_tick>::bytes_per_row(), 28 + 6.0 / 8);
  EXPECT_EQ(deft::record_vector<deft_test::log_event>::bytes_per_row(), 35 + 4.0 / 8);
  EXPECT_EQ(deft::record_vector<deft_test::particle>::bytes_per_row(), 50 + 2.0 / 8);
  EXPECT_EQ(deft::record_vector<deft_test::web_session>::bytes_per_row(), 35 + 7.0 / 8);
}

}  // namespace
