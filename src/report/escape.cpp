#include "report/escape.hpp"

#include <array>
#include <cctype>
#include <cstdint>

namespace deft::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct decoded {
  char32_t code_point = 0;
  std::size_t length = 0;  ///< 0: no valid character starts here.
};

decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {};
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {};
    value = value << 6U | (byte(at + i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Overrides and isolates can make a name read as another one; line and paragraph separators end a table row.
bool changes_layout(char32_t c) {
  return (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

bool is_combining(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || c == 0x200B || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F);
}

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

// Where a numeric entity stands for a character, Markdown does not see it.
std::string with_entities(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    }
  }
  return out;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const decoded c = decode(text, at);
    if (c.length == 0 || changes_layout(c.code_point)) {
      out += replacement;
    } else if (is_control(c.code_point)) {
      out += (c.code_point >= 0x09 && c.code_point <= 0x0D) ? " " : replacement;
    } else {
      out += text.substr(at, c.length);
    }
    at += c.length == 0 ? 1 : c.length;
  }
  return out;
}

std::string html_escaped(std::string_view text) {
  return with_entities(plain(text), "&<>\"'`");
}

std::string xml_escaped(std::string_view text) {
  std::string out = html_escaped(text);
  for (const std::string_view forbidden :
       {std::string_view("\xEF\xBF\xBE"), std::string_view("\xEF\xBF\xBF")}) {
    for (std::size_t at = 0; (at = out.find(forbidden, at)) != std::string::npos;)
      out.replace(at, forbidden.size(), replacement);
  }
  return out;
}

std::string markdown_escaped(std::string_view text) {
  const std::string clean = plain(text);
  const auto is_word = [&](std::size_t at) {
    return at < clean.size() && std::isalnum(static_cast<unsigned char>(clean[at])) != 0;
  };
  std::string out;
  for (std::size_t at = 0; at < clean.size(); ++at) {
    // GitHub leaves an underscore inside a word alone, and benchmarks are full of them.
    const bool harmless = clean[at] == '_' && at > 0 && is_word(at - 1) && is_word(at + 1);
    out += harmless ? "_" : with_entities({&clean[at], 1}, "&<>\"'`|\\*_~[]!#@:");
    // GitHub looks for these once more where the entities are characters again; a space of no width stops
    // that.
    const bool begins_link = clean[at] == '@' || clean[at] == '#' || clean.compare(at, 3, "://") == 0 ||
                             clean.compare(at, 4, "www.") == 0;
    if (begins_link) out += "&#8203;";
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string clean = plain(text);
  // GitHub splits table cells before it looks for code spans, so a pipe or a backslash cannot be left in one.
  // Nor "##[", which a log of GitHub's takes for a command wherever it stands in a line.
  const bool safe_as_span = !clean.empty() && clean.find_first_of("`|\\<>&") == std::string::npos &&
                            clean.find("##[") == std::string::npos && clean.front() != ' ' &&
                            clean.back() != ' ';
  if (safe_as_span) return "`" + clean + "`";
  return "<code>" + markdown_escaped(clean) + "</code>";
}

std::string clipped(std::string_view text, std::size_t code_points) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts_character = (static_cast<std::uint8_t>(text[at]) & 0xC0U) != 0x80U;
    if (starts_character && seen++ == code_points) return std::string(text.substr(0, at)) + "…";
  }
  return std::string(text);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const decoded c = decode(text, at);
    width += is_combining(c.code_point) ? 0 : is_wide(c.code_point) ? 2 : 1;
    at += c.length == 0 ? 1 : c.length;
  }
  return width;
}

}  // namespace deft::report
