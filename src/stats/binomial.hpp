#pragma once

#include <cstdint>

namespace deft::stats {

/// Bounds of a rate of which `events` in `trials` were seen (Clopper and Pearson 1934), each one-sided: the
/// rate is above `upper_rate` in at most 1 - `confidence` of all cases, whatever it is. 0 trials: 0 and 1.
/// `events` is at most `trials`.
double lower_rate(std::uint64_t events, std::uint64_t trials, double confidence);
double upper_rate(std::uint64_t events, std::uint64_t trials, double confidence);

}  // namespace deft::stats
