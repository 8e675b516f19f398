#pragma once

#include <filesystem>
#include <string>

#include "cli/command_line.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Runs the build command `build` by a shell at the top of `tree`, with `variables` set on top of the
/// environment. `log` takes what it prints; if it fails, the last lines of that follow the error, which
/// begins with `label`.
support::result<void> run_build(const std::string& build, const std::filesystem::path& tree,
                                const environment& variables, const std::filesystem::path& log,
                                const std::string& label);

/// The last `count` lines of a text, without the line end.
std::string last_lines(const std::string& text, std::size_t count);

}  // namespace deft::cli
