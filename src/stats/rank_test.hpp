#pragma once

#include <span>

namespace deft::stats {

struct rank_comparison {
  double u =
      0;  ///< Mann and Whitney's U of the first sample: pairs in which its value is the larger, ties half.
  double p_value = 1;  ///< Two-sided.
  bool exact = false;
};

/// Whether the values of one sample tend to be larger than those of another (Mann and Whitney 1947). As
/// SciPy's `mannwhitneyu(first, second, alternative="two-sided")`, which Google Benchmark's compare.py calls:
/// exact where no value is tied and one sample has at most 8 values, else the normal approximation with the
/// variance corrected for ties and 1/2 for continuity. Unlike there, also the approximation where the other
/// sample has more than 1,000 values, whose exact distribution would take seconds. Without values on both
/// sides the p-value is 1.
/// @pre No value is NaN.
rank_comparison rank_test(std::span<const double> first, std::span<const double> second);

}  // namespace deft::stats
