// Who writes `namespace std { using deft::flat_set; }` must not notice: an example as for C++23.
#include <algorithm>
#include <functional>
#include <memory_resource>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

#ifndef __cpp_lib_flat_set
namespace std {

using deft::erase_if;
using deft::flat_multiset;
using deft::flat_set;
#ifndef __cpp_lib_flat_map
using deft::sorted_equivalent;
using deft::sorted_equivalent_t;
using deft::sorted_unique;
using deft::sorted_unique_t;
#endif
#ifndef __cpp_lib_containers_ranges
using deft::from_range;
using deft::from_range_t;
#endif

}  // namespace std
#endif

namespace {

// Deduced from a template parameter that is the class template itself.
template <template <typename...> typename Set, typename Key>
Set<Key, std::greater<Key>> reversed(const std::flat_set<Key>& s) {
  return Set<Key, std::greater<Key>>(std::from_range, s);
}

TEST(FlatSetAsStd, ACpp23ProgramDoesNotNotice) {
  std::flat_set words{std::string("pear"), std::string("apple")};
  static_assert(std::is_same_v<decltype(words), std::flat_set<std::string>>);
  const auto [where, inserted] = words.insert("fig");
  EXPECT_TRUE(inserted && *where == "fig");
  EXPECT_TRUE(std::ranges::is_sorted(words));
  EXPECT_EQ(std::ranges::distance(words | std::views::filter([](auto& x) { return x.size() > 3; })), 2);
  EXPECT_EQ(std::erase_if(words, [](const std::string& x) { return x == "fig"; }), 1u);
  EXPECT_EQ(*reversed<std::flat_multiset>(words).begin(), "pear");

  std::flat_set<std::string, std::less<>> names(std::sorted_unique, {"alice", "bob"});
  EXPECT_TRUE(names.contains(std::string_view("bob")) && !names.contains("eve"));
  std::flat_set<std::string, std::less<>> others{"carol"};
  std::swap(names, others);
  std::ranges::swap(names, others);
  swap(names, others);
  EXPECT_EQ(names.size(), 1u);

  std::vector<std::string> storage = std::move(others).extract();
  std::ranges::transform(storage, storage.begin(), [](std::string x) { return x + "!"; });
  others.replace(std::move(storage));
  EXPECT_EQ(*others.rbegin(), "bob!");

  std::pmr::monotonic_buffer_resource arena;
  std::flat_multiset<int, std::less<int>, std::pmr::vector<int>> counted({3, 1, 3}, &arena);
  counted.insert_range(std::sorted_equivalent, std::views::iota(1, 4));
  EXPECT_EQ(counted.count(3), 3u);
  EXPECT_TRUE((counted <=> counted) == 0);
}

}  // namespace
