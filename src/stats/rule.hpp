#pragma once

#include <cstdint>

namespace deft::stats {

/// Every constant of the decision rule, in one place. The figures in docs/explanation/verdicts.md were
/// measured with exactly these; whoever changes one runs tools/validate-verdicts again.
struct rule {
  double band = 0.01;                ///< Changes within 1 +- band are tolerated.
  double equivalence_margin = 0.03;  ///< "Equivalent" means: the whole interval lies within 1 +- this.
  double confidence = 0.95;  ///< 1 - the chance of any false alarm in a whole run; also of each interval.
  double power = 0.90;       ///< With which `decision::smallest_effect` would have been found.
  double trim = 0.25;        ///< Share of the rounds cut at each end before the mean is taken.

  std::uint32_t first_rounds = 6;          ///< Rounds before anything is decided.
  std::uint32_t more_rounds = 5;           ///< Added at a time where the first rounds could not tell.
  std::uint32_t most_rounds = 21;          ///< Then it is inconclusive.
  std::uint32_t confirmation_rounds = 16;  ///< Fresh rounds for a suspicion, judged on their own.

  /// With an effect to be found (0: none), rounds are added until `decision::smallest_effect` is no larger.
  /// That depends on how far rounds differ from one another, not on where they lie: the end does not wait for
  /// a verdict. A suspicion is then confirmed by as many fresh rounds as it took, so that they see as much.
  double effect = 0;
  std::uint32_t most_effect_rounds = 120;  ///< Then it is left as it is.
};

/// How one round is measured, unless the user asks for something else. The budget: less than 0.1 s a round
/// for the three processes together, so two seconds for a slowdown with its confirmation. Rounds differ by
/// what differs between processes: with 20 ms they were no closer to each other.
struct sampling {
  std::uint32_t repetitions = 4;    ///< --benchmark_repetitions
  double min_time_seconds = 0.005;  ///< --benchmark_min_time
};

}  // namespace deft::stats
