#pragma once

#include "cli/command_line.hpp"
#include "cli/contenders.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "stats/rule.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

// What the verbs that measure have in common, from the question whether there is room for the result to the
// table on the terminal.

namespace deft::cli {

support::result<void> check_outputs(const measure_options& options);

/// Measures, judges and profiles.
support::result<store::result_file> produce(const lineup& all, const measure_options& options,
                                            const stats::rule& rule, store::run_kind kind, progress& watch);

/// Writes and shows what was measured, also after an interrupt. The code is that of the first thing that went
/// wrong, or ok.
exit_code deliver(const store::result_file& file, const measure_options& options);

bool has_failure(const store::result_file& file);

/// `deliver`, and what the program ends with: judged by `rules` if there are any.
exit_code deliver_comparison(const store::result_file& file, const measure_options& options,
                             const gate_rules* rules);

}  // namespace deft::cli
