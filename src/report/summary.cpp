#include "report/summary.hpp"

#include <algorithm>
#include <cmath>

#include "report/escape.hpp"
#include "report/numbers.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

using stats::verdict;

constexpr std::size_t name_limit = 100;

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

double effect_size(const stats::decision& decision) {
  const double effect = std::abs(std::log(decision.head.ratio));
  return std::isfinite(effect) ? effect : 0;
}

std::size_t urgency(verdict v) {
  const auto* const found = std::find(verdicts_by_urgency.begin(), verdicts_by_urgency.end(), v);
  return static_cast<std::size_t>(found - verdicts_by_urgency.begin());
}

const store::benchmark& slowest(const store::result_file& file) {
  const auto order = by_urgency(file);
  const auto is_regressed = [](const store::benchmark* b) {
    return shown_decision(*b).verdict == verdict::regressed;
  };
  return **std::max_element(order.begin(), order.end(), [&](const auto* a, const auto* b) {
    return (is_regressed(a) ? shown_decision(*a).head.ratio : 0) <
           (is_regressed(b) ? shown_decision(*b).head.ratio : 0);
  });
}

std::string comparison_sentence(const store::result_file& file) {
  const verdict_counts n = count_verdicts(file);
  const std::size_t regressed = n.of(verdict::regressed);
  std::string out;
  if (n.total == 0) return "No benchmark was compared";
  if (regressed > 0) {
    const store::benchmark& worst = slowest(file);
    const std::string name = clipped(plain(worst.name), name_limit);
    const std::string change = percent_change(shown_decision(worst).head.ratio);
    out = n.total == 1 ? "The only benchmark, " + name + ", regressed by " + change
          : regressed == 1
              ? "1 of " + std::to_string(n.total) + " benchmarks regressed: " + name + " by " + change
              : std::to_string(regressed) + " of " + std::to_string(n.total) +
                    " benchmarks regressed, most of all " + name + " by " + change;
  } else if (n.of(verdict::equivalent) == n.total) {
    out = n.total == 1 ? "The only benchmark takes as long as before"
                       : "All " + std::to_string(n.total) + " benchmarks take as long as before";
  } else if (n.of(verdict::inconclusive) == n.total) {
    out = n.total == 1 ? "This run could not tell whether the only benchmark changed"
                       : "This run could not tell for any of its " + std::to_string(n.total) + " benchmarks";
  } else {
    out = "No regression found in " + counted(n.total, "benchmark", "benchmarks");
  }
  std::vector<std::string> more;
  if (n.of(verdict::failed) > 0) more.push_back(std::to_string(n.of(verdict::failed)) + " failed");
  if (n.of(verdict::missing) > 0) {
    more.push_back(counted(n.of(verdict::missing), "is missing from head", "are missing from head"));
  }
  if (regressed == 0 && n.of(verdict::improved) > 0) {
    more.push_back(std::to_string(n.of(verdict::improved)) + " improved");
  }
  if (regressed == 0 && n.of(verdict::inconclusive) > 0 && n.of(verdict::inconclusive) < n.total) {
    more.push_back(counted(n.of(verdict::inconclusive), "is inconclusive", "are inconclusive"));
  }
  for (std::size_t i = 0; i < more.size(); ++i) {
    out += (i == 0 ? "; " : i + 1 == more.size() ? " and " : ", ") + more[i];
  }
  return out;
}

std::string single_sentence(const store::result_file& file) {
  const auto failed = static_cast<std::size_t>(std::count_if(
      file.benchmarks.begin(), file.benchmarks.end(), [](const auto& b) { return !b.failure.empty(); }));
  if (file.benchmarks.empty()) return "No benchmark was measured";
  const bool timed = std::any_of(file.benchmarks.begin(), file.benchmarks.end(),
                                 [](const auto& b) { return b.base_ns > 0 || !b.rounds.empty(); });
  std::string out = counted(file.benchmarks.size() - failed, "benchmark", "benchmarks") +
                    (!timed && has_counts(file) ? " counted" : " measured");
  if (failed > 0) out += "; " + std::to_string(failed) + " failed";
  return out;
}

// As by `deft explain BASE HEAD`.
bool was_only_profiled(const store::result_file& file) {
  return file.kind == store::run_kind::comparison && !file.benchmarks.empty() &&
         std::all_of(file.benchmarks.begin(), file.benchmarks.end(),
                     [](const auto& b) {
                       return b.failure.empty() && b.rounds.empty() && b.decision &&
                              known_ratio(b.decision->head) == no_number;
                     }) &&
         std::any_of(file.benchmarks.begin(), file.benchmarks.end(),
                     [](const auto& b) { return b.paired.has_value(); });
}

}  // namespace

stats::decision shown_decision(const store::benchmark& benchmark) {
  if (benchmark.decision) return *benchmark.decision;
  stats::decision none;
  const double unknown = std::nan("");
  none.head = none.control = {unknown, unknown, unknown};
  none.smallest_effect = unknown;
  none.verdict = benchmark.failure.empty() ? verdict::inconclusive : verdict::failed;
  none.reason = benchmark.failure.empty() ? "The run ended before a decision." : benchmark.failure;
  return none;
}

verdict_counts count_verdicts(const store::result_file& file) {
  verdict_counts out;
  for (const auto& benchmark : file.benchmarks) {
    ++out.counts[static_cast<std::size_t>(shown_decision(benchmark).verdict)];
    ++out.total;
  }
  return out;
}

std::string counts_phrase(const store::result_file& file) {
  if (file.kind == store::run_kind::single) return {};
  const verdict_counts n = count_verdicts(file);
  std::string out;
  for (const verdict v : verdicts_by_urgency) {
    if (n.of(v) == 0) continue;
    out += (out.empty() ? "" : ", ") + std::to_string(n.of(v)) + " " + stats::to_string(v);
  }
  return out;
}

bool compares_profiles_only(const store::result_file& file) {
  return file.kind == store::run_kind::comparison && file.benchmarks.size() == 1 &&
         file.benchmarks.front().paired && file.benchmarks.front().rounds.empty() &&
         !(file.benchmarks.front().base_ns > 0) && !(file.benchmarks.front().head_ns > 0);
}

std::string headline(const store::result_file& file) {
  if (compares_profiles_only(file)) {
    return "Profiles of " + clipped(plain(file.base.label), name_limit) + " and " +
           clipped(plain(file.head.label), name_limit) + " compared.";
  }
  if (was_only_profiled(file)) {
    return counted(file.benchmarks.size(), "benchmark", "benchmarks") +
           " profiled in base and head by turns, not measured: there is no verdict.";
  }
  const std::string sentence =
      file.kind == store::run_kind::single ? single_sentence(file) : comparison_sentence(file);
  return sentence + (file.interrupted ? "; the run was interrupted before its end." : ".");
}

std::string known_ratio(const stats::ratio_estimate& estimate) {
  return interval(estimate) == no_number ? no_number : ratio(estimate.ratio);
}

std::string control_sentence(const store::result_file& file) {
  std::vector<double> controls;
  std::vector<double> effects;
  for (const auto& benchmark : file.benchmarks) {
    const stats::decision d = shown_decision(benchmark);
    if (known_ratio(d.control) != no_number) controls.push_back(d.control.ratio);
    if (plus_minus(d.smallest_effect) != no_number) effects.push_back(d.smallest_effect);
  }
  std::string out = "A/A control: ";
  if (controls.empty()) {
    out += "none, for no benchmark was measured often enough.";
  } else {
    std::sort(controls.begin(), controls.end());
    out += "base against itself came out at " + ratio(controls.front());
    if (controls.size() > 1) out += " to " + ratio(controls.back());
    const std::string spread = plus_minus(file.noise.control_spread);
    out += (spread == no_number ? std::string() : ", standard error " + spread) + ".";
  }
  out += " Smallest change this run would have found: ";
  if (effects.empty()) return out + "not known.";
  std::sort(effects.begin(), effects.end());
  out += plus_minus(effects[effects.size() / 2]);
  if (effects.size() > 1) out += " in the median benchmark, " + plus_minus(effects.back()) + " in the worst";
  return out + ".";
}

std::vector<const store::benchmark*> by_urgency(const store::result_file& file) {
  struct entry {
    const store::benchmark* benchmark;
    std::size_t urgency;
    double effect;
  };

  std::vector<entry> order;
  for (const auto& benchmark : file.benchmarks) {
    const stats::decision decision = shown_decision(benchmark);
    const bool ranked_by_effect =
        decision.verdict == verdict::regressed || decision.verdict == verdict::improved;
    order.push_back({&benchmark, urgency(decision.verdict), ranked_by_effect ? effect_size(decision) : 0});
  }
  std::stable_sort(order.begin(), order.end(), [](const entry& a, const entry& b) {
    if (a.urgency != b.urgency) return a.urgency < b.urgency;
    if (a.effect != b.effect) return a.effect > b.effect;
    return a.benchmark->name < b.benchmark->name;
  });
  std::vector<const store::benchmark*> out;
  out.reserve(order.size());
  for (const entry& e : order) out.push_back(e.benchmark);
  return out;
}

const char* symbol(verdict v) noexcept {
  switch (v) {
    case verdict::regressed:
      return "▲";
    case verdict::improved:
      return "▼";
    case verdict::equivalent:
      return "=";
    case verdict::inconclusive:
      return "?";
    case verdict::missing:
      return "−";
    case verdict::added:
      return "+";
    case verdict::failed:
      return "✕";
  }
  return "?";
}

}  // namespace deft::report
