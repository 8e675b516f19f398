#include "stats/binomial.hpp"

#include <boost/math/special_functions/beta.hpp>

namespace deft::stats {

double lower_rate(std::uint64_t events, std::uint64_t trials, double confidence) {
  if (events == 0) return 0;
  const auto k = static_cast<double>(events);
  const auto n = static_cast<double>(trials);
  return boost::math::ibeta_inv(k, n - k + 1, 1 - confidence);
}

double upper_rate(std::uint64_t events, std::uint64_t trials, double confidence) {
  if (events == trials) return 1;
  const auto k = static_cast<double>(events);
  const auto n = static_cast<double>(trials);
  return boost::math::ibeta_inv(k + 1, n - k, confidence);
}

}  // namespace deft::stats
