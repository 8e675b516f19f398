#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "report/call_tree.hpp"
#include "store/result_file.hpp"

namespace deft::report {

using json = nlohmann::ordered_json;

// What the data of both pages has in common.

/// null where the number is not finite; rounded to what can be seen.
json number(double value);

/// The frames column by column, each string once.
json frame_columns(const frame_table& table);

/// How a profile was taken, and what it lacks.
json profile_facts(const symbols::stack_profile& profile);

json machine_facts(const store::machine& machine);

}  // namespace deft::report
