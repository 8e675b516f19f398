#include <algorithm>
#include <string>
#include <string_view>

#include "cli/option_table.hpp"
#include "support/shell.hpp"

namespace deft::cli {
namespace {

using support::shell_quoted;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::string replaced(std::string_view text, std::string_view special, std::string_view before) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += before;
    out += c;
  }
  return out;
}

std::vector<std::string> names_of(const std::vector<option_row>& rows) {
  std::vector<std::string> names;
  for (const option_row& row : rows) names.insert(names.end(), row.names.begin(), row.names.end());
  return names;
}

bool is_of_another(const verb_row& verb) {
  return verb.name.find(' ') != std::string::npos;
}

std::vector<std::string> first_verbs(const std::vector<verb_row>& rows) {
  std::vector<std::string> names;
  for (const verb_row& row : rows) {
    if (!is_of_another(row)) names.push_back(row.name);
  }
  return names;
}

/// Words that may stand where no option does.
std::vector<std::string> plain_words(const verb_row& verb) {
  std::vector<std::string> words = verb.verbs;
  for (const option_row& row : verb.positionals)
    words.insert(words.end(), row.choices.begin(), row.choices.end());
  return words;
}

bool takes_files(const verb_row& verb) {
  for (const option_row& row : verb.positionals) {
    if (row.names_file) return true;
  }
  return false;
}

// One `case` for what stands before the cursor, one for the verb: no helper of the bash-completion package is
// needed.
std::string for_bash(const program_table& program) {
  std::string values;
  std::string verbs;
  std::string begun = "''";  // What another word belongs to.
  for (const verb_row& verb : program.verbs) {
    if (!verb.verbs.empty()) begun += " | " + shell_quoted(verb.name);
    for (const option_row& row : verb.options) {
      if (row.value.empty()) continue;
      std::vector<std::string> patterns;
      patterns.reserve(row.names.size());
      for (const std::string& name : row.names) patterns.push_back("'" + verb.name + " " + name + "'");
      values += "    " + joined(patterns, " | ") + ") " +
                (row.names_file ? "_deft_files" : "_deft_words " + shell_quoted(joined(row.choices, " "))) +
                "; return ;;\n";
    }
    verbs += "    " + shell_quoted(verb.name) +
             ") options=" + shell_quoted(joined(names_of(verb.options), " ")) +
             " words=" + shell_quoted(joined(plain_words(verb), " ")) +
             " files=" + (takes_files(verb) ? "1" : "") + " ;;\n";
  }
  return R"(# Completion of deft for bash: source it, or put it where bash-completion looks for it.
_deft_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_deft_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

_deft() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' options words files i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then  # A command of the user's follows.
      if [[ $previous == -- ]]; then
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
      else
        _deft_files
      fi
      return
    fi
    [[ ${COMP_WORDS[i]} == -* ]] && continue
    case $verb in
      )" +
         begun +
         R"() verb+=${verb:+ }${COMP_WORDS[i]} ;;
    esac
  done
  case "$verb $previous" in
)" + values +
         R"(  esac
  case $verb in
    '') options=)" +
         shell_quoted(joined(names_of(program.options), " ")) +
         " words=" + shell_quoted(joined(first_verbs(program.verbs), " ")) + " files= ;;\n" + verbs +
         R"(    *) return ;;
  esac
  if [[ $current == -* ]]; then
    _deft_words "$options"
  elif [[ -n $words ]]; then
    _deft_words "$words"
  elif [[ -n $files ]]; then
    _deft_files
  fi
}
complete -F _deft deft
)";
}

std::string zsh_text(std::string_view text) {
  return replaced(text, "[]:\\", "\\");
}

std::string zsh_value(const option_row& row) {
  if (!row.choices.empty()) return ":" + row.value + ":(" + joined(row.choices, " ") + ")";
  return ":" + row.value + ":" + (row.names_file ? "_files" : " ");
}

std::string zsh_option(const option_row& row) {
  // '*': it may be given again; who gives one twice that may not be is told so by deft.
  std::string lines;
  for (const std::string& name : row.names) {
    lines += " \\\n        " + shell_quoted("*" + name + "[" + zsh_text(row.description) + "]" +
                                            (row.value.empty() ? "" : zsh_value(row)));
  }
  return lines;
}

std::string for_zsh(const program_table& program) {
  std::string verbs;
  std::string cases;
  std::string begun;  // What another word belongs to, as a pattern.
  for (const verb_row& verb : program.verbs) {
    if (!is_of_another(verb))
      verbs +=
          "    " + shell_quoted(replaced(verb.name, ":", "\\") + ":" + zsh_text(verb.description)) + "\n";
    if (!verb.verbs.empty()) begun += (begun.empty() ? "" : "|") + verb.name;
    cases += "    " + shell_quoted(verb.name) + ")\n      _arguments -S";
    for (const option_row& row : verb.options) cases += zsh_option(row);
    for (const option_row& row : verb.positionals) {
      const std::string what =
          row.choices.empty() ? (row.names_file ? "_files" : " ") : "(" + joined(row.choices, " ") + ")";
      cases +=
          " \\\n        " + shell_quoted((row.many ? "*:" : ":") + zsh_text(row.names.front()) + ":" + what);
    }
    if (!verb.verbs.empty())
      cases += " \\\n        " + shell_quoted("1:command:(" + joined(verb.verbs, " ") + ")");
    if (!verb.command.empty()) cases += " \\\n        '*::COMMAND:_normal'";
    cases += "\n      ;;\n";
  }
  std::string top;
  for (const option_row& row : program.options) top += zsh_option(row);
  return R"(#compdef deft
# Completion of deft for zsh: put it into a folder of $fpath as _deft.
_deft() {
  local -a verbs
  verbs=(
)" + verbs +
         R"(  )
  if ((CURRENT == 2)); then
    _describe command verbs
    _arguments)" +
         top + R"(
    return
  fi
  shift words
  ((CURRENT--))
  local verb=$words[1]
  if [[ $verb == ()" +
         begun + R"() ]] && ((CURRENT > 2)); then
    shift words
    ((CURRENT--))
    verb+=" $words[1]"
  fi
  case $verb in
)" + cases +
         R"(  esac
}
_deft "$@"
)";
}

std::string fish_quoted(std::string_view text) {
  return "'" + replaced(text, "'\\", "\\") + "'";
}

std::string fish_option(const std::string& condition, const option_row& row) {
  std::string line = "complete -c deft -n " + fish_quoted(condition);
  for (const std::string& name : row.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!row.choices.empty()) {
    line += " -x -a " + fish_quoted(joined(row.choices, " "));
  } else if (row.names_file) {
    line += " -r -F";
  } else if (!row.value.empty()) {
    line += " -x";
  }
  return line + " -d " + fish_quoted(row.description) + "\n";
}

/// Whether the words before the cursor are those of `verb`, in fish. Verbs of another verb may have the names
/// of first ones: history export, export.
std::string fish_condition(const program_table& program, const verb_row& verb) {
  constexpr std::string_view seen = "__fish_seen_subcommand_from ";
  const std::size_t space = verb.name.find(' ');
  if (space != std::string::npos) {
    return std::string(seen) + verb.name.substr(0, space) + "; and " + std::string(seen) +
           verb.name.substr(space + 1);
  }
  std::string text = std::string(seen) + verb.name;
  if (!verb.verbs.empty()) text += "; and not " + std::string(seen) + joined(verb.verbs, " ");
  for (const verb_row& other : program.verbs) {
    if (std::find(other.verbs.begin(), other.verbs.end(), verb.name) != other.verbs.end())
      text += "; and not " + std::string(seen) + other.name;
  }
  return text;
}

std::string for_fish(const program_table& program) {
  std::string text =
      "# Completion of deft for fish: put it into a folder of $fish_complete_path as deft.fish.\ncomplete -c "
      "deft -f\n";
  for (const option_row& row : program.options) text += fish_option("__fish_use_subcommand", row);
  for (const verb_row& verb : program.verbs) {
    if (is_of_another(verb)) continue;
    text += "complete -c deft -n __fish_use_subcommand -a " + fish_quoted(verb.name) + " -d " +
            fish_quoted(verb.description) + "\n";
  }
  for (const verb_row& verb : program.verbs) {
    const std::string condition = fish_condition(program, verb);
    for (const option_row& row : verb.options) text += fish_option(condition, row);
    const auto words = plain_words(verb);
    if (!words.empty())
      text +=
          "complete -c deft -n " + fish_quoted(condition) + " -a " + fish_quoted(joined(words, " ")) + "\n";
    if (takes_files(verb) || !verb.command.empty())
      text += "complete -c deft -n " + fish_quoted(condition) + " -F\n";
  }
  return text;
}

}  // namespace

std::string completion_script(const program_table& program, shell wanted) {
  switch (wanted) {
    case shell::bash:
      return for_bash(program);
    case shell::zsh:
      return for_zsh(program);
    case shell::fish:
      break;
  }
  return for_fish(program);
}

}  // namespace deft::cli
