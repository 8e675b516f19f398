#include <gtest/gtest.h>

#include "deft/sorted/sorted_set.hpp"

#include "tests/sorted/tree_sweep_sets.hpp"

namespace {

using namespace deft_test;

template <typename T>
using set = deft::sorted_set<T, typename sweep_type<T>::compare, test_allocator<T>>;

template <typename T>
void sweep_of(sweep_table& table) {
  tree_sweep_all(set_tree_operations<set<T>>(), single_operations<set<T>>(), table);
}

TEST(SortedSetSweep, EveryFailureLeavesEverythingAsItWas) {
  sweep_table table;
  sweep_of<int>(table);
  sweep_of<throwing_copy>(table);
  sweep_of<throwing_move_only>(table);
  auto members = common_tree_members;
  members.insert(set_tree_members.begin(), set_tree_members.end());

  table.check_off("sorted_set", members);
}

}  // namespace
