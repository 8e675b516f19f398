#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "report/explanations.hpp"
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

/// What the rounds say, worked out in the plainest way there is: intervals of three standard errors.
diff::explanation plain_explanation(const diff::profile_rounds& rounds);

/// Of every benchmark of a comparison that regressed, improved or is the same, as far as both have it.
struct sample_explanations {
  std::vector<std::unique_ptr<diff::profile_rounds>> rounds;
  explanations all;
};

sample_explanations explain_sample(const store::result_file& file, const paired_size& size = {});

}  // namespace deft::report::test
