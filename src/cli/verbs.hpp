#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

// The parts of the command line, as CLI11 wants them: for the files that read it only.

namespace deft::cli {

/// A verb that was added to the program's command line, and what is wanted if it was used.
struct verb {
  CLI::App* app = nullptr;
  std::function<command()> wish;
};

/// run, ab, gate, report
std::vector<verb> add_measure_verbs(CLI::App& top);

/// profile, export, import, doctor. `words` is the command that followed `--`.
std::vector<verb> add_profile_verbs(CLI::App& top, const std::vector<std::string>& words);

/// history, with verbs of its own
verb add_history_verb(CLI::App& top);

/// One line on stderr: what is wrong with the command line of that verb (empty: of none).
done refuse(const std::string& verb, const std::string& message);

/// Below the help of `verb`: its examples, and the exit codes of all.
void add_footer(CLI::App& verb, const std::string& examples);

// Checks of an option's value: empty, or what is wrong with it.

std::string finite_positive(const std::string& text);
std::string whole_number(const std::string& text);
std::string not_empty(const std::string& text);
std::string key_and_value(const std::string& text);

/// Each takes one value, so that a program's name after it is not swallowed.
CLI::Option* add_repeatable(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                            const std::string& description);

}  // namespace deft::cli
