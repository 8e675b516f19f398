#pragma once

#include "support/result.hpp"

namespace deft::cli {

/// What the program tells its caller. Documented in docs/reference/cli.md; never renumbered.
enum class exit_code : int {
  ok = 0,
  regression = 1,  ///< Or a benchmark that head lacks.
  usage = 2,
  inconclusive = 3,  ///< Where the user asked to be strict, or the run was not whole.
  benchmark_failed = 4,
  file = 5,  ///< Input unreadable or output unwritable.
  interrupted = 130,
};

exit_code exit_code_of(support::error_kind kind) noexcept;

/// Prints "deft: <message>" on stderr, with nothing in it that a terminal would obey.
void complain(const support::error& e);

/// Complains, and tells with what the program ends.
exit_code refuse(const support::error& e);

}  // namespace deft::cli
