#pragma once

#include <cstddef>

#include "store/result_file.hpp"

namespace deft::report::test {

struct sample_size {
  std::size_t benchmarks = 12;
  std::size_t rounds = 12;
  std::size_t stacks = 300;  ///< In each of the two profiles of a benchmark.
};

/// A comparison with every verdict, both methods, confirmation rounds, profiles that look like those of a
/// benchmark of containers, one benchmark without a profile, and names that are markup, in other scripts or
/// very long. The same every time.
store::result_file sample_comparison(const sample_size& size = {});

/// The same programs as `deft run` would describe one of them.
store::result_file sample_single(const sample_size& size = {});

}  // namespace deft::report::test
