#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "history/series.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Whether a file could be written there later: asked before minutes of measuring, not after.
support::result<void> check_writable(const std::filesystem::path& file);

/// Whether results can be added to that history, which is made if it is not there.
support::result<void> check_history(const std::filesystem::path& history);

/// Adds a result to a history, under the name that its machine has without another.
support::result<void> add_to_history(const store::result_file& file, const std::filesystem::path& history);

/// How benchmarks developed on a runner: in its last runs, of which there must be one.
support::result<std::vector<history::series>> read_past(const std::filesystem::path& history,
                                                        const std::string& runner);

/// Writes index.html, report.md and result.json into the folder.
support::result<void> write_report(const store::result_file& file, std::span<const history::series> past,
                                   const std::filesystem::path& folder);

}  // namespace deft::cli
