#pragma once

#include "cli/command_line.hpp"
#include "cli/contenders.hpp"
#include "cli/progress.hpp"
#include "stats/rule.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Measures the line-up and judges it: as many rounds as the rule asks for, confirmation included. Fills the
/// benchmarks (in the line-up's order), the noise and `interrupted`, if the user stopped it: then with what
/// there is.
support::result<store::result_file> measure_all(const lineup& all, const measure_options& options,
                                                stats::rule rule, store::run_kind kind, progress& watch);

}  // namespace deft::cli
