#pragma once

#include "cli/contenders.hpp"
#include "measure/program.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Notes in a comparison of `all` with what its benchmarks were run, so that they can be run again.
void name_programs(store::result_file& file, const lineup& all);

/// One benchmark in both programs, and where it is in the result file.
struct explained_benchmark {
  std::size_t index = 0;
  std::string name;  ///< In its programs.
  measure::program base;
  measure::program head;
};

/// The programs of a benchmark of the file. Errors (`unreadable_input`): they are gone, or were built again.
/// `unchecked` becomes true where the file does not tell what they were.
support::result<explained_benchmark> programs_of(const store::result_file& file, std::size_t index,
                                                 bool& unchecked);

}  // namespace deft::cli
