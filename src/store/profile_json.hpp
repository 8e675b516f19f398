#pragma once

#include "store/json_document.hpp"
#include "store/json_node.hpp"
#include "store/result_file.hpp"
#include "symbols/stack_profile.hpp"

// What result files and profile files both hold.

namespace deft::store {

ordered_json to_value(const machine& m);
ordered_json to_value(const symbols::stack_profile& profile);

void read(const node& from, machine& out);

/// Fails on indices of frames and threads that do not exist, and on counts that add up to 2^64 or more.
void read(const node& from, symbols::stack_profile& out);

}  // namespace deft::store
