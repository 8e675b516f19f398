#include "cli/exit_code.hpp"

#include <cstdio>

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
  std::fprintf(stderr, "deft: %s\n", e.message.c_str());
}

}  // namespace deft::cli
