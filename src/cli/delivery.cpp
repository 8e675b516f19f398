#include "cli/delivery.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "deft/core/version.hpp"

#include "cli/counting.hpp"
#include "cli/explaining.hpp"
#include "cli/gate.hpp"
#include "cli/measuring.hpp"
#include "cli/output.hpp"
#include "cli/profiling.hpp"
#include "profile/profiler.hpp"
#include "report/report.hpp"
#include "store/machine.hpp"
#include "store/utc.hpp"

namespace deft::cli {

namespace fs = std::filesystem;

support::result<void> check_outputs(const measure_options& options) {
  if (auto writable = check_writable(options.output); !writable) return writable;
  if (!options.history.empty()) {
    if (auto usable = check_history(options.history); !usable) return usable;
  }
  return options.report_folder.empty() ? support::result<void>{}
                                       : check_writable(fs::path(options.report_folder) / "index.html");
}

namespace {

/// Of a time budget: what the profiles will take, but not more than half of it.
double reserved_for_profiles(const lineup& all, const measure_options& options) {
  constexpr double around_each = 0.5;  // Starting the program, and finding names for addresses.
  const double each = options.profile_seconds + around_each;
  return std::min(2 * each * static_cast<double>(all.benchmarks.size()), *options.time_budget_seconds / 2);
}

}  // namespace

support::result<store::result_file> produce(const lineup& all, const measure_options& options,
                                            const stats::rule& rule, store::run_kind kind, progress& watch) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string created = store::utc_now();
  measure_options measuring = options;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  if (options.time_budget_seconds) {
    const std::chrono::duration<double> whole(*options.time_budget_seconds);
    deadline = begin + std::chrono::ceil<std::chrono::steady_clock::duration>(whole);
    if (options.profile) *measuring.time_budget_seconds -= reserved_for_profiles(all, options);
  }
  auto file = measure_all(all, measuring, rule, kind, watch);
  if (!file) return file;
  if (options.profile && !file->interrupted) take_profiles(*file, all, options, watch, deadline);
  if (options.counts && !file->interrupted) {
    if (const auto counted = take_counts(*file, all, options, watch); !counted) return counted.error();
  }
  file->deft_version = DEFT_VERSION_STRING;
  file->created = created;
  file->duration_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  file->note = options.note;
  file->machine = store::read_machine();
  file->machine.perf_event = profile::perf_event_state();
  return file;
}

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
  // Then the history, which the report shows with this run in it.
  const bool added = !options.history.empty() && !file.benchmarks.empty() &&
                     succeeded(add_to_history(file, options.history));
  bool reported = false;
  if (!options.report_folder.empty()) {
    support::result<std::vector<history::series>> past = std::vector<history::series>{};
    if (added) past = read_past(options.history, history::default_runner(file.machine));
    if (!past) succeeded(past.error());
    reported = succeeded(
        write_report(file, past ? std::span(*past) : std::span<history::series>(), options.report_folder));
  }
  if (!options.quiet) {
    std::fputs(report::to_text(file).c_str(), stdout);
    for (std::size_t i = 0; i < file.benchmarks.size(); ++i)
      std::fputs(explanation_text_of(file, i).c_str(), stdout);
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

exit_code deliver_comparison(const store::result_file& file, const measure_options& options,
                             const gate_rules* rules) {
  const exit_code code = deliver(file, options);
  if (code != exit_code::ok) return code;
  if (rules == nullptr) return has_failure(file) ? exit_code::benchmark_failed : exit_code::ok;
  const gate_outcome outcome = judge(file, *rules);
  if (!options.quiet) {
    for (const std::string& line : outcome.lines) std::printf("gate: %s\n", line.c_str());
  }
  return outcome.code;
}

}  // namespace deft::cli
