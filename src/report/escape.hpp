#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deft::report {

/// Names come from other people's programs. `text` as valid UTF-8 on one line: control characters (line ends,
/// terminal escapes, bidirectional overrides) become U+FFFD or a space, and so do bytes that are no UTF-8.
std::string plain(std::string_view text);

/// `plain`, and the characters that mean something in HTML text and in quoted attributes as entities.
std::string html_escaped(std::string_view text);

/// `plain`, for text and quoted attributes of XML 1.0, which has no room for some characters of Unicode.
std::string xml_escaped(std::string_view text);

/// `plain`, as running text inside a GitHub Markdown table: nothing in it forms markup, a mention or an issue
/// link.
std::string markdown_escaped(std::string_view text);

/// `plain`, in a fixed-width font inside a GitHub Markdown table: a code span where that is safe, else
/// `<code>`.
std::string markdown_code(std::string_view text);

/// The first `code_points` characters of valid UTF-8, with "…" for what was cut off.
std::string clipped(std::string_view text, std::size_t code_points);

/// Columns that valid UTF-8 takes in a terminal; East Asian wide characters count two, combining ones none.
std::size_t display_width(std::string_view text);

}  // namespace deft::report
