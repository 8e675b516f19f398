#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "count/observation.hpp"
#include "stats/verdict.hpp"

namespace deft::stats {

/// Exact counts of one benchmark in one program, per iteration, set-up subtracted. Empty: not counted;
/// `why_not` says why.
struct work_counts {
  std::optional<double> instructions;
  std::optional<double> allocations;
  std::optional<double> allocated_bytes;
  std::optional<std::uint64_t>
      peak_bytes;  ///< Of the heap, at once, while the benchmark ran; set-up included.
  std::string why_not;

  friend bool operator==(const work_counts&, const work_counts&) = default;
};

/// What was counted, for one iteration.
work_counts per_iteration(const count::observation& seen);

enum class work_change {
  unknown,  ///< Not counted in both programs.
  same,     ///< Instructions within 0.5 %, and no allocation more or less.
  more,
  less,
};

/// A change of instructions within this is none: the same source, compiled again, may count that much
/// differently.
inline constexpr double same_instructions = 0.005;

/// Whether head does more than base. Instructions count first, allocations where instructions are the same.
work_change compare_work(const work_counts& base, const work_counts& head);

/// Head's instructions over base's, 1.05 = 5 % more; empty where one of them was not counted. Infinite where
/// base had none.
std::optional<double> instruction_ratio(const work_counts& base, const work_counts& head);

/// Allocations for each iteration that head makes more than base (negative: fewer); empty where one was not
/// counted.
std::optional<double> allocations_more(const work_counts& base, const work_counts& head);

/// What verdict and counts say together: "same work, slower", "more work, same time", and so on. Empty where
/// the counts say nothing that the verdict does not.
std::string classify_work(verdict timed, work_change counted);

/// "instructions +5.0 %" and "allocations 2 to 3": what was counted in both, else empty.
std::string describe_instructions(const work_counts& base, const work_counts& head);
std::string describe_allocations(const work_counts& base, const work_counts& head);

/// "instructions +5.0 %, allocations 2 to 3": what was counted in both. Empty if nothing was.
std::string describe_work(const work_counts& base, const work_counts& head);

/// The decision with what the counts say about it behind its reason. The verdict stays: counts are a second
/// witness, and instructions are not time.
decision with_work(decision timed, const work_counts& base, const work_counts& head);

}  // namespace deft::stats
