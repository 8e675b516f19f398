#include "cli/option_table.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr std::string_view exit_codes_begin = "Exit codes:\n";

bool is_accepted(CLI::Option& option, std::string word) {
  const CLI::Validator* rule = nullptr;
  try {
    rule = option.get_validator(0);
  } catch (const CLI::OptionNotFound&) {
    return true;
  }
  return (*rule)(word).empty();
}

/// Those words of the description that the option's own check takes, if it does not take just any.
std::vector<std::string> choices_of(CLI::Option& option) {
  if (is_accepted(option, "no-such-word-anywhere")) return {};
  std::vector<std::string> found;
  std::set<std::string> seen;
  const std::string text = option.get_description() + " ";
  std::string word;
  for (const char c : text) {
    if (std::islower(static_cast<unsigned char>(c)) != 0 || (c == '-' && !word.empty())) {
      word += c;
      continue;
    }
    if (!word.empty() && seen.insert(word).second && is_accepted(option, word)) found.push_back(word);
    word.clear();
  }
  return found;
}

option_row row_of(CLI::Option& option) {
  option_row row;
  const std::string type = option.get_type_name();
  const std::string value = type.substr(0, type.find(':'));  // The rest is what its check says.
  if (option.get_positional()) {
    row.names = {option.get_name()};
    row.required = option.get_required();
    row.many = option.get_expected_max() > 1;
  } else {
    for (const std::string& name : option.get_snames()) row.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) row.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0 && !option.get_positional())
    row.value = value.empty() ? "VALUE" : value;
  row.usual = option.get_default_str();
  row.description = option.get_description();
  row.choices = choices_of(option);
  row.names_file = option.get_positional() ? row.choices.empty() && value != "NAME"
                                           : value == "FILE" || value == "DIR" || value == "PATH";
  return row;
}

void append_rows(CLI::App& app, std::vector<option_row>& options, std::vector<option_row>* positionals) {
  for (CLI::Option* option : app.get_options(std::function<bool(CLI::Option*)>{})) {
    if (option->get_positional()) {
      if (positionals != nullptr) positionals->push_back(row_of(*option));
    } else if (option->nonpositional()) {
      options.push_back(row_of(*option));
    }
  }
}

/// The footer without the exit codes, which are the same for all.
std::string examples_of(const CLI::App& app) {
  std::string footer = app.get_footer();
  footer.erase(std::min(footer.find(exit_codes_begin), footer.size()));
  footer.erase(footer.find_last_not_of('\n') + 1);
  return footer;
}

/// The usage that CLI11 does not know: "... deft profile [OPTIONS] -- COMMAND [ARGUMENT...]".
std::string command_of(const std::string& examples) {
  constexpr std::string_view before = "[OPTIONS] -- ";
  const std::size_t found = examples.find(before);
  if (found == std::string::npos) return {};
  const std::size_t begin = found + before.size();
  return examples.substr(begin, examples.find('\n', begin) - begin);
}

std::vector<CLI::App*> verbs_of(CLI::App& app) {
  return app.get_subcommands(std::function<bool(CLI::App*)>([](CLI::App*) { return true; }));
}

/// `before` is the verb that it belongs to, and a space.
void append_verb(std::vector<verb_row>& rows, CLI::App& app, const std::string& before) {
  verb_row verb;
  verb.name = before + app.get_name();
  verb.description = app.get_description();
  // A verb of a verb has the footer of the latter.
  if (before.empty()) verb.examples = examples_of(app);
  verb.command = command_of(verb.examples);
  append_rows(app, verb.options, &verb.positionals);
  const std::vector<CLI::App*> own = verbs_of(app);
  for (const CLI::App* one : own) verb.verbs.push_back(one->get_name());
  const std::string name = verb.name + " ";
  rows.push_back(std::move(verb));
  for (CLI::App* one : own) append_verb(rows, *one, name);
}

/// Which commands there are, no check of an option can know before the last was added.
void complete_help(program_table& table) {
  const auto help = std::find_if(table.verbs.begin(), table.verbs.end(),
                                 [](const verb_row& verb) { return verb.name == "help"; });
  if (help == table.verbs.end() || help->positionals.empty()) return;
  option_row& about = help->positionals.front();
  about.names_file = false;
  for (const verb_row& verb : table.verbs) {
    if (verb.name.find(' ') == std::string::npos) about.choices.push_back(verb.name);
  }
}

}  // namespace

program_table table_of(CLI::App& top) {
  program_table table;
  table.description = top.get_description();
  table.examples = examples_of(top);
  const std::string footer = top.get_footer();
  const std::size_t codes = footer.find(exit_codes_begin);
  if (codes != std::string::npos) table.exit_codes = footer.substr(codes + exit_codes_begin.size());
  append_rows(top, table.options, nullptr);
  for (CLI::App* app : verbs_of(top)) append_verb(table.verbs, *app, "");
  complete_help(table);
  return table;
}

}  // namespace deft::cli
