// sorted_list, and sorted_map with 8-byte values; what they are compared with is compiled apart.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"

#include "bench/sorted/tree_rows.hpp"

namespace {

using deft_bench::counting_allocator;
using deft_bench::mapped;
using deft_bench::row_set;

template <typename Key, row_set Rows>
void register_maps() {
  using counting =
      deft::sorted_map<Key, mapped, std::less<Key>, counting_allocator<std::pair<const Key, mapped>>>;
  deft_bench::register_tree_rows<deft::sorted_map<Key, mapped>, std::pair<Key, mapped>, counting, Rows>(
      "sorted_map", "deft", 1'000'000);
}

[[maybe_unused]] const bool registered = [] {
  using key = std::uint64_t;
  deft_bench::register_tree_rows<deft::sorted_list<key>, key,
                                 deft::sorted_list<key, std::less<key>, counting_allocator<key>>>(
      "sorted_list", "deft", 1'000'000);
  register_maps<key, row_set::all>();
  register_maps<std::string, row_set::basic>();
  return true;
}();

}  // namespace
