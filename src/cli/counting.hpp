#pragma once

#include "cli/command_line.hpp"
#include "cli/contenders.hpp"
#include "cli/progress.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Counts the instructions and allocations of each benchmark that did not fail, in base and in head, in
/// processes that are never timed, and adds to decisions what the counts say about them. What cannot be
/// counted fails nothing; an interrupt sets `file.interrupted`. The benchmarks of the file are in the
/// line-up's order.
support::result<void> take_counts(store::result_file& file, const lineup& all, const measure_options& options,
                                  progress& watch);

}  // namespace deft::cli
