#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/exit_code.hpp"
#include "formats/formats.hpp"
#include "profile/command_profiler.hpp"

namespace deft::cli {

enum class comparison_mode { automatic, workers, same_core, duet, alternate };

using environment = std::vector<std::pair<std::string, std::string>>;

/// How base and head are profiled in turns.
struct explain_options {
  std::uint32_t rounds = 12;
  double profile_seconds = 0.4;  ///< Of each process.
  std::size_t most = 5;          ///< Benchmarks, those that changed most.
};

/// What `run` and `ab` share.
struct measure_options {
  std::string filter;
  std::string output = "deft-result.json";
  std::string report_folder;  ///< Empty: no report.
  std::string history;        ///< To which the result is added; empty: to none.
  comparison_mode mode = comparison_mode::automatic;
  std::uint64_t seed = 0;
  std::optional<std::uint32_t> rounds;
  std::uint32_t repetitions = 0;
  double min_time_seconds = 0;
  double time_limit_seconds = 60;
  double budget_seconds = 60;
  std::optional<double> time_budget_seconds;  ///< For all benchmarks, profiles included.
  std::optional<double> effect_percent;       ///< To go on until this could be seen.
  bool counts = false;                        ///< Instructions and allocations, in a pass of their own.
  bool profile = true;
  double profile_seconds = 0.5;
  std::vector<std::string> arguments;
  environment variables;
  std::string note;
  bool quiet = false;
};

struct gate_rules {
  bool strict = false;
  bool allow_missing = false;
  std::optional<double> most_instructions_percent = std::nullopt;  ///< That head may execute more than base.
  std::optional<double> most_allocations = std::nullopt;           ///< Likewise, for each iteration.

  bool judges_counts() const noexcept { return most_instructions_percent || most_allocations; }
};

struct run_command {
  measure_options common;
  std::vector<std::string> programs;
};

struct count_command {
  run_command what;  ///< Of its options, those that concern a pass that is never timed.
};

struct ab_command {
  measure_options common;
  std::string base;  ///< Program, or the folder for `bench`.
  std::string head;
  std::string revisions;  ///< "REV" or "REV..REV2"; empty: two programs are given.
  std::string build;
  std::vector<std::string> bench;  ///< Relative paths of programs; empty: `base` and `head` are programs.
  std::string base_label;
  std::string head_label;
  environment base_variables;
  environment head_variables;
  double band = 0.01;
  std::string layout_floor;  ///< File of `deft layout`; empty: none.
  bool gate = false;
  gate_rules rules;
  bool explain = false;  ///< What regressed or improved.
  explain_options how;
};

/// Which functions made benchmarks slower or faster.
struct explain_command {
  measure_options common;           ///< Those that concern profiles; `output` empty: the default.
  std::vector<std::string> inputs;  ///< A result file, or two programs.
  environment base_variables;       ///< Of two programs.
  environment head_variables;
  std::vector<std::string> benchmarks;  ///< Of a result file; empty: those that changed.
  bool all = false;                     ///< Likewise: all of them.
  bool profile = true;                  ///< Else: by the profiles that the result file holds.
  explain_options how;
  bool json = false;
};

/// Profiles that somebody took, compared.
struct diff_command {
  std::vector<std::string> base;
  std::vector<std::string> head;  ///< As many.
  std::string output;             ///< Empty or "-": a table on the standard output.
  std::string benchmark;          ///< Of result files: whose profile.
  double per = 1;                 ///< What each process did that many times.
};

/// What no-op rebuilds of a program change.
struct layout_command {
  measure_options common;
  std::string build;
  std::string bench;                  ///< The program that `build` makes.
  std::uint32_t variants = 8;         ///< Rebuilds.
  std::vector<std::string> programs;  ///< Instead: ready-made builds, the first of them the reference.
};

/// Whether verdicts are right on this machine.
struct selftest_command {
  bool quick = false;
  bool hostile = false;  ///< Under a load that comes and goes.
  std::uint32_t runs = 0;
  std::uint64_t seed = 0;
  bool quiet = false;
};

struct cmd_ab_command {
  measure_options common;
  std::vector<std::string> base;  ///< Program and arguments.
  std::vector<std::string> head;
  std::string name;  ///< Of the comparison in the result; empty: after the programs.
  std::string base_label;
  std::string head_label;
  environment base_variables;
  environment head_variables;
  unsigned warm_ups = 1;
  bool ignore_exit = false;
  bool show_output = false;
  double band = 0.01;
  bool gate = false;
  gate_rules rules;
};

/// Decides again about what was measured.
struct rejudging {
  bool wanted = false;
  std::string layout_floor = {};  ///< File of `deft layout`; empty: none.
};

struct gate_command {
  std::string result;
  rejudging again;
  std::string history;  ///< As in measure_options.
  gate_rules rules;
};

struct report_command {
  std::string result;
  std::string folder = "deft-report";
  std::string history;  ///< Whose plots it has; empty: none.
  std::string runner;   ///< Of the history; empty: that of the result's machine.
  rejudging again;
};

struct publish_command {
  std::string result;
  std::string markdown;  ///< File, "-" for the standard output, or empty: not wanted.
  std::string junit;     ///< Likewise.
  bool annotations = false;
  bool step_summary = false;
  bool gate = false;
  gate_rules rules;
};

/// A file to be written, and as what.
struct output_file {
  std::string path;
  formats::format as = formats::format::deft_json;
};

struct profile_command {
  std::vector<std::string> argv;
  symbols::profile_kind kind = symbols::profile_kind::cpu;
  profile::collector how = profile::collector::automatic;
  unsigned frequency_hz = 199;
  double time_limit_seconds = 0;  ///< 0: none.
  std::vector<output_file> outputs;
  bool quiet = false;
};

/// `export` and `import`: reads profiles of any form that deft knows, and writes them as one.
struct convert_command {
  std::vector<std::string> inputs;
  std::vector<output_file> outputs;
  std::string benchmark;  ///< Of a result file: whose profile.
  bool base = false;      ///< Likewise: base's, not head's.
};

struct doctor_command {
  bool json = false;
  std::vector<std::string> programs;  ///< Which mode each of their benchmarks would get.
};

/// A text that was asked for, and nothing else: help, the manual, a completion.
struct print_command {
  std::string text;
};

/// `deft history ACTION`; each action looks at its own part of this.
struct history_command {
  enum class action { add, show, bless, prune, exporting, importing, check };

  action what = action::show;
  std::string file;                  ///< Empty: .deft/history.sqlite at the top of the repository.
  std::vector<std::string> results;  ///< add: result files; export, import: folders.
  std::string runner;                ///< add: under this name; bless, show: of this one only.
  std::string commit;                ///< add: what the result is of.
  std::string benchmark;             ///< show: part of a name; bless: a name.
  std::string at;                    ///< bless: commit or id of a run.
  std::size_t last = 20;             ///< show: runs in the table.
  std::size_t window = 200;          ///< show: runs among which changes are looked for.
  bool ratio = false;
  bool json = false;
  bool gate = false;
  std::optional<std::size_t> keep;
  std::optional<double> days;
  std::size_t shard_bytes = 1'000'000;
  bool replace = false;
  bool quiet = false;
};

/// Nothing to do any more: help or an error has been printed.
struct done {
  exit_code code;
};

using command =
    std::variant<run_command, count_command, ab_command, cmd_ab_command, gate_command, report_command,
                 publish_command, profile_command, convert_command, doctor_command, history_command,
                 layout_command, selftest_command, explain_command, diff_command, print_command, done>;

/// Reads the command line. Prints help or the version on stdout, or one line on stderr if something is wrong.
command parse_command_line(int argc, const char* const* argv);

}  // namespace deft::cli
