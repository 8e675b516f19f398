#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"

#include "tests/sorted/flat_sweep_maps.hpp"

namespace {

using namespace deft_test;

template <typename T>
using in_vector = std::vector<T, test_allocator<T>>;
template <typename T>
using in_deque = std::deque<T, test_allocator<T>>;
template <typename Keys, typename Values>
using map = deft::flat_map<typename Keys::value_type, typename Values::value_type,
                           typename sweep_type<typename Keys::value_type>::compare, Keys, Values>;

TEST(FlatMapSweep, EveryFailureLeavesASortedPrefixAndStrongOnesEverything) {
  sweep_table table;
  sweep_all(unique_map_operations<map<in_vector<int>, in_vector<int>>>(), table);
  sweep_all(unique_map_operations<map<in_deque<throwing_copy>, in_vector<int>>>(), table);
  sweep_all(unique_map_operations<map<in_vector<throwing_copy>, in_deque<throwing_move>>>(), table);
  sweep_all(unique_map_operations<map<in_vector<throwing_move_only>, in_vector<throwing_copy>>>(), table);
  auto members = common_members;
  members.insert(unique_map_members.begin(), unique_map_members.end());
  members.insert("insert(P&&)");
  table.check_off("flat_map", members);
}

}  // namespace
