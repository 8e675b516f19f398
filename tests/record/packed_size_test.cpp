// How many bytes packed records take: the declared information and at most one byte more.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "deft/record/layout_report.hpp"
#include "deft/record/packed.hpp"

#include "tests/record/schemas.hpp"

namespace {

using namespace deft_test;

// How many values F has.
template <typename F>
double values_of() {
  if constexpr (deft::detail::is_bounded<F>) {
    return static_cast<double>(static_cast<std::uint64_t>(F::highest) -
                               static_cast<std::uint64_t>(F::lowest)) +
           1;
  } else if constexpr (deft::detail::is_bit<F>) {
    return 2;
  } else if constexpr (deft::detail::is_optional<F>) {
    return 1 + values_of<typename F::value_type>();
  } else {
    return std::exp2(8.0 * sizeof(F));
  }
}

template <typename Schema>
double information_in_bytes() {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (std::log2(values_of<deft::detail::field_type<Schema, I>>()) + ...) / 8;
  }(std::make_index_sequence<deft::detail::field_count<Schema>>());
}

struct sizes {
  double bound;  // information_in_bytes, to a tenth
  std::size_t tight;
  std::size_t aligned;
  std::size_t slots;  // of a Python object with __slots__, values included (CPython 3.11)
  std::size_t dict;   // of a Python dict
};

template <typename Schema>
void expect_sizes(const sizes& expected) {
  EXPECT_NEAR(information_in_bytes<Schema>(), expected.bound, 0.05);
  EXPECT_LE(static_cast<double>(sizeof(deft::packed<Schema>)), expected.bound + 1);
  EXPECT_EQ(sizeof(deft::packed<Schema>), expected.tight);
  EXPECT_EQ((sizeof(deft::packed<Schema, deft::aligned>)), expected.aligned);
  EXPECT_GE(expected.slots, 7 * sizeof(deft::packed<Schema>));
  EXPECT_GE(expected.dict, 14 * sizeof(deft::packed<Schema>));
}

TEST(PackedSize, OfALineitemIsItsInformationAndAtMostAByte) {
  expect_sizes<lineitem>({26.0, 27, 32, 439, 751});
}

TEST(PackedSize, OfATickIsItsInformationAndAtMostAByte) {
  expect_sizes<market_tick>({27.7, 28, 32, 275, 611});
}

TEST(PackedSize, OfALogEventIsItsInformationAndAtMostAByte) {
  expect_sizes<log_event>({33.2, 34, 40, 354, 690});
}

TEST(PackedSize, OfAParticleIsItsInformationAndAtMostAByte) {
  expect_sizes<particle>({47.7, 48, 48, 364, 692});
}

TEST(PackedSize, OfAWebSessionIsItsInformationAndAtMostAByte) {
  expect_sizes<web_session>({29.6, 30, 32, 348, 652});
}

TEST(PackedSize, CountsWholeBitsOfEachFieldOnce) {
  // 64 + 64 + (1 + 32) + 5 + 1 bits
  static_assert(deft::packed<tick>::information_bits == 167);
  static_assert(sizeof(deft::packed<tick>) == 21);
  static_assert(alignof(deft::packed<tick>) == 1);
  static_assert(sizeof(deft::packed<tick, deft::aligned>) == 24);
  static_assert(alignof(deft::packed<tick, deft::aligned>) == 8);
}

struct flags_only {
  std::array<bool, 12> flags;
};

struct nested_bits {
  bool before;
  std::optional<flags_only> inner;
  std::array<std::optional<bool>, 3> maybe;
};

struct nothing_to_tell {
  deft::bounded<int, 4, 4> four;
};

TEST(PackedSize, GivesBitsOfNestedStructsAndArraysNoBytesOfTheirOwn) {
  static_assert(sizeof(deft::packed<flags_only>) == 2);
  static_assert(deft::packed<nested_bits>::information_bits == 1 + 1 + 12 + 3 * 2);
  static_assert(sizeof(deft::packed<nested_bits>) == 3);
  static_assert(sizeof(deft::packed<nothing_to_tell>) == 1);
}

TEST(LayoutReport, TellsWhereFieldsLieAndWhatIsWasted) {
  constexpr auto report = deft::layout_report<tick>();
  static_assert(report.struct_bytes == sizeof(tick) && report.packed_bytes == 21);
  static_assert(report.information_bits == 167 && report.packed_waste == 1);
  static_assert(report.struct_waste == 8 * sizeof(tick) - 167);
  static_assert(report.fields[0] == deft::field_layout{"ts", 8, 8, 0, 0, 0});
  static_assert(report.fields[4] == deft::field_layout{"price", 8, 8, 8, 0, 0});
  static_assert(report.fields[2] == deft::field_layout{"cond", 8, 4, 16, 1, 20 * 8 + 5});
  static_assert(report.fields[1] == deft::field_layout{"venue", 1, 0, 0, 5, 20 * 8});
  static_assert(report.fields[3] == deft::field_layout{"buy", 1, 0, 0, 1, 20 * 8 + 6});
  constexpr auto roomy = deft::layout_report<tick, deft::aligned>();
  static_assert(roomy.packed_bytes == 24 && roomy.packed_waste == 25);
}

}  // namespace
