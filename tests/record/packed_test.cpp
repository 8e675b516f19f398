// packed<T>: what goes in comes out, each field alone and all together.
#include "deft/record/packed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include <gtest/gtest.h>

#include "deft/record/fields.hpp"
#include "deft/record/layout_report.hpp"

#include "tests/record/random_records.hpp"
#include "tests/record/schemas.hpp"

namespace {

using namespace deft_test;
using deft::packed;

template <typename Schema>
class PackedOf : public testing::Test {};

using packed_types =
    testing::Types<packed<tick>, packed<tick, deft::aligned>, packed<lineitem>, packed<market_tick>,
                   packed<log_event, deft::aligned>, packed<log_event>, packed<particle>, packed<web_session>,
                   packed<every_kind>, packed<every_kind, deft::aligned>>;
TYPED_TEST_SUITE(PackedOf, packed_types);

TYPED_TEST(PackedOf, UnpacksWhatWasPacked) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(7);
  for (int round = 0; round < 500; ++round) {
    const schema object = random_record<schema>(random);
    EXPECT_TRUE(same_record(TypeParam(object).unpack(), object));
  }
}

TYPED_TEST(PackedOf, GetsEachFieldAsItWasPacked) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(8);
  for (int round = 0; round < 100; ++round) {
    const schema object = random_record<schema>(random);
    const TypeParam p = object;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto one = [&](auto index) {
        EXPECT_TRUE(same_value(p.template get<index>(), std::get<index>(deft::tie_fields(object))));
      };
      (one(std::integral_constant<std::size_t, I>()), ...);
    }(std::make_index_sequence<deft::field_count<schema>>());
  }
}

TYPED_TEST(PackedOf, SettingEachFieldGivesTheBytesOfPackingAtOnce) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(9);
  TypeParam p;
  for (int round = 0; round < 200; ++round) {
    const schema object = random_record<schema>(random);
    set_each(p, object);
    const TypeParam expected = object;
    EXPECT_TRUE(std::equal(p.bytes().begin(), p.bytes().end(), expected.bytes().begin()));
  }
}

TYPED_TEST(PackedOf, SettingOneFieldLeavesTheOthers) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(10);
  for (int round = 0; round < 20; ++round) {
    const schema before = random_record<schema>(random);
    const schema other = random_record<schema>(random);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto one = [&](auto index) {
        schema expected = before;
        std::get<index>(deft::tie_fields(expected)) = std::get<index>(deft::tie_fields(other));
        TypeParam p = before;
        set_field<index>(p, std::get<index>(deft::tie_fields(other)));
        EXPECT_TRUE(same_record(p.unpack(), expected)) << "field " << index;
      };
      (one(std::integral_constant<std::size_t, I>()), ...);
    }(std::make_index_sequence<deft::field_count<schema>>());
  }
}

TYPED_TEST(PackedOf, TakesBackItsOwnBytes) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(11);
  for (int round = 0; round < 100; ++round) {
    const TypeParam p = random_record<schema>(random);
    const auto again = TypeParam::from_bytes(p.bytes());
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(same_record(again->unpack(), p.unpack()));
  }
}

TYPED_TEST(PackedOf, RefusesBytesThatNoRecordHas) {
  std::mt19937_64 random(12);
  int refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::array<std::byte, TypeParam::size_bytes> bytes{};
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    const auto p = TypeParam::from_bytes(bytes);
    if (!p.has_value()) {
      ++refused;
      continue;
    }
    // What is accepted is what packing its values gives.
    const TypeParam again = p->unpack();
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), again.bytes().begin()));
  }
  EXPECT_GT(refused, 0);
}

TYPED_TEST(PackedOf, IsPlainBytes) {
  EXPECT_TRUE(std::is_trivially_copyable_v<TypeParam>);
  EXPECT_TRUE(std::is_standard_layout_v<TypeParam>);
  EXPECT_EQ(sizeof(TypeParam), TypeParam::size_bytes);
}

constexpr tick sample{1'700'000'000'000'000'000, 3, 17, true, 101.25};

TEST(Packed, WorksInConstantExpressions) {
  constexpr packed<tick> p = sample;
  static_assert(p.get<&tick::venue>() == 3 && p.get<"price">() == 101.25 && p.get<&tick::cond>() == 17);
  static_assert(p.with<&tick::venue>(19).get<&tick::venue>() == 19);
  static_assert(p.with<"cond">(std::nullopt).unpack() == tick{sample.ts, 3, std::nullopt, true, 101.25});
  static_assert(p == packed<tick>(p.unpack()) && (p <=> p.with<&tick::buy>(false)) > 0);
  static_assert(p.hash_value(1) == packed<tick>(sample).hash_value(1));
  static_assert(packed<tick>::from_bytes(p.bytes()) == p);
  constexpr auto changed = [] {
    packed<tick, deft::aligned> q = sample;
    q.set_many<&tick::buy, &tick::venue>(false, 11).set<"ts">(5);
    return q;
  }();
  static_assert(changed.unpack() == tick{5, 11, 17, false, 101.25});
}

TEST(Packed, ThrowsForAValueOutsideTheDomainAndKeepsTheOldOne) {
  packed<tick> p = sample;
  EXPECT_THROW(p.set<&tick::venue>(20), std::out_of_range);
  EXPECT_THROW((p.set_many<&tick::buy, &tick::venue>(false, -1)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(p.with<&tick::venue>(99)), std::out_of_range);
  EXPECT_EQ(p.unpack(), sample);
}

TEST(Packed, BindsCopiesOfItsFields) {
  const packed<tick> p = sample;
  const auto& [ts, venue, cond, buy, price] = p;
  EXPECT_EQ(ts, sample.ts);
  EXPECT_EQ(venue, 3);
  EXPECT_EQ(cond, 17);
  EXPECT_TRUE(buy);
  EXPECT_EQ(price, 101.25);
  packed<tick> q = p;
  auto [ts2, venue2, cond2, buy2, price2] = q;
  venue2 = 4;
  EXPECT_EQ(q.get<&tick::venue>(), 3);
}

TEST(Packed, ComparesFloatsAsNumbersAndKeepsTheirBits) {
  tick zero = sample;
  zero.price = 0.0;
  tick minus_zero = sample;
  minus_zero.price = -0.0;
  tick nan = sample;
  nan.price = -std::numeric_limits<double>::quiet_NaN();
  const packed<tick> a = zero;
  const packed<tick> b = minus_zero;
  const packed<tick> c = nan;
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.hash_value(3), b.hash_value(3));
  EXPECT_TRUE(std::signbit(b.get<&tick::price>()));
  EXPECT_NE(c, c);
  EXPECT_TRUE(std::signbit(c.get<&tick::price>()));
  EXPECT_EQ(c.hash_value(3), packed<tick>(deft::with<&tick::price>(nan, std::nan("7"))).hash_value(3));
  EXPECT_EQ(c <=> a, std::partial_ordering::unordered);
  EXPECT_NE(deft::with<&tick::buy>(zero, false), zero);
  EXPECT_NE(packed<tick>(deft::with<&tick::buy>(zero, false)), a);
}

// Equality of floating-point numbers where they lie: alone, side by side, at the end, at odd addresses.
struct odd_inner {
  double number;
  std::uint8_t byte;
};

struct odd_floats {
  std::array<odd_inner, 3> inner;
  std::array<float, 7> floats;
  std::optional<float> maybe;
  std::uint8_t last;
};

struct lone_double {
  std::uint64_t first;
  double number;
  std::uint8_t last;
};

struct three_floats {
  std::array<float, 3> floats;
  bool bit;
};

struct lone_float {
  float number;
  std::array<std::uint8_t, 13> bytes;
};

struct many_doubles {
  std::array<double, 40> numbers;
  std::uint32_t number;
};

template <typename Schema>
class PackedEquality : public testing::Test {};

using equality_types =
    testing::Types<packed<tick>, packed<market_tick>, packed<market_tick, deft::aligned>, packed<particle>,
                   packed<log_event>, packed<every_kind>, packed<odd_floats>,
                   packed<odd_floats, deft::aligned>, packed<lone_double>, packed<lone_double, deft::aligned>,
                   packed<three_floats>, packed<three_floats, deft::aligned>, packed<lone_float>,
                   packed<many_doubles>>;
TYPED_TEST_SUITE(PackedEquality, equality_types);

TYPED_TEST(PackedEquality, IsThatOfTheFieldsWhicheverOfThemDiffers) {
  using schema = typename TypeParam::value_type;
  std::mt19937_64 random(11);
  const auto check = [](const schema& a, const schema& b) {
    const TypeParam p = a;
    const TypeParam q = b;
    EXPECT_EQ(p == q, deft::detail::equal_fields::equal(a, b));
    EXPECT_EQ(p == q, q == p);
    if (p == q) {
      EXPECT_EQ(p.hash_value(1), q.hash_value(1));
    }
  };
  for (int i = 0; i < 2'000; ++i) {
    const auto a = random_record<schema>(random);
    const auto other = random_record<schema>(random);
    check(a, a);
    check(a, other);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto check_with = [&](auto index) {
        schema b = a;
        std::get<index>(deft::tie_fields(b)) = std::get<index>(deft::tie_fields(other));
        check(a, b);
      };
      (check_with(std::integral_constant<std::size_t, I>()), ...);
    }(std::make_index_sequence<deft::field_count<schema>>());
  }
}

TYPED_TEST(PackedEquality, SeesEachByteThatIsNoNumberAndNoNaN) {
  using schema = typename TypeParam::value_type;
  const TypeParam zero = schema{};
  for (std::size_t i = 0; i < 8 * TypeParam::size_bytes; ++i) {
    std::array<std::byte, TypeParam::size_bytes> bytes{};
    std::copy(zero.bytes().begin(), zero.bytes().end(), bytes.begin());
    bytes[i / 8] ^= std::byte{1} << (i % 8);
    const auto other = TypeParam::from_bytes(bytes);
    if (!other.has_value()) continue;
    EXPECT_EQ(*other == zero, deft::detail::equal_fields::equal(other->unpack(), zero.unpack())) << i;
  }
}

TEST(Packed, OrdersByTheFieldsInTheOrderOfTheirDeclaration) {
  // In memory price comes before the venue, and the lowest byte of ts first.
  const packed<tick> p = tick{255, 1, std::nullopt, false, 9.0};
  EXPECT_LT(p, packed<tick>(tick{256, 0, std::nullopt, false, 1.0}));
  EXPECT_LT(p, packed<tick>(tick{255, 2, std::nullopt, false, 1.0}));
  EXPECT_LT(p, packed<tick>(tick{255, 1, -5, false, 1.0}));
  EXPECT_LT(p, packed<tick>(tick{255, 1, std::nullopt, true, 1.0}));
  EXPECT_GT(p, packed<tick>(tick{255, 1, std::nullopt, false, 8.0}));
  EXPECT_EQ(p <=> p, std::partial_ordering::equivalent);
  static_assert(std::is_same_v<decltype(packed<lineitem>{} <=> packed<lineitem>{}), std::strong_ordering>);
}

TEST(Packed, HashesEqualValuesAlikeAndOthersApart) {
  std::mt19937_64 random(5);
  std::set<std::uint64_t> hashes;
  for (int i = 0; i < 10'000; ++i) {
    lineitem item = random_record<lineitem>(random);
    hashes.insert(packed<lineitem>(item).hash_value(42));
    EXPECT_EQ(deft::hash_value(packed<lineitem>(item), 42), packed<lineitem>(item).hash_value(42));
  }
  EXPECT_EQ(hashes.size(), 10'000u);
  EXPECT_TRUE(deft::hashable<packed<lineitem>>);
  std::unordered_set<packed<lineitem>> table{packed<lineitem>()};
  EXPECT_TRUE(table.contains(packed<lineitem>()));
}

TEST(Packed, DefaultsToTheDefaultsOfTheStruct) {
  struct with_defaults {
    deft::bounded<int, 5, 9> n = 7;
    bool b = true;
    double d = 2.5;
  };

  const packed<with_defaults> p;
  EXPECT_EQ(p.get<&with_defaults::n>(), 7);
  EXPECT_TRUE(p.get<&with_defaults::b>());
  EXPECT_EQ(p.get<&with_defaults::d>(), 2.5);
  EXPECT_EQ((packed<lineitem>().get<&lineitem::linenumber>()), 1);
}

// Compares by one of its fields only.
struct by_value {
  int value;
  int junk;

  friend bool operator==(const by_value& a, const by_value& b) { return a.value == b.value; }

  friend auto operator<=>(const by_value& a, const by_value& b) { return a.value <=> b.value; }
};

struct of_by_value {
  by_value inner;
};

TEST(PackedOrder, AgreesWithEqualityInNestedStructs) {
  ASSERT_TRUE((by_value{1, 2} == by_value{1, 3}));
  ASSERT_TRUE((by_value{1, 2} <=> by_value{1, 3}) == 0);
  const deft::packed<of_by_value> a = of_by_value{{1, 2}};
  const deft::packed<of_by_value> b = of_by_value{{1, 3}};
  EXPECT_FALSE(a == b);
  EXPECT_TRUE((a <=> b) < 0);
}

struct with_padding {
  std::int64_t a;
  std::int8_t b;
};

struct of_padding {
  with_padding inner;
};

TEST(PackedReport, CountsNoPaddingAsInformation) {
  EXPECT_EQ(deft::layout_report<of_padding>().information_bits, 72U);
  EXPECT_EQ((deft::layout_report<of_padding, deft::aligned>().information_bits), 72U);
  EXPECT_EQ((deft::layout_report<of_padding, deft::aligned>().packed_waste), 56U);
}

}  // namespace
