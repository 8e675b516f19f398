#include "profile/agent/poisson_sampling.hpp"

#include <bit>

namespace deft::profile::agent {

double probability_of_a_point(double x) noexcept {
  if (x > 45) return 1;
  // For y = x / 2^k small by its series, then doubled: with p = 1 - exp(-y), 1 - exp(-2 y) = p (2 - p).
  int doublings = 0;
  while (x > 0.05) {
    x /= 2;
    ++doublings;
  }
  double p = x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6)))));
  for (; doublings != 0; --doublings) p *= 2 - p;
  return p;
}

double negative_logarithm(double x) noexcept {
  // x = m 2^e with m in [1, 2); log m = 2 artanh((m - 1) / (m + 1)).
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1023;
  const auto m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  const double z = (m - 1) / (m + 1);
  double sum = 0;
  double power = z;
  for (int i = 1; i < 24; i += 2) {
    sum += power / i;
    power *= z * z;
  }
  constexpr double log_2 = 0.693147180559945309417232121458;
  return -(2 * sum + exponent * log_2);
}

double poisson_sampling::next_uniform() noexcept {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return (static_cast<double>(random_ >> 11) + 1) * 0x1p-53;
}

std::uint64_t poisson_sampling::round_at_random(double number) noexcept {
  const auto whole = static_cast<std::uint64_t>(number);
  return whole + (next_uniform() <= number - static_cast<double>(whole) ? 1U : 0U);
}

void poisson_sampling::seed(std::uint64_t number) noexcept {
  // Neighbouring numbers, as threads have them, must not begin alike.
  for (int i = 0; i < 3; ++i) {
    number = (number ^ number >> 31) * 0x9e3779b97f4a7c15ULL + 0x2545f4914f6cdd1dULL;
  }
  random_ = number | 1;
}

void poisson_sampling::draw(double mean_bytes) noexcept {
  constexpr double longest = 1e18;
  const double distance = negative_logarithm(next_uniform()) * mean_bytes;
  distance_ = static_cast<std::int64_t>(distance < longest ? distance : longest);
}

bool poisson_sampling::confirm(std::uint64_t size_bytes, double mean_bytes) noexcept {
  if (!drawn_) {
    drawn_ = true;
    draw(mean_bytes);
    if (!passes(size_bytes)) return false;
  }
  draw(mean_bytes);
  return true;
}

void poisson_sampling::weigh(std::uint64_t size_bytes, double mean_bytes, std::uint64_t& objects,
                             std::uint64_t& bytes) noexcept {
  const double like_it = 1 / probability_of_a_point(static_cast<double>(size_bytes) / mean_bytes);
  objects = round_at_random(like_it);
  bytes = round_at_random(like_it * static_cast<double>(size_bytes));
}

}  // namespace deft::profile::agent
