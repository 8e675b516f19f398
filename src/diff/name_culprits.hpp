#pragma once

#include <vector>

#include "diff/body_times.hpp"
#include "diff/call_tree.hpp"
#include "diff/explanation.hpp"
#include "diff/paired_shares.hpp"

namespace deft::diff {

/// From what was found significant by itself to what is told: fills `slower`, `faster`, `callers` and notes,
/// and takes significance back where time only moved inside of a body of code, or was sampled next to where
/// it was spent, or where the whole did not change and nothing balances a change. `nodes` are numbered as the
/// tree's.
void name_culprits(explanation& e, std::vector<compared_node>& nodes, const call_tree& tree,
                   const body_times& bodies, const count_table& self, const paired_shares& shares);

/// "12.3 ns", "1.23 µs".
std::string time_text(double ns);

}  // namespace deft::diff
