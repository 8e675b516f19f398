// The trees on a memory resource of huge pages.
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/core/huge_page_resource.hpp"
#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

namespace {

using numbers = deft::sorted_set<std::uint64_t, std::less<>, std::pmr::polymorphic_allocator<std::uint64_t>>;

TEST(TreesOnHugePages, HoldWhatTheyHoldElsewhere) {
  deft::huge_page_resource pages;
  numbers tree(&pages);
  std::set<std::uint64_t> model;
  std::mt19937_64 random(3);
  for (int i = 0; i < 40'000; ++i) {
    const std::uint64_t x = random() % 20'000;
    if (random() % 3 != 0) {
      EXPECT_EQ(tree.insert(x).second, model.insert(x).second);
    } else {
      EXPECT_EQ(tree.erase(x), model.erase(x));
    }
  }
  EXPECT_TRUE(std::equal(tree.begin(), tree.end(), model.begin(), model.end()));
  EXPECT_EQ(tree.get_allocator().resource(), &pages);
}

TEST(TreesOnHugePages, TakeTheNodesThatOthersGaveBack) {
  deft::huge_page_resource pages;
  std::vector<std::uint64_t> all(300'000);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i * 7919 % 300'007;
  numbers first(all.begin(), all.end(), std::less<>(), &pages);
  const std::size_t reserved = pages.bytes_reserved();
  EXPECT_GE(reserved, first.memory_bytes());
  EXPECT_LE(reserved, first.memory_bytes() + first.memory_bytes() / 8 + (std::size_t{4} << 20));
  first.clear();
  numbers second(&pages);
  second.insert_many(all);
  EXPECT_EQ(second.size(), all.size());
  EXPECT_EQ(pages.bytes_reserved(), reserved);
}

TEST(TreesOnHugePages, MayBeOfAnyKindSideBySide) {
  deft::huge_page_resource pages;
  deft::pmr::sorted_list<std::pmr::string> words(&pages);
  deft::pmr::sorted_map<int, std::pmr::string> names(&pages);
  for (int i = 0; i < 5000; ++i) {
    words.emplace("a word that is too long to be kept in place, " + std::to_string(i % 1000));
    names.try_emplace(i * 31 % 5003, "a name that is too long to be kept in place");
  }
  EXPECT_EQ(words.size(), 5000U);
  EXPECT_EQ(words.count(words.front()), 5U);
  EXPECT_EQ(words.front().get_allocator().resource(), &pages);
  EXPECT_EQ(names.size(), 5000U);
  EXPECT_EQ(names.peekitem().second.get_allocator().resource(), &pages);
  words.erase_range(100, 4900);
  EXPECT_EQ(words.size(), 200U);
}

}  // namespace
