#include <utility>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_map.hpp"

#include "tests/sorted/tree_sweep_maps.hpp"

namespace {

using namespace deft_test;

template <typename Key, typename T>
using map =
    deft::sorted_map<Key, T, typename sweep_type<Key>::compare, test_allocator<std::pair<const Key, T>>>;

template <typename Key, typename T>
void sweep_of(sweep_table& table) {
  tree_sweep_all(map_tree_operations<map<Key, T>>(), single_map_operations<map<Key, T>>(), table);
}

TEST(SortedMapSweep, EveryFailureLeavesEverythingAsItWas) {
  sweep_table table;
  sweep_of<throwing_copy, int>(table);
  sweep_of<throwing_move_only, throwing_copy>(table);
  auto members = common_tree_members;
  members.insert(map_tree_members.begin(), map_tree_members.end());
  members.insert(unique_map_members.begin(), unique_map_members.end());
  table.check_off("sorted_map", members);
}

}  // namespace
