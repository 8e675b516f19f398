#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "stats/rule.hpp"
#include "stats/verdict.hpp"

namespace deft::stats {

/// What a benchmark needs next.
struct step {
  std::uint32_t rounds = 0;   ///< 0: done.
  bool confirmation = false;  ///< The rounds are to be marked `round::confirmation`.

  bool done() const noexcept { return rounds == 0; }

  friend bool operator==(const step&, const step&) = default;
};

/// Says for each benchmark of a run what to measure next, given everything measured so far: ask, measure, ask
/// again, until all are done. Takes the whole run, because how strong a suspicion must be depends on how many
/// benchmarks are judged. A round in which an arm gave nothing usable does not count; who measures gives up
/// on a benchmark that fails.
std::vector<step> plan(std::span<const measure::comparison> run, const rule& rule = {});

/// Judges each benchmark of a run, in the order given. A pure function: same data, same decisions, and the
/// order of the benchmarks does not matter. Benchmarks that one side lacks, or that failed, are not among
/// them: see below.
std::vector<decision> decide(std::span<const measure::comparison> run, const rule& rule = {});

/// Decisions about benchmarks that could not be compared.
decision decide_missing();
decision decide_added();
decision decide_failed(std::string reason);

/// Median over the benchmarks of the standard error of log(control / base):
/// `store::run_noise::control_spread`.
double control_spread(std::span<const measure::comparison> run, const rule& rule = {});

/// Time per iteration of one program.
struct time_estimate {
  double ns = 0;  ///< 0 where nothing was measured.
  double low_ns = 0;
  double high_ns = 0;
};

/// Trimmed geometric mean of the processes' median times, with its interval; CPU time for `same_core`, else
/// wall time.
time_estimate summarise(std::span<const measure::process_run> processes, measure::method method,
                        const rule& rule = {});

}  // namespace deft::stats
