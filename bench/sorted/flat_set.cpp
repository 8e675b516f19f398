// flat_set beside Boost's, Abseil's btree_set and std::set.
#include "deft/sorted/flat_set.hpp"

#include <cstdint>
#include <set>
#include <string>

#include <absl/container/btree_set.h>
#include <boost/container/flat_set.hpp>

#include "bench/sorted/flat_rows.hpp"

namespace {

// Trees only for two kinds of keys: every peer is compiled with every row.
template <typename Key, bool Trees>
auto register_key() -> bool {
  deft_bench::register_flat_rows<deft::flat_set<Key>, Key>("flat_set", "deft");
  deft_bench::register_flat_rows<boost::container::flat_set<Key>, Key>("flat_set", "boost");
  if constexpr (Trees) {
    deft_bench::register_flat_rows<absl::btree_set<Key>, Key>("flat_set", "absl");
    deft_bench::register_flat_rows<std::set<Key>, Key>("flat_set", "std");
  }
  return true;
}

[[maybe_unused]] const bool registered = register_key<std::uint64_t, true>() &&
                                         register_key<std::string, true>() &&
                                         register_key<std::int32_t, false>() && register_key<double, false>();

}  // namespace
