#include "cli/rejudge.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "stats/decide.hpp"
#include "stats/work.hpp"

namespace deft::cli {

using support::error;
using support::error_kind;

support::result<std::optional<store::layout_file>> optional_floor(const std::string& path) {
  if (path.empty()) return std::optional<store::layout_file>{};
  auto file = store::load_layout(path);
  if (!file) return file.error();
  return std::optional<store::layout_file>(*std::move(file));
}

support::result<void> check_floor(const store::layout_file& floor, const std::string& path,
                                  std::span<const std::string> benchmarks, const store::machine& here) {
  const auto& learnt = floor.learnt.benchmarks;
  const bool any = std::any_of(benchmarks.begin(), benchmarks.end(), [&](const std::string& name) {
    return std::any_of(learnt.begin(), learnt.end(),
                       [&](const stats::benchmark_floor& one) { return one.name == name; });
  });
  if (!any) {
    return error{error_kind::unreadable_input,
                 path + ": has none of these benchmarks; it was learnt of " + floor.program};
  }
  const std::string& there = floor.machine.cpu_model;
  if (!there.empty() && !here.cpu_model.empty() && there != here.cpu_model) {
    return error{error_kind::unreadable_input, path + ": was learnt on another processor (" + there +
                                                   "; this is " + here.cpu_model + "): learn it again here"};
  }
  return {};
}

void apply_floor(store::result_file& file, const stats::layout_floor& learnt) {
  for (store::benchmark& b : file.benchmarks) {
    if (!b.decision || b.rounds.empty() || !b.failure.empty()) continue;
    const stats::work_change work = b.base_counts && b.head_counts
                                        ? stats::compare_work(*b.base_counts, *b.head_counts)
                                        : stats::work_change::unknown;
    b.decision = stats::apply_layout_floor(*b.decision, stats::floor_for(learnt, b.name), work);
  }
}

support::result<void> judge_again(store::result_file& file, const rejudging& wish) {
  const auto floor = optional_floor(wish.layout_floor);
  if (!floor) return floor.error();
  if (*floor && file.kind != store::run_kind::comparison)
    return error{error_kind::usage, "--layout-floor: nothing was compared in this result"};
  if (*floor) {
    std::vector<std::string> names;
    names.reserve(file.benchmarks.size());
    for (const store::benchmark& b : file.benchmarks) names.push_back(b.name);
    if (auto fits = check_floor(**floor, wish.layout_floor, names, file.machine); !fits) return fits;
  }
  if (wish.wanted) {
    if (file.kind != store::run_kind::comparison)
      return error{error_kind::usage, "--rejudge: nothing was compared in this result"};
    std::vector<std::size_t> judged;
    std::vector<measure::comparison> data;
    for (std::size_t i = 0; i < file.benchmarks.size(); ++i) {
      const store::benchmark& b = file.benchmarks[i];
      if (b.rounds.empty() || !b.failure.empty()) continue;
      judged.push_back(i);
      data.push_back({b.name, b.method, b.rounds});
    }
    stats::rule rule;
    rule.band = file.band;
    rule.confidence = file.confidence;
    const auto decisions = stats::decide(data, rule);
    for (std::size_t k = 0; k < judged.size(); ++k) {
      store::benchmark& b = file.benchmarks[judged[k]];
      b.decision = decisions[k];
      if (b.base_counts && b.head_counts)
        b.decision = stats::with_work(decisions[k], *b.base_counts, *b.head_counts);
    }
    file.noise.control_spread = stats::control_spread(data, rule);
  }
  if (*floor) apply_floor(file, (*floor)->learnt);
  return {};
}

}  // namespace deft::cli
