#include "support/one_line.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

using deft::support::one_line;

TEST(OneLine, KeepsWhatCanBePrinted) {
  EXPECT_EQ(one_line("caf\xc3\xa9 \"x\""), "caf\xc3\xa9 \"x\"");
  EXPECT_EQ(one_line(""), "");
}

TEST(OneLine, BreaksNoLineAndMovesNoCursor) {
  EXPECT_EQ(one_line("a\nb\r\t\x1b[2Jc\x7f"), "a?b???[2Jc?");
  EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a?b");
}

TEST(OneLine, CutsLongTextsBetweenCharacters) {
  EXPECT_EQ(one_line("abcdef", 6), "abcdef");
  EXPECT_EQ(one_line("abcdefg", 6), "abcdef...");
  EXPECT_EQ(one_line("abcd\xc3\xa9x", 5), "abcd...");
}

}  // namespace
