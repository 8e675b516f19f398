#pragma once

#include <span>
#include <vector>

#include "measure/observation.hpp"

namespace deft::stats {

/// What the rounds say, one value a round: the process is the unit of replication.
struct round_effects {
  std::vector<double> head;  ///< Median over the repetitions of log(head) - (log(base) + log(control)) / 2.
  std::vector<double> control;  ///< Median over the repetitions of log(control) - log(base).
};

/// The nanoseconds that count under this method: CPU time on a shared core, else wall time.
double time_of(const measure::repetition& repetition, measure::method method) noexcept;

/// The effects of those rounds whose `confirmation` is as given. Repetitions are paired by index up to the
/// shortest arm; those with a time that is not a positive number are left out, and so is a round without any.
round_effects effects(std::span<const measure::round> rounds, measure::method method, bool confirmation);

}  // namespace deft::stats
