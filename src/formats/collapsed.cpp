#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "formats/formats.hpp"
#include "formats/profile_builder.hpp"
#include "formats/weight.hpp"

namespace deft::formats {
namespace {

constexpr std::string_view hexadecimal = "0123456789ABCDEF";

int hexadecimal_digit(char c) {
  const std::size_t at = hexadecimal.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// What would end a name, a line, or the reader's trust that this is text.
bool needs_code(unsigned char c) {
  return c == ';' || c < 0x20 || c == 0x7f;
}

/// The character that a "%3B" at the start of `text` stands for, or -1 where there is none: only what
/// to_collapsed writes counts, so that "operator%" and other tools' names stay as they are.
int coded_character(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hexadecimal_digit(text[1]);
  const int low = hexadecimal_digit(text[2]);
  if (high < 0 || low < 0) return -1;
  const int c = high * 16 + low;
  return c == '%' || needs_code(static_cast<unsigned char>(c)) ? c : -1;
}

void append_coded(std::string& out, std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (needs_code(c) || coded_character(name.substr(i)) >= 0) {
      out += '%';
      out += hexadecimal[c >> 4U];
      out += hexadecimal[c & 15U];
    } else {
      out += name[i];
    }
  }
}

std::string decoded(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size();) {
    const int c = coded_character(text.substr(i));
    name += c < 0 ? text[i] : static_cast<char>(c);
    i += c < 0 ? 1 : 3;
  }
  return name;
}

/// An empty line stands for no stack; the stack of one nameless function would look like that.
constexpr std::string_view nameless = "[unnamed]";

std::string line_of(const symbols::stack_profile& profile, const symbols::folded_stack& stack) {
  std::string line;
  for (std::size_t i = 0; i < stack.frames.size(); ++i) {
    if (i > 0) line += ';';
    append_coded(line, profile.frames[stack.frames[i]].function);
  }
  return line.empty() && !stack.frames.empty() ? std::string(nameless) : line;
}

}  // namespace

std::string to_collapsed(const symbols::stack_profile& profile) {
  // A sample of elapsed time may stand for a wait of any length; only processor time comes in equal parts.
  const bool by_value = profile.kind != symbols::profile_kind::cpu && has_values(profile);
  // Frames may differ in what this format does not tell, and so may threads.
  std::map<std::string, std::size_t> place;
  std::vector<std::pair<const std::string*, std::uint64_t>> lines;
  for (const symbols::folded_stack& stack : profile.stacks) {
    const auto [line, is_new] = place.try_emplace(line_of(profile, stack), lines.size());
    if (is_new) lines.emplace_back(&line->first, 0);
    std::uint64_t& weight = lines[line->second].second;
    weight = saturating_sum(weight, by_value ? value_of(profile, stack) : stack.count);
  }
  std::string text;
  for (const auto& [line, weight] : lines) {
    if (weight != 0) text += *line + ' ' + std::to_string(weight) + '\n';
  }
  return text;
}

support::result<store::profile_file> from_collapsed(std::string_view text, std::string_view origin) {
  profile_builder builder;
  std::map<std::string_view, std::uint32_t> numbers;  // Of names as the text spells them.
  std::size_t number = 0;
  const auto failure = [&](const std::string& what) {
    return support::error{support::error_kind::unreadable_input,
                          std::string(origin) + ": line " + std::to_string(number) + ": " + what};
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;

    const std::size_t space = line.find_last_of(' ');
    const std::string_view digits = space == std::string_view::npos ? line : line.substr(space + 1);
    symbols::folded_stack stack;
    const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), stack.count);
    if (space == std::string_view::npos || problem != std::errc{} || stop != digits.data() + digits.size())
      return failure("expected \"caller;function NUMBER\", a whole number below 2^63 at its end");

    for (std::string_view names = line.substr(0, space); space > 0;) {
      const std::size_t semicolon = std::min(names.find(';'), names.size());
      const auto [known, is_new] = numbers.try_emplace(names.substr(0, semicolon), 0);
      if (is_new) {
        symbols::frame frame;
        frame.function = decoded(known->first);
        known->second = builder.number_of(std::move(frame));
      }
      stack.frames.push_back(known->second);
      if (semicolon == names.size()) break;
      names.remove_prefix(semicolon + 1);
    }
    if (stack.count != 0 && !builder.add(std::move(stack)))
      return failure("the numbers so far add up to 2^63 or more");
  }
  if (number == 0)
    return support::error{support::error_kind::unreadable_input, std::string(origin) + ": the file is empty"};

  store::profile_file file;
  file.command = origin;
  file.profile = builder.finish();
  file.profile.collector = "imported from collapsed stacks";
  return file;
}

}  // namespace deft::formats
