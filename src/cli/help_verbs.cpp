#include <map>
#include <memory>

#include "deft/core/version.hpp"

#include "cli/option_table.hpp"
#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* help_examples = R"(Examples:
  deft help ab
  deft help --man > deft.1
)";

constexpr const char* completion_examples = R"(Examples:
  deft completion bash > ~/.local/share/bash-completion/completions/deft
  deft completion zsh > ~/.zfunc/_deft
  deft completion fish > ~/.config/fish/completions/deft.fish
)";

/// Where CLI11 puts what it reads.
struct help_wishes {
  std::string about;
  bool manual = false;
  shell wanted = shell::bash;
};

command help_wish(CLI::App& top, const help_wishes& wishes) {
  if (wishes.manual) {
    if (!wishes.about.empty())
      return refuse("help", "the manual is of the whole program: --man takes no command");
    return print_command{manual_page(table_of(top), DEFT_VERSION_STRING)};
  }
  if (wishes.about.empty()) {
    // App::help would give that of the command in use, which is this one.
    return print_command{top.get_formatter()->make_help(&top, "deft", CLI::AppFormatMode::Normal)};
  }
  const auto is_meant = [&wishes](CLI::App* app) { return app->get_name() == wishes.about; };
  const auto found = top.get_subcommands(std::function<bool(CLI::App*)>(is_meant));
  if (found.empty()) return refuse("help", "there is no command '" + wishes.about + "'");
  return print_command{found.front()->help("deft")};
}

}  // namespace

std::vector<verb> add_help_verbs(CLI::App& top) {
  static const std::map<std::string, shell> shells{
      {"bash", shell::bash}, {"zsh", shell::zsh}, {"fish", shell::fish}};
  const auto wishes = std::make_shared<help_wishes>();

  CLI::App* completion =
      top.add_subcommand("completion", "Print a script that completes deft's command line");
  completion->add_option("SHELL", wishes->wanted, "bash, zsh or fish")
      ->required()
      ->transform(CLI::CheckedTransformer(shells).description(""))
      ->type_name("TEXT");
  add_footer(*completion, completion_examples);

  CLI::App* help = top.add_subcommand("help", "Print the help of a command, or the manual");
  help->add_option("COMMAND", wishes->about, "The command; default: all of them");
  help->add_flag("--man", wishes->manual, "The manual page, in roff");
  add_footer(*help, help_examples);

  return {{completion,
           [&top, wishes]() -> command {
             return print_command{completion_script(table_of(top), wishes->wanted)};
           }},
          {help, [&top, wishes] { return help_wish(top, *wishes); }}};
}

}  // namespace deft::cli
