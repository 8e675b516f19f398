#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "stats/verdict.hpp"
#include "store/result_file.hpp"

// What a comparison becomes where other people's programs show it.

namespace deft::report {

/// GitHub refuses comments above 65,536 characters; a bot's own frame around the text needs room too.
inline constexpr std::size_t comment_limit_bytes = 60'000;

/// GitHub drops a step's summary above this.
inline constexpr std::size_t step_summary_limit_bytes = 1 << 20;

/// What counts as failed, as `deft gate` sees it.
struct strictness {
  bool inconclusive_fails = false;
  bool missing_fails = true;
};

enum class outcome_class { failed, open, passed };

/// What `deft gate` would make of a benchmark with that verdict; `open` where it tells neither way.
outcome_class class_of(stats::verdict v, const strictness& rules) noexcept;

/// For a comment: the verdict in a sentence, the A/A control, the smallest effect, then a table, the most
/// urgent benchmark first. At most `limit_bytes` (from `comment_limit_bytes` on); what was left out is
/// counted in the last line.
std::string to_markdown(const store::result_file& file, std::size_t limit_bytes);

/// JUnit's XML, a test case for each benchmark: what failed is a failure (a benchmark that crashed an error),
/// what is open was skipped. Valid XML 1.0 whatever the names are.
std::string to_junit(const store::result_file& file, const strictness& rules = {});

/// Workflow commands, a line each, from which GitHub makes annotations: an error for what failed, a warning
/// for what is open, a notice for what improved or is new, and one for the run as a whole. GitHub shows ten
/// of each kind for a step, so where there are more the tenth says how many.
std::string to_annotations(const store::result_file& file, const strictness& rules = {});

/// One workflow command, with all that would end it or a property of it escaped: "::error title=...::...".
std::string workflow_command(std::string_view level, std::string_view title, std::string_view message);

}  // namespace deft::report
