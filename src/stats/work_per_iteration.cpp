#include <cstdint>
#include <vector>

#include "stats/work.hpp"

namespace deft::stats {

namespace {

/// What one more iteration costs, by the last two runs: what a run costs besides falls out. Where there is
/// only one run, or what is done once outweighs the rest, the last run's share.
template <class Run>
double per_iteration(const std::vector<Run>& runs, std::uint64_t Run::* counted) {
  const Run& last = runs.back();
  const auto share = static_cast<double>(last.*counted) / static_cast<double>(last.iterations);
  if (runs.size() < 2) return share;
  const Run& before = runs[runs.size() - 2];
  if (last.iterations <= before.iterations || last.*counted < before.*counted) return share;
  return static_cast<double>(last.*counted - before.*counted) /
         static_cast<double>(last.iterations - before.iterations);
}

bool usable(const auto& runs) {
  return !runs.empty() && runs.back().iterations > 0;
}

}  // namespace

work_counts per_iteration(const count::observation& seen) {
  work_counts counts;
  if (usable(seen.instruction_runs))
    counts.instructions = per_iteration(seen.instruction_runs, &count::instruction_run::instructions);
  if (usable(seen.allocation_runs)) {
    counts.allocations = per_iteration(seen.allocation_runs, &count::allocation_run::allocations);
    counts.allocated_bytes = per_iteration(seen.allocation_runs, &count::allocation_run::allocated_bytes);
  }
  counts.peak_bytes = seen.peak_bytes;
  counts.why_not = seen.why_not;
  return counts;
}

}  // namespace deft::stats
