#pragma once

#include <string>
#include <string_view>

#include "profile/timed_region.hpp"
#include "support/result.hpp"

namespace deft::profile {

/// A pattern for --benchmark_filter that matches this name only, in both of the regular expression dialects
/// that Google Benchmark is built with.
std::string exact_filter(std::string_view benchmark);

/// Finds the run of `benchmark` in what --benchmark_out wrote. Errors (`benchmark_failed`) name `program`.
support::result<reported_run> read_reported_run(std::string_view json, const std::string& program,
                                                const std::string& benchmark);

}  // namespace deft::profile
