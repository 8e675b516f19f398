/// @file
/// Ranks by Zipf's law, which both caches and containers are asked for.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace deft_bench {

/// Ranks from 0 with the probabilities of Zipf's law: rejection inversion (Hörmann, Derflinger,
/// "Rejection-inversion to generate variates from monotone discrete distributions", 1996).
class zipf {
 public:
  zipf(std::size_t n, double exponent) : n_(static_cast<double>(n)), exponent_(exponent) {
    low_ = integral(1.5) - 1;
    high_ = integral(n_ + 0.5);
    always_ = 2 - inverse(integral(2.5) - std::exp(-exponent_ * std::log(2.0)));
  }

  template <typename Random>
  auto operator()(Random& random) const -> std::uint64_t {
    for (;;) {
      const double u = high_ + static_cast<double>(random() >> 11U) * 0x1.0p-53 * (low_ - high_);
      const double x = inverse(u);
      double k = std::floor(x + 0.5);
      if (k < 1) k = 1;
      if (k > n_) k = n_;
      if (k - x <= always_ || u >= integral(k + 0.5) - std::exp(-exponent_ * std::log(k))) {
        return static_cast<std::uint64_t>(k) - 1;
      }
    }
  }

 private:
  [[nodiscard]] auto integral(double x) const -> double {
    return (std::pow(x, 1 - exponent_) - 1) / (1 - exponent_);
  }

  [[nodiscard]] auto inverse(double x) const -> double {
    return std::pow(1 + x * (1 - exponent_), 1 / (1 - exponent_));
  }

  double n_;
  double exponent_;
  double low_;
  double high_;
  double always_;
};

}  // namespace deft_bench
