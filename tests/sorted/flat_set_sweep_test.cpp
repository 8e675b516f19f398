#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_set.hpp"

#include "tests/sorted/flat_sweep_sets.hpp"

namespace {

using namespace deft_test;

template <typename T>
using in_vector = deft::flat_set<T, typename sweep_type<T>::compare, std::vector<T, test_allocator<T>>>;
template <typename T>
using in_deque = deft::flat_set<T, typename sweep_type<T>::compare, std::deque<T, test_allocator<T>>>;

TEST(FlatSetSweep, EveryFailureLeavesASortedPrefixAndStrongOnesEverything) {
  sweep_table table;
  sweep_all(set_operations<in_vector<int>>(), table);
  sweep_all(set_operations<in_deque<throwing_copy>>(), table);
  sweep_all(set_operations<in_vector<throwing_move>>(), table);
  sweep_all(set_operations<in_deque<throwing_move_only>>(), table);
  auto members = common_members;
  members.insert({"insert(K&&)", "insert(hint, K&&)", "shrink_to_fit"});
  table.check_off("flat_set", members);
}

}  // namespace
