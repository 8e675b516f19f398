// Many strings at once are sorted by numbers made of their characters: the result is that of
// std::stable_sort, whatever they share, however long they are, with bytes above 127 and zeros in them.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multimap.hpp"
#include "deft/sorted/flat_set.hpp"

namespace {

class random_strings {
 public:
  explicit random_strings(unsigned seed) : random_(seed) {}

  std::vector<std::string> operator()() {
    const std::size_t count = below(3000);
    const std::string shared(below(12), 'p');
    const std::size_t longest = 1 + below(14);
    const std::size_t letters = 2 + below(30);
    const bool some_share_nothing = below(2) == 0;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) {
      std::string text = some_share_nothing && below(50) == 0 ? "" : shared;
      for (std::size_t k = below(longest + 1); k > 0; --k)
        text.push_back(below(7) == 0 ? '\0' : static_cast<char>(120 + below(letters)));
      all.push_back(std::move(text));
    }
    return all;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_()) % bound; }

  std::mt19937 random_;
};

TEST(FlatContainersOfStrings, ManyAtOnceAreInStableOrder) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const auto strings = random_strings(seed)();
    std::vector<std::pair<std::string, std::size_t>> expected;
    std::vector<std::size_t> places;
    for (const std::string& text : strings) {
      expected.emplace_back(text, places.size());
      places.push_back(places.size());
    }
    std::ranges::stable_sort(expected, {}, &std::pair<std::string, std::size_t>::first);
    const deft::flat_multimap<std::string, std::size_t> map(strings, places);
    ASSERT_TRUE(std::ranges::equal(
        map, expected, [](auto a, const auto& b) { return a.first == b.first && a.second == b.second; }))
        << "seed " << seed;
  }
}

TEST(FlatContainersOfStrings, ASetOfManyHoldsEachOnce) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    auto strings = random_strings(seed)();
    const deft::flat_set<std::string, std::less<>> set(strings.begin(), strings.end());
    std::ranges::sort(strings);
    const auto repeated = std::ranges::unique(strings);
    strings.erase(repeated.begin(), repeated.end());
    ASSERT_TRUE(std::ranges::equal(set, strings)) << "seed " << seed;
  }
}

}  // namespace
