#include "deft/view/detail/bytes.hpp"

namespace deft::detail {

std::string hex_of(std::span<const std::byte> bytes, std::string_view separator, std::ptrdiff_t group) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  const bool separated = !separator.empty() && group != 0;
  const std::size_t each =
      group < 0 ? std::size_t{0} - static_cast<std::size_t>(group) : static_cast<std::size_t>(group);
  const std::size_t groups = separated && !bytes.empty() ? (bytes.size() - 1) / each : 0;
  text.reserve(bytes.size() * 2 + groups * separator.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (separated && i != 0 && (group > 0 ? bytes.size() - i : i) % each == 0) text += separator;
    text += digits[static_cast<unsigned>(bytes[i]) >> 4];
    text += digits[static_cast<unsigned>(bytes[i]) & 15];
  }
  return text;
}

}  // namespace deft::detail
