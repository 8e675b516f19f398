#include "stats/robust.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

namespace deft::stats {
namespace {

/// The indices of the values in ascending order; NaN comes last.
std::vector<std::size_t> ascending(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] < values[b] || (std::isnan(values[b]) && !std::isnan(values[a]));
  });
  return order;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

estimate trimmed_mean(std::span<const double> values, double trim) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const auto cut = static_cast<std::size_t>(std::floor(trim * static_cast<double>(n)));
  const auto kept = static_cast<double>(n - 2 * cut);

  estimate result;
  const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(cut);
  const auto last = sorted.end() - static_cast<std::ptrdiff_t>(cut);
  result.mean = std::accumulate(first, last, 0.0) / kept;
  if (kept < 2) return result;

  std::fill(sorted.begin(), first, *first);
  std::fill(last, sorted.end(), *(last - 1));
  const double centre = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(n);
  double squares = 0;
  for (const double value : sorted) squares += (value - centre) * (value - centre);
  result.standard_error = std::sqrt(squares / (kept * (kept - 1)));
  result.degrees_of_freedom = kept - 1;
  return result;
}

double student_quantile(double probability, double degrees_of_freedom) {
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), probability);
}

double student_upper_tail(double x, double degrees_of_freedom) {
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees_of_freedom), x));
}

std::vector<bool> holm(std::span<const double> p_values, double alpha) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<bool> rejected(p_values.size(), false);
  std::size_t left = p_values.size();
  for (const std::size_t index : order) {
    if (!(p_values[index] <= alpha / static_cast<double>(left))) break;
    rejected[index] = true;
    --left;
  }
  return rejected;
}

std::vector<bool> benjamini_hochberg(std::span<const double> p_values, double rate) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::size_t count = order.size();
  const auto passes = [&](std::size_t rank) {
    const double limit = rate * static_cast<double>(rank) / static_cast<double>(order.size());
    return p_values[order[rank - 1]] <= limit;
  };
  while (count > 0 && !passes(count)) --count;
  std::vector<bool> rejected(p_values.size(), false);
  for (std::size_t i = 0; i < count; ++i) rejected[order[i]] = true;
  return rejected;
}

}  // namespace deft::stats
