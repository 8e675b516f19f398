#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/escape.hpp"
#include "report/packing.hpp"
#include "report/page_data.hpp"
#include "report/profile_summary.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"
#include "report/viewer_files.hpp"

namespace deft::report {
namespace {

struct page_parts {
  std::string headline;  ///< Plain text, as is what stands below it.
  std::string below;
  std::vector<std::string_view> style;
  std::string data;
  std::vector<std::string_view> script;
};

// Everything before the marker goes to `out`; `rest` begins after it.
void append_until(std::string& out, std::string_view& rest, std::string_view marker) {
  const std::size_t at = rest.find(marker);
  out += rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + marker.size());
}

std::string unbroken_units(std::string text) {
  for (std::size_t at = text.find(" %"); at != std::string::npos; at = text.find(" %", at)) {
    text.replace(at, 1, "\u00A0");
  }
  return text;
}

// A line may end at a name's own separators, rather than in the middle of a word.
std::string breakable(std::string_view html) {
  std::string out;
  for (std::size_t at = 0; at < html.size(); ++at) {
    out += html[at];
    const bool ends_scope = html[at] == ':' && at > 0 && html[at - 1] == ':';
    if (ends_scope || html[at] == '(' || html[at] == '/') out += "<wbr>";
  }
  return out;
}

std::string filled(const page_parts& parts) {
  const std::string sentence = unbroken_units(html_escaped(parts.headline));
  std::string_view rest = viewer::page;
  std::string out;
  append_until(out, rest, "{{title}}");
  out += sentence;
  append_until(out, rest, "{{style}}");
  for (const auto style : parts.style) out += style;
  append_until(out, rest, "{{headline}}");
  out += breakable(sentence);
  append_until(out, rest, "{{counts}}");
  out += html_escaped(parts.below);
  append_until(out, rest, "{{data}}");
  out += base64(gzipped(parts.data));
  append_until(out, rest, "{{script}}");
  for (const auto script : parts.script) out += script;
  out += rest;
  return out;
}

}  // namespace

std::string to_html(const store::result_file& file, std::span<const history::series> past) {
  return filled({headline(file),
                 counts_phrase(file),
                 {viewer::style, viewer::code_style, viewer::report_style},
                 page_data(file, past),
                 {viewer::shared_script, viewer::report_script}});
}

std::string to_html(const store::profile_file& file) {
  return filled({headline(file),
                 subject(file),
                 {viewer::style, viewer::code_style, viewer::profile_style},
                 page_data(file),
                 {viewer::shared_script, viewer::profile_script}});
}

}  // namespace deft::report
