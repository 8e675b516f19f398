#pragma once

#include <string>
#include <string_view>

namespace deft::symbols {

/// Whether a text from a foreign file is UTF-8 without control characters.
bool is_printable(std::string_view text) noexcept;

/// At most `longest` bytes of a text, with '?' for what is not printable and ' ' for tabs; never half a
/// character.
std::string to_printable(std::string_view text, std::size_t longest);

}  // namespace deft::symbols
