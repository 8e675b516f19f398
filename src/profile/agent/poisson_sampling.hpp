#pragma once

#include <cstdint>

namespace deft::profile::agent {

/// Decides which allocations are sampled: each byte allocated is a point with the same small probability, and
/// an allocation is sampled if it has one. Large ones are sampled more often, and stand for fewer like them:
/// sums over samples are right on average, whatever the sizes. One for a thread.
class poisson_sampling {
 public:
  /// Whether `size_bytes` more bytes contain a point. One subtraction where they do not.
  bool passes(std::uint64_t size_bytes) noexcept {
    distance_ -= static_cast<std::int64_t>(size_bytes);
    return distance_ < 0;
  }

  /// After `passes`: draws the distance to the next point. False where that was the first one of a thread,
  /// and these bytes have no point after all.
  bool confirm(std::uint64_t size_bytes, double mean_bytes) noexcept;

  /// How many objects of this size a sampled one stands for, and how many bytes: whole numbers, right on
  /// average.
  void weigh(std::uint64_t size_bytes, double mean_bytes, std::uint64_t& objects,
             std::uint64_t& bytes) noexcept;

  /// Before the first `confirm`: a number that no other thread has.
  void seed(std::uint64_t number) noexcept;

  bool seeded() const noexcept { return random_ != 0; }

 private:
  double next_uniform() noexcept;  // in (0, 1]
  void draw(double mean_bytes) noexcept;
  std::uint64_t round_at_random(double number) noexcept;

  std::int64_t distance_ = 0;
  std::uint64_t random_ = 0;
  bool drawn_ = false;
};

/// 1 - exp(-x) and -log(x), exact to ten digits: the C library's mathematics would be one more library in
/// each program. For x >= 0, and x in (0, 1].
double probability_of_a_point(double x) noexcept;
double negative_logarithm(double x) noexcept;

}  // namespace deft::profile::agent
