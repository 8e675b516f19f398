#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "deft/core/version.hpp"

#include "cli/contenders.hpp"
#include "cli/gate.hpp"
#include "cli/measuring.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "cli/profiling.hpp"
#include "cli/progress.hpp"
#include "cli/revisions.hpp"
#include "profile/profiler.hpp"
#include "report/report.hpp"
#include "store/machine.hpp"
#include "store/result_file.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;

support::result<void> check_outputs(const measure_options& options) {
  if (auto writable = check_writable(options.output); !writable) return writable;
  if (!options.history.empty()) {
    if (auto usable = check_history(options.history); !usable) return usable;
  }
  return options.report_folder.empty() ? support::result<void>{}
                                       : check_writable(fs::path(options.report_folder) / "index.html");
}

/// Measures, judges and profiles: what `run` and `ab` have in common.
support::result<store::result_file> produce(const lineup& all, const measure_options& options,
                                            const stats::rule& rule, store::run_kind kind, progress& watch) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string created = store::utc_now();
  auto file = measure_all(all, options, rule, kind, watch);
  if (!file) return file;
  if (options.profile && !file->interrupted) take_profiles(*file, all, options, watch);
  file->deft_version = DEFT_VERSION_STRING;
  file->created = created;
  file->duration_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  file->note = options.note;
  file->machine = store::read_machine();
  file->machine.perf_event = profile::perf_event_state();
  return file;
}

/// Writes and shows what was measured, also after an interrupt. The code is that of the first thing that went
/// wrong, or ok.
exit_code deliver(const store::result_file& file, const measure_options& options) {
  exit_code code = file.interrupted ? exit_code::interrupted : exit_code::ok;
  const auto succeeded = [&code](const support::result<void>& outcome) {
    if (outcome) return true;
    complain(outcome.error());
    if (code == exit_code::ok) code = exit_code::file;
    return false;
  };
  // Files first: who reads the table may stop reading (`| head`), which ends the program.
  const bool saved = succeeded(store::save(file, options.output));
  const bool reported =
      !options.report_folder.empty() && succeeded(write_report(file, options.report_folder));
  if (!options.history.empty() && !file.benchmarks.empty()) succeeded(add_to_history(file, options.history));
  if (!options.quiet) {
    std::fputs(report::to_text(file).c_str(), stdout);
    if (saved) std::printf("result: %s\n", options.output.c_str());
    if (reported) std::printf("report: %s\n", (fs::path(options.report_folder) / "index.html").c_str());
  }
  if (file.interrupted) {
    complain({support::error_kind::interrupted,
              saved ? "interrupted; what was measured until then is kept" : "interrupted"});
  }
  return code;
}

bool has_failure(const store::result_file& file) {
  return std::any_of(file.benchmarks.begin(), file.benchmarks.end(), [](const store::benchmark& b) {
    return b.decision ? b.decision->verdict == stats::verdict::failed : !b.failure.empty();
  });
}

std::string joined(const std::string& folder, const std::vector<std::string>& benches) {
  if (benches.empty()) return folder;
  std::string text;
  for (const std::string& bench : benches) text += (text.empty() ? "" : " ") + bench;
  return text;
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
  stats::rule rule;
  rule.band = ab.band;
  auto file = produce(*all, ab.common, rule, store::run_kind::comparison, watch);
  if (!file) return refuse(file.error());
  file->base = base;
  file->head = head;
  const exit_code code = deliver(*file, ab.common);
  if (code != exit_code::ok) return code;
  if (!ab.gate) return has_failure(*file) ? exit_code::benchmark_failed : exit_code::ok;
  const gate_outcome outcome = judge(*file, ab.rules);
  if (!ab.common.quiet) {
    for (const std::string& line : outcome.lines) std::printf("gate: %s\n", line.c_str());
  }
  return outcome.code;
}

exit_code perform(const gate_command& gate) {
  const auto file = store::load(gate.result);
  if (!file) return refuse(file.error());
  if (file->kind != store::run_kind::comparison) {
    return refuse(
        {support::error_kind::unreadable_input,
         gate.result + ": a result of deft run, in which nothing is compared; expected one of deft ab"});
  }
  if (file->benchmarks.empty() && !file->interrupted) {
    return refuse({support::error_kind::unreadable_input, gate.result + ": has no benchmarks to judge"});
  }
  if (!gate.history.empty() && !file->benchmarks.empty()) {
    if (const auto added = add_to_history(*file, gate.history); !added) return refuse(added.error());
  }
  const gate_outcome outcome = judge(*file, gate.rules);
  for (const std::string& line : outcome.lines) std::printf("gate: %s\n", line.c_str());
  return outcome.code;
}

exit_code perform(const report_command& report) {
  const auto file = store::load(report.result);
  if (!file) return refuse(file.error());
  if (const auto written = write_report(*file, report.folder); !written) return refuse(written.error());
  std::printf("report: %s\n", (fs::path(report.folder) / "index.html").c_str());
  return exit_code::ok;
}

}  // namespace deft::cli
