#pragma once

#include <string>

#include "diff/explanation.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// For a terminal: which functions made `b` slower or faster, in time per iteration, what called them, what
/// was matched otherwise than by name, and whether it agrees with what was measured.
std::string explanation_text(const store::benchmark& b, const diff::explanation& explained);

/// Of two sets of profiles, which have no verdict: a table of the functions whose own time differs most.
/// `unit` is what a time is of: "iteration", "process".
std::string difference_text(const diff::explanation& explained, const std::string& unit);

}  // namespace deft::report
