#pragma once

#include "diff/profile_rounds.hpp"
#include "store/result_file.hpp"

namespace deft::store {

/// Keeps them in the benchmark. Where there are stacks, `profile` and `base_profile` become their sums over
/// the rounds; the file holds those no second time, and reading one comes here, too.
void set_paired(benchmark& of, diff::profile_rounds rounds);

}  // namespace deft::store
