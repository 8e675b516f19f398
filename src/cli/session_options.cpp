#include <cstdint>
#include <map>
#include <random>

#include "cli/verbs.hpp"

namespace deft::cli {

environment variables_of(const std::vector<std::string>& entries) {
  environment variables;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    variables.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

void add_history_option(CLI::App& verb, std::string& into) {
  verb.add_option("--history", into, "Also add the result to this history, as deft history add")
      ->check(not_empty)
      ->type_name("FILE");
}

void add_layout_floor_option(CLI::App& verb, std::string& into) {
  verb.add_option("--layout-floor", into,
                  "File of deft layout: what changes less than a rebuild does is inconclusive")
      ->check(not_empty)
      ->type_name("FILE");
}

void add_session_options(CLI::App& verb, measure_options& options, raw_variables& variables,
                         const std::string& subject, const std::string& rounds_description, bool driven) {
  std::map<std::string, comparison_mode> modes{{"auto", comparison_mode::automatic},
                                               {"same-core", comparison_mode::same_core},
                                               {"alternate", comparison_mode::alternate}};
  std::string words = "same-core (at once on one core, CPU time) or alternate (in turn, wall time)";
  if (driven) {
    modes.insert({{"workers", comparison_mode::workers}, {"duet", comparison_mode::duet}});
    words = "workers (driven, a millisecond each in turn, CPU time), duet (driven, at once on two cores), " +
            words;
  }
  verb.add_option("-o,--output", options.output, "Result file to write")
      ->check(not_empty)
      ->type_name("FILE")
      ->capture_default_str();
  verb.add_option("--report", options.report_folder,
                  "Also write index.html, report.md and result.json into this folder")
      ->type_name("DIR");
  add_history_option(verb, options.history);
  verb.add_option("--mode", options.mode,
                  "How processes are run: auto, " + words + "; auto chooses for " + subject)
      ->transform(CLI::CheckedTransformer(modes).description(""))
      ->type_name("MODE");
  add_repeatable(verb, "--env", variables.both, "Variable set for every process; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  verb.add_option("--time-limit", options.time_limit_seconds, "Seconds after which a process counts as hung")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--budget", options.budget_seconds,
                  "Seconds after which no new round of " + subject + " begins")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  verb.add_option("--time-budget", options.time_budget_seconds,
                  "Seconds for the whole run, shared fairly; what was not measured then is inconclusive")
      ->check(finite_positive)
      ->type_name("S");
  verb.add_option("--rounds", options.rounds, rounds_description)->check(CLI::Range(2, 1000))->type_name("N");
  verb.add_option("--seed", options.seed,
                  "Seed of every random choice; default: a new one, noted in the result")
      ->check(whole_number)
      ->type_name("N");
  verb.add_option("--note", options.note, "A sentence to show in the report")->type_name("TEXT");
  verb.add_flag("-q,--quiet", options.quiet, "No progress, no table; only errors");
}

void add_benchmark_choice(CLI::App& verb, measure_options& options, std::vector<std::string>& arguments) {
  verb.add_option("--filter", options.filter,
                  "Only benchmarks in whose name this regular expression is found; -REGEX: the others")
      ->type_name("REGEX");
  add_repeatable(verb, "--arg", arguments, "Argument passed on to every benchmark process; repeatable")
      ->type_name("ARG");
}

void add_side_options(CLI::App& verb, const side_options& options, raw_variables& variables) {
  verb.add_option("--band", options.band, "Changes within 1 +- BAND are tolerated")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("BAND")
      ->capture_default_str();
  verb.add_option(
          "--effect", options.effect_percent,
          "Go on until a slowdown of PCT % would be found (with 90 % probability), whatever the verdict")
      ->check(finite_positive)
      ->type_name("PCT");
  add_repeatable(verb, "--base-env", variables.base, "Variable set for base only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  add_repeatable(verb, "--head-env", variables.head, "Variable set for head only; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  verb.add_option("--base-label", options.base_label, "What the report calls base")->type_name("TEXT");
  verb.add_option("--head-label", options.head_label, "What the report calls head")->type_name("TEXT");
}

std::string effect_problem(std::optional<double> effect_percent, double band) {
  if (!effect_percent || *effect_percent > 100 * band) return {};
  return "--effect needs more than the tolerated band (--band, " + CLI::detail::to_string(100 * band) +
         " %): no number of rounds shows less";
}

std::uint64_t new_seed() {
  return (std::uint64_t{std::random_device{}()} << 16) ^ std::random_device{}();
}

}  // namespace deft::cli
