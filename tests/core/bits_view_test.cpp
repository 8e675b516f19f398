#include "deft/core/bits_view.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <ranges>
#include <vector>

#include <gtest/gtest.h>

namespace {

using deft::bits_view;
using deft::mutable_bits_view;

static_assert(std::ranges::random_access_range<bits_view> && std::ranges::view<bits_view>);
static_assert(std::is_convertible_v<mutable_bits_view, bits_view>);
static_assert(!std::is_convertible_v<bits_view, mutable_bits_view>);
static_assert(std::is_same_v<decltype(bits_view()[0]), bool>);

TEST(BitsView, TheLeastSignificantBitComesFirst) {
  const std::array memory{std::byte{0b0000'1000}, std::byte{0b0000'0001}};
  const bits_view bits(memory, 3, 7);
  EXPECT_TRUE(std::ranges::equal(bits, std::array{true, false, false, false, false, true, false}));
}

// Every question against a vector<bool>, at every offset, in memory of exactly the bytes needed (for ASan).
TEST(BitsView, AgreesWithAVectorOfBoolAtEveryOffsetAndSize) {
  std::mt19937 random(1);
  for (std::size_t offset = 0; offset < 20; ++offset) {
    for (const std::size_t size : {0, 1, 7, 8, 9, 57, 63, 64, 65, 127, 128, 200}) {
      const std::size_t needed = (offset + size + 7) / 8;
      const auto memory = std::make_unique<std::byte[]>(needed);
      for (std::size_t i = 0; i < needed; ++i) memory[i] = static_cast<std::byte>(random() & random());
      const mutable_bits_view bits({memory.get(), needed}, offset, size);
      std::vector<bool> model;
      for (std::size_t i = 0; i < size; ++i) model.push_back(bits[i]);
      ASSERT_TRUE(std::ranges::equal(bits, model));
      ASSERT_EQ(bits.count(), static_cast<std::size_t>(std::ranges::count(model, true)));
      ASSERT_EQ(bits.all(), std::ranges::count(model, false) == 0);
      ASSERT_EQ(bits.any(), std::ranges::count(model, true) != 0);
      std::vector<bool> found(size);
      for (std::size_t i = bits.find_first(); i != bits_view::npos; i = bits.find_next(i)) found[i] = true;
      ASSERT_EQ(found, model);

      // The same bits at another offset are equal until one of them changes.
      std::vector<std::byte> other(needed + 1);
      const mutable_bits_view copy(other, 5, size);
      if (offset < 8) {
        for (std::size_t i = 0; i < size; ++i) copy[i] = model[i];
        ASSERT_TRUE(bits == copy);
        if (size != 0) {
          copy[size - 1] = !copy[size - 1];
          ASSERT_FALSE(bits == copy);
        }
      }
    }
  }
}

TEST(BitsView, WritingChangesNoBitOutside) {
  for (std::size_t first = 0; first < 30; ++first) {
    for (std::size_t last = first; last <= 30; ++last) {
      std::array<std::byte, 4> memory{};
      const mutable_bits_view all(memory, 0, 32);
      all.subview(first, last - first).fill(true);
      for (std::size_t i = 0; i < 32; ++i) EXPECT_EQ(all[i], i >= first && i < last);
      all.subview(first, last - first).fill(false);
      EXPECT_TRUE(all.none());
    }
  }
}

TEST(BitsView, SubviewsCutAtTheEnd) {
  const std::array<std::byte, 2> memory{};
  const bits_view bits(memory, 1, 10);
  EXPECT_EQ(bits.subview(4).size(), 6u);
  EXPECT_EQ(bits.subview(4, 3).size(), 3u);
  EXPECT_TRUE(bits.subview(10).empty());
}

TEST(BitsViewPreconditions, WhatLiesOutsideTraps) {
  std::array<std::byte, 2> memory{};
  EXPECT_DEATH(bits_view(memory, 8, 9), "fewer bits");
  EXPECT_DEATH(bits_view(memory, bits_view::npos, 9), "fewer bits");
  EXPECT_DEATH(bits_view(memory, 0, bits_view::npos), "fewer bits");
  EXPECT_DEATH(bits_view(memory, 3, bits_view::npos - 6), "fewer bits");
  const bits_view bits(memory, 0, 10);
  EXPECT_DEATH((void)bits[10], "outside");
  EXPECT_DEATH((void)bits.subview(11), "beyond size");
}

}  // namespace
