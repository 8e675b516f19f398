#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "deft/core/version.hpp"

#include "cli/contenders.hpp"
#include "cli/explaining.hpp"
#include "cli/gate.hpp"
#include "cli/measured_programs.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "profile/profiler.hpp"
#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "store/explanation_json.hpp"
#include "store/machine.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

/// What is to be profiled, and where that goes.
struct task {
  store::result_file file;
  std::vector<explained_benchmark> wanted;
  bool unchecked = false;   ///< Whether the programs are those that were measured is not known.
  std::size_t changed = 0;  ///< Of a result file: how many there were to choose from.
};

/// Indices of the benchmarks that were asked for.
support::result<std::vector<std::size_t>> choose(const store::result_file& file,
                                                 const explain_command& wish) {
  std::vector<std::size_t> chosen;
  if (wish.all || (!wish.profile && wish.benchmarks.empty())) {
    chosen.resize(file.benchmarks.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  } else if (wish.benchmarks.empty()) {
    chosen = changed_benchmarks(file);
  }
  for (const std::string& name : wish.benchmarks) {
    const auto found = std::find_if(file.benchmarks.begin(), file.benchmarks.end(),
                                    [&](const store::benchmark& b) { return b.name == name; });
    if (found == file.benchmarks.end())
      return error{error_kind::usage, wish.inputs.front() + ": there is no benchmark '" + name + "'"};
    const auto index = static_cast<std::size_t>(found - file.benchmarks.begin());
    if (std::find(chosen.begin(), chosen.end(), index) == chosen.end()) chosen.push_back(index);
  }
  if (!wish.common.filter.empty()) {
    std::vector<std::string> names;
    names.reserve(file.benchmarks.size());
    for (const store::benchmark& b : file.benchmarks) names.push_back(b.name);
    const auto matching = measure::matching(names, wish.common.filter);
    if (!matching) return matching.error();
    if (matching->empty())
      return error{error_kind::usage, "no benchmark matches --filter '" + wish.common.filter + "'"};
    std::erase_if(chosen, [&](std::size_t i) {
      return std::find(matching->begin(), matching->end(), names[i]) == matching->end();
    });
  }
  if (!wish.profile) std::erase_if(chosen, [&](std::size_t i) { return !file.benchmarks[i].paired; });
  // Neither a missing benchmark nor a new one has anything to be compared with.
  std::erase_if(chosen, [&](std::size_t i) {
    const auto& decision = file.benchmarks[i].decision;
    return decision &&
           (decision->verdict == stats::verdict::missing || decision->verdict == stats::verdict::added);
  });
  return chosen;
}

/// Whether each is in both programs, which are asked once each.
support::result<void> ask_programs(std::vector<explained_benchmark>& wanted, const measure_options& options) {
  std::map<std::string, std::pair<measure::program, std::vector<std::string>>> asked;
  for (explained_benchmark& one : wanted) {
    for (measure::program* p : {&one.base, &one.head}) {
      auto known = asked.find(p->path);
      if (known == asked.end()) {
        measure::program answering = *p;
        auto names = names_of(answering, options);
        if (!names) return names.error();
        known = asked.emplace(p->path, std::pair(std::move(answering), *std::move(names))).first;
      }
      const auto& [answered, names] = known->second;
      p->worker = answered.worker;
      p->own_benchmarks = answered.own_benchmarks;
      if (std::find(names.begin(), names.end(), one.name) == names.end())
        return error{error_kind::unreadable_input, p->path + ": has no benchmark '" + one.name + "'"};
    }
  }
  return {};
}

support::result<task> task_of_result(const explain_command& wish) {
  auto file = load_comparison(wish.inputs.front());
  if (!file) return file.error();
  task made;
  made.file = *std::move(file);
  auto chosen = choose(made.file, wish);
  if (!chosen) return chosen.error();
  made.changed = chosen->size();
  if (!wish.profile) {
    for (const std::size_t i : *chosen) made.wanted.push_back({i, {}, {}, {}});
    return made;
  }
  if (!wish.all && wish.benchmarks.empty() && chosen->size() > wish.how.most) chosen->resize(wish.how.most);
  for (const std::size_t i : *chosen) {
    auto one = programs_of(made.file, i, made.unchecked);
    if (!one) return one.error();
    made.wanted.push_back(*std::move(one));
  }
  if (const auto there = ask_programs(made.wanted, wish.common); !there) return there.error();
  return made;
}

support::result<task> task_of_programs(const explain_command& wish) {
  ab_command ab;
  ab.common = wish.common;
  ab.base = wish.inputs[0];
  ab.head = wish.inputs[1];
  ab.base_variables = wish.base_variables;
  ab.head_variables = wish.head_variables;
  const auto all = line_up(ab, ab.base, ab.head);
  if (!all) return all.error();
  task made;
  store::result_file& file = made.file;
  file.kind = store::run_kind::comparison;
  file.deft_version = DEFT_VERSION_STRING;
  file.base = {ab.base, ab.base, {}};
  file.head = {ab.head, ab.head, {}};
  file.seed = wish.common.seed;
  for (std::size_t i = 0; i < all->benchmarks.size(); ++i) {
    const listed_benchmark& listed = all->benchmarks[i];
    store::benchmark& b = file.benchmarks.emplace_back();
    b.name = listed.shown;
    stats::decision& decision = b.decision.emplace();
    decision.reason = "profiled by deft explain, not measured";
    if (listed.where != presence::both) continue;
    const measure::contender& both = all->contenders[listed.contender];
    made.wanted.push_back({i, listed.name, both.base, *both.head});
  }
  name_programs(file, *all);
  if (made.wanted.empty())
    return error{error_kind::usage, ab.base + " and " + ab.head + " have no benchmark in common"};
  made.changed = made.wanted.size();
  return made;
}

/// What stands for a measured time where nothing was measured.
void fill_times(store::result_file& file) {
  for (store::benchmark& b : file.benchmarks) {
    if (!b.paired || b.paired->base.processes.empty()) continue;
    const auto mean = [](const diff::profiled_side& side) {
      double sum = 0;
      for (const diff::profiled_process& p : side.processes) sum += p.iteration_ns;
      return sum / static_cast<double>(side.processes.size());
    };
    b.base_ns = mean(b.paired->base);
    b.head_ns = mean(b.paired->head);
  }
}

std::string json_of(const task& done) {
  std::vector<store::named_explanation> all;
  for (const explained_benchmark& one : done.wanted) {
    const store::benchmark& b = done.file.benchmarks[one.index];
    if (b.paired) all.push_back({b.name, report::explain(b, done.file)});
  }
  return store::to_json(all);
}

exit_code write(const task& done, const explain_command& wish, const std::string& output) {
  const auto print = [](const std::string& text) { std::fputs(text.c_str(), stdout); };
  exit_code code = exit_code::ok;
  if (!output.empty()) {
    if (const auto saved = store::save(done.file, output); !saved) code = refuse(saved.error());
  }
  bool reported = false;
  if (!wish.common.report_folder.empty()) {
    const auto written = write_report(done.file, {}, wish.common.report_folder);
    reported = static_cast<bool>(written);
    if (!written) code = refuse(written.error());
  }
  if (wish.json) print(json_of(done));
  if (wish.json || wish.common.quiet) return code;
  std::string text;
  for (const explained_benchmark& one : done.wanted) text += explanation_text_of(done.file, one.index);
  print(text);
  if (code == exit_code::ok && !output.empty()) print("result: " + report::plain(output) + "\n");
  if (reported)
    print("report: " + report::plain((fs::path(wish.common.report_folder) / "index.html").string()) + "\n");
  return code;
}

/// By what the file holds.
exit_code explain_again(const explain_command& wish) {
  const auto work = task_of_result(wish);
  if (!work) return refuse(work.error());
  if (work->wanted.empty()) {
    return refuse(
        {error_kind::unreadable_input,
         wish.inputs.front() + ": holds no profiles of base and head in turns that were asked for"});
  }
  return write(*work, wish, "");
}

}  // namespace

exit_code perform(const explain_command& wish) {
  if (!wish.profile) return explain_again(wish);
  const bool of_result = wish.inputs.size() == 1;
  const std::string output =
      wish.common.output.empty() && of_result ? wish.inputs.front() : wish.common.output;
  if (!output.empty()) {
    if (const auto writable = check_writable(output); !writable) return refuse(writable.error());
  }
  if (!wish.common.report_folder.empty()) {
    const fs::path page = fs::path(wish.common.report_folder) / "index.html";
    if (const auto writable = check_writable(page); !writable) return refuse(writable.error());
  }
  const auto begin = std::chrono::steady_clock::now();
  const std::string created = store::utc_now();
  auto work = of_result ? task_of_result(wish) : task_of_programs(wish);
  if (!work) return refuse(work.error());
  progress watch(wish.common.quiet);
  if (work->wanted.empty()) {
    if (wish.json) std::fputs(json_of(*work).c_str(), stdout);
    if (!wish.json && !wish.common.quiet)
      std::puts("nothing regressed or improved, so there is nothing to explain (--all, --benchmark NAME)");
    return exit_code::ok;
  }
  if (work->unchecked)
    watch.say(
        "the result does not say what its programs were: whether they were built again cannot be checked");
  if (work->changed > work->wanted.size()) {
    watch.say("explaining the " + std::to_string(work->wanted.size()) + " of " +
              std::to_string(work->changed) + " changed benchmarks that changed most (--most)");
  }
  turns_settings settings{wish.how, wish.common.seed, wish.common.time_limit_seconds, {}};
  if (wish.common.time_budget_seconds) {
    const std::chrono::duration<double> whole(*wish.common.time_budget_seconds);
    settings.deadline = begin + std::chrono::ceil<std::chrono::steady_clock::duration>(whole);
  }
  const bool interrupted_before = std::exchange(work->file.interrupted, false);
  const std::vector<turns_failure> failures = take_turns(work->file, work->wanted, settings, watch);
  const bool interrupted = work->file.interrupted;
  // The result of an interrupted run stays one; an explanation that was cut short leaves a whole result
  // whole.
  if (of_result) work->file.interrupted = interrupted_before;
  if (!of_result) {
    fill_times(work->file);
    work->file.created = created;
    work->file.duration_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    work->file.machine = store::read_machine();
    work->file.machine.perf_event = profile::perf_event_state();
  }
  const exit_code code = write(*work, wish, output);
  if (interrupted) {
    complain({error_kind::interrupted, "interrupted; what was seen until then is kept"});
    return exit_code::interrupted;
  }
  for (const turns_failure& failure : failures) complain(failure.why);
  if (code != exit_code::ok) return code;
  return failures.empty() ? exit_code::ok : exit_code_of(failures.front().why.kind);
}

}  // namespace deft::cli
