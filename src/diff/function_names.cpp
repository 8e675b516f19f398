#include "diff/function_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace deft::diff {
namespace {

constexpr std::string_view anonymous = "(anonymous namespace)";

bool of_identifier(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// How long "operator" and its symbol are at `at`; 0 where there is no operator. A conversion has no symbol.
std::size_t operator_length(std::string_view name, std::size_t at) noexcept {
  constexpr std::string_view word = "operator";
  if (!name.substr(at).starts_with(word) || (at > 0 && of_identifier(name[at - 1]))) return 0;
  const std::string_view rest = name.substr(at + word.size());
  if (!rest.empty() && of_identifier(rest[0])) return 0;
  // The longest first.
  constexpr std::array<std::string_view, 16> symbols = {"<=>", "<<=",    ">>=",       "->*", "()", "[]",
                                                        "<<",  ">>",     "<=",        ">=",  "->", "<",
                                                        ">",   " new[]", " delete[]", ""};
  const auto* const symbol =
      std::find_if(symbols.begin(), symbols.end(), [&](std::string_view s) { return rest.starts_with(s); });
  return word.size() + symbol->size();
}

/// Where the bracket at `open` ends: behind its partner, or the end of the text where it has none. Brackets
/// of other kinds inside are passed over; "->" ends nothing.
std::size_t behind_bracket(std::string_view name, std::size_t open) {
  const bool angle = name[open] == '<';
  std::size_t angles = 0;
  std::size_t rounds = 0;
  for (std::size_t i = open; i < name.size(); ++i) {
    if (const std::size_t op = operator_length(name, i); op > 0) {
      i += op - 1;
      continue;
    }
    switch (name[i]) {
      case '(':
        ++rounds;
        break;
      case ')':
        if (rounds > 0) --rounds;
        if (!angle && rounds == 0) return i + 1;
        break;
      case '<':
        if (angle && rounds == 0) ++angles;
        break;
      case '>':
        if (!angle || rounds > 0 || (i > 0 && name[i - 1] == '-')) break;
        if (--angles == 0) return i + 1;
        break;
      default:
        break;
    }
  }
  return name.size();
}

/// Without brackets that begin with `open`, except of operators.
std::string without_brackets(std::string_view name, char open) {
  std::string result;
  result.reserve(name.size());
  for (std::size_t i = 0; i < name.size();) {
    if (const std::size_t op = operator_length(name, i); op > 0) {
      result.append(name.substr(i, op));
      i += op;
    } else if (name[i] == open && i > 0) {  // "<lambda>" and the like are names
      i = behind_bracket(name, i);
    } else {
      result.push_back(name[i++]);
    }
  }
  return result;
}

void drop_trailing(std::string& name, std::string_view what) {
  if (name.ends_with(what)) name.resize(name.size() - what.size());
}

}  // namespace

std::string without_clone_suffix(std::string_view name) {
  name = name.substr(0, name.find(" [clone "));
  constexpr std::array<std::string_view, 6> suffixes = {".constprop.", ".isra.", ".part.",
                                                        ".lto_priv.",  ".cold",  ".llvm."};
  std::size_t end = name.size();
  for (const std::string_view suffix : suffixes) {
    const std::size_t found = name.find(suffix);
    if (found != std::string_view::npos && found > 0) end = std::min(end, found);
  }
  return std::string(name.substr(0, end));
}

std::string without_abi_tags(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view rest = name.substr(i);
    if (rest.starts_with("[abi:")) {
      const std::size_t end = rest.find(']');
      i += end == std::string_view::npos ? rest.size() : end + 1;
    } else if (rest.starts_with(anonymous)) {
      result += "{anonymous}";
      i += anonymous.size();
    } else {
      result.push_back(name[i++]);
    }
  }
  return result;
}

std::string without_template_arguments(std::string_view name) {
  return without_brackets(without_abi_tags(name), '<');
}

std::string without_parameters(std::string_view name) {
  std::string result = without_brackets(without_template_arguments(name), '(');
  for (const std::string_view qualifier : {" const", " volatile", " &&", " &", " noexcept", " const"}) {
    drop_trailing(result, qualifier);
  }
  // "{lambda#2}": its number changes with every lambda before it.
  for (std::size_t at = result.find("{lambda#"); at != std::string::npos;
       at = result.find("{lambda#", at + 1)) {
    std::size_t end = at + 8;
    while (end < result.size() && std::isdigit(static_cast<unsigned char>(result[end])) != 0) ++end;
    result.erase(at + 7, end - at - 7);
  }
  // Demangled templates begin with what they return.
  std::size_t name_end = result.size();
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (operator_length(result, i) == 0) continue;
    name_end = i;
    break;
  }
  const std::size_t space = result.substr(0, name_end).rfind(' ');
  if (space != std::string::npos && space + 1 < result.size()) result.erase(0, space + 1);
  return result;
}

std::string without_scopes(std::string_view name) {
  const std::string bare = without_parameters(name);
  const std::size_t scope = bare.rfind("::");
  return scope == std::string::npos || scope + 2 == bare.size() ? bare : bare.substr(scope + 2);
}

bool is_unnamed(std::string_view name) noexcept {
  return name.empty() ||
         (name.starts_with('[') && name.ends_with(']') && name.find("+0x") != std::string_view::npos);
}

}  // namespace deft::diff
