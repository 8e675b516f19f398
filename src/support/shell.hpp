#pragma once

#include <string>
#include <string_view>

namespace deft::support {

/// `text` as one word of a shell (sh, bash, zsh), in single quotes.
std::string shell_quoted(std::string_view text);

}  // namespace deft::support
