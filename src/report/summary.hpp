#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "stats/verdict.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// In the order in which a reader wants them: what needs a look first.
inline constexpr std::array<stats::verdict, 7> verdicts_by_urgency = {
    stats::verdict::regressed, stats::verdict::failed, stats::verdict::missing,
    stats::verdict::improved,  stats::verdict::added,  stats::verdict::inconclusive,
    stats::verdict::equivalent};

/// How many benchmarks of a comparison got each verdict.
struct verdict_counts {
  std::size_t of(stats::verdict v) const { return counts[static_cast<std::size_t>(v)]; }

  std::array<std::size_t, 7> counts{};
  std::size_t total = 0;
};

/// The benchmark's decision; where there is none (an interrupted run), failed or inconclusive with the reason
/// for it.
stats::decision shown_decision(const store::benchmark& benchmark);

verdict_counts count_verdicts(const store::result_file& file);

/// Whether nothing was measured and profiles alone are compared, as `deft diff` does: there is no verdict.
bool compares_profiles_only(const store::result_file& file);

/// "3 regressed, 1 failed, 37 equivalent": the verdicts that occur, most urgent first. Empty for a single
/// run.
std::string counts_phrase(const store::result_file& file);

/// The run's verdict in one plain sentence, without markup; benchmark names are as they are in the file.
std::string headline(const store::result_file& file);

/// What base measured against itself shows, and what the run could have seen at all: the two figures without
/// which no verdict should be believed. Plain text.
std::string control_sentence(const store::result_file& file);

/// The ratio where its interval is known too, else a dash: a ratio alone says nothing.
std::string known_ratio(const stats::ratio_estimate& estimate);

/// The benchmarks, most urgent verdict first, the largest effect first among equals, then by name.
std::vector<const store::benchmark*> by_urgency(const store::result_file& file);

/// "▲", "▼", "=", ...: stands beside the word, never in its place.
const char* symbol(stats::verdict v) noexcept;

}  // namespace deft::report
