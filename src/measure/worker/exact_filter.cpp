#include <string_view>

#include "deft/measure/detail/suite.hpp"

namespace deft::measure::detail {

std::string exact_filter(const std::string& name) {
  // Exactly the characters that POSIX extended syntax allows to be escaped: the library's std::regex throws
  // at "\]".
  static constexpr std::string_view special = "^$\\.*+?()[{|";
  std::string filter = "^";
  for (const char c : name) {
    if (special.find(c) != std::string_view::npos) filter += '\\';
    filter += c;
  }
  return filter + '$';
}

}  // namespace deft::measure::detail
