#include "layout/link_line.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <utility>

#include "support/files.hpp"

namespace deft::layout {
namespace {

/// GNU's limit is a loop of files, too.
constexpr int deepest_file = 16;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
    if (quote == '\0' && space) {
      if (open) words.push_back(std::exchange(word, {}));
      open = false;
      continue;
    }
    open = true;
    if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      word += c;
    }
  }
  if (open) words.push_back(std::move(word));
  return words;
}

void expand(const std::vector<std::string>& arguments, int depth, std::vector<std::string>& into) {
  for (const std::string& argument : arguments) {
    if (argument.size() > 1 && argument.front() == '@' && depth < deepest_file) {
      if (const auto text = support::read_file(argument.substr(1))) {
        expand(words_of(*text), depth + 1, into);
        continue;
      }
    }
    into.push_back(argument);
  }
}

/// Options of GNU ld, gold and lld whose value is a word of its own and may look like an object file.
constexpr std::array options_with_value{"-o",
                                        "--output",
                                        "-R",
                                        "--just-symbols",
                                        "-T",
                                        "--script",
                                        "-dT",
                                        "-Map",
                                        "--Map",
                                        "-plugin",
                                        "--plugin",
                                        "-h",
                                        "-soname",
                                        "--soname",
                                        "-e",
                                        "--entry",
                                        "-m",
                                        "-u",
                                        "-y",
                                        "-rpath",
                                        "-rpath-link",
                                        "-f",
                                        "-F",
                                        "-b",
                                        "-A",
                                        "-c",
                                        "-L",
                                        "-l",
                                        "-z",
                                        "-dynamic-linker",
                                        "--dynamic-linker",
                                        "--wrap",
                                        "--defsym",
                                        "-init",
                                        "-fini",
                                        "--version-script",
                                        "--dynamic-list",
                                        "--out-implib",
                                        "-I",
                                        "--undefined",
                                        "--dependency-file"};

bool has_value_next(const std::string& argument) {
  return std::find(options_with_value.begin(), options_with_value.end(), argument) !=
         options_with_value.end();
}

/// crt1.o, Scrt1.o, gcrt1.o, rcrt1.o, crti.o, crtn.o, crtbeginS.o, crtendS.o, crtfastmath.o, ...
bool is_start_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  const std::size_t crt = name.find("crt");
  return crt != std::string::npos && crt <= 1;
}

bool is_object(const std::string& argument) {
  return argument.size() > 2 && argument.front() != '-' &&
         (argument.ends_with(".o") || argument.ends_with(".obj")) && !is_start_file(argument);
}

}  // namespace

std::vector<std::string> expanded(const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  expand(arguments, 0, all);
  return all;
}

std::string response_text(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) {
    text += '"';
    for (const char c : argument) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += "\"\n";
  }
  return text;
}

std::vector<std::vector<std::size_t>> object_runs(const std::vector<std::string>& arguments) {
  std::vector<std::vector<std::size_t>> runs;
  bool value = false;
  bool together = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!value && is_object(arguments[i])) {
      if (!together) runs.emplace_back();
      runs.back().push_back(i);
      together = true;
      continue;
    }
    together = false;
    value = !value && has_value_next(arguments[i]);
  }
  return runs;
}

bool makes_image(const std::vector<std::string>& arguments) {
  constexpr std::array others{"-r", "-i", "--relocatable", "-Ur", "--version", "-v", "-V", "--help"};
  bool value = false;
  for (const std::string& argument : arguments) {
    if (!value && std::find(others.begin(), others.end(), argument) != others.end()) return false;
    value = !value && has_value_next(argument);
  }
  return true;
}

std::string output_of(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if ((arguments[i] == "-o" || arguments[i] == "--output") && i + 1 < arguments.size())
      return arguments[i + 1];
    if (arguments[i].starts_with("--output=")) return arguments[i].substr(9);
  }
  return "a.out";
}

std::vector<std::string> shuffled(std::vector<std::string> arguments, measure::random_source& random,
                                  const std::string& padding, const std::vector<std::string>& symbols) {
  const auto runs = object_runs(arguments);
  std::size_t objects = 0;
  for (const auto& run : runs) {
    random.shuffle(std::span(arguments).subspan(run.front(), run.size()));
    objects += run.size();
  }
  if (padding.empty()) return arguments;

  std::size_t at = arguments.size();
  if (objects > 0) {
    // In front of any of the objects with the same chance. Behind the last it would shift nothing.
    std::size_t chosen = random.below(objects);
    for (const auto& run : runs) {
      if (chosen < run.size()) {
        at = run[chosen];
        break;
      }
      chosen -= run.size();
    }
  } else {
    const auto library = std::find_if(arguments.begin(), arguments.end(), [](const std::string& a) {
      return a.starts_with("-l") || a.ends_with(".a") || a.ends_with(".so");
    });
    at = static_cast<std::size_t>(library - arguments.begin());
  }
  std::vector<std::string> inserted;
  inserted.reserve(symbols.size() + 1);
  for (const std::string& symbol : symbols) inserted.push_back("--undefined=" + symbol);
  inserted.push_back(padding);
  arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(at), inserted.begin(), inserted.end());
  return arguments;
}

}  // namespace deft::layout
