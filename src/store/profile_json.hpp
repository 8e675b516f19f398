#pragma once

#include "store/json_document.hpp"
#include "store/json_node.hpp"
#include "store/result_file.hpp"
#include "symbols/annotation.hpp"
#include "symbols/stack_profile.hpp"

// What result files and profile files both hold.

namespace deft::store {

ordered_json to_value(const machine& m);
ordered_json to_value(const symbols::frame& frame);
ordered_json to_value(const symbols::stack_profile& profile);
ordered_json to_value(const symbols::annotated_function& function);

void read(const node& from, machine& out);
void read(const node& from, symbols::frame& out);
void read(const node& from, symbols::annotated_function& out);

/// Fails on indices of frames and threads that do not exist, and on counts that add up to 2^64 or more.
void read(const node& from, symbols::stack_profile& out);

}  // namespace deft::store
