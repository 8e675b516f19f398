// Who writes `namespace std { using deft::flat_map; }` must not notice: an example as for C++23.
#include <algorithm>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

#ifndef __cpp_lib_flat_map
namespace std {

using deft::erase_if;
using deft::flat_map;
using deft::flat_multimap;
using deft::sorted_equivalent;
using deft::sorted_equivalent_t;
using deft::sorted_unique;
using deft::sorted_unique_t;
#ifndef __cpp_lib_containers_ranges
using deft::from_range;
using deft::from_range_t;
#endif

}  // namespace std
#endif

namespace {

// Deduced from a template parameter that is the class template itself.
template <template <typename...> typename Map, typename Key, typename T>
Map<T, Key> inverted(const std::flat_map<Key, T>& m) {
  Map<T, Key> out;
  for (const auto& [key, value] : m) out.emplace(value, key);
  return out;
}

std::string_view colour_of(const std::flat_map<std::string, std::string, std::less<>>& colours,
                           std::string_view thing) {
  const auto found = colours.find(thing);
  return found == colours.end() ? "none" : std::string_view(found->second);
}

TEST(FlatMapAsStd, AnExampleForTheStandardsWorks) {
  std::flat_map<std::string, std::string, std::less<>> colours{{"sky", "blue"}, {"grass", "green"}};
  colours["snow"] = "white";
  colours.insert_or_assign("sky", "grey");
  if (auto [row, is_new] = colours.try_emplace("coal", "black"); is_new) row->second += "ish";
  EXPECT_EQ(colour_of(colours, "sky"), "grey");
  EXPECT_EQ(colour_of(colours, "sea"), "none");
  EXPECT_EQ(std::erase_if(colours, [](const auto& row) { return row.second.ends_with("e"); }), 1u);
  EXPECT_EQ(colours.keys(), (std::vector<std::string>{"coal", "grass", "sky"}));

  auto [keys, values] = std::move(colours).extract();
  std::ranges::transform(values, values.begin(), [](const std::string& s) { return s.substr(0, 2); });
  colours.replace(std::move(keys), std::move(values));
  EXPECT_EQ(colours.at("coal"), "bl");

  std::flat_map deduced{std::pair{2, 'b'}, std::pair{1, 'a'}};
  std::flat_map sorted(std::sorted_unique, std::vector{1, 2}, std::vector{'a', 'b'});
  EXPECT_EQ(deduced, sorted);
  EXPECT_TRUE(deduced <=> sorted == 0);
  deduced.insert(std::sorted_unique, {{0, '0'}, {3, 'c'}});
  std::swap(deduced, sorted);
  EXPECT_EQ(sorted.size(), 4u);

  const auto letters = inverted<std::flat_multimap>(std::flat_map<int, char>{{1, 'x'}, {2, 'y'}, {3, 'x'}});
  EXPECT_EQ(letters.count('x'), 2u);
  const std::flat_multimap again(std::sorted_equivalent, letters.begin(), letters.end());
  EXPECT_EQ(again, letters);

  deft::pmr::flat_map<int, int> on_resource(std::from_range, std::vector<std::pair<int, int>>{{1, 2}},
                                            std::pmr::new_delete_resource());
  static_assert(std::uses_allocator_v<decltype(on_resource), std::pmr::polymorphic_allocator<>>);
  EXPECT_EQ(on_resource[1], 2);
}

}  // namespace
