#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "stats/rule.hpp"
#include "stats/verdict.hpp"
#include "stats/work.hpp"

// What changes when nothing but the layout of a program does: the same objects in another order, a dead
// function between them.

namespace deft::stats {

/// One rebuild of a program beside the build it was compared with.
struct layout_difference {
  double log_ratio = 0;       ///< log(rebuild / first build).
  double standard_error = 0;  ///< Of that: how much of it may be noise.
};

/// One benchmark in all builds.
struct benchmark_floor {
  std::string name;
  measure::method method = measure::method::same_core;
  double floor = 0;  ///< Relative: 0.02 = 2 %.
  std::vector<layout_difference> variants;

  friend bool operator==(const benchmark_floor& a, const benchmark_floor& b) {
    return a.name == b.name && a.floor == b.floor;
  }
};

struct layout_floor {
  double confidence = 0.95;
  double whole_run = 0;  ///< The largest of all, which counts for benchmarks that are not among these.
  std::vector<benchmark_floor> benchmarks;
};

/// Rebuilds below which nothing is learnt.
inline constexpr std::size_t fewest_variants = 3;

/// The estimate of one rebuild's difference, as of head in a comparison. `standard_error` is infinite with
/// fewer than two usable rounds.
layout_difference layout_difference_of(std::span<const measure::round> rounds, measure::method method,
                                       const rule& rule = {});

/// How much two builds that differ by layout only may differ, but with a probability of 1 - `level`: the
/// prediction bound of Student's t, sqrt(2) * s * t(level, N), where s is the standard deviation of the N + 1
/// builds, the first of which is 0 by definition. Relative. Few builds make it large, not small; the noise of
/// measuring is in it. At least the largest difference that was seen between any two builds.
///
/// Infinite with fewer than `fewest_variants` differences, or if one of them is not finite.
double floor_of(std::span<const layout_difference> variants, double level);

/// The floor of each benchmark, so that in a run of all of them a change of layout puts any beyond its floor
/// with a probability of at most 1 - confidence (Bonferroni). Fills `floor` of each, and the whole run's.
layout_floor learn_layout_floor(std::vector<benchmark_floor> benchmarks, double confidence);

/// That of the benchmark, or the whole run's.
double floor_for(const layout_floor& learnt, const std::string& benchmark);

/// What is left of a verdict when `floor` (relative) is known: a change no larger than the floor becomes
/// inconclusive, with a reason that begins with "layout: ", unless the exact counts changed in the same
/// direction. Says the floor in the reason of a verdict that stands.
decision apply_layout_floor(decision d, double floor, work_change work);

}  // namespace deft::stats
