#pragma once

#include <span>
#include <string>

#include "diff/profile_rounds.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::diff {

/// What a profiler saw of one process.
struct process_profile {
  symbols::stack_profile profile;
  double iteration_ns = 0;
};

struct profiled_round {
  process_profile base;
  process_profile head;
};

/// The file names of the two programs, which may differ: their own module is "" in the rounds.
struct own_modules {
  std::string base;
  std::string head;
};

/// Puts the profiles of single processes together. A stack counts by its samples or, where the profiles have
/// values, in proportion to these. The order of frames and stacks is a function of the content only. The
/// sides' code is left empty.
profile_rounds gather(std::span<const profiled_round> rounds, const own_modules& own);

}  // namespace deft::diff
