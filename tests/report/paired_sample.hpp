#pragma once

#include <cstddef>

#include "diff/profile_rounds.hpp"
#include "store/result_file.hpp"

namespace deft::report::test {

struct paired_size {
  std::size_t rounds = 12;
  std::size_t paths = 60;  ///< Beside the dozen that have names, all of them noise.
  std::size_t instructions = 60;
  double base_ns = 74;  ///< Of an iteration.
  double ratio = 1.15;  ///< Of head to base; 1: the same program.
};

/// Profiles of base and head taken in turns: `hash_part` takes longer or less long, a copy less
/// long, a function was renamed, another one is new, the rest is noise. The same every time.
diff::profile_rounds sample_rounds(std::size_t seed, const paired_size& size = {});

/// Gives such profiles to the benchmarks of a comparison that regressed, improved or are the same; to one of
/// a dozen the reason why there are none.
void add_paired(store::result_file& file, const paired_size& size = {});

}  // namespace deft::report::test
