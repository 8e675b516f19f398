#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

// The parts of the command line, as CLI11 wants them: for the files that read it only.

namespace deft::cli {

struct program_table;  // option_table.hpp

/// A verb that was added to the program's command line, and what is wanted if it was used.
struct verb {
  CLI::App* app = nullptr;
  std::function<command()> wish;
};

/// run, ab, gate, report
std::vector<verb> add_measure_verbs(CLI::App& top);

verb add_count(CLI::App& top);

verb add_publish(CLI::App& top);

/// `words` is what followed the first `--`: both commands and what stands between them.
verb add_cmd_ab(CLI::App& top, const std::vector<std::string>& words);

/// profile, export, import, doctor. `words` is the command that followed `--`.
std::vector<verb> add_profile_verbs(CLI::App& top, const std::vector<std::string>& words);

/// history, with verbs of its own
verb add_history_verb(CLI::App& top);

verb add_layout(CLI::App& top);

verb add_selftest(CLI::App& top);

verb add_explain(CLI::App& top);

/// `words` are the profiles of head that followed `--`.
verb add_diff(CLI::App& top, const std::vector<std::string>& words);

/// completion, help
std::vector<verb> add_help_verbs(CLI::App& top);

/// The whole command line, once every verb was added.
program_table table_of(CLI::App& top);

/// One line on stderr: what is wrong with the command line of that verb (empty: of none).
done refuse(const std::string& verb, const std::string& message);

/// Below the help of `verb`: its examples, and the exit codes of all.
void add_footer(CLI::App& verb, const std::string& examples);

/// KEY=VALUE as CLI11 reads them.
struct raw_variables {
  std::vector<std::string> both;
  std::vector<std::string> base;
  std::vector<std::string> head;
};

environment variables_of(const std::vector<std::string>& entries);

/// --history of a verb that has a result to add.
void add_history_option(CLI::App& verb, std::string& into);

/// How much is profiled in turns, and --most; the first two under these names.
void add_explain_options(CLI::App& verb, explain_options& options, const std::string& rounds_name,
                         const std::string& time_name);

/// --layout-floor of a verb that judges.
void add_layout_floor_option(CLI::App& verb, std::string& into);

/// What every verb that measures has: --output, --report, --history, --mode, --env, --time-limit, --budget,
/// --time-budget, --rounds, --seed, --note, --quiet. `subject` is what a mode is chosen for and the budget
/// counts for; `driven`: also the modes that only benchmark programs can have.
void add_session_options(CLI::App& verb, measure_options& options, raw_variables& variables,
                         const std::string& subject, const std::string& rounds_description,
                         bool driven = true);

/// --filter and --arg: which benchmarks of a Google Benchmark program, and what it is given.
void add_benchmark_choice(CLI::App& verb, measure_options& options, std::vector<std::string>& arguments);

/// Where --band, --effect, --base-label and --head-label go.
struct side_options {
  double& band;
  std::optional<double>& effect_percent;
  std::string& base_label;
  std::string& head_label;
};

/// What every verb that compares has: those, --base-env and --head-env.
void add_side_options(CLI::App& verb, const side_options& options, raw_variables& variables);

/// What is wrong with --effect besides --band; empty: nothing.
std::string effect_problem(std::optional<double> effect_percent, double band);

std::uint64_t new_seed();

// Checks of an option's value: empty, or what is wrong with it.

std::string finite_positive(const std::string& text);
std::string whole_number(const std::string& text);
std::string not_empty(const std::string& text);
std::string key_and_value(const std::string& text);

/// Each takes one value, so that a program's name after it is not swallowed.
CLI::Option* add_repeatable(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                            const std::string& description);

}  // namespace deft::cli
