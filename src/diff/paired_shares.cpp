#include "diff/paired_shares.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "stats/robust.hpp"

namespace deft::diff {
namespace {

constexpr double trim = 0.25;              // as for verdicts
constexpr std::size_t enough_to_trim = 8;  // rounds; of fewer, too few would be left
// What samples lead to counts twice as much as the rounds' own spread, unless that is larger than chance
// explains.
constexpr double weight_of_expected = 2;
constexpr double larger_than_chance = 0.05;

/// Values whose plain mean and standard error are those of the trimmed mean of `values`.
std::vector<double> pseudo_values(std::span<const double> values, const stats::estimate& trimmed,
                                  double share) {
  const std::size_t n = values.size();
  const auto cut = static_cast<std::size_t>(std::floor(share * static_cast<double>(n)));
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted[cut];
  const double high = sorted[n - 1 - cut];
  std::vector<double> result;
  double mean = 0;
  for (const double value : values) {
    result.push_back(std::clamp(value, low, high));
    mean += result.back() / static_cast<double>(n);
  }
  const auto all = static_cast<double>(n);
  const double kept = all - 2 * static_cast<double>(cut);
  const double wider = std::sqrt(all * (all - 1) / (kept * (kept - 1)));
  for (double& value : result) value = trimmed.mean + wider * (value - mean);
  return result;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// P(|T| sees a difference this large where the true one is at the floor's edge).
double beyond_floor(double delta, double floor, double error, double freedom) {
  if (error <= 0) return delta > floor ? 0 : 1;
  return std::min(1.0, stats::student_upper_tail((delta - floor) / error, freedom) +
                           stats::student_upper_tail((delta + floor) / error, freedom));
}

/// P(chi-squared > x), by Wilson and Hilferty's normal approximation.
double chi_squared_tail(double x, double freedom) {
  const double k = 2 / (9 * freedom);
  const double z = (std::cbrt(x / freedom) - (1 - k)) / std::sqrt(k);
  return std::erfc(z / std::sqrt(2.0)) / 2;
}

}  // namespace

paired_shares::paired_shares(const usable_rounds& rounds, double floor_band, double confidence)
    : rounds_(rounds.rounds), samples_(rounds.samples), confidence_(confidence) {
  std::vector<double> ratio;
  std::vector<double> level;
  for (std::size_t i = 0; i < rounds_; ++i) {
    const double base = std::log(rounds.base_ns[i]);
    const double head = std::log(rounds.head_ns[i]);
    ratio.push_back(head - base);
    level.push_back((head + base) / 2);
  }
  const double cut = rounds_ >= enough_to_trim ? trim : 0;
  const stats::estimate estimate = stats::trimmed_mean(ratio, cut);
  ratio_error_ = estimate.standard_error;
  ratio_freedom_ = estimate.degrees_of_freedom;
  const double middle = stats::trimmed_mean(level, cut).mean;
  for (const double r : pseudo_values(ratio, estimate, cut)) {
    base_ns_.push_back(std::exp(middle - r / 2));
    head_ns_.push_back(std::exp(middle + r / 2));
  }
  whole_base_ns_ = mean_of(base_ns_);
  whole_head_ns_ = mean_of(head_ns_);
  floor_ns_ = floor_band * whole_base_ns_;
  const double freedom = std::min(ratio_freedom_, static_cast<double>(rounds_ - 1));
  widest_ = stats::student_quantile(0.5 + confidence_ / 2, freedom);
}

change paired_shares::plain_times(std::span<const std::uint64_t> counts) const {
  change result;
  for (std::size_t i = 0; i < rounds_; ++i) {
    result.base_ns += static_cast<double>(counts[i]) / static_cast<double>(samples_[i]) * base_ns_[i];
    result.head_ns +=
        static_cast<double>(counts[rounds_ + i]) / static_cast<double>(samples_[rounds_ + i]) * head_ns_[i];
  }
  result.base_ns /= static_cast<double>(rounds_);
  result.head_ns /= static_cast<double>(rounds_);
  return result;
}

paired_shares::spread paired_shares::spread_of(std::span<const std::uint64_t> counts) const {
  const auto n = static_cast<double>(rounds_);
  std::vector<double> differences;
  std::vector<double> share_differences;
  spread result;
  // A share that is 0 in all samples is not known to be 0: half a sample more, as Jeffreys.
  const auto share = [&](std::size_t first) {
    double hits = 0.5;
    double all = 1;
    for (std::size_t i = first; i < first + rounds_; ++i) {
      hits += static_cast<double>(counts[i]);
      all += static_cast<double>(samples_[i]);
    }
    return hits / all;
  };
  const double base_share = share(0);
  const double head_share = share(rounds_);
  for (std::size_t i = 0; i < rounds_; ++i) {
    const auto base_samples = static_cast<double>(samples_[i]);
    const auto head_samples = static_cast<double>(samples_[rounds_ + i]);
    const double base = static_cast<double>(counts[i]) / base_samples;
    const double head = static_cast<double>(counts[rounds_ + i]) / head_samples;
    differences.push_back(head * head_ns_[i] - base * base_ns_[i]);
    share_differences.push_back(head * whole_head_ns_ - base * whole_base_ns_);
    result.samples += (base_share * (1 - base_share) / base_samples * whole_base_ns_ * whole_base_ns_ +
                       head_share * (1 - head_share) / head_samples * whole_head_ns_ * whole_head_ns_) /
                      (n * n);
  }
  const auto variance = [&](const std::vector<double>& values) {
    const double mean = mean_of(values);
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / (n * (n - 1));
  };
  result.rounds = variance(differences);
  result.shares = variance(share_differences);
  return result;
}

void paired_shares::learn_scatter(const std::vector<std::span<const std::uint64_t>>& functions) {
  double sum = 0;
  std::size_t counted = 0;
  for (const auto& counts : functions) {
    const spread s = spread_of(counts);
    if (s.samples <= 0) continue;
    sum += s.shares / s.samples;
    ++counted;
  }
  scatter_ = counted == 0 ? 1 : std::max(1.0, sum / static_cast<double>(counted));
}

void paired_shares::judge(change& c, double variance, double freedom) const {
  const double error = std::sqrt(variance);
  const double delta = c.delta_ns();
  const double half = error > 0 ? error * stats::student_quantile(0.5 + confidence_ / 2, freedom) : 0;
  c.low_ns = delta - half;
  c.high_ns = delta + half;
  c.p_value = beyond_floor(std::abs(delta), floor_ns_, error, freedom);
}

paired_shares::uncertainty paired_shares::uncertainty_of(std::span<const std::uint64_t> counts,
                                                         const change& times) const {
  const spread s = spread_of(counts);
  const double part = (times.base_ns + times.head_ns) / 2 * ratio_error_;
  const double of_times = part * part;
  const double expected = scatter_ * s.samples + of_times;
  const auto freedom = static_cast<double>(rounds_ - 1);

  double variance = (s.rounds + weight_of_expected * expected) / (1 + weight_of_expected);
  variance = std::max(variance, s.samples + of_times);
  double of_shares = (1 + weight_of_expected) * freedom;
  if (expected <= 0 || chi_squared_tail(s.rounds / expected * freedom, freedom) < larger_than_chance) {
    variance = std::max(variance, s.rounds);
    of_shares = freedom;
  }
  // Satterthwaite: the times' part is known as well as the whole is, the rest better.
  const double rest = std::max(variance - of_times, 0.0);
  const double parts = rest * rest / of_shares + of_times * of_times / ratio_freedom_;
  return {variance, parts > 0 ? variance * variance / parts : of_shares};
}

change paired_shares::times(std::span<const std::uint64_t> counts) const {
  change result = plain_times(counts);
  const double half = widest_ * std::sqrt(uncertainty_of(counts, result).variance);
  result.low_ns = result.delta_ns() - half;
  result.high_ns = result.delta_ns() + half;
  return result;
}

change paired_shares::test(std::span<const std::uint64_t> counts) const {
  change result = plain_times(counts);
  const uncertainty u = uncertainty_of(counts, result);
  judge(result, u.variance, u.freedom);
  return result;
}

change paired_shares::whole() const {
  change result;
  result.base_ns = whole_base_ns_;
  result.head_ns = whole_head_ns_;
  const double error = (whole_base_ns_ + whole_head_ns_) / 2 * ratio_error_;
  judge(result, error * error, ratio_freedom_);
  result.significant = result.p_value <= 1 - confidence_;
  return result;
}

}  // namespace deft::diff
