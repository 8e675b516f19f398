// What trees do with strings that other types do not know: words behind shared characters, and moving strings
// by their words.
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/detail/tree_columns.hpp"
#include "deft/sorted/detail/tree_string_keys.hpp"

namespace {

using deft::detail::beside;
using deft::detail::less_behind;
using deft::detail::shared_text;
using deft::detail::tree_column;
using deft::detail::word_behind;

std::string of_size(std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text.push_back(static_cast<char>('a' + (n + i) % 26));
  return text;
}

#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
static_assert(deft::detail::is_four_word_string<std::string>, "by every compiler's name of it");
#endif
static_assert(!deft::detail::is_four_word_string<std::string_view>);

TEST(TreeColumn, MovesStringsOfAnySizeToEitherSide) {
  // Short ones live in themselves, and have to point there afterwards.
  constexpr std::size_t n = 40;
  for (const std::size_t to : {std::size_t{0}, std::size_t{5}, std::size_t{10}, std::size_t{60}}) {
    std::allocator<std::string> allocator;
    std::string* const column = allocator.allocate(110);
    for (std::size_t i = 0; i < n; ++i) std::construct_at(column + 5 + i, of_size(i));
    tree_column<std::string>::relocate(column + 5, n, column + to);
    for (std::size_t i = 0; i < n; ++i) {
      std::string& text = column[to + i];
      EXPECT_EQ(text, of_size(i));
      text += "and it can grow";
      EXPECT_EQ(text, of_size(i) + "and it can grow");
    }
    tree_column<std::string>::destroy(allocator, column + to, n);
    allocator.deallocate(column, 110);
  }
}

TEST(TreeWords, OrderAsTheCharactersDo) {
  std::vector<std::string> texts;
  for (const char* end : {"", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghi",
                          "b", "\x80", "\xff\xff\xff\xff\xff\xff\xff\xff"})
    for (const char* begin : {"", "x", "www.example.org/"}) texts.push_back(std::string(begin) + end);
  texts.emplace_back("a\0", 2);
  texts.emplace_back("a\0b", 3);
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      std::size_t shared = 0;
      while (shared < a.size() && shared < b.size() && a[shared] == b[shared]) ++shared;
      for (std::size_t skip = 0; skip <= shared; ++skip) {
        const auto word_of_a = word_behind(a, skip);
        const auto word_of_b = word_behind(b, skip);
        if (word_of_a != word_of_b) {
          EXPECT_EQ(word_of_a < word_of_b, a < b) << a << ' ' << b << ' ' << skip;
        } else {
          EXPECT_EQ(less_behind(a, b, skip), a < b) << a << ' ' << b << ' ' << skip;
        }
      }
    }
  }
}

TEST(TreeWords, SayOnWhichSideOfTheSharedCharactersAStringIs) {
  const std::string long_text = of_size(40);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{40}}) {
    shared_text shared;
    deft::detail::share_text(shared, long_text, size);
    for (std::size_t n = 0; n <= long_text.size(); ++n) {
      EXPECT_EQ(beside(shared, long_text.substr(0, n)) == 0, n >= size);
      if (n >= size) continue;
      EXPECT_LT(beside(shared, long_text.substr(0, n)), 0);
      std::string other = long_text;
      other[n] = '\x01';
      EXPECT_LT(beside(shared, other), 0);
      other[n] = '\x81';
      EXPECT_GT(beside(shared, other), 0);
    }
  }
}

}  // namespace
