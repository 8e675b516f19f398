#pragma once

#include <string>

#include "support/result.hpp"

namespace deft::profile {

/// What is preloaded; all lie in one folder.
enum class agent_kind { cpu, allocations, instruction_counts, allocation_counts };

/// Where the library to be preloaded is: what is asked for, what DEFT_AGENT says (of both, the CPU profile's
/// counts, and the others are beside it), beside this program, or where it was installed with it. Errors
/// (`unavailable`) say where it was looked for.
support::result<std::string> find_agent_library(const std::string& asked_for, agent_kind kind);

}  // namespace deft::profile
