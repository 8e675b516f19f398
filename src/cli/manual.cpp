#include <algorithm>
#include <string>
#include <string_view>

#include "cli/option_table.hpp"

namespace deft::cli {
namespace {

/// As roff wants text: no character of its own meaning, no line that looks like a request.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

/// Text whose lines are to stay as they are.
std::string verbatim(const std::string& text) {
  return ".PP\n.nf\n" + roff(text) + "\n.fi\n";
}

std::string described(const option_row& row) {
  std::string text = ".TP\n";
  for (std::size_t i = 0; i < row.names.size(); ++i) text += (i > 0 ? ", " : "") + bold(row.names[i]);
  if (!row.value.empty()) text += " " + italic(row.value);
  text += "\n" + roff(row.description);
  if (!row.usual.empty()) text += " (default " + bold(row.usual) + ")";
  return text + "\n";
}

std::string synopsis(const verb_row& verb) {
  std::string line = bold("deft " + verb.name);
  if (!verb.options.empty()) line += " [" + italic("OPTIONS") + "]";
  for (const option_row& row : verb.positionals) {
    const std::string word = italic(row.names.front()) + (row.many ? "..." : "");
    line += row.required ? " " + word : " [" + word + "]";
  }
  if (!verb.command.empty()) line += " " + bold("--") + " " + italic(verb.command);
  return line + "\n";
}

}  // namespace

std::string manual_page(const program_table& program, const std::string& version) {
  std::string text = ".TH DEFT 1 \"\" \"deft " + roff(version) +
                     "\" \"User Commands\"\n.SH NAME\ndeft \\- measure C++ programs\n";
  text += ".SH SYNOPSIS\n";
  for (const verb_row& verb : program.verbs) {
    if (verb.verbs.empty()) text += synopsis(verb) + ".br\n";
  }
  text += bold("deft") + " " + bold("--help") + " | " + bold("--version") + "\n";
  std::string description = program.description;
  std::replace(description.begin(), description.end(), '\n', ' ');
  text += ".SH DESCRIPTION\n" + roff(description) + "\n.SH OPTIONS\n";
  for (const option_row& row : program.options) text += described(row);
  text += ".SH COMMANDS\n";
  for (const verb_row& verb : program.verbs) {
    text += ".SS deft " + roff(verb.name) + "\n" + roff(verb.description) + ".\n";
    for (const option_row& row : verb.positionals) text += described(row);
    for (const option_row& row : verb.options) text += described(row);
    if (!verb.examples.empty()) text += verbatim(verb.examples);
  }
  text += ".SH EXAMPLES\n" + verbatim(program.examples);
  text += ".SH EXIT STATUS\n" + verbatim(program.exit_codes);
  return text;
}

}  // namespace deft::cli
