#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "deft/core/version.hpp"

#include "cli/contenders.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "cli/progress.hpp"
#include "cli/rebuilds.hpp"
#include "measure/session.hpp"
#include "profile/profiler.hpp"
#include "report/escape.hpp"
#include "stats/layout_floor.hpp"
#include "store/layout_file.hpp"
#include "store/machine.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

using support::error;
using support::error_kind;
using support::result;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// The benchmarks that all builds have to have.
result<std::vector<std::string>> common_benchmarks(const std::vector<measure::program>& builds,
                                                   const measure_options& options) {
  const auto first = measure::list_benchmarks(builds.front(), milliseconds(options.time_limit_seconds));
  if (!first) return first.error();
  const std::set<std::string> expected(first->begin(), first->end());
  for (const measure::program& build : builds) {
    const auto names = measure::list_benchmarks(build, milliseconds(options.time_limit_seconds));
    if (!names) return names.error();
    if (std::set<std::string>(names->begin(), names->end()) != expected) {
      return error{error_kind::usage, build.path + ": has other benchmarks than " + builds.front().path +
                                          ": more than its layout differs"};
    }
  }
  auto chosen = measure::matching(*first, options.filter);
  if (!chosen) return chosen.error();
  if (chosen->empty()) {
    return error{error_kind::usage, "no benchmark matches --filter '" + options.filter + "'; " +
                                        builds.front().path + " has " + std::to_string(first->size())};
  }
  return chosen;
}

struct outcome {
  std::vector<stats::benchmark_floor> learnt;
  std::vector<std::string> failures;
};

result<outcome> compare_builds(const std::vector<measure::program>& builds,
                               const std::vector<std::string>& names, const measure_options& options,
                               std::uint32_t rounds, progress& watch) {
  std::vector<measure::contender> contenders;
  for (std::size_t i = 1; i < builds.size(); ++i) contenders.push_back({builds.front(), builds[i]});
  measure::session_settings settings;
  settings.process = {options.repetitions, options.min_time_seconds,
                      milliseconds(options.time_limit_seconds)};
  settings.budget = milliseconds(options.budget_seconds);
  settings.seed = options.seed;
  auto session = measure::session::make(contenders, settings);
  if (!session) return session.error();
  std::vector<measure::request> requests;
  for (const std::string& name : names) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      requests.push_back({requests.size(), rounds, false});
      session->add(name, measure::natural_method(name), i);
    }
  }
  watch.begin("comparing " + std::to_string(contenders.size()) + " rebuilds");
  const auto measured =
      session->measure(requests, [&](const measure::subject& now, std::size_t done, std::size_t wanted) {
        watch.update(now.name, done, wanted);
      });
  watch.clear();
  if (!measured) return measured.error();

  outcome all;
  for (std::size_t n = 0; n < names.size(); ++n) {
    stats::benchmark_floor one;
    one.name = names[n];
    one.method = measure::natural_method(names[n]);
    std::string failure;
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const measure::subject& s = session->subjects()[n * contenders.size() + i];
      if (failure.empty()) failure = s.failure;
      const stats::layout_difference difference = stats::layout_difference_of(s.rounds, s.method);
      if (failure.empty() && !std::isfinite(difference.standard_error))
        failure = "fewer than two complete rounds";
      one.variants.push_back(difference);
    }
    if (failure.empty()) {
      all.learnt.push_back(std::move(one));
    } else {
      all.failures.push_back(names[n] + ": " + failure);
    }
  }
  return all;
}

std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * fraction);
  return text;
}

std::string table_of(const stats::layout_floor& learnt) {
  std::size_t width = std::string("benchmark").size();
  for (const stats::benchmark_floor& one : learnt.benchmarks)
    width = std::max(width, report::plain(one.name).size());
  const auto row = [&](std::string name, const std::string& floor, const std::string& seen,
                       const std::string& noise) {
    name.resize(width, ' ');
    char text[96];
    std::snprintf(text, sizeof text, "  %9s  %12s  %9s\n", floor.c_str(), seen.c_str(), noise.c_str());
    return name + text;
  };
  bool mostly_noise = false;
  std::string text = row("benchmark", "floor", "largest seen", "noise");
  for (const stats::benchmark_floor& one : learnt.benchmarks) {
    double low = 0;
    double high = 0;
    double noise = 0;
    for (const stats::layout_difference& v : one.variants) {
      low = std::min(low, v.log_ratio);
      high = std::max(high, v.log_ratio);
      noise += v.standard_error / static_cast<double>(one.variants.size());
    }
    mostly_noise = mostly_noise || 2 * noise > high - low;
    text += row(report::plain(one.name), percent(one.floor), percent(std::expm1(high - low)), percent(noise));
  }
  text += "floor of the run: " + percent(learnt.whole_run) + "\n";
  if (mostly_noise) {
    text +=
        "Where the noise is as large as what was seen, the floor is that of this machine's noise, not of "
        "layout: "
        "learn it when the machine is quieter, or with more --rounds.\n";
  }
  return text;
}

}  // namespace

exit_code perform(const layout_command& wish) {
  const measure_options& options = wish.common;
  if (const auto writable = check_writable(options.output); !writable) return refuse(writable.error());
  const auto begin = std::chrono::steady_clock::now();
  store::layout_file file;
  file.created = store::utc_now();
  progress watch(options.quiet);

  std::optional<rebuilds> made;
  std::vector<std::string> paths = wish.programs;
  if (paths.empty()) {
    auto rebuilt = rebuilds::make(wish.build, wish.bench, wish.variants, options.seed, watch);
    watch.clear();
    if (!rebuilt) return refuse(rebuilt.error());
    made.emplace(*std::move(rebuilt));
    paths = made->programs();
  }
  std::vector<measure::program> builds;
  builds.reserve(paths.size());
  for (const std::string& path : paths) builds.push_back(program_at(path, options, {}));
  const auto names = common_benchmarks(builds, options);
  if (!names) return refuse(names.error());

  file.rounds = options.rounds.value_or(stats::rule{}.first_rounds);
  auto measured = compare_builds(builds, *names, options, file.rounds, watch);
  if (!measured) return refuse(measured.error());
  for (const std::string& failure : measured->failures) complain({error_kind::benchmark_failed, failure});
  if (measured->learnt.empty()) return exit_code::benchmark_failed;

  file.learnt = stats::learn_layout_floor(std::move(measured->learnt), stats::rule{}.confidence);
  file.deft_version = DEFT_VERSION_STRING;
  file.duration_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  file.machine = store::read_machine();
  file.machine.perf_event = profile::perf_event_state();
  file.program = wish.bench.empty() ? paths.front() : wish.bench;
  file.build = wish.build;
  file.seed = options.seed;
  if (const auto saved = store::save(file, options.output); !saved) return refuse(saved.error());
  if (!options.quiet) {
    std::fputs(table_of(file.learnt).c_str(), stdout);
    std::printf("layout floor: %s\n", options.output.c_str());
  }
  return measured->failures.empty() ? exit_code::ok : exit_code::benchmark_failed;
}

}  // namespace deft::cli
