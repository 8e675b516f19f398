#include "report/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "report/call_tree.hpp"
#include "report/data_columns.hpp"
#include "report/difference_data.hpp"
#include "report/escape.hpp"
#include "report/history_data.hpp"
#include "report/numbers.hpp"
#include "report/summary.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

json estimate(const stats::ratio_estimate& e) {
  return {number(e.ratio), number(e.low), number(e.high)};
}

json median_ns(const measure::process_run& run, measure::method method) {
  std::vector<double> values;
  for (const auto& repetition : run) {
    const double ns = measure::counts_cpu_time(method) ? repetition.cpu_ns : repetition.real_ns;
    if (std::isfinite(ns)) values.push_back(ns);
  }
  if (values.empty()) return nullptr;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return number(values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
}

const char* method_name(measure::method method) {
  switch (method) {
    case measure::method::same_core:
      return "same core";
    case measure::method::alternating:
      return "alternating";
    case measure::method::workers:
      return "workers";
    case measure::method::duet:
      return "duet";
  }
  return "";
}

json rounds(const store::benchmark& benchmark) {
  json out = json::array();
  for (const auto& round : benchmark.rounds) {
    out.push_back({median_ns(round.base, benchmark.method), median_ns(round.head, benchmark.method),
                   median_ns(round.control, benchmark.method), round.confirmation ? 1 : 0});
  }
  return out;
}

json facts_or_null(const std::optional<symbols::stack_profile>& profile) {
  return profile ? profile_facts(*profile) : json(nullptr);
}

json tree(const store::benchmark& benchmark, frame_table& table) {
  const auto pointer = [](const auto& profile) { return profile ? &*profile : nullptr; };
  const call_tree t = merged_tree(pointer(benchmark.profile), pointer(benchmark.base_profile), table);
  if (t.frame.empty()) return nullptr;
  return {{"frame", t.frame}, {"depth", t.depth}, {"head", t.head}, {"base", t.base}};
}

json figures(const stats::work_counts& counts) {
  const auto known = [](const auto& value) {
    return value ? number(static_cast<double>(*value)) : json(nullptr);
  };
  return {known(counts.instructions), known(counts.allocations), known(counts.allocated_bytes),
          known(counts.peak_bytes)};
}

/// What the table shows, and what it is sorted by; what each program did.
json work(const store::benchmark& benchmark, store::run_kind kind) {
  const stats::work_counts none;
  const stats::work_counts& base = benchmark.base_counts ? *benchmark.base_counts : none;
  const stats::work_counts& head = benchmark.head_counts ? *benchmark.head_counts : none;
  const bool single = kind == store::run_kind::single;
  const auto instructions = single ? base.instructions : stats::instruction_ratio(base, head);
  const auto allocations = single ? base.allocations : stats::allocations_more(base, head);
  return {
      {"instructions",
       {instructions ? number(*instructions) : json(nullptr), instructions_of(benchmark, kind)}},
      {"allocations", {allocations ? number(*allocations) : json(nullptr), allocations_of(benchmark, kind)}},
      {"base", figures(base)},
      {"head", figures(head)},
      {"whyNot", plain(why_not_counted(benchmark))}};
}

json benchmark_data(const store::benchmark& benchmark, const store::result_file& file,
                    const history_data& past, const explanations& why, frame_table& table) {
  json out;
  out["name"] = plain(benchmark.name);
  out["method"] = method_name(benchmark.method);
  if (file.kind == store::run_kind::comparison) {
    const stats::decision d = shown_decision(benchmark);
    out["verdict"] = stats::to_string(d.verdict);
    out["ratio"] = estimate(d.head);
    out["control"] = estimate(d.control);
    out["smallest"] = number(d.smallest_effect);
    out["p"] = number(d.p_value);
    out["confirmed"] = d.confirmed;
    out["reason"] = plain(d.reason);
  }
  out["base"] = number(benchmark.base_ns);
  out["head"] = number(benchmark.head_ns);
  out["failure"] = plain(benchmark.failure);
  if (benchmark.base_counts || benchmark.head_counts) out["work"] = work(benchmark, file.kind);
  out["rounds"] = rounds(benchmark);
  out["history"] = past.of(benchmark.name, benchmark.method);
  out["profiles"] = {{"head", facts_or_null(benchmark.profile)},
                     {"base", facts_or_null(benchmark.base_profile)}};
  out["tree"] = tree(benchmark, table);
  if (const auto found = why.find(benchmark.name); found != why.end())
    out["difference"] = difference_data(found->second, table);
  return out;
}

json arm_data(const store::arm& arm) {
  return {{"label", plain(arm.label)}, {"program", plain(arm.program)}, {"revision", plain(arm.revision)}};
}

}  // namespace

std::string page_data(const store::result_file& file, std::span<const history::series> past) {
  const explanations why = explain_all(file);
  const history_data developments(past);
  frame_table table;
  json out;
  out["kind"] = file.kind == store::run_kind::single ? "single" : "comparison";
  out["profilesOnly"] = compares_profiles_only(file);
  out["deft"] = plain(file.deft_version);
  out["created"] = plain(file.created);
  out["duration"] = duration(file.duration_seconds);
  out["interrupted"] = file.interrupted;
  out["note"] = plain(file.note);
  out["seed"] = std::to_string(file.seed);  // above 2^53 a number would not survive in JavaScript
  out["band"] = number(file.band);
  out["confidence"] = number(file.confidence);
  out["base"] = arm_data(file.base);
  out["head"] = arm_data(file.head);
  out["machine"] = machine_facts(file.machine);
  out["noise"] = {{"loadBefore", number(file.noise.load_average_before)},
                  {"loadAfter", number(file.noise.load_average_after)},
                  {"steal", number(file.noise.steal_fraction)},
                  {"others", number(file.noise.other_busy_fraction)},
                  {"control", number(file.noise.control_spread)},
                  {"switches", file.noise.involuntary_switches}};
  json benchmarks = json::array();
  for (const auto* benchmark : by_urgency(file))
    benchmarks.push_back(benchmark_data(*benchmark, file, developments, why, table));
  out["benchmarks"] = std::move(benchmarks);
  out["runs"] = developments.runs();
  out["frames"] = frame_columns(table);
  return out.dump();
}

}  // namespace deft::report
