#pragma once

#include <chrono>
#include <optional>

#include "cli/command_line.hpp"
#include "cli/contenders.hpp"
#include "cli/progress.hpp"
#include "store/result_file.hpp"

namespace deft::cli {

/// Profiles each benchmark that did not fail, of head and of base, in runs that are never timed. What stands
/// in the way of a profile is noted in it and fails nothing; so is that it would end after `deadline`. An
/// interrupt sets `file.interrupted`.
void take_profiles(store::result_file& file, const lineup& all, const measure_options& options,
                   progress& watch, std::optional<std::chrono::steady_clock::time_point> deadline = {});

}  // namespace deft::cli
