#pragma once

#include <string>
#include <string_view>

namespace deft::support {

/// A text from a foreign file as part of a message: control characters, which would break the line or move a
/// terminal's cursor, become '?', and what is longer than `longest` bytes ends in "...".
std::string one_line(std::string_view text, std::size_t longest = 200);

}  // namespace deft::support
