#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace deft::stats {

struct change_point {
  std::size_t index = 0;  ///< Of the first value after the change.
  double p_value = 1;     ///< Of the permutation test that accepted it: at most `significance`.

  friend bool operator==(const change_point&, const change_point&) = default;
};

struct change_point_rule {
  double significance = 0.01;
  std::size_t smallest_segment = 3;  ///< Values between two changes, and at either end; at least 2.
  std::uint32_t permutations = 999;
  std::uint64_t seed = 0;
};

/// Where the distribution of a series changes: E-divisive (Matteson and James, "A nonparametric approach for
/// multiple change point analysis of multivariate data", JASA 109, 2014), with the energy statistic of
/// exponent 1. The split that separates best is tested against splits of the same data in random order, and
/// each part is split again as long as that succeeds. The orders come from a seeded generator that is the
/// same everywhere, so the same series has the same change points. In the order of the series. O(n^2) for
/// each permutation.
/// @pre All values are finite.
std::vector<change_point> change_points(std::span<const double> series, const change_point_rule& rule = {});

/// The series with its wild values moved inward (Hampel's identifier): what is further than three standard
/// deviations from the median of the five values around it is put there. The deviation is taken from the
/// differences of successive values, so that a lasting change neither counts as noise nor is moved. What is
/// not wild stays as it is: smoothing would make neighbours alike, which the permutation test takes for
/// change (of 100 values of pure noise, each moved into the range of its neighbours, it then found changes in
/// 46 % of the series).
std::vector<double> without_spikes(std::span<const double> series);

}  // namespace deft::stats
