#pragma once

#include "stats/paired.hpp"
#include "stats/rule.hpp"
#include "stats/verdict.hpp"

namespace deft::stats {

/// What one set of rounds of one benchmark says by itself, on the scale of log ratios.
struct judgement {
  double head = 0;  ///< Estimate of log(head / base).
  double head_half_width =
      0;               ///< Of its interval at the rule's confidence; infinite with fewer than two rounds.
  double control = 0;  ///< Of log(control / base), likewise.
  double control_half_width = 0;
  double control_error = 0;    ///< Standard error of `control`.
  double p_value = 1;          ///< Of "head is within the band", two-sided.
  double control_p_value = 1;  ///< Of "control is within the band".
  double smallest_effect = 0;  ///< Relative slowdown that would have been called at `alpha`.
};

/// `alpha`: the level at which a change would have to be significant in this run; it only enters
/// `smallest_effect`.
judgement judge(const round_effects& effects, const rule& rule, double alpha);

/// As a person reads it: exp(estimate +- half width).
ratio_estimate to_ratio(double estimate, double half_width);

}  // namespace deft::stats
