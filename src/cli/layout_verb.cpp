#include <memory>

#include "cli/verbs.hpp"
#include "stats/layout_floor.hpp"
#include "stats/rule.hpp"

namespace deft::cli {
namespace {

constexpr const char* examples = R"(Examples:
  deft layout --build 'make bench' --bench bin/my_bench
  deft layout --build 'ninja -C build my_bench' --bench build/my_bench --variants 16 -o layout.json
  deft layout --variant first/my_bench --variant second/my_bench --variant third/my_bench --variant fourth/my_bench
  deft ab old/my_bench new/my_bench --layout-floor deft-layout.json
)";

struct raw_layout {
  layout_command wish;
  std::vector<std::string> variables;
};

std::string what_is_wrong(const layout_command& wish) {
  constexpr std::size_t fewest = stats::fewest_variants + 1;
  if (!wish.programs.empty()) {
    if (!wish.build.empty() || !wish.bench.empty())
      return "either --build with --bench or --variant, not both";
    if (wish.programs.size() < fewest)
      return "at least " + std::to_string(fewest) + " builds are needed: --variant PROGRAM, repeated";
    return {};
  }
  if (wish.build.empty() || wish.bench.empty())
    return "--build 'COMMAND' and --bench PATH are needed, or --variant PROGRAM, repeated";
  return {};
}

}  // namespace

verb add_layout(CLI::App& top) {
  const auto raw = std::make_shared<raw_layout>();
  layout_command& wish = raw->wish;
  measure_options& options = wish.common;
  const stats::sampling usual;
  options.output = "deft-layout.json";
  options.seed = new_seed();
  options.repetitions = usual.repetitions;
  options.min_time_seconds = usual.min_time_seconds;
  CLI::App* used =
      top.add_subcommand("layout", "Learn what rebuilding a program unchanged does to its timings");
  used->add_option("--build", wish.build, "Shell command that builds the program, run in this folder")
      ->type_name("CMD");
  used->add_option("--bench", wish.bench, "The program that it builds")->type_name("PATH");
  used->add_option("--variants", wish.variants, "Rebuilds, each with another layout")
      ->check(CLI::Range(static_cast<int>(stats::fewest_variants), 200))
      ->type_name("N")
      ->capture_default_str();
  add_repeatable(
      *used, "--variant", wish.programs,
      "A build that was made otherwise; repeatable, the first is what the others are compared with")
      ->type_name("PROGRAM");
  used->add_option("--filter", options.filter,
                   "Only benchmarks in whose name this regular expression is found; -REGEX: the others")
      ->type_name("REGEX");
  used->add_option("-o,--output", options.output, "File to write")
      ->check(not_empty)
      ->type_name("FILE")
      ->capture_default_str();
  add_repeatable(*used, "--arg", options.arguments,
                 "Argument passed on to every benchmark process; repeatable")
      ->type_name("ARG");
  add_repeatable(*used, "--env", raw->variables, "Variable set for every benchmark process; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  used->add_option("--rounds", options.rounds, "Rounds for each benchmark of each rebuild; default 6")
      ->check(CLI::Range(4, 1000))
      ->type_name("N");
  used->add_option("--repetitions", options.repetitions, "Repetitions in each process")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  used->add_option("--min-time", options.min_time_seconds, "Seconds that a repetition takes at least")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  used->add_option("--time-limit", options.time_limit_seconds, "Seconds after which a process counts as hung")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  used->add_option("--seed", options.seed,
                   "Seed of every random choice; default: a new one, noted in the file")
      ->check(whole_number)
      ->type_name("N");
  used->add_flag("-q,--quiet", options.quiet, "No progress, no table; only errors");
  add_footer(*used, examples);
  return {used, [raw]() -> command {
            layout_command wanted = raw->wish;
            const std::string wrong = what_is_wrong(wanted);
            if (!wrong.empty()) return refuse("layout", wrong);
            wanted.common.variables = variables_of(raw->variables);
            return wanted;
          }};
}

}  // namespace deft::cli
