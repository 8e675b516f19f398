#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <gtest/gtest.h>

#include "symbols/number_index.hpp"
#include "symbols/printable.hpp"
#include "symbols/sequence_table.hpp"

namespace deft::symbols {
namespace {

TEST(NumberIndex, AgreesWithAMap) {
  std::mt19937_64 random(1);
  number_index index;
  std::unordered_map<std::uint64_t, std::uint32_t> model;
  EXPECT_EQ(index.find(0), number_index::none);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const std::uint64_t key = i % 2 == 0 ? random() : random() % 3000;
    if (model.try_emplace(key, i).second) index.insert(key, i);
    const std::uint64_t other = random() % 4000;
    const auto found = model.find(other);
    ASSERT_EQ(index.find(other), found == model.end() ? number_index::none : found->second);
  }
  EXPECT_EQ(index.size(), model.size());
  for (const auto& [key, number] : model) ASSERT_EQ(index.find(key), number);
  index.clear();
  EXPECT_EQ(index.find(model.begin()->first), number_index::none);
}

TEST(SequenceTable, NumbersEqualSequencesAlike) {
  std::mt19937 random(2);
  sequence_table<std::uint32_t> table;
  std::map<std::vector<std::uint32_t>, std::uint32_t> model;
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::uint32_t> sequence(random() % 5);
    for (std::uint32_t& each : sequence) each = static_cast<std::uint32_t>(random() % 4);
    const auto [number, added] = table.number(sequence);
    const auto [kept, is_new] = model.try_emplace(sequence, number);
    ASSERT_EQ(added, is_new);
    ASSERT_EQ(number, kept->second);
  }
  ASSERT_EQ(table.size(), model.size());
  for (const auto& [sequence, number] : model) ASSERT_TRUE(std::ranges::equal(table[number], sequence));
}

TEST(Printable, IsUtf8WithoutControlCharacters) {
  for (const std::string text : {"", "parse request", "Größe", "日本", "\U0001F600"}) {
    EXPECT_TRUE(is_printable(text)) << text;
    EXPECT_EQ(to_printable(text, 100), text);
  }
  for (const std::string text : {"a\nb", "\x1b[31m", "\x7f", "\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80",
                                 "\xf4\x90\x80\x80", "\xc2\x85"}) {
    EXPECT_FALSE(is_printable(text));
    EXPECT_TRUE(is_printable(to_printable(text, 100))) << to_printable(text, 100);
  }
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(to_printable("Größe", 3), "Gr");
  EXPECT_EQ(to_printable("Größe", 4), "Grö");
  EXPECT_EQ(to_printable("\tx", 9), " x");
}

}  // namespace
}  // namespace deft::symbols
