#include "report/work_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "report/numbers.hpp"
#include "stats/work.hpp"

namespace deft::report {
namespace {

/// Whole where it is large, else with the fraction that a table which grows now and then brings about.
std::string exact(double value) {
  if (!std::isfinite(value) || value < 0) return no_number;
  const double nearest = std::round(value);
  constexpr double largest = 1e18;
  if (value < largest && (value >= 1000 || std::abs(value - nearest) < 1e-6))
    return count(static_cast<std::uint64_t>(nearest));
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

const stats::work_counts* of_head(const store::benchmark& b) {
  return b.head_counts ? &*b.head_counts : nullptr;
}

const stats::work_counts* of_base(const store::benchmark& b) {
  return b.base_counts ? &*b.base_counts : nullptr;
}

using figure = std::optional<double> stats::work_counts::*;

std::optional<double> of(const stats::work_counts* counts, figure which) {
  return counts != nullptr ? counts->*which : std::nullopt;
}

std::string shown(const store::benchmark& b, store::run_kind kind, figure which) {
  const auto base = of(of_base(b), which);
  const auto head = of(of_head(b), which);
  if (kind == store::run_kind::single) return base ? exact(*base) : no_number;
  if (!base || !head) return no_number;
  const std::string before = exact(*base);
  const std::string after = exact(*head);
  return before == after ? after : before + " to " + after;
}

}  // namespace

bool has_counts(const store::result_file& file) {
  return std::any_of(file.benchmarks.begin(), file.benchmarks.end(),
                     [](const store::benchmark& b) { return b.base_counts || b.head_counts; });
}

std::string instructions_of(const store::benchmark& benchmark, store::run_kind kind) {
  std::string text = shown(benchmark, kind, &stats::work_counts::instructions);
  if (text.find(" to ") == std::string::npos) return text;
  const auto ratio = stats::instruction_ratio(*benchmark.base_counts, *benchmark.head_counts);
  if (!ratio || !std::isfinite(*ratio)) return text;
  char change[32];
  std::snprintf(change, sizeof change, " (%+.1f %%)", 100 * (*ratio - 1));
  return text + change;
}

std::string allocations_of(const store::benchmark& benchmark, store::run_kind kind) {
  return shown(benchmark, kind, &stats::work_counts::allocations);
}

std::string allocated_bytes_of(const store::benchmark& benchmark) {
  const auto value = of(of_base(benchmark), &stats::work_counts::allocated_bytes);
  if (!value) return no_number;
  return *value > 0 ? bytes(*value) : "0 B";
}

std::string peak_bytes_of(const store::benchmark& benchmark) {
  const stats::work_counts* const counts = of_base(benchmark);
  return counts != nullptr && counts->peak_bytes ? bytes(static_cast<double>(*counts->peak_bytes))
                                                 : no_number;
}

std::string why_not_counted(const store::benchmark& benchmark) {
  for (const stats::work_counts* counts : {of_base(benchmark), of_head(benchmark)}) {
    if (counts != nullptr && !counts->why_not.empty()) return "not counted: " + counts->why_not;
  }
  return {};
}

std::string work_phrase(const store::benchmark& benchmark) {
  const std::string instructions = instructions_of(benchmark, store::run_kind::comparison);
  const std::string allocations = allocations_of(benchmark, store::run_kind::comparison);
  if (instructions == no_number && allocations == no_number) return why_not_counted(benchmark);
  return "instructions " + instructions + ", allocations " + allocations;
}

}  // namespace deft::report
