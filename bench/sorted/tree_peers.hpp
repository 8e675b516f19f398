/// @file
/// What the trees are compared with, each also with counting_allocator.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <boost/container/flat_set.hpp>
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

#include "bench/sorted/items.hpp"
#include "bench/sorted/tree_rows.hpp"

namespace deft_bench {

template <typename Key, typename Allocator = std::allocator<char>>
using pb_ds_set = __gnu_pbds::tree<Key, __gnu_pbds::null_type, std::less<Key>, __gnu_pbds::rb_tree_tag,
                                   __gnu_pbds::tree_order_statistics_node_update, Allocator>;

/// Arrays are no container to insert into one by one beyond this size.
inline constexpr std::size_t most_into_array = 100'000;

template <typename Key, row_set Rows = row_set::all>
void register_set_peers(std::size_t most) {
  using less = std::less<Key>;
  using counting = counting_allocator<Key>;
  register_tree_rows<absl::btree_set<Key>, Key, absl::btree_set<Key, less, counting>, Rows>("sorted_set",
                                                                                            "absl", most);
  register_tree_rows<std::set<Key>, Key, std::set<Key, less, counting>, Rows>("sorted_set", "std", most);
  if constexpr (Rows == row_set::all) {
    register_tree_rows<absl::btree_set<Key>, Key, absl::btree_set<Key, less, counting>, row_set::sorted>(
        "sorted_set", "absl_sort", most);
  }
}

}  // namespace deft_bench
