#pragma once

#include <cstddef>
#include <vector>

#include "history/series.hpp"
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

/// How the benchmarks of a result came to their times in so many runs: of the first of four it took longer
/// from the middle on, of the next it became faster and that was blessed, of the third nothing changed, the
/// fourth is missing; one run measured nothing.
std::vector<history::series> sample_past(const store::result_file& file, std::size_t runs = 60);

}  // namespace deft::report::test
