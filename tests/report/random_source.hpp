#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

namespace deft::report::test {

/// The standard's distributions differ between libraries; this does not.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

  double noise(double spread) { return std::exp(spread * (uniform() + uniform() + uniform() - 1.5)); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace deft::report::test
