#pragma once

#include <string>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {

/// Tests of `deft history`, with result files that were never measured.
class history_program : public deft_program {
 protected:
  /// A result file of one benchmark, "sort", that took so long; the minute of 2026-11-01 is `number`. Its
  /// name.
  std::string write_result(int number, double ns) const;

  /// Adds that result as "commit-NUMBER" of the runner "box".
  void add_result(int number, double ns) const;

  /// 24 results; from number 12 on "sort" takes 110 ns instead of 100, give or take a little.
  void add_step() const;
};

}  // namespace deft::cli
