// What sorted_list and sorted_map, with 8-byte values, are compared with: Abseil's and the standard's trees.
#include <cstdint>
#include <string>

#include "bench/sorted/tree_peers.hpp"

namespace {

using deft_bench::counting_allocator;
using deft_bench::mapped;
using deft_bench::row_set;

void register_lists() {
  using key = std::uint64_t;
  using less = std::less<key>;
  deft_bench::register_tree_rows<absl::btree_multiset<key>, key,
                                 absl::btree_multiset<key, less, counting_allocator<key>>>("sorted_list",
                                                                                           "absl", 1'000'000);
  deft_bench::register_tree_rows<std::multiset<key>, key, std::multiset<key, less, counting_allocator<key>>>(
      "sorted_list", "std", 1'000'000);
}

template <typename Key, row_set Rows>
void register_maps() {
  using item = std::pair<Key, mapped>;
  using less = std::less<Key>;
  using counting = counting_allocator<std::pair<const Key, mapped>>;
  deft_bench::register_tree_rows<absl::btree_map<Key, mapped>, item,
                                 absl::btree_map<Key, mapped, less, counting>, Rows>("sorted_map", "absl",
                                                                                     1'000'000);
  deft_bench::register_tree_rows<std::map<Key, mapped>, item, std::map<Key, mapped, less, counting>, Rows>(
      "sorted_map", "std", 1'000'000);
}

[[maybe_unused]] const bool registered = [] {
  register_lists();
  register_maps<std::uint64_t, row_set::all>();
  register_maps<std::string, row_set::basic>();
  return true;
}();

}  // namespace
