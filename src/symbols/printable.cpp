#include "symbols/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace deft::symbols {
namespace {

// The length of the character at the start of `text`, 0 where there is none that may be shown.
std::size_t printable_length(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  std::uint32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return 0;
    value = value << 6 | (next & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  // U+0080 to U+009F are control characters, too.
  return value >= std::max(smallest[length], 0xa0U) && value <= 0x10ffff && !surrogate ? length : 0;
}

}  // namespace

bool is_printable(std::string_view text) noexcept {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; })) return true;
  while (!text.empty()) {
    const std::size_t length = printable_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_printable(std::string_view text, std::size_t longest) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = printable_length(text);
    const std::size_t taken = std::max<std::size_t>(length, 1);
    if (shown.size() + taken > longest) break;
    if (length != 0) {
      shown += text.substr(0, length);
    } else {
      shown += text.front() == '\t' ? ' ' : '?';
    }
    text.remove_prefix(taken);
  }
  return shown;
}

}  // namespace deft::symbols
