#include <memory>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* examples = R"(Examples:
  deft publish deft-result.json --markdown comment.md
  deft publish deft-result.json --annotations --step-summary --junit deft.xml --gate

Without --gate the exit code does not depend on the verdicts.
)";

std::string what_is_wrong(const publish_command& wish) {
  const int to_stdout =
      (wish.markdown == "-" ? 1 : 0) + (wish.junit == "-" ? 1 : 0) + (wish.annotations ? 1 : 0);
  if (wish.markdown.empty() && wish.junit.empty() && !wish.annotations && !wish.step_summary)
    return "say what to write: --markdown, --junit, --annotations or --step-summary";
  if (to_stdout > 1)
    return "only one of --markdown -, --junit - and --annotations can have the standard output";
  if (!wish.markdown.empty() && wish.markdown == wish.junit)
    return "--markdown and --junit name the same file, " + wish.junit;
  return {};
}

}  // namespace

verb add_publish(CLI::App& top) {
  const auto options = std::make_shared<publish_command>();
  CLI::App* used =
      top.add_subcommand("publish", "Write a comparison as comments, annotations and JUnit want it");
  used->add_option("RESULT", options->result, "Result file of deft ab")->required();
  used->add_option("--markdown", options->markdown,
                   "Markdown for a comment, at most 60,000 bytes; -: standard output")
      ->check(not_empty)
      ->type_name("FILE");
  used->add_option("--junit", options->junit, "JUnit XML, a test case for each benchmark; -: standard output")
      ->check(not_empty)
      ->type_name("FILE");
  used->add_flag("--annotations", options->annotations,
                 "GitHub's workflow commands on the standard output: errors, warnings, notices");
  used->add_flag("--step-summary", options->step_summary,
                 "Markdown behind what the file named by GITHUB_STEP_SUMMARY holds");
  used->add_flag("--gate", options->gate, "Exit 1 if something regressed or is missing, as deft gate");
  used->add_flag("--strict", options->rules.strict,
                 "What is inconclusive is shown as failed, not as skipped or warned of; with --gate: exit 3");
  used->add_flag("--allow-missing", options->rules.allow_missing,
                 "A benchmark that head lacks is not shown as failed; with --gate: no reason to fail");
  add_footer(*used, examples);
  return {used, [options]() -> command {
            const std::string wrong = what_is_wrong(*options);
            if (!wrong.empty()) return refuse("publish", wrong);
            return *options;
          }};
}

}  // namespace deft::cli
