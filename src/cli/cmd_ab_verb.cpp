#include <algorithm>
#include <memory>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* examples =
    R"(Both commands follow -- with their own options: deft cmd-ab [OPTIONS] -- BASE... -- HEAD...

Examples:
  deft cmd-ab -- ./old input.txt -- ./new input.txt
  deft cmd-ab --mode alternate --gate -- sh -c 'sort big | uniq' -- sort -u big
  deft cmd-ab --separator :: -- git log -- src :: git log -- tests

Without --gate the exit code does not depend on the verdict.
)";

/// Where CLI11 puts what it reads.
struct raw_command {
  cmd_ab_command wish;
  raw_variables variables;
  std::string separator = "--";
};

std::string take_apart(const std::vector<std::string>& words, const std::string& separator,
                       cmd_ab_command& wish) {
  const auto between = std::find(words.begin(), words.end(), separator);
  if (words.empty() || between == words.begin() || between == words.end() || between + 1 == words.end())
    return "two commands are needed: deft cmd-ab [OPTIONS] -- BASE... " + separator + " HEAD...";
  if (std::find(between + 1, words.end(), separator) != words.end()) {
    return "'" + separator +
           "' stands in a command, too; choose another word for between them: --separator WORD";
  }
  wish.base.assign(words.begin(), between);
  wish.head.assign(between + 1, words.end());
  if (wish.base.front().empty() || wish.head.front().empty()) return "the name of a command is empty";
  return {};
}

}  // namespace

verb add_cmd_ab(CLI::App& top, const std::vector<std::string>& words) {
  const auto raw = std::make_shared<raw_command>();
  cmd_ab_command& options = raw->wish;
  options.common.seed = new_seed();
  options.common.profile = false;
  options.common.repetitions = 0;
  CLI::App* used = top.add_subcommand("cmd-ab", "Compare any two commands");
  used->add_option("--name", options.name,
                   "What the result calls the comparison; default: the programs' names")
      ->check(not_empty)
      ->type_name("TEXT");
  used->add_option("--warmup", options.warm_ups, "Runs of each command beforehand that do not count")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  used->add_option(
          "--repetitions", options.common.repetitions,
          "Runs of each command in a round; default: as many as take a tenth of a second, at most 10")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  used->add_flag("--ignore-exit", options.ignore_exit, "An exit code other than 0 is no failure");
  used->add_flag("--show-output", options.show_output,
                 "Let what the commands print through; else it is thrown away");
  used->add_option("--separator", raw->separator,
                   "The word between the two commands, where one of them has a --")
      ->check(not_empty)
      ->type_name("WORD")
      ->capture_default_str();
  used->add_flag("--gate", options.gate, "Exit 1 if head is slower, as deft gate");
  used->add_flag("--strict", options.rules.strict, "With --gate: exit 3 if the comparison is inconclusive");
  add_session_options(*used, options.common, raw->variables, "the two commands",
                      "Rounds before a confirmation; default: as many as needed", false);
  add_side_options(*used,
                   {options.band, options.common.effect_percent, options.base_label, options.head_label},
                   raw->variables);
  add_footer(*used, examples);
  return {used, [raw, words]() -> command {
            cmd_ab_command wish = raw->wish;
            std::string wrong = take_apart(words, raw->separator, wish);
            if (wrong.empty()) wrong = effect_problem(wish.common.effect_percent, wish.band);
            if (!wrong.empty()) return refuse("cmd-ab", wrong);
            wish.common.variables = variables_of(raw->variables.both);
            wish.base_variables = variables_of(raw->variables.base);
            wish.head_variables = variables_of(raw->variables.head);
            return wish;
          }};
}

}  // namespace deft::cli
