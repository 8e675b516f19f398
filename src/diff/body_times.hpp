#pragma once

#include <cstdint>
#include <vector>

#include "diff/call_tree.hpp"

namespace deft::diff {

/// Bodies of code between whose functions time may move without anything becoming slower: a function, what is
/// inlined into it on either side, and what it calls that only one side has (which may be inlined, without a
/// trace, on the other).
struct body_times {
  count_table counts;  ///< Of the body around each function: 0 where there is none.
  /// By function: the bodies with at least a tenth of its own samples.
  std::vector<std::vector<std::uint32_t>> bodies_of;
  /// By function: those inlined directly into it, or into which it is. In ascending order.
  std::vector<std::vector<std::uint32_t>> neighbours;
};

body_times find_bodies(const call_tree& tree, const std::vector<matched_function>& functions,
                       const function_counts& counts);

}  // namespace deft::diff
