#include <cstdint>
#include <memory>

#include "cli/verbs.hpp"
#include "stats/rule.hpp"

namespace deft::cli {
namespace {

constexpr const char* run_examples = R"(Examples:
  deft run ./my_bench
  deft run ./my_bench --filter 'find/.*/1e5' --report report
  deft run ./one_bench ./another_bench --no-profile -o today.json
)";

constexpr const char* ab_examples = R"(Examples:
  deft ab old/my_bench new/my_bench
  deft ab old/my_bench new/my_bench --gate --report report
  deft ab ./my_bench ./my_bench --head-env MALLOC_ARENA_MAX=1
  deft ab old/my_bench new/my_bench --counts --gate --max-instructions 0.5 --max-allocations 0
  deft ab --rev v1.2..v1.3 --build 'make bench' --bench bin/my_bench

Without --gate the exit code does not depend on the verdicts: 0, also when something regressed.
)";

constexpr const char* gate_examples = R"(Examples:
  deft gate deft-result.json
  deft gate deft-result.json --strict --allow-missing
  deft gate deft-result.json --max-instructions 0.5 --max-allocations 0
)";

constexpr const char* report_examples = R"(Examples:
  deft report deft-result.json
  deft report deft-result.json -o build/report
  deft report deft-result.json --history .deft/history.sqlite
)";

/// Lists as CLI11 wants them.
struct raw_lists {
  std::vector<std::string> arguments;
  raw_variables variables;
};

void add_measure_options(CLI::App& verb, measure_options& options, raw_lists& lists,
                         const char* rounds_description) {
  const stats::sampling usual;
  options.repetitions = usual.repetitions;
  options.min_time_seconds = usual.min_time_seconds;

  add_benchmark_choice(verb, options, lists.arguments);
  verb.add_flag("--counts", options.counts, "Also count instructions and allocations, as deft count");
  verb.add_flag("--no-profile", [&options](std::int64_t) { options.profile = false; }, "Take no profiles");
  verb.add_option("--profile-time", options.profile_seconds,
                  "Seconds for which each benchmark is profiled, after measuring")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  add_session_options(verb, options, lists.variables, "each benchmark", rounds_description);
  verb.add_option("--repetitions", options.repetitions, "Repetitions in each process")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  verb.add_option("--min-time", options.min_time_seconds, "Seconds that a repetition takes at least")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
}

void add_gate_rules(CLI::App& verb, gate_rules& rules, const std::string& when) {
  verb.add_flag("--strict", rules.strict, when + "exit 3 if a benchmark is inconclusive");
  verb.add_flag("--allow-missing", rules.allow_missing,
                when + "a benchmark that head lacks is no reason to fail");
}

void add_count_limits(CLI::App& verb, gate_rules& rules, const std::string& when) {
  verb.add_option("--max-instructions", rules.most_instructions_percent,
                  when + "exit 1 if a benchmark executes more than PCT percent more instructions")
      ->check(CLI::Range(0.0, 1e9))
      ->type_name("PCT");
  verb.add_option("--max-allocations", rules.most_allocations,
                  when + "exit 1 if a benchmark makes more than N allocations more in each iteration")
      ->check(CLI::Range(0.0, 1e18))
      ->type_name("N");
}

std::string what_is_wrong(const ab_command& ab) {
  for (const std::string& path : ab.bench) {
    if (path.empty() || path.front() == '/') return "--bench needs a relative path, not '" + path + "'";
  }
  if (std::string wrong = effect_problem(ab.common.effect_percent, ab.band); !wrong.empty()) return wrong;
  if (ab.rules.judges_counts() && !ab.common.counts)
    return "--max-instructions and --max-allocations need --counts";
  if (ab.revisions.empty()) {
    if (!ab.build.empty()) return "--build belongs to --rev";
    if (ab.base.empty() || ab.head.empty())
      return "two programs are needed, BASE and HEAD, or --rev with --build and --bench";
    return {};
  }
  if (!ab.base.empty()) return "either two programs or --rev, not both";
  if (ab.build.empty()) return "--rev needs --build 'COMMAND'";
  if (ab.bench.empty()) return "--rev needs --bench PATH, the program's path inside the work tree";
  return {};
}

void add_rejudging(CLI::App& verb, rejudging& again) {
  verb.add_flag("--rejudge", again.wanted, "Decide again, from the rounds in the file, by this deft's rule");
  add_layout_floor_option(verb, again.layout_floor);
}

/// Where CLI11 puts what it reads; it lives as long as the verbs do.
struct measure_wishes {
  run_command run;
  ab_command ab;
  gate_command gate;
  report_command report;
  raw_lists run_raw;
  raw_lists ab_raw;
};

verb add_run(CLI::App& top, const std::shared_ptr<measure_wishes>& wishes) {
  run_command& run = wishes->run;
  raw_lists& run_raw = wishes->run_raw;
  CLI::App* used = top.add_subcommand("run", "Measure and profile benchmark programs");
  used->add_option("BENCH", run.programs, "Google Benchmark programs")->required();
  add_measure_options(*used, run.common, run_raw, "Processes for each benchmark; default 6");
  add_footer(*used, run_examples);
  return {used, [wishes]() -> command {
            run_command wish = wishes->run;
            wish.common.arguments = wishes->run_raw.arguments;
            wish.common.variables = variables_of(wishes->run_raw.variables.both);
            return wish;
          }};
}

verb add_ab(CLI::App& top, const std::shared_ptr<measure_wishes>& wishes) {
  ab_command& ab = wishes->ab;
  raw_lists& ab_raw = wishes->ab_raw;
  CLI::App* used = top.add_subcommand("ab", "Compare two builds of a benchmark program");
  used->add_option("BASE", ab.base, "The program as it was (with --bench: the folder in which it is)");
  used->add_option("HEAD", ab.head, "The program as it is now (likewise)");
  used->add_option("--rev", ab.revisions,
                   "Compare commits instead: REV..REV2, or REV with the work tree as it is")
      ->type_name("REV[..REV2]");
  used->add_option("--build", ab.build, "Shell command that builds a work tree, run at its top")
      ->type_name("CMD");
  add_repeatable(*used, "--bench", ab.bench,
                 "A program's path below the top of both work trees, or below BASE and HEAD; "
                 "repeatable")
      ->type_name("PATH");
  add_layout_floor_option(*used, ab.layout_floor);
  used->add_flag("--gate", ab.gate, "Exit 1 if something regressed or is missing, as deft gate");
  used->add_flag("--explain", ab.explain, "Then explain what regressed or improved, as deft explain");
  add_explain_options(*used, ab.how, "--explain-rounds", "--explain-time");
  add_gate_rules(*used, ab.rules, "With --gate: ");
  add_count_limits(*used, ab.rules, "With --gate and --counts: ");
  add_measure_options(*used, ab.common, ab_raw,
                      "Rounds for each benchmark before a confirmation; default: as many as needed");
  add_side_options(*used, {ab.band, ab.common.effect_percent, ab.base_label, ab.head_label},
                   ab_raw.variables);
  add_footer(*used, ab_examples);
  return {used, [wishes]() -> command {
            ab_command wish = wishes->ab;
            const std::string wrong = what_is_wrong(wish);
            if (!wrong.empty()) return refuse("ab", wrong);
            wish.common.arguments = wishes->ab_raw.arguments;
            wish.common.variables = variables_of(wishes->ab_raw.variables.both);
            wish.base_variables = variables_of(wishes->ab_raw.variables.base);
            wish.head_variables = variables_of(wishes->ab_raw.variables.head);
            return wish;
          }};
}

verb add_gate(CLI::App& top, const std::shared_ptr<measure_wishes>& wishes) {
  gate_command& gate = wishes->gate;
  CLI::App* used = top.add_subcommand("gate", "Judge a result file by exit code");
  used->add_option("RESULT", gate.result, "Result file of deft ab")->required();
  add_gate_rules(*used, gate.rules, "");
  add_rejudging(*used, gate.again);
  add_count_limits(*used, gate.rules, "Of a result with counts: ");
  add_history_option(*used, gate.history);
  add_footer(*used, gate_examples);
  return {used, [wishes]() -> command { return wishes->gate; }};
}

verb add_report(CLI::App& top, const std::shared_ptr<measure_wishes>& wishes) {
  report_command& report = wishes->report;
  CLI::App* used = top.add_subcommand("report", "Write a report from a result file");
  used->add_option("RESULT", report.result, "Result file of deft ab or deft run")->required();
  used->add_option("-o,--output", report.folder, "Folder for index.html, report.md and result.json")
      ->type_name("DIR")
      ->capture_default_str();
  CLI::Option* history =
      used->add_option("--history", report.history, "Also plot how the benchmarks developed in this history")
          ->type_name("FILE");
  used->add_option("--runner", report.runner,
                   "With --history: of this runner; default: that of the result's machine")
      ->type_name("NAME")
      ->needs(history);
  add_rejudging(*used, report.again);
  add_footer(*used, report_examples);
  return {used, [wishes]() -> command { return wishes->report; }};
}

}  // namespace

std::vector<verb> add_measure_verbs(CLI::App& top) {
  const auto wishes = std::make_shared<measure_wishes>();
  wishes->run.common.seed = wishes->ab.common.seed = new_seed();
  return {add_run(top, wishes), add_ab(top, wishes), add_gate(top, wishes), add_report(top, wishes)};
}

}  // namespace deft::cli
