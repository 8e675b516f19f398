// What comes and goes before all other elements of a tree.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

#include "tests/sorted/tree_structure.hpp"

namespace {

using deft_test::tree_problem;

/// Has the order of the numbers.
std::string text_of(int number) {
  return "https://www.example.org/" + std::to_string(1'000'000 + number);
}

TEST(SortedTreeFront, TakesDescendingNumbers) {
  deft::sorted_set<std::uint64_t> s;
  for (std::uint64_t i = 20'000; i-- != 0;) {
    EXPECT_EQ(*s.insert(i).first, i);
    if (i % 64 == 0) {
      ASSERT_EQ(tree_problem(s), "");
    }
  }
  for (std::size_t i = 0; i < s.size(); ++i) ASSERT_EQ(s[i], i);
  EXPECT_EQ(s.rank(1'234), 1'234U);
  EXPECT_LT(s.memory_bytes(), 10 * s.size());
}

TEST(SortedTreeFront, TakesDescendingTextsAndEquals) {
  deft::sorted_list<std::string> l;
  deft::sorted_map<int, std::string> m;
  for (int i = 3'000; i-- != 0;) {
    l.insert(text_of(i / 3));
    m[i] = text_of(i);
    if (i % 16 == 0) {
      ASSERT_EQ(tree_problem(l), "");
      ASSERT_EQ(tree_problem(m), "");
    }
  }
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_EQ(l[static_cast<std::size_t>(i)], text_of(i / 3));
    ASSERT_EQ(m.at(i), text_of(i));
  }
}

TEST(SortedTreeFront, AgreesWithAQueueWhoseFrontMoves) {
  // Runs of any length at the front, and now and then something in the middle.
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    std::deque<int> model;
    deft::sorted_set<int> s;
    int next = 0;
    for (int run = 0; run < 400; ++run) {
      const auto length = random() % 200;
      const bool grows = random() % 3 != 0;
      for (std::size_t i = 0; i < length; ++i) {
        if (grows) {
          next -= 2;
          model.push_front(next);
          s.insert(next);
        } else if (!model.empty()) {
          ASSERT_EQ(s.pop(0), model.front());
          model.pop_front();
          if (!model.empty()) next = model.front();
        }
      }
      if (model.size() > 2) {
        const auto at = static_cast<std::ptrdiff_t>(1 + random() % (model.size() - 2));
        ASSERT_EQ(s.erase(model[static_cast<std::size_t>(at)]), 1U);
        model.erase(model.begin() + at);
      }
      ASSERT_EQ(tree_problem(s), "");
      ASSERT_EQ(s.size(), model.size());
    }
    ASSERT_TRUE(std::equal(s.begin(), s.end(), model.begin(), model.end()));
  }
}

}  // namespace
