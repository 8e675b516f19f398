#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "cli/contenders.hpp"
#include "cli/delivery.hpp"
#include "cli/explaining.hpp"
#include "cli/gate.hpp"
#include "cli/measured_programs.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "cli/progress.hpp"
#include "cli/rejudge.hpp"
#include "cli/revisions.hpp"
#include "store/machine.hpp"
#include "store/result_file.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::string& folder, const std::vector<std::string>& benches) {
  if (benches.empty()) return folder;
  std::string text;
  for (const std::string& bench : benches) text += (text.empty() ? "" : " ") + bench;
  return text;
}

/// Of a time budget: what explaining takes at the most, but not more than a third of it.
double reserved_for_explaining(const ab_command& ab, std::size_t benchmarks) {
  constexpr double around_each = 0.5;  // Starting the program, calibration, finding names for addresses.
  const double each = 2 * ab.how.rounds * (ab.how.profile_seconds + around_each);
  return std::min(each * static_cast<double>(std::min(ab.how.most, benchmarks)),
                  *ab.common.time_budget_seconds / 3);
}

/// Whether the user stopped it.
bool explain(store::result_file& file, const lineup& all, const ab_command& ab,
             std::chrono::steady_clock::time_point begin, progress& watch) {
  turns_settings settings{ab.how, ab.common.seed, ab.common.time_limit_seconds, {}};
  if (ab.common.time_budget_seconds) {
    const std::chrono::duration<double> whole(*ab.common.time_budget_seconds);
    settings.deadline = begin + std::chrono::ceil<std::chrono::steady_clock::duration>(whole);
  }
  explain_changes(file, all, settings, watch);
  // What was measured is whole, also where explaining it was cut short.
  const bool interrupted = std::exchange(file.interrupted, false);
  file.duration_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return interrupted;
}

}  // namespace

exit_code perform(const run_command& run) {
  if (const auto writable = check_outputs(run.common); !writable) return refuse(writable.error());
  const auto all = line_up(run);
  if (!all) return refuse(all.error());
  progress watch(run.common.quiet);
  auto file = produce(*all, run.common, {}, store::run_kind::single, watch);
  if (!file) return refuse(file.error());
  for (const std::string& path : run.programs)
    file->base.program += (file->base.program.empty() ? "" : " ") + path;
  file->base.label = file->base.program;
  for (const broken_program& broken : all->broken)
    complain({support::error_kind::benchmark_failed, broken.message});
  const exit_code code = deliver(*file, run.common);
  if (code != exit_code::ok) return code;
  return has_failure(*file) ? exit_code::benchmark_failed : exit_code::ok;
}

exit_code perform(const ab_command& ab) {
  if (const auto writable = check_outputs(ab.common); !writable) return refuse(writable.error());
  const auto floor = optional_floor(ab.layout_floor);
  if (!floor) return refuse(floor.error());
  progress watch(ab.common.quiet);
  std::unique_ptr<built_revisions> built;
  store::arm base{ab.base, joined(ab.base, ab.bench), {}};
  store::arm head{ab.head, joined(ab.head, ab.bench), {}};
  fs::path base_path = ab.base;
  fs::path head_path = ab.head;
  if (!ab.revisions.empty()) {
    auto made = built_revisions::make(ab.revisions, ab.build, watch);
    if (!made) {
      watch.clear();
      return refuse(made.error());
    }
    built = std::make_unique<built_revisions>(*std::move(made));
    base.label = built->base().label;
    base.revision = built->base().revision;
    base_path = built->base().tree;
    head.label = built->head().label;
    head.revision = built->head().revision;
    head_path = built->head().tree;
  }
  if (!ab.base_label.empty()) base.label = ab.base_label;
  if (!ab.head_label.empty()) head.label = ab.head_label;

  const auto all = line_up(ab, base_path, head_path);
  if (!all) return refuse(all.error());
  if (*floor) {
    std::vector<std::string> names;
    names.reserve(all->benchmarks.size());
    for (const listed_benchmark& b : all->benchmarks) names.push_back(b.shown);
    if (const auto fits = check_floor(**floor, ab.layout_floor, names, store::read_machine()); !fits)
      return refuse(fits.error());
  }
  stats::rule rule;
  rule.band = ab.band;
  const auto begin = std::chrono::steady_clock::now();
  measure_options options = ab.common;
  if (ab.explain && options.time_budget_seconds)
    *options.time_budget_seconds -= reserved_for_explaining(ab, all->benchmarks.size());
  auto file = produce(*all, options, rule, store::run_kind::comparison, watch);
  if (!file) return refuse(file.error());
  file->base = base;
  file->head = head;
  name_programs(*file, *all);
  if (*floor) apply_floor(*file, (*floor)->learnt);
  const bool cut_short = ab.explain && !file->interrupted && explain(*file, *all, ab, begin, watch);
  const exit_code code = deliver_comparison(*file, ab.common, ab.gate ? &ab.rules : nullptr);
  if (!cut_short) return code;
  complain({support::error_kind::interrupted, "interrupted while explaining; what was measured is whole"});
  return exit_code::interrupted;
}

exit_code perform(const gate_command& gate) {
  auto file = load_comparison(gate.result);
  if (!file) return refuse(file.error());
  if (const auto judged = judge_again(*file, gate.again); !judged) return refuse(judged.error());
  if (!gate.history.empty() && !file->benchmarks.empty()) {
    if (const auto added = add_to_history(*file, gate.history); !added) return refuse(added.error());
  }
  const gate_outcome outcome = judge(*file, gate.rules);
  for (const std::string& line : outcome.lines) std::printf("gate: %s\n", line.c_str());
  return outcome.code;
}

exit_code perform(const report_command& report) {
  auto file = store::load(report.result);
  if (!file) return refuse(file.error());
  if (const auto judged = judge_again(*file, report.again); !judged) return refuse(judged.error());
  std::vector<history::series> past;
  if (!report.history.empty()) {
    auto read = read_past(report.history,
                          report.runner.empty() ? history::default_runner(file->machine) : report.runner);
    if (!read) return refuse(read.error());
    past = *std::move(read);
  }
  if (const auto written = write_report(*file, past, report.folder); !written) return refuse(written.error());
  std::printf("report: %s\n", (fs::path(report.folder) / "index.html").c_str());
  return exit_code::ok;
}

}  // namespace deft::cli
