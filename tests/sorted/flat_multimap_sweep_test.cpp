#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multimap.hpp"

#include "tests/sorted/flat_sweep_maps.hpp"

namespace {

using namespace deft_test;

template <typename T>
using in_vector = std::vector<T, test_allocator<T>>;
template <typename T>
using in_deque = std::deque<T, test_allocator<T>>;
template <typename Keys, typename Values>
using map = deft::flat_multimap<typename Keys::value_type, typename Values::value_type,
                                typename sweep_type<typename Keys::value_type>::compare, Keys, Values>;

TEST(FlatMultimapSweep, EveryFailureLeavesASortedPrefixAndStrongOnesEverything) {
  sweep_table table;
  sweep_all(map_operations<map<in_deque<int>, in_vector<int>>>(), table);
  sweep_all(map_operations<map<in_vector<throwing_copy>, in_vector<throwing_move_only>>>(), table);
  sweep_all(map_operations<map<in_deque<throwing_move>, in_vector<throwing_copy>>>(), table);
  sweep_all(map_operations<map<in_vector<throwing_move>, in_deque<throwing_move>>>(), table);
  auto members = common_members;
  members.insert("insert(P&&)");
  table.check_off("flat_multimap", members);
}

}  // namespace
