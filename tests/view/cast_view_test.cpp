#include "deft/view/cast_view.hpp"

#include <array>
#include <bit>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/bulk.hpp"
#include "deft/view/endian.hpp"
#include "deft/view/view.hpp"

namespace {

struct point {
  float x;
  float y;
};

enum class color : std::uint8_t { red, green, blue };

}  // namespace

template <>
inline constexpr bool deft::any_bytes_valid<point> = true;

namespace {

using deft::be;
using deft::cast_view;
using deft::le;
using deft::unaligned;
using deft::view;

static_assert(deft::any_bytes_valid<std::uint64_t> && deft::any_bytes_valid<double> &&
              deft::any_bytes_valid<std::byte>);
static_assert(deft::any_bytes_valid<std::complex<float>> && deft::any_bytes_valid<std::array<le<short>, 3>>);
static_assert(!deft::any_bytes_valid<bool> && !deft::any_bytes_valid<color> && !deft::any_bytes_valid<int*> &&
              !deft::any_bytes_valid<long double>);

TEST(CastView, ShowsNumbersAsBytesAndBytesAsNumbers) {
  alignas(8) std::array<unsigned char, 16> memory{};
  const view<unsigned char> bytes(memory);
  const view<std::uint32_t> words = cast_view<std::uint32_t>(bytes);
  ASSERT_EQ(words.size(), 4u);
  words[1] = 0x01020304;
  EXPECT_EQ(memory[4] + memory[5] + memory[6] + memory[7], 10);
  EXPECT_EQ(cast_view<const unsigned char>(words).tolist(), view<const unsigned char>(memory).tolist());
  EXPECT_EQ(cast_view<std::int32_t>(words)[1], 0x01020304);  // a sign apart
  EXPECT_TRUE(cast_view<double>(view<unsigned char>()).empty());
}

TEST(CastView, RefusesSizesAndAddressesThatDoNotFit) {
  alignas(8) std::array<std::byte, 17> memory{};
  const view<std::byte> bytes(memory);
  EXPECT_THROW((void)cast_view<std::uint32_t>(bytes), std::invalid_argument);
  EXPECT_THROW((void)cast_view<std::uint32_t>(bytes.last(16)), std::invalid_argument);
  EXPECT_FALSE(deft::can_cast_view<std::uint32_t>(bytes));
  EXPECT_FALSE(deft::can_cast_view<std::uint32_t>(bytes.last(16)));
  EXPECT_TRUE(deft::can_cast_view<std::uint32_t>(bytes.first(16)));
  EXPECT_EQ(cast_view<unaligned<std::uint32_t>>(bytes.last(16)).size(), 4u);
  try {
    (void)cast_view<std::uint32_t>(bytes);
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(), "deft: cast_view: 17 bytes are no whole number of elements of 4 bytes");
  }
  try {
    (void)cast_view<double>(bytes.last(16));
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("not aligned to 8 bytes"), std::string::npos);
  }
}

TEST(CastView, TakesStructsThatSayTheyHaveNoPadding) {
  std::vector<point> points{{1, 2}, {3, 4}};
  EXPECT_EQ(cast_view<const std::byte>(view(points)).size(), 16u);
  EXPECT_EQ(cast_view<const le<float>>(view(points))[3], 4.0f);
}

TEST(CastView, ChecksEachByteOfABoolAndEachNumberOfAnEnum) {
  const std::array<unsigned char, 4> memory{0, 1, 2, 1};
  const view<const unsigned char> bytes(memory);
  const auto is_color = [](std::uint8_t n) { return n < 3; };
  EXPECT_EQ(cast_view<const bool>(bytes.first(2)).tolist(), (std::vector<bool>{false, true}));
  EXPECT_THROW((void)cast_view<const bool>(bytes), std::invalid_argument);
  EXPECT_EQ(cast_view<const color>(bytes, is_color)[2], color::blue);
  const std::array<unsigned char, 1> wrong{3};
  EXPECT_THROW((void)cast_view<const color>(view(wrong), is_color), std::invalid_argument);
}

TEST(CastView, TakesContainersInVariables) {
  const std::vector<std::uint16_t> words{0x0102, 0x0304};
  EXPECT_EQ(cast_view<const unsigned char>(words).size(), 4u);
}

template <typename T>
class EndianNumbers : public testing::Test {};

using number_types = testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                                    std::uint32_t, std::int64_t, std::uint64_t, float, double, char16_t>;
TYPED_TEST_SUITE(EndianNumbers, number_types);

TYPED_TEST(EndianNumbers, HaveTheirBytesInOrderAndTheValueOfTheNumber) {
  using T = TypeParam;
  static_assert(sizeof(le<T>) == sizeof(T) && alignof(le<T>) == 1 && std::is_trivially_copyable_v<be<T>>);
  for (const T value :
       {T(0), T(1), T(100), std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest()}) {
    const le<T> little = value;
    const be<T> big = value;
    const unaligned<T> own = value;
    EXPECT_TRUE(little == value && big == value && own == value);
    EXPECT_TRUE(little == big.value());
    EXPECT_EQ(std::memcmp(&own, &value, sizeof value), 0);
    for (std::size_t i = 0; i < sizeof(T); ++i) EXPECT_EQ(little.bytes()[i], big.bytes()[sizeof(T) - 1 - i]);
    EXPECT_TRUE(std::endian::native != std::endian::little || little.bytes() == own.bytes());
  }
}

TEST(EndianNumber, AssignsAndCalculatesAsTheNumber) {
  be<std::uint32_t> n = 0x01020304;
  EXPECT_EQ(n.bytes()[0], std::byte{1});
  n += 1;
  EXPECT_EQ(n, 0x01020305u);
  n -= 5;
  n *= 2;
  EXPECT_EQ(n, 0x02040600u);
  n = 7;
  EXPECT_EQ(n + 1, 8u);
  static_assert(be<std::uint16_t>(0x0102).bytes()[0] == std::byte{1} && le<int>(5) == 5 &&
                be<double>{} == 0.0);
}

TEST(EndianNumber, MirrorsTheRecordsOfAFile) {
  struct header {
    be<std::uint16_t> version;
    le<std::uint32_t> length;
    be<double> ratio;
  };

  static_assert(sizeof(header) == 14);
  const std::array<unsigned char, 6> bytes{0, 2, 5, 0, 0, 0};
  header h{};
  std::memcpy(&h, bytes.data(), bytes.size());
  EXPECT_EQ(h.version, 2);
  EXPECT_EQ(h.length, 5u);
}

TEST(EndianNumber, IsReadAndWrittenInBulk) {
  std::array<unsigned char, 9> memory{};
  const view<be<std::uint32_t>> words = cast_view<be<std::uint32_t>>(view(memory).last(8));
  deft::fill(words, be<std::uint32_t>(258));
  EXPECT_EQ(memory[8], 2);
  EXPECT_EQ(memory[7], 1);
  EXPECT_EQ(deft::accumulate(words, 0u), 516u);
  EXPECT_TRUE(words == std::vector<int>(2, 258));
}

TEST(CastView, APredicateSeesEachElementAlsoIfItIsSmallerThanThoseShown) {
  enum class bit : std::uint8_t { off, on };
  const std::vector<std::uint32_t> words{0x0101'0001, 0x0000'0300};
  const auto is_bit = [](std::uint8_t number) { return number < 2; };
  const view<const unsigned char> bytes = cast_view<const unsigned char>(view<const std::uint32_t>(words));
  EXPECT_EQ((cast_view<const bit>(bytes.first(4), is_bit).size()), 4u);
  EXPECT_THROW((void)cast_view<const bit>(bytes, is_bit), std::invalid_argument);
  const view<const std::uint32_t> whole(words);
  const auto is_small = [](unsigned char number) { return number < 2; };
  EXPECT_EQ(cast_view<const std::byte>(whole.first(1), is_small).size(), 4u);
  EXPECT_THROW((void)cast_view<const std::byte>(whole, is_small), std::invalid_argument);
}

}  // namespace
