// flat_map, with 8-byte values, beside Boost's, Abseil's btree_map and std::map.
#include "deft/sorted/flat_map.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <absl/container/btree_map.h>
#include <boost/container/flat_map.hpp>

#include "bench/sorted/flat_rows.hpp"

namespace {

using deft_bench::mapped;

// Trees only for two kinds of keys: every peer is compiled with every row.
template <typename Key, bool Trees>
auto register_key() -> bool {
  using item = std::pair<Key, mapped>;
  deft_bench::register_flat_rows<deft::flat_map<Key, mapped>, item>("flat_map", "deft");
  deft_bench::register_flat_rows<boost::container::flat_map<Key, mapped>, item>("flat_map", "boost");
  if constexpr (Trees) {
    deft_bench::register_flat_rows<absl::btree_map<Key, mapped>, item>("flat_map", "absl");
    deft_bench::register_flat_rows<std::map<Key, mapped>, item>("flat_map", "std");
  }
  return true;
}

[[maybe_unused]] const bool registered = register_key<std::uint64_t, true>() &&
                                         register_key<std::string, true>() &&
                                         register_key<std::int32_t, false>() && register_key<double, false>();

}  // namespace
