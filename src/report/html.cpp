#include <cstddef>
#include <string>
#include <string_view>

#include "report/escape.hpp"
#include "report/packing.hpp"
#include "report/page_data.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"
#include "report/viewer_files.hpp"

namespace deft::report {
namespace {

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

}  // namespace

std::string to_html(const store::result_file& file) {
  const std::string sentence = unbroken_units(html_escaped(headline(file)));
  const std::string counts = html_escaped(counts_phrase(file));
  std::string_view rest = viewer::page;
  std::string out;
  append_until(out, rest, "{{title}}");
  out += sentence;
  append_until(out, rest, "{{style}}");
  out += viewer::style;
  append_until(out, rest, "{{headline}}");
  out += sentence;
  append_until(out, rest, "{{counts}}");
  out += counts;
  append_until(out, rest, "{{data}}");
  out += base64(gzipped(page_data(file)));
  append_until(out, rest, "{{script}}");
  out += viewer::script;
  out += rest;
  return out;
}

}  // namespace deft::report
