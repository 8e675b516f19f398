#include "cli/contenders.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "cli/mode.hpp"
#include "measure/worker_process.hpp"
#include "support/process.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

std::chrono::milliseconds time_limit(const measure_options& options) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(options.time_limit_seconds * 1000));
}

}  // namespace

support::result<std::vector<std::string>> names_of(measure::program& p, const measure_options& options) {
  auto worker = measure::ask_worker(p, time_limit(options));
  if (!worker && worker.error().kind == error_kind::interrupted) return worker.error();
  if (worker && *worker) {
    p.worker = true;
    p.own_benchmarks = (*worker)->suite == "deft";
    if (p.own_benchmarks && !is_driven(options.mode) && options.mode != comparison_mode::automatic)
      return error{error_kind::usage,
                   p.path + ": its benchmarks are deft::measure's, which --mode workers and duet run only"};
    return (*worker)->names;
  }
  if (is_driven(options.mode) && !worker) return worker.error();
  auto listed = measure::list_benchmarks(p, time_limit(options));
  // A worker of another version is a benchmark program all the same, if it takes the usual options.
  if (!listed && !worker) return worker.error();
  if (listed && is_driven(options.mode))
    return error{error_kind::usage,
                 p.path + ": is not driven by deft, which this --mode needs (link deft::measure)"};
  return listed;
}

namespace {

/// The filter's choice, or an error that says what there would have been.
support::result<lineup> filtered(lineup all, const std::string& filter) {
  std::vector<std::string> names;
  names.reserve(all.benchmarks.size());
  for (const listed_benchmark& b : all.benchmarks) names.push_back(b.name);
  const auto chosen = measure::matching(names, filter);
  if (!chosen) return chosen.error();
  if (chosen->empty() && all.broken.empty()) {
    const std::string where = all.contenders.empty() ? "the program" : all.contenders.front().base.path;
    if (names.empty()) return error{error_kind::usage, where + " has no benchmarks"};
    return error{error_kind::usage, "no benchmark matches --filter '" + filter + "'; " + where + " has " +
                                        std::to_string(names.size()) + ", the first is " + names.front()};
  }
  const std::set<std::string> kept(chosen->begin(), chosen->end());
  std::erase_if(all.benchmarks, [&kept](const listed_benchmark& b) { return !kept.contains(b.name); });
  return all;
}

/// Their benchmarks would have the same names. Two paths may well lead to one file, which then goes by how it
/// was called.
support::result<void> refuse_twice(const std::vector<std::string>& paths) {
  std::set<fs::path> seen;
  for (const std::string& path : paths) {
    if (!seen.insert(fs::absolute(path).lexically_normal()).second)
      return error{error_kind::usage, path + " is named twice"};
  }
  return {};
}

/// What tells the programs apart: their file names, or their paths where two are called the same.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::map<std::string, std::set<std::string>> called;
  for (const std::string& path : paths) called[fs::path(path).filename().string()].insert(path);
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    const std::string file = fs::path(path).filename().string();
    names.push_back(called[file].size() > 1 ? path : file);
  }
  return names;
}

/// Two programs may have a benchmark of the same name; then, and only then, the program's name goes in front.
void tell_apart(lineup& all) {
  const std::vector<std::string> programs = short_names(all.paths);
  std::map<std::string, std::set<std::size_t>> owners;
  for (const listed_benchmark& b : all.benchmarks) owners[b.name].insert(b.contender);
  for (listed_benchmark& b : all.benchmarks) {
    b.shown = b.name;
    if (owners[b.name].size() > 1) b.shown = programs[b.contender] + ": " + b.name;
  }
}

/// One program in two versions, either of which may not exist.
struct versions {
  std::optional<measure::program> base;
  std::optional<measure::program> head;
  std::string path;  ///< As the user gave it; the same for both.
};

support::result<void> add_versions(lineup& all, versions& v, const measure_options& options) {
  std::vector<std::string> in_base;
  std::vector<std::string> in_head;
  for (const auto& [side, names] : {std::pair(&v.base, &in_base), std::pair(&v.head, &in_head)}) {
    if (!*side) continue;
    auto listed = names_of(**side, options);
    if (!listed) return listed.error();
    *names = *std::move(listed);
  }
  const std::set<std::string> base_set(in_base.begin(), in_base.end());
  const std::set<std::string> head_set(in_head.begin(), in_head.end());
  const std::size_t pair = all.contenders.size();
  all.contenders.push_back({v.base ? *v.base : *v.head, v.base ? v.head : std::nullopt});
  all.paths.push_back(v.path);
  for (const std::string& name : in_base)
    all.benchmarks.push_back(
        {name, name, pair, head_set.contains(name) ? presence::both : presence::base_only});
  std::size_t alone = pair;
  for (const std::string& name : in_head) {
    if (base_set.contains(name)) continue;
    if (v.base && alone == pair) {
      alone = all.contenders.size();
      all.contenders.push_back({*v.head, std::nullopt});
      all.paths.push_back(v.path);
    }
    all.benchmarks.push_back({name, name, alone, presence::head_only});
  }
  return {};
}

}  // namespace

measure::program program_at(const std::string& path, const measure_options& options, const environment& own) {
  measure::program p{path, options.arguments, {}};
  // The last word on a variable counts; a program that is given two of one name takes the first.
  for (const environment* variables : {&options.variables, &own}) {
    for (const auto& variable : *variables) {
      std::erase_if(p.environment,
                    [&variable](const auto& earlier) { return earlier.first == variable.first; });
      p.environment.push_back(variable);
    }
  }
  return p;
}

support::result<lineup> line_up(const run_command& run) {
  if (const auto different = refuse_twice(run.programs); !different) return different.error();
  lineup all;
  for (const std::string& path : run.programs) {
    measure::program p = program_at(path, run.common, {});
    const auto names = names_of(p, run.common);
    if (!names && (names.error().kind == error_kind::interrupted || names.error().kind == error_kind::usage ||
                   run.programs.size() == 1))
      return names.error();
    if (!names) {
      all.broken.push_back({path, names.error().message});
      continue;
    }
    for (const std::string& name : *names)
      all.benchmarks.push_back({name, name, all.contenders.size(), presence::both});
    all.contenders.push_back({p, std::nullopt});
    all.paths.push_back(path);
  }
  if (all.contenders.empty()) return error{error_kind::benchmark_failed, all.broken.front().message};
  tell_apart(all);
  return filtered(std::move(all), run.common.filter);
}

support::result<lineup> line_up(const ab_command& ab, const fs::path& base, const fs::path& head) {
  if (ab.common.mode == comparison_mode::duet && support::allowed_cpus().size() < 2)
    return error{error_kind::usage, "--mode duet needs two processors, and this process may use one"};
  if (const auto different = refuse_twice(ab.bench); !different) return different.error();
  std::vector<versions> programs;
  if (ab.bench.empty()) {
    programs.push_back({program_at(base.string(), ab.common, ab.base_variables),
                        program_at(head.string(), ab.common, ab.head_variables), base.string()});
  }
  for (const std::string& path : ab.bench) {
    versions v{{}, {}, path};
    std::error_code ignored;
    if (fs::exists(base / path, ignored))
      v.base = program_at((base / path).string(), ab.common, ab.base_variables);
    if (fs::exists(head / path, ignored))
      v.head = program_at((head / path).string(), ab.common, ab.head_variables);
    if (!v.base && !v.head) {
      return error{error_kind::usage,
                   "--bench " + path + ": neither in " + base.string() + " nor in " + head.string()};
    }
    programs.push_back(std::move(v));
  }
  lineup all;
  for (versions& v : programs) {
    const auto outcome = add_versions(all, v, ab.common);
    if (!outcome) return outcome.error();
  }
  tell_apart(all);
  return filtered(std::move(all), ab.common.filter);
}

}  // namespace deft::cli
