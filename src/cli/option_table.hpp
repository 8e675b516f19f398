#pragma once

#include <string>
#include <vector>

// The command line as plain tables, for what is made of it: completions for shells, and the manual.

namespace deft::cli {

struct option_row {
  std::vector<std::string> names;  ///< "-o", "--output"; of a positional its name alone: "RESULT".
  std::string value;               ///< What stands for the value in help, "FILE"; empty: a flag.
  std::string usual;               ///< Default, or empty.
  std::string description;
  std::vector<std::string> choices;  ///< The words that it takes, where it takes no others.
  bool names_file = false;           ///< The value is a path.
  bool required = false;             ///< Of a positional: at least one has to be given.
  bool many = false;                 ///< Likewise: several may be.
};

struct verb_row {
  std::string name;                ///< "ab"; of a verb's verb both words: "history add".
  std::vector<std::string> verbs;  ///< The words that follow, if it has verbs of its own.
  std::string description;
  std::string examples;  ///< What stands below the options in its help, without the exit codes.
  std::vector<option_row> options;
  std::vector<option_row> positionals;
  std::string command;  ///< What follows `--`, "COMMAND [ARGUMENT...]", if a command of the user's does.
};

struct program_table {
  std::string description;
  std::string examples;
  std::string exit_codes;
  std::vector<option_row> options;
  std::vector<verb_row> verbs;  ///< Behind each verb its own.
};

enum class shell { bash, zsh, fish };

/// A script that teaches the shell deft's verbs, options, and the words that options take.
std::string completion_script(const program_table& program, shell wanted);

/// The manual page, in the man macros of roff.
std::string manual_page(const program_table& program, const std::string& version);

}  // namespace deft::cli
