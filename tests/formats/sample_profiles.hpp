#pragma once

#include "store/profile_file.hpp"

namespace deft::tests {

/// Two processes' threads, inlined functions, recursion (direct, mutual, through an inlined function), one
/// name in two libraries, and names that are hard to write down.
store::profile_file cpu_profile();

/// The same program somewhat later: some functions cost more, one costs nothing any more.
store::profile_file later_cpu_profile();

/// Without threads, with bytes that are no multiple of the counts.
store::profile_file allocation_profile();

/// Some ns each, as a collector knows them that saw every wait.
store::profile_file off_cpu_profile();

/// Nothing but stacks and counts, as collapsed stacks are.
store::profile_file counts_only();

/// No stacks at all.
store::profile_file empty_profile();

}  // namespace deft::tests
