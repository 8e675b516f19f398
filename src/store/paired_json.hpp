#pragma once

#include "diff/profile_rounds.hpp"
#include "store/json_document.hpp"
#include "store/json_node.hpp"

namespace deft::store {

ordered_json to_value(const diff::profile_rounds& rounds);

/// Fails on frames that do not exist, on sides or stacks of different numbers of rounds, and on times that
/// cannot be.
void read(const node& from, diff::profile_rounds& out);

}  // namespace deft::store
