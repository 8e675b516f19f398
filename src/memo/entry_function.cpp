#include "deft/memo/detail/entry_function.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace deft::detail {
namespace {

/// Of "... [with T = int; ...]" (g++) or "... [T = int]" (clang): int.
std::string readable(std::string_view text) {
  const std::size_t begin = text.find("T = ");
  if (begin == std::string_view::npos) return std::string(text);
  text.remove_prefix(begin + 4);
  const std::size_t end = text.find(';') < text.size() ? text.find(';') : text.rfind(']');
  return std::string(text.substr(0, end));
}

}  // namespace

void throw_entry_types_differ(const char* what, std::string_view expected, std::string_view found) {
  throw std::invalid_argument(std::string("deft: memo_options::") + what + " takes " + readable(found) +
                              " where this cache has " + readable(expected));
}

}  // namespace deft::detail
