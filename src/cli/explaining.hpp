#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/measured_programs.hpp"
#include "cli/progress.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Which benchmarks regressed or improved: those that changed most first.
std::vector<std::size_t> changed_benchmarks(const store::result_file& file);

struct turns_settings {
  explain_options how;
  std::uint64_t seed = 0;
  double time_limit_seconds = 60;
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

/// What stood in the way of profiles; empty where they were taken.
struct turns_failure {
  std::size_t index = 0;
  support::error why;
};

/// Profiles base and head of each of the benchmarks in turns, in runs that are never timed, and keeps that in
/// the file. What stands in the way is noted there, too. An interrupt sets `file.interrupted`.
std::vector<turns_failure> take_turns(store::result_file& file, std::span<const explained_benchmark> wanted,
                                      const turns_settings& settings, progress& watch);

/// As `deft ab --explain` does: of the `settings.how.most` benchmarks that changed most. The programs are
/// there.
void explain_changes(store::result_file& file, const lineup& all, const turns_settings& settings,
                     progress& watch);

/// What the paired profiles of a benchmark say, for a terminal; empty where it has none.
std::string explanation_text_of(const store::result_file& file, std::size_t index);

}  // namespace deft::cli
