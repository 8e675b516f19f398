#include "stats/layout_floor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "stats/paired.hpp"
#include "stats/robust.hpp"

namespace deft::stats {

namespace {

std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g %%", 100 * fraction);
  return text;
}

std::string signed_percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f %%", 100 * fraction);
  return text;
}

}  // namespace

layout_difference layout_difference_of(std::span<const measure::round> rounds, measure::method method,
                                       const rule& rule) {
  const estimate e = trimmed_mean(effects(rounds, method, false).head, rule.trim);
  const bool known = e.degrees_of_freedom > 0;
  return {e.mean, known ? e.standard_error : std::numeric_limits<double>::infinity()};
}

double floor_of(std::span<const layout_difference> variants, double level) {
  constexpr double unknown = std::numeric_limits<double>::infinity();
  if (variants.size() < fewest_variants) return unknown;
  std::vector<double> builds{0};
  for (const layout_difference& one : variants) {
    if (!std::isfinite(one.log_ratio)) return unknown;
    builds.push_back(one.log_ratio);
  }
  const auto count = static_cast<double>(builds.size());
  double sum = 0;
  for (const double build : builds) sum += build;
  double squares = 0;
  for (const double build : builds) squares += (build - sum / count) * (build - sum / count);
  const double deviation = std::sqrt(squares / (count - 1));
  const double bound = std::sqrt(2.0) * deviation * student_quantile(1 - (1 - level) / 2, count - 1);
  const auto [low, high] = std::minmax_element(builds.begin(), builds.end());
  return std::expm1(std::max(bound, *high - *low));
}

layout_floor learn_layout_floor(std::vector<benchmark_floor> benchmarks, double confidence) {
  layout_floor learnt;
  learnt.confidence = confidence;
  const double level =
      1 - (1 - confidence) / static_cast<double>(std::max<std::size_t>(benchmarks.size(), 1));
  for (benchmark_floor& one : benchmarks) {
    one.floor = floor_of(one.variants, level);
    learnt.whole_run = std::max(learnt.whole_run, one.floor);
  }
  learnt.benchmarks = std::move(benchmarks);
  return learnt;
}

double floor_for(const layout_floor& learnt, const std::string& benchmark) {
  const auto found = std::find_if(learnt.benchmarks.begin(), learnt.benchmarks.end(),
                                  [&](const benchmark_floor& one) { return one.name == benchmark; });
  return found != learnt.benchmarks.end() ? found->floor : learnt.whole_run;
}

decision apply_layout_floor(decision d, double floor, work_change work) {
  d.layout_floor = floor;
  if (d.verdict != verdict::regressed && d.verdict != verdict::improved) return d;
  const std::string limit = percent(floor);
  if (std::abs(std::log(d.head.ratio)) > std::log1p(floor)) {
    d.reason += "; rebuilding alone changes it by " + limit + " at most";
    return d;
  }
  const bool slower = d.verdict == verdict::regressed;
  if (work == (slower ? work_change::more : work_change::less)) {
    d.reason += "; rebuilding alone may change it by " + limit + ", but the exact counts show " +
                (slower ? "more work" : "less work");
    return d;
  }
  d.verdict = verdict::inconclusive;
  d.reason =
      "layout: " + signed_percent(d.head.ratio - 1) + ", but rebuilding alone may change it by " + limit;
  return d;
}

}  // namespace deft::stats
