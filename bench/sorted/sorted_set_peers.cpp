// What sorted_set is compared with on other keys: Abseil's btree_set and std::set.
#include <cstdint>
#include <string>

#include "bench/sorted/tree_peers.hpp"

namespace {

[[maybe_unused]] const bool registered = [] {
  using deft_bench::row_set;
  deft_bench::register_set_peers<std::int32_t, row_set::basic>(1'000'000);
  deft_bench::register_set_peers<double, row_set::basic>(1'000'000);
  deft_bench::register_set_peers<std::string, row_set::all>(1'000'000);
  return true;
}();

}  // namespace
