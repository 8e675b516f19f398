#pragma once

#include <string>

#include "support/result.hpp"

namespace deft::profile {

/// Where the library to be preloaded is: what is asked for, what DEFT_AGENT says, beside this program, or
/// where it was installed with it. `allocations`: the other one, which lies in the same folder. Errors
/// (`unavailable`) say where it was looked for.
support::result<std::string> find_agent_library(const std::string& asked_for, bool allocations);

}  // namespace deft::profile
