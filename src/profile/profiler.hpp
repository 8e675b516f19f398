#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/process.hpp"
#include "support/result.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

/// "available", or the reason why this process may not sample with perf_event (and what would help).
std::string perf_event_state();

}  // namespace deft::profile
