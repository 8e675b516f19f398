#pragma once

#include <string>
#include <string_view>

#include "profile/timed_region.hpp"
#include "support/result.hpp"

namespace deft::profile {

/// Finds the run of `benchmark` in what --benchmark_out wrote. Errors (`benchmark_failed`) name `program`.
support::result<reported_run> read_reported_run(std::string_view json, const std::string& program,
                                                const std::string& benchmark);

}  // namespace deft::profile
