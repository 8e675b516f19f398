#pragma once

#include <limits>
#include <optional>
#include <string>

namespace deft::stats {

enum class verdict {
  regressed,     ///< Slower by more than the tolerated band, confirmed by fresh data.
  improved,      ///< Faster by more than the band, confirmed likewise.
  equivalent,    ///< The whole interval lies inside the equivalence margin.
  inconclusive,  ///< This run could not tell; `smallest_effect` says what it could have seen.
  missing,       ///< In base, not in head.
  added,         ///< In head, not in base; written "new".
  failed,        ///< Crashed, hung or reported an error in an arm; `reason` says which and how.
};

/// "regressed", "improved", "equivalent", "inconclusive", "missing", "new", "failed".
const char* to_string(verdict v) noexcept;

/// A ratio of times with its interval. 1.05 = 5 % slower than base. As default-constructed: nothing is known.
struct ratio_estimate {
  double ratio = 1;
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
};

struct decision {
  stats::verdict verdict = stats::verdict::inconclusive;
  ratio_estimate head;     ///< head / base, with the interval at the run's confidence.
  ratio_estimate control;  ///< base again / base: the A/A control of the same run.
  double smallest_effect =
      0;                   ///< Relative slowdown this run would have found with 90 % probability; 0.03 = 3 %.
  double p_value = 1;      ///< Of "within the band", two-sided, before the correction for multiple testing.
  bool confirmed = false;  ///< A confirmation round of fresh data agreed.
  std::string reason;      ///< One short sentence for a person.
  std::optional<double> layout_floor =
      std::nullopt;  ///< What rebuilding alone may change, where it is known; 0.02 = 2 %.
};

}  // namespace deft::stats
