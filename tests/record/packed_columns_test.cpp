// Bit-packed columns: every width and start, on every instruction set path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <ranges>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/detail/column_bits.hpp"
#include "deft/record/detail/column_decode.hpp"
#include "deft/record/record_vector.hpp"

#include "src/core/isa.hpp"

namespace {

namespace detail = deft::detail;

template <typename F>
void on_each_isa(F f) {
  for (const detail::isa path : detail::all_isas) {
    if (!detail::is_supported(path)) continue;
    const detail::scoped_isa forced(path);
    f(detail::isa_name(path));
  }
}

template <typename Target>
void decodes_every_width() {
  std::mt19937_64 random(7);
  for (unsigned bits = 1; bits <= 8 * sizeof(Target); ++bits) {
    for (const std::size_t size : {1u, 7u, 8u, 9u, 63u, 64u, 65u, 200u, 1000u}) {
      // Exactly as many words as the values need: reading further is an error that AddressSanitizer sees.
      std::vector<std::byte> words((size * bits + 63) / 64 * 8);
      std::vector<Target> values(size);
      const auto lowest = static_cast<Target>(random());
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint64_t value = random() & detail::low_ones(bits);
        detail::store_bits(words.data(), i * bits, bits, value);
        values[i] = static_cast<Target>(value + lowest);
      }
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(static_cast<Target>(detail::load_bits(words.data(), i * bits, bits) + lowest), values[i]);
      }
      on_each_isa([&](auto isa) {
        for (const std::size_t first : {std::size_t{0}, std::size_t{1}, size / 3, size - 1, size}) {
          std::vector<Target> decoded(size - first + 1, Target{77});
          detail::decode_bits(words.data(), first, size - first, bits, lowest, decoded.data());
          ASSERT_TRUE(
              std::equal(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), decoded.begin()))
              << isa << ", " << bits << " bits, from " << first << " of " << size;
          ASSERT_EQ(decoded.back(), Target{77});
        }
      });
    }
  }
}

TEST(PackedColumn, GivesValuesOfEveryWidth) {
  decodes_every_width<std::uint8_t>();
  decodes_every_width<std::uint16_t>();
  decodes_every_width<std::uint32_t>();
  decodes_every_width<std::uint64_t>();
}

TEST(MoveBits, CopiesRunsThatOverlap) {
  std::mt19937_64 random(3);
  std::vector<std::byte> words(80);
  for (int round = 0; round < 20'000; ++round) {
    for (auto& byte : words) byte = static_cast<std::byte>(random());
    const std::size_t count = random() % 300;
    std::size_t from = random() % (640 - count);
    std::size_t to = random() % (640 - count);
    if (round % 3 == 0) {
      from = from / 64 * 64;
      to = to / 64 * 64;
    }
    std::vector<bool> expected(640);
    for (std::size_t i = 0; i < 640; ++i) expected[i] = detail::load_bit(words.data(), i);
    const std::vector<bool> source = expected;
    for (std::size_t i = 0; i < count; ++i) expected[to + i] = source[from + i];
    detail::move_bits(words.data(), to, words.data(), from, count);
    for (std::size_t i = 0; i < 640; ++i) ASSERT_EQ(detail::load_bit(words.data(), i), expected[i]) << round;
    detail::clear_bits(words.data(), to, count);
    for (std::size_t i = 0; i < 640; ++i) {
      ASSERT_EQ(detail::load_bit(words.data(), i), (i < to || i >= to + count) && expected[i]);
    }
  }
}

struct narrow {
  deft::bounded<int, -3, 12> level;
  deft::bounded<std::int64_t, 1'000'000'000'000, 1'000'000'070'000> large;
  deft::bounded<int, 7, 7> only;
  bool flag;
};

TEST(PackedColumn, ReadsAsTheColumnThatItReplaces) {
  using layout = deft::bit_packed<&narrow::level, &narrow::large, &narrow::only>;
  deft::record_vector<narrow, layout> packed;
  deft::record_vector<narrow> plain;
  for (int i = 0; i < 3000; ++i) {
    const narrow row{i % 16 - 3, 1'000'000'000'000 + i % 70'001, 7, i % 2 == 0};
    packed.push_back(row);
    plain.push_back(row);
  }
  EXPECT_EQ((deft::record_vector<narrow, layout>::bytes_per_row()), (4 + 17 + 0 + 1) / 8.0);
  EXPECT_TRUE(std::ranges::equal(packed.column<&narrow::level>(), plain.column<&narrow::level>()));
  EXPECT_TRUE(std::ranges::equal(packed.column<&narrow::large>(), plain.column<&narrow::large>()));
  EXPECT_EQ(packed.column<&narrow::only>()[2999], 7);
  std::int64_t sum = 0;
  packed.column<&narrow::large>().for_each_block([&](const auto block) {
    for (const auto value : block) sum += static_cast<std::int64_t>(value);
  });
  std::int64_t expected = 0;
  for (const auto value : plain.column<&narrow::large>()) expected += static_cast<std::int64_t>(value);
  EXPECT_EQ(sum, expected);
  static_assert(std::ranges::random_access_range<decltype(packed.column<&narrow::level>())>);
  packed[5].set<&narrow::level>(-3);
  EXPECT_EQ(packed.column<&narrow::level>()[5], -3);
  EXPECT_THROW(packed[5].set<&narrow::level>(13), std::out_of_range);
  packed.sort_by<&narrow::large>();
  plain[5].set<&narrow::level>(-3);
  plain.sort_by<&narrow::large>();
  EXPECT_TRUE(std::ranges::equal(packed.column<&narrow::level>(), plain.column<&narrow::level>()));
}

}  // namespace
