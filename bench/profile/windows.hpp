#pragma once

// What the programs that switch a sampler on and off share: processor time, and the mean of many windows.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace deft_bench {

inline std::uint64_t nanoseconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

struct estimate {
  double mean = 0;
  double error = 0;
  double median = 0;
};

/// Of all but the lowest and the highest tenth: a median would not see what happens once in a few windows.
inline estimate trimmed_mean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t cut = values.size() / 10;
  const auto count = static_cast<double>(values.size() - 2 * cut);
  estimate result;
  for (std::size_t i = cut; i < values.size() - cut; ++i) result.mean += values[i] / count;
  double squares = 0;  // winsorised, as Yuen's estimate of the error wants it
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[std::clamp(i, cut, values.size() - cut - 1)];
    squares += (value - result.mean) * (value - result.mean);
  }
  result.error = std::sqrt(squares / count / count);
  result.median = values[values.size() / 2];
  return result;
}

}  // namespace deft_bench
