#pragma once

#include <string>
#include <vector>

#include "deft/measure/worker.hpp"

namespace deft::measure::detail {

struct registered_benchmark {
  std::string name;
  void (*function)(state&);
};

/// In the order in which they were added.
std::vector<registered_benchmark>& registered_benchmarks();

/// run_benchmarks() where deft drives.
int serve_registered();

/// And where it does not: `chosen` is part of a name.
int print_times(const std::string& chosen);

}  // namespace deft::measure::detail
