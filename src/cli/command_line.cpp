#include "cli/command_line.hpp"

#include <charconv>
#include <cstdio>
#include <map>
#include <random>

#include <CLI/CLI.hpp>

#include "deft/core/version.hpp"

#include "stats/rule.hpp"

namespace deft::cli {
namespace {

constexpr const char* exit_codes = R"(Exit codes:
  0    ok
  1    a benchmark regressed or is missing (gate, ab --gate)
  2    the command line, or a filter that matches nothing
  3    inconclusive (with --strict), or the run was not whole (gate, ab --gate)
  4    a benchmark crashed, hung or reported an error, or the program is no benchmark program
  5    a file could not be read or written, or a commit does not build
  130  interrupted; what was measured until then is in the result file
)";

constexpr const char* top_examples = R"(Examples:
  deft run build/bench/my_bench                    measure and profile a Google Benchmark program
  deft ab old/my_bench new/my_bench --gate         compare two builds; exit 1 if the new one is slower
  deft ab --rev main --build 'cmake --preset release && cmake --build --preset release' --bench build/release/bin/my_bench
  deft report deft-result.json -o report           write report/index.html
)";

constexpr const char* run_examples = R"(Examples:
  deft run ./my_bench
  deft run ./my_bench --filter 'find/.*/1e5' --report report
  deft run ./one_bench ./another_bench --no-profile -o today.json
)";

constexpr const char* ab_examples = R"(Examples:
  deft ab old/my_bench new/my_bench
  deft ab old/my_bench new/my_bench --gate --report report
  deft ab ./my_bench ./my_bench --head-env MALLOC_ARENA_MAX=1
  deft ab --rev v1.2..v1.3 --build 'make bench' --bench bin/my_bench

Without --gate the exit code does not depend on the verdicts: 0, also when something regressed.
)";

constexpr const char* gate_examples = R"(Examples:
  deft gate deft-result.json
  deft gate deft-result.json --strict --allow-missing
)";

constexpr const char* report_examples = R"(Examples:
  deft report deft-result.json
  deft report deft-result.json -o build/report
)";

std::string finite_positive(const std::string& text) {
  double value = 0;
  if (!CLI::detail::lexical_cast(text, value) || !(value > 0) || !(value < 1e9)) {
    return "needs a number greater than 0, not '" + text + "'";
  }
  return {};
}

/// CLI11 would take -1 and what no 64 bits hold.
std::string whole_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size()) return {};
  return "needs a whole number from 0 to 2^64 - 1, not '" + text + "'";
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "needs a name" : "";
}

std::string key_and_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 ? "needs KEY=VALUE, not '" + text + "'" : std::string{};
}

environment split(const std::vector<std::string>& entries) {
  environment variables;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

/// Each takes one value, so that a program's name after it is not swallowed.
CLI::Option* add_repeatable(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                            const std::string& description) {
  return verb.add_option(name, into, description)->allow_extra_args(false);
}

/// Lists as CLI11 wants them.
struct raw_lists {
  std::vector<std::string> arguments;
  std::vector<std::string> both;
  std::vector<std::string> base;
  std::vector<std::string> head;
};

void add_measure_options(CLI::App& verb, measure_options& options, raw_lists& lists,
                         const char* rounds_description) {
  static const std::map<std::string, comparison_mode> modes{{"auto", comparison_mode::automatic},
                                                            {"same-core", comparison_mode::same_core},
                                                            {"alternate", comparison_mode::alternate}};
  const stats::sampling usual;
  options.repetitions = usual.repetitions;
  options.min_time_seconds = usual.min_time_seconds;

  verb.add_option("--filter", options.filter,
                  "Only benchmarks in whose name this regular expression is found; -REGEX: the others")
      ->type_name("REGEX");
  verb.add_option("-o,--output", options.output, "Result file to write")
      ->check(not_empty)
      ->type_name("FILE")
      ->capture_default_str();
  verb.add_option("--report", options.report_folder,
                  "Also write index.html, report.md and result.json into this folder")
      ->type_name("DIR");
  verb.add_option("--mode", options.mode,
                  "How processes are run: auto, same-core (at once on one core, CPU time) or "
                  "alternate (in turn, wall time); auto chooses for each benchmark")
      ->transform(CLI::CheckedTransformer(modes).description(""))
      ->type_name("MODE");
  add_repeatable(verb, "--arg", lists.arguments, "Argument passed on to every benchmark process; repeatable")
      ->type_name("ARG");
  add_repeatable(verb, "--env", lists.both, "Variable set for every benchmark process; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  verb.add_flag("--no-profile", [&options](std::int64_t) { options.profile = false; }, "Take no profiles");
  verb.add_option("--profile-time", options.profile_seconds,
                  "Seconds for which each benchmark is profiled, after measuring")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--time-limit", options.time_limit_seconds,
                  "Seconds after which a benchmark process counts as hung")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--budget", options.budget_seconds,
                  "Seconds after which no new round of a benchmark begins")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--rounds", options.rounds, rounds_description)->check(CLI::Range(2, 1000))->type_name("N");
  verb.add_option("--repetitions", options.repetitions, "Repetitions in each process")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  verb.add_option("--min-time", options.min_time_seconds, "Seconds that a repetition takes at least")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--seed", options.seed,
                  "Seed of every random choice; default: a new one, noted in the result")
      ->check(whole_number)
      ->type_name("N");
  verb.add_option("--note", options.note, "A sentence to show in the report")->type_name("TEXT");
  verb.add_flag("-q,--quiet", options.quiet, "No progress, no table; only errors");
}

void add_gate_rules(CLI::App& verb, gate_rules& rules, const std::string& when) {
  verb.add_flag("--strict", rules.strict, when + "exit 3 if a benchmark is inconclusive");
  verb.add_flag("--allow-missing", rules.allow_missing,
                when + "a benchmark that head lacks is no reason to fail");
}

done refuse(const std::string& verb, const std::string& message) {
  const std::string name = verb.empty() ? "deft" : "deft " + verb;
  std::fprintf(stderr, "%s: %s (%s --help tells more)\n", name.c_str(), message.c_str(), name.c_str());
  return {exit_code::usage};
}

std::string what_is_wrong(const ab_command& ab) {
  for (const std::string& path : ab.bench) {
    if (path.empty() || path.front() == '/') return "--bench needs a relative path, not '" + path + "'";
  }
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

}  // namespace

command parse_command_line(int argc, const char* const* argv) {
  CLI::App app{
      "deft measures C++ programs: Google Benchmark binaries, unmodified. It compares two builds, profiles "
      "each\n"
      "benchmark and writes a report."};
  app.set_version_flag("--version", "deft " DEFT_VERSION_STRING);
  app.require_subcommand(1);
  app.footer(std::string(top_examples) + "\n" + exit_codes);
  app.get_formatter()->column_width(34);

  run_command run;
  ab_command ab;
  gate_command gate;
  report_command report;
  run.common.seed = ab.common.seed = (std::uint64_t{std::random_device{}()} << 16) ^ std::random_device{}();
  raw_lists run_raw;
  raw_lists ab_raw;

  CLI::App* run_verb = app.add_subcommand("run", "Measure and profile benchmark programs");
  run_verb->add_option("BENCH", run.programs, "Google Benchmark programs")->required();
  add_measure_options(*run_verb, run.common, run_raw, "Processes for each benchmark; default 6");
  run_verb->footer(std::string(run_examples) + "\n" + exit_codes);

  CLI::App* ab_verb = app.add_subcommand("ab", "Compare two builds of a benchmark program");
  ab_verb->add_option("BASE", ab.base, "The program as it was (with --bench: the folder in which it is)");
  ab_verb->add_option("HEAD", ab.head, "The program as it is now (likewise)");
  ab_verb
      ->add_option("--rev", ab.revisions,
                   "Compare commits instead: REV..REV2, or REV with the work tree as it is")
      ->type_name("REV[..REV2]");
  ab_verb->add_option("--build", ab.build, "Shell command that builds a work tree, run at its top")
      ->type_name("CMD");
  add_repeatable(*ab_verb, "--bench", ab.bench,
                 "A program's path below the top of both work trees, or below BASE and HEAD; "
                 "repeatable")
      ->type_name("PATH");
  ab_verb->add_flag("--gate", ab.gate, "Exit 1 if something regressed or is missing, as deft gate");
  add_gate_rules(*ab_verb, ab.rules, "With --gate: ");
  ab_verb->add_option("--band", ab.band, "Changes within 1 +- BAND are tolerated")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("BAND")
      ->capture_default_str();
  add_measure_options(*ab_verb, ab.common, ab_raw,
                      "Rounds for each benchmark before a confirmation; default: as many as needed");
  add_repeatable(*ab_verb, "--base-env", ab_raw.base, "Variable set for base only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  add_repeatable(*ab_verb, "--head-env", ab_raw.head, "Variable set for head only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  ab_verb->add_option("--base-label", ab.base_label, "What the report calls base")->type_name("TEXT");
  ab_verb->add_option("--head-label", ab.head_label, "What the report calls head")->type_name("TEXT");
  ab_verb->footer(std::string(ab_examples) + "\n" + exit_codes);

  CLI::App* gate_verb = app.add_subcommand("gate", "Judge a result file by exit code");
  gate_verb->add_option("RESULT", gate.result, "Result file of deft ab")->required();
  add_gate_rules(*gate_verb, gate.rules, "");
  gate_verb->footer(std::string(gate_examples) + "\n" + exit_codes);

  CLI::App* report_verb = app.add_subcommand("report", "Write a report from a result file");
  report_verb->add_option("RESULT", report.result, "Result file of deft ab or deft run")->required();
  report_verb->add_option("-o,--output", report.folder, "Folder for index.html, report.md and result.json")
      ->type_name("DIR")
      ->capture_default_str();
  report_verb->footer(std::string(report_examples) + "\n" + exit_codes);

  const auto verb_in_use = [&]() -> std::string {
    const auto used = app.get_subcommands();
    return used.empty() ? "" : used.front()->get_name();
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    return done{static_cast<exit_code>(app.exit(wish, std::cout, std::cerr))};
  } catch (const CLI::ParseError& failure) {
    if (verb_in_use().empty() && argc > 1 && argv[1][0] != '-')
      return refuse("", "there is no command '" + std::string(argv[1]) + "'");
    return refuse(verb_in_use(), failure.what());
  }

  if (run_verb->parsed()) {
    run.common.arguments = run_raw.arguments;
    run.common.variables = split(run_raw.both);
    return run;
  }
  if (ab_verb->parsed()) {
    const std::string wrong = what_is_wrong(ab);
    if (!wrong.empty()) return refuse("ab", wrong);
    ab.common.arguments = ab_raw.arguments;
    ab.common.variables = split(ab_raw.both);
    ab.base_variables = split(ab_raw.base);
    ab.head_variables = split(ab_raw.head);
    return ab;
  }
  if (gate_verb->parsed()) return gate;
  return report;
}

}  // namespace deft::cli
