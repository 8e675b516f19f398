// sorted_set on all keys; what it is compared with is compiled apart.
#include "deft/sorted/sorted_set.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "bench/sorted/tree_rows.hpp"

namespace {

using deft_bench::row_set;

template <typename Key, row_set Rows>
void register_key(std::size_t most) {
  using counting = deft::sorted_set<Key, std::less<Key>, deft_bench::counting_allocator<Key>>;
  deft_bench::register_tree_rows<deft::sorted_set<Key>, Key, counting, Rows>("sorted_set", "deft", most);
}

[[maybe_unused]] const bool registered = [] {
  register_key<std::uint64_t, row_set::all>(10'000'000);
  register_key<std::int32_t, row_set::basic>(1'000'000);
  register_key<double, row_set::basic>(1'000'000);
  register_key<std::string, row_set::all>(1'000'000);
  return true;
}();

}  // namespace
