#include "support/one_line.hpp"

#include <algorithm>

namespace deft::support {

std::string one_line(std::string_view text, std::size_t longest) {
  std::string line(text.substr(0, longest));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      '?');
  if (text.size() > longest) {
    // Not in the middle of a UTF-8 character.
    while (!line.empty() && (static_cast<unsigned char>(text[line.size()]) & 0xc0U) == 0x80U) line.pop_back();
    line += "...";
  }
  return line;
}

}  // namespace deft::support
