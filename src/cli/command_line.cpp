#include "cli/command_line.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>

#include "deft/core/version.hpp"

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* top_examples = R"(Examples:
  deft run build/bench/my_bench                    measure and profile a Google Benchmark program
  deft ab old/my_bench new/my_bench --gate         compare two builds; exit 1 if the new one is slower
  deft ab --rev main --build 'cmake --preset release && cmake --build --preset release' --bench build/release/bin/my_bench
  deft explain deft-result.json                    which functions made them slower
  deft cmd-ab -- ./old input -- ./new input        compare any two commands
  deft count build/bench/my_bench                  exact instructions and allocations of each benchmark
  deft report deft-result.json -o report           write report/index.html
  deft publish deft-result.json --markdown -       the verdicts as Markdown for a comment
  deft profile -- make -j2                         sampling profile of any command, as one HTML file
  deft history show                                how fast the benchmarks were, and where that changed
  deft doctor                                      what this machine can measure, and what would help
)";

/// Where the commands of others begin, `deft profile ... -- COMMAND`, or the second of two lists. Nothing of
/// them is an option of deft's.
int end_of_options(int argc, const char* const* argv) {
  constexpr std::array<std::string_view, 3> with_words{"profile", "cmd-ab", "diff"};
  if (argc < 2 || std::find(with_words.begin(), with_words.end(), argv[1]) == with_words.end()) return argc;
  return static_cast<int>(std::find(argv, argv + argc, std::string_view("--")) - argv);
}

}  // namespace

command parse_command_line(int argc, const char* const* argv) {
  CLI::App app{
      "deft measures C++ programs. It compares two builds of a Google Benchmark program, unmodified, "
      "profiles\n"
      "benchmarks and any other command, and writes a report."};
  app.set_version_flag("--version", "deft " DEFT_VERSION_STRING);
  app.require_subcommand(1);
  add_footer(app, top_examples);
  app.get_formatter()->column_width(34);

  const int options = end_of_options(argc, argv);
  std::vector<verb> verbs = add_measure_verbs(app);
  const std::vector<std::string> words(argv + std::min(options + 1, argc), argv + argc);
  verbs.push_back(add_cmd_ab(app, words));
  verbs.push_back(add_explain(app));
  verbs.push_back(add_diff(app, words));
  verbs.push_back(add_count(app));
  verbs.push_back(add_publish(app));
  verbs.push_back(add_layout(app));
  for (verb& more : add_profile_verbs(app, words)) verbs.push_back(std::move(more));
  verbs.push_back(add_history_verb(app));
  verbs.push_back(add_selftest(app));
  for (verb& more : add_help_verbs(app)) verbs.push_back(std::move(more));

  const auto verb_in_use = [&]() -> std::string {
    const auto used = app.get_subcommands();
    return used.empty() ? "" : used.front()->get_name();
  };
  try {
    app.parse(options, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    return done{static_cast<exit_code>(app.exit(wish, std::cout, std::cerr))};
  } catch (const CLI::ParseError& failure) {
    if (verb_in_use().empty() && argc > 1 && argv[1][0] != '-')
      return refuse("", "there is no command '" + std::string(argv[1]) + "'");
    return refuse(verb_in_use(), failure.what());
  }
  const auto used = std::find_if(verbs.begin(), verbs.end(), [](const verb& v) { return v.app->parsed(); });
  return used->wish();
}

}  // namespace deft::cli
