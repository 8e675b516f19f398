#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "diff/explanation.hpp"
#include "diff/usable_rounds.hpp"

namespace deft::diff {

/// Times and their tests from shares of samples, paired by round.
///
/// Times of processes are wild now and then, shares are not. The rounds' log(head / base) enters as
/// pseudo-values, whose plain mean and standard error are those of its trimmed mean: so the estimates of
/// functions are sums over rounds, and add up to the estimate of the whole. A difference's variance is taken
/// from the rounds' spread, from what that many samples and the whole's spread lead to, and never less than
/// the latter.
class paired_shares {
 public:
  paired_shares(const usable_rounds& rounds, double floor_band, double confidence);

  double floor_ns() const noexcept { return floor_ns_; }

  /// How much more than samples alone the shares of these functions' own samples scatter, all together: at
  /// least 1. Taken into account by `test` from here on.
  void learn_scatter(const std::vector<std::span<const std::uint64_t>>& functions);

  /// Times per iteration of what has these samples by round, with an interval that is wide enough; nothing
  /// tested.
  change times(std::span<const std::uint64_t> counts) const;

  /// Tested against the floor, without regard to what else is tested: `significant` is left false.
  change test(std::span<const std::uint64_t> counts) const;

  change whole() const;

 private:
  struct spread {
    double rounds = 0;   ///< Variance of the mean difference, as the rounds have it.
    double shares = 0;   ///< The same without the times' part.
    double samples = 0;  ///< As that many samples lead to.
  };

  /// A difference's variance, and with which degrees of freedom.
  struct uncertainty {
    double variance = 0;
    double freedom = 1;
  };

  change plain_times(std::span<const std::uint64_t> counts) const;
  spread spread_of(std::span<const std::uint64_t> counts) const;
  uncertainty uncertainty_of(std::span<const std::uint64_t> counts, const change& times) const;
  void judge(change& c, double variance, double freedom) const;

  std::size_t rounds_;
  const round_counts& samples_;
  std::vector<double> base_ns_;  ///< By round: what a share of the process is multiplied with.
  std::vector<double> head_ns_;
  double whole_base_ns_ = 0;
  double whole_head_ns_ = 0;
  double ratio_error_ = 0;    ///< Standard error of log(head / base).
  double ratio_freedom_ = 0;  ///< And its degrees of freedom.
  double scatter_ = 1;
  double confidence_;
  double widest_ = 0;  ///< Student's quantile with the fewest degrees of freedom that a test has.
  double floor_ns_ = 0;
};

}  // namespace deft::diff
