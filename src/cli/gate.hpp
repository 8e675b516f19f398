#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/exit_code.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

struct gate_outcome {
  exit_code code = exit_code::ok;
  std::vector<std::string> lines;  ///< For a person: what stood in the way, or that nothing did.
};

/// Judges a comparison. Of several reasons to fail the code is that of the first in this order: a benchmark
/// failed (4), one regressed, is missing or does more work than the rules allow (1), the run is not whole
/// (3), something is inconclusive or not countable and the rules are strict, or nothing was counted at all
/// though the rules ask for it (3).
gate_outcome judge(const store::result_file& file, const gate_rules& rules);

/// Reads a result file in which something was compared: an error names the file if it holds that of a
/// `deft run`, or nothing to judge.
support::result<store::result_file> load_comparison(const std::string& path);

}  // namespace deft::cli
