// Strings are narrowed down by eight characters of each before they are compared: every family of strings for
// which that could go wrong is compared with the naive model, and read in memory that ends where they end.
#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/bisect.hpp"

#include "tests/sorted/bisect_model.hpp"

namespace {

using deft_test::linear_left;
using deft_test::linear_right;

std::string letters(std::mt19937& random, std::string_view alphabet, std::size_t longest) {
  std::string made;
  for (std::size_t length = random() % (longest + 1); length > 0; --length)
    made += alphabet[random() % alphabet.size()];
  return made;
}

constexpr std::string_view odd_letters("\0\1a\x7f\x80\xff", 6);

using family = std::string (*)(std::mt19937&);

constexpr family families[]{
    [](std::mt19937& random) { return letters(random, odd_letters, 4); },
    [](std::mt19937& random) { return letters(random, odd_letters, 20); },
    [](std::mt19937& random) { return std::string(random() % 40, 'a'); },
    [](std::mt19937& random) { return std::string(random() % 40, '\0'); },
    [](std::mt19937& random) { return "https://example.org/" + letters(random, odd_letters, 12); },
    [](std::mt19937& random) { return "https://example.org/" + letters(random, "ab", 12) + "/index.html"; },
    [](std::mt19937& random) {
      return "https://" + letters(random, "abc", 2) + ".example.org/" + letters(random, odd_letters, 3);
    },
    [](std::mt19937& random) { return "12345678" + letters(random, odd_letters, 9); },
    [](std::mt19937& random) { return std::string(16, '\xff') + letters(random, odd_letters, 9); },
};

/// Characters in an allocation of their own size, so that the sanitizer sees a read beyond them.
class exact_copies {
 public:
  explicit exact_copies(const std::vector<std::string>& strings) {
    for (const std::string& each : strings) {
      memory_.push_back(std::make_unique<char[]>(each.size()));
      std::copy(each.begin(), each.end(), memory_.back().get());
      views.emplace_back(memory_.back().get(), each.size());
    }
  }

  std::vector<std::string_view> views;

 private:
  std::vector<std::unique_ptr<char[]>> memory_;
};

TEST(BisectStrings, MatchTheModelInEveryFamily) {
  std::mt19937 random(11);
  for (const family make : families) {
    for (std::size_t size = 0; size < 90; ++size) {
      std::vector<std::string> sorted(size);
      for (std::string& each : sorted) each = make(random);
      std::ranges::sort(sorted);
      const exact_copies copies(sorted);
      for (int i = 0; i < 40; ++i) {
        // One of them, one like them, one cut short, one gone on with, one of another family.
        std::string x = i % 5 != 0 && size != 0 ? sorted[random() % size] : make(random);
        if (i % 5 == 1) x.resize(random() % (x.size() + 1));
        if (i % 5 == 2) x += letters(random, odd_letters, 3);
        if (i % 5 == 3) x = families[random() % std::size(families)](random);
        if (i % 7 == 6 && !x.empty()) ++x[random() % x.size()];
        const exact_copies needle({x});
        EXPECT_EQ(deft::bisect_left(sorted, x), linear_left(sorted, x));
        EXPECT_EQ(deft::bisect_right(sorted, x), linear_right(sorted, x));
        EXPECT_EQ(deft::bisect_left(copies.views, needle.views[0]), linear_left(sorted, x));
        EXPECT_EQ(deft::bisect_right(copies.views, needle.views[0], std::less<>{}), linear_right(sorted, x));
      }
    }
  }
}

TEST(BisectStrings, StayWithinTheBoundsWhateverLiesOutside) {
  std::mt19937 random(12);
  for (const family make : families) {
    std::vector<std::string> sorted(60);
    for (std::string& each : sorted) each = make(random);
    std::ranges::sort(sorted.begin() + 10, sorted.end() - 10);
    const std::vector<std::string> part(sorted.begin() + 10, sorted.end() - 10);
    for (int i = 0; i < 100; ++i) {
      const std::string x = make(random);
      EXPECT_EQ(deft::bisect_left(sorted, x, {10, 50}), 10 + linear_left(part, x));
      EXPECT_EQ(deft::bisect_right(sorted, x, {10, 50}), 10 + linear_right(part, x));
    }
  }
}

#if DEFT_HARDENING_LEVEL < 2
TEST(BisectStrings, UnsortedOnesGiveSomePositionAndAreNotReadBeyondTheirEnds) {
  std::mt19937 random(13);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> strings(random() % 40);
    for (std::string& each : strings) each = families[random() % std::size(families)](random);
    if (!strings.empty()) strings.front() = strings.back();
    const exact_copies copies(strings);
    const exact_copies needle({families[random() % std::size(families)](random)});
    EXPECT_LE(deft::bisect_left(copies.views, needle.views[0]), strings.size());
    EXPECT_LE(deft::bisect_right(copies.views, needle.views[0]), strings.size());
  }
}
#endif

struct backwards : std::string {
  using std::string::string;

  friend auto operator<(const backwards& a, const backwards& b) -> bool {
    return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  }
};

TEST(BisectStrings, ClassesDerivedFromStringKeepTheirOwnOrder) {
  std::vector<backwards> sorted{"za", "yb", "xc", "wd", "ve", "uf", "tg", "sh", "ri", "qj"};
  for (backwards& each : sorted) each = backwards(("prefix-" + each + "-12345678" + each).c_str());
  for (std::size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(deft::bisect_left(sorted, sorted[i]), i);
}

TEST(BisectStrings, LooksAtNoCharacterBehindTheEndOfAShortString) {
  // Both in place and on the heap: characters of an earlier value lie behind the present end.
  for (const std::size_t room : {std::size_t{0}, std::size_t{100}}) {
    std::vector<std::string> sorted(64);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      std::string& each = sorted[i];
      each.reserve(room);
      each = i % 2 == 0 ? "zzzzzzzz" : std::string(8, '\0');
      each.resize(2);
      each[0] = static_cast<char>('a' + i / 32);
      each[1] = static_cast<char>('0' + i % 32 / 2);
    }
    for (const std::string& x : std::vector<std::string>(sorted)) {
      std::string needle = "zzzzzzzz";
      needle = x;
      EXPECT_EQ(deft::bisect_left(sorted, needle), linear_left(sorted, needle));
      needle.push_back('\0');
      EXPECT_EQ(deft::bisect_left(sorted, needle), linear_left(sorted, needle));
      needle.resize(1);
      EXPECT_EQ(deft::bisect_left(sorted, needle), linear_left(sorted, needle));
    }
  }
}

}  // namespace
