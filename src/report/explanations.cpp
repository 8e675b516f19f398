#include "report/explanations.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "report/numbers.hpp"
#include "report/short_name.hpp"

namespace deft::report {

namespace {

/// By its method, and by what Google Benchmark appends to the name.
bool is_of_processor_time(const store::benchmark& benchmark) {
  const auto has = [&](std::string_view part) { return benchmark.name.find(part) != std::string::npos; };
  return benchmark.method != measure::method::alternating && !has("/real_time") && !has("/manual_time");
}

}  // namespace

diff::explanation explain(const store::benchmark& benchmark, const store::result_file& file) {
  diff::explain_settings settings;
  settings.band = file.band;
  if (benchmark.decision && benchmark.decision->layout_floor)
    settings.band = std::max(settings.band, *benchmark.decision->layout_floor);
  settings.confidence = file.confidence;
  diff::explanation why = diff::explain(*benchmark.paired, settings);
  if (why.unavailable.empty() && !is_of_processor_time(benchmark)) {
    why.notes.emplace_back(
        "the comparison measured other time than the processor's, which profiles are of: waiting is not in "
        "them, and the two are not compared");
  }
  return why;
}

std::optional<measured_difference> measured_beside(const store::benchmark& benchmark,
                                                   const diff::explanation& why) {
  if (!benchmark.decision || !(benchmark.base_ns > 0)) return std::nullopt;
  if (!is_of_processor_time(benchmark) || !why.tested()) return std::nullopt;
  const double base = benchmark.base_ns;
  const stats::ratio_estimate& ratio = benchmark.decision->head;
  if (!std::isfinite(ratio.ratio) || !std::isfinite(ratio.low) || !std::isfinite(ratio.high))
    return std::nullopt;
  measured_difference out;
  out.change.base_ns = base;
  out.change.head_ns = base * ratio.ratio;
  out.change.low_ns = base * (ratio.low - 1);
  out.change.high_ns = base * (ratio.high - 1);
  if (out.change.delta_ns() == 0 && out.change.low_ns == 0) return std::nullopt;
  out.agrees = out.change.low_ns - why.floor_ns <= why.whole.high_ns &&
               why.whole.low_ns <= out.change.high_ns + why.floor_ns;
  return out;
}

explanations explain_all(const store::result_file& file) {
  explanations out;
  for (const store::benchmark& benchmark : file.benchmarks) {
    if (!benchmark.paired) continue;
    explained e{explain(benchmark, file), &*benchmark.paired};
    e.measured = measured_beside(benchmark, e.why);
    out.try_emplace(benchmark.name, std::move(e));
  }
  return out;
}

std::string signed_time(double ns) {
  if (!std::isfinite(ns)) return no_number;
  if (ns == 0) return "0 ns";
  return (ns > 0 ? "+" : "−") + time_per_iteration(std::abs(ns));
}

std::string culprit::text() const {
  return function.empty() ? std::string() : "made " + how + " by " + function + how_much;
}

std::string culprit::after(std::string_view reason) const {
  if (function.empty()) return std::string(reason);
  if (reason.ends_with('.')) reason.remove_suffix(1);
  return std::string(reason) + (reason.empty() ? "" : "; ") + text();
}

culprit culprit_of(const explanations& why, std::string_view benchmark, stats::verdict v) {
  const auto found = why.find(benchmark);
  if (found == why.end()) return {};
  const diff::explanation& told = found->second.why;
  // Profiled, but not measured: the profiles alone say which way it went.
  if (v == stats::verdict::inconclusive && !found->second.measured && told.whole.significant)
    v = told.whole.delta_ns() > 0 ? stats::verdict::regressed : stats::verdict::improved;
  return culprit_of(told, v);
}

culprit culprit_of(const diff::explanation& why, stats::verdict v) {
  const bool slower = v == stats::verdict::regressed;
  if (!why.unavailable.empty() || (!slower && v != stats::verdict::improved)) return {};
  const std::vector<std::uint32_t>& order = slower ? why.slower : why.faster;
  if (order.empty()) return {};
  const diff::compared_function& first = why.functions.at(order.front());
  culprit out;
  out.how = slower ? "slower" : "faster";
  out.function = short_name(first.frame.function);
  out.how_much =
      " (" + signed_time(first.self.delta_ns()) + " of " + time_per_iteration(why.whole.base_ns) + ")";
  const std::size_t others = order.size() - 1;
  if (others > 0) {
    double sum = 0;
    for (std::size_t i = 1; i < order.size(); ++i) sum += why.functions.at(order[i]).self.delta_ns();
    out.how_much +=
        " and " + std::to_string(others) + (others == 1 ? " other (" : " others (") + signed_time(sum) + ")";
  }
  return out;
}

}  // namespace deft::report
