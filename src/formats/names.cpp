#include <array>
#include <utility>

#include "formats/formats.hpp"

namespace deft::formats {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::pair<format, std::string_view>, 6> words{{{format::deft_json, "deft"},
                                                                    {format::html, "html"},
                                                                    {format::collapsed, "collapsed"},
                                                                    {format::pprof, "pprof"},
                                                                    {format::speedscope, "speedscope"},
                                                                    {format::callgrind, "callgrind"}}};

/// The first that fits counts.
constexpr std::array<std::pair<std::string_view, format>, 10> endings{
    {{".speedscope.json", format::speedscope},
     {".json", format::deft_json},
     {".html", format::html},
     {".htm", format::html},
     {".collapsed", format::collapsed},
     {".folded", format::collapsed},
     {".txt", format::collapsed},
     {".pb.gz", format::pprof},
     {".pprof", format::pprof},
     {".callgrind", format::callgrind}}};

}  // namespace

std::optional<format> format_of_name(std::string_view file_name) {
  file_name.remove_prefix(file_name.find_last_of('/') + 1);  // npos + 1 is 0.
  if (file_name.starts_with("callgrind.out"sv)) return format::callgrind;
  for (const auto& [ending, f] : endings) {
    if (file_name.ends_with(ending)) return f;
  }
  return {};
}

std::string_view to_string(format f) {
  for (const auto& [known, word] : words) {
    if (known == f) return word;
  }
  return {};
}

std::optional<format> format_of_word(std::string_view word) {
  for (const auto& [known, text] : words) {
    if (text == word) return known;
  }
  return {};
}

}  // namespace deft::formats
