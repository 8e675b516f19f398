// What sorted_set is compared with on 64-bit numbers: Abseil's btree_set, std::set, pb_ds' tree with order
// statistics, and Boost's flat_set.
#include <cstdint>

#include "bench/sorted/tree_peers.hpp"

namespace {

using key = std::uint64_t;

[[maybe_unused]] const bool registered = [] {
  using less = std::less<key>;
  using counting = deft_bench::counting_allocator<key>;
  deft_bench::register_set_peers<key>(10'000'000);
  deft_bench::register_tree_rows<deft_bench::pb_ds_set<key>, key, deft_bench::pb_ds_set<key, counting>>(
      "sorted_set", "pb_ds", 10'000'000);
  deft_bench::register_tree_rows<boost::container::flat_set<key>, key,
                                 boost::container::flat_set<key, less, counting>>(
      "sorted_set", "boost", 10'000'000, deft_bench::most_into_array);
  return true;
}();

}  // namespace
