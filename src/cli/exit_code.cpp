#include "cli/exit_code.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "report/escape.hpp"

namespace deft::cli {

exit_code exit_code_of(support::error_kind kind) noexcept {
  switch (kind) {
    case support::error_kind::usage:
      return exit_code::usage;
    case support::error_kind::benchmark_failed:
      return exit_code::benchmark_failed;
    case support::error_kind::unreadable_input:
    case support::error_kind::unwritable_output:
    case support::error_kind::unavailable:
      return exit_code::file;
    case support::error_kind::interrupted:
      return exit_code::interrupted;
  }
  return exit_code::usage;
}

void complain(const support::error& e) {
  // Line by line: what a build printed has several. Names in it come from other people's programs.
  std::string_view rest = e.message;
  for (const char* begin = "deft: "; !rest.empty(); begin = "") {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::fprintf(stderr, "%s%s\n", begin, report::plain(rest.substr(0, end)).c_str());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

exit_code refuse(const support::error& e) {
  complain(e);
  return exit_code_of(e.kind);
}

}  // namespace deft::cli
