#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* explain_examples = R"(Examples:
  deft explain deft-result.json                       what regressed or improved in it
  deft explain deft-result.json --benchmark sort/1000 --report report
  deft explain old/my_bench new/my_bench --filter '^sort/'

The profiles are kept in the result file, where deft report finds them.
)";

constexpr const char* diff_examples =
    R"(Several profiles a side: deft diff [OPTIONS] BASE... -- HEAD...

Examples:
  deft diff old.pb.gz new.pb.gz
  deft diff -o difference.html old-*.json -- new-*.json

From 4 profiles a side, of as many processes, differences are tested; with fewer they are only shown.
)";

/// Where CLI11 puts what it reads; it lives as long as the verbs do.
struct explain_wishes {
  explain_command explain;
  std::vector<std::string> arguments;
  raw_variables variables;
  diff_command diff;
};

std::string what_is_wrong(const explain_command& wish) {
  if (!wish.profile && !wish.common.output.empty()) return "--no-profile writes no result: not with --output";
  if (wish.inputs.size() == 2) {
    if (!wish.benchmarks.empty() || wish.all || !wish.profile) {
      return "--benchmark, --all and --no-profile are for a result file; --filter chooses benchmarks of two "
             "programs";
    }
    return {};
  }
  if (wish.all && !wish.benchmarks.empty()) return "either --all or --benchmark, not both";
  if (!wish.common.arguments.empty() || !wish.common.variables.empty() || !wish.base_variables.empty() ||
      !wish.head_variables.empty())
    return "--arg, --env, --base-env and --head-env are for two programs: a result file has its own";
  return {};
}

std::string what_is_wrong(const diff_command& wish) {
  if (wish.base.empty() || wish.head.empty())
    return "two profiles are needed, BASE and HEAD, or several of each with -- between them";
  if (wish.base.size() != wish.head.size()) {
    return "as many profiles of head as of base are needed, not " + std::to_string(wish.base.size()) +
           " and " + std::to_string(wish.head.size());
  }
  for (const std::string& name : wish.head) {
    if (name.starts_with("-")) return "options come before the profiles of head: " + name;
  }
  return {};
}

}  // namespace

void add_explain_options(CLI::App& verb, explain_options& options, const std::string& rounds_name,
                         const std::string& time_name) {
  verb.add_option(rounds_name, options.rounds, "Profiled processes of base, and of head, for each benchmark")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  verb.add_option(time_name, options.profile_seconds, "Seconds for which each of them is profiled")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--most", options.most, "Explain those N benchmarks that changed most")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N")
      ->capture_default_str();
}

verb add_explain(CLI::App& top) {
  const auto wishes = std::make_shared<explain_wishes>();
  explain_command& wish = wishes->explain;
  wish.common.seed = new_seed();
  wish.common.output.clear();
  CLI::App* used = top.add_subcommand("explain", "Find the functions that made a benchmark slower or faster");
  used->add_option("RESULT", wish.inputs, "Result file of deft ab; or two programs, BASE and HEAD")
      ->required()
      ->expected(1, 2);
  add_repeatable(*used, "--benchmark", wish.benchmarks,
                 "Of a result file: this benchmark, whatever its verdict; repeatable")
      ->type_name("NAME");
  used->add_flag("--all", wish.all, "Of a result file: all benchmarks, whatever their verdicts");
  used->add_flag(
      "--no-profile", [&wish](std::int64_t) { wish.profile = false; },
      "Of a result file: by the profiles that it holds; nothing is run or written");
  add_benchmark_choice(*used, wish.common, wishes->arguments);
  add_explain_options(*used, wish.how, "--rounds", "--profile-time");
  used->add_option("-o,--output", wish.common.output,
                   "Result file to write; default: RESULT itself, of two programs none")
      ->check(not_empty)
      ->type_name("FILE");
  used->add_option("--report", wish.common.report_folder,
                   "Also write index.html, report.md and result.json into this folder")
      ->type_name("DIR");
  used->add_flag("--json", wish.json, "Print the explanations as JSON");
  add_repeatable(*used, "--env", wishes->variables.both, "Variable set for every process; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  add_repeatable(*used, "--base-env", wishes->variables.base, "Variable set for base only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  add_repeatable(*used, "--head-env", wishes->variables.head, "Variable set for head only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  used->add_option("--time-limit", wish.common.time_limit_seconds,
                   "Seconds after which a process counts as hung")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  used->add_option("--time-budget", wish.common.time_budget_seconds, "Seconds for the whole run")
      ->check(finite_positive)
      ->type_name("S");
  used->add_option("--seed", wish.common.seed, "Seed of every random choice; default: a new one")
      ->check(whole_number)
      ->type_name("N");
  used->add_flag("-q,--quiet", wish.common.quiet, "No progress and no text; only errors");
  add_footer(*used, explain_examples);
  return {used, [wishes]() -> command {
            explain_command wanted = wishes->explain;
            wanted.common.arguments = wishes->arguments;
            wanted.common.variables = variables_of(wishes->variables.both);
            wanted.base_variables = variables_of(wishes->variables.base);
            wanted.head_variables = variables_of(wishes->variables.head);
            const std::string wrong = what_is_wrong(wanted);
            if (!wrong.empty()) return refuse("explain", wrong);
            return wanted;
          }};
}

verb add_diff(CLI::App& top, const std::vector<std::string>& words) {
  const auto wishes = std::make_shared<explain_wishes>();
  diff_command& wish = wishes->diff;
  CLI::App* used = top.add_subcommand("diff", "Compare profiles function by function");
  used->add_option("BASE", wish.base, "Profiles as deft export reads them: one, and then HEAD, or several")
      ->required();
  used->add_option("-o,--output", wish.output,
                   "File to write: .html a page, .json the comparison, - the table (the default)")
      ->check(not_empty)
      ->type_name("FILE");
  used->add_option("--benchmark", wish.benchmark, "Of result files: whose profile of head")
      ->type_name("NAME");
  used->add_option("--per", wish.per, "Times are for one of N things that each process did; default: all")
      ->check(finite_positive)
      ->type_name("N");
  add_footer(*used, diff_examples);
  return {used, [wishes, words]() -> command {
            diff_command wanted = wishes->diff;
            wanted.head = words;
            if (words.empty() && wanted.base.size() == 2) {
              wanted.head = {wanted.base.back()};
              wanted.base.pop_back();
            }
            const std::string wrong = what_is_wrong(wanted);
            if (!wrong.empty()) return refuse("diff", wrong);
            return wanted;
          }};
}

}  // namespace deft::cli
