#pragma once

#include <span>
#include <vector>

namespace deft::stats {

/// Middle value; of an even number the mean of the two in the middle; 0 of none.
double median(std::vector<double> values);

/// A mean that a few wild values do not move, with its standard error.
struct estimate {
  double mean = 0;
  double standard_error = 0;
  double degrees_of_freedom = 0;  ///< Of Student's t for this standard error; 0: fewer than two values.
};

/// Mean of what is left when floor(trim * n) values are cut at each end; standard error from the winsorised
/// variance (Tukey and McLaughlin 1963, Yuen 1974). With fewer than two values there is no standard error.
/// `trim` is below 0.5.
estimate trimmed_mean(std::span<const double> values, double trim);

/// x with P(T <= x) = probability for Student's t. `probability` in (0, 1), `degrees_of_freedom` > 0.
double student_quantile(double probability, double degrees_of_freedom);

/// P(T > x) for Student's t.
double student_upper_tail(double x, double degrees_of_freedom);

/// Which hypotheses Holm's step-down procedure rejects, so that the chance of even one false rejection is at
/// most `alpha`, whatever the dependence between the tests.
std::vector<bool> holm(std::span<const double> p_values, double alpha);

/// Which hypotheses Benjamini and Hochberg's step-up procedure (1995) rejects, so that of those rejected at
/// most the share `rate` is expected to be false, where the tests are independent or positively dependent.
std::vector<bool> benjamini_hochberg(std::span<const double> p_values, double rate);

}  // namespace deft::stats
