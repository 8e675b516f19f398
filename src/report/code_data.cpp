#include "report/code_data.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "report/escape.hpp"
#include "report/short_name.hpp"

namespace deft::report {
namespace {

// Source code as it looks in an editor: tabs are spaces here, because a control character is none.
std::string code(std::string_view text) {
  constexpr std::size_t tab = 8;
  constexpr std::size_t longest_line = 400;
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out.append(tab - out.size() % tab, ' ');
    } else {
      out += c;
    }
  }
  return clipped(plain(out), longest_line);
}

std::string hexadecimal(std::uint64_t address) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), address, 16);
  return {digits.data(), end.ptr};
}

}  // namespace

json code_data(const symbols::annotated_function& hot) {
  json inlined = json::array();
  std::map<std::string, std::size_t> numbers = {{"", 0}};
  const auto number_of = [&](const std::string& function) {
    const auto [at, is_new] = numbers.try_emplace(function, numbers.size());
    if (is_new) inlined.push_back({plain(function), plain(short_name(function))});
    return at->second;
  };
  json instructions = {{"address", json::array()},
                       {"count", json::array()},
                       {"text", json::array()},
                       {"inlined", json::array()},
                       {"source", json::array()}};
  for (const auto& instruction : hot.instructions) {
    instructions["address"].push_back(hexadecimal(instruction.address));
    instructions["count"].push_back(instruction.count);
    instructions["text"].push_back(code(instruction.text));
    instructions["inlined"].push_back(number_of(instruction.function));
    instructions["source"].push_back(instruction.source);
  }
  json sources = {
      {"file", json::array()}, {"line", json::array()}, {"count", json::array()}, {"text", json::array()}};
  for (const auto& source : hot.sources) {
    sources["file"].push_back(plain(source.file));
    sources["line"].push_back(source.line);
    sources["count"].push_back(source.count);
    sources["text"].push_back(code(source.text));
  }
  return {{"function", plain(hot.function)}, {"short", plain(short_name(hot.function))},
          {"module", plain(hot.module)},     {"count", hot.count},
          {"inlined", std::move(inlined)},   {"instructions", std::move(instructions)},
          {"sources", std::move(sources)}};
}

}  // namespace deft::report
