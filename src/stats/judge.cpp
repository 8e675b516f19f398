#include "stats/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/robust.hpp"

namespace deft::stats {

namespace {

// An estimate with two standard errors, its own and one pooled from head and control. The wider of the two
// counts everywhere: with six rounds an estimate's own spread is small by luck now and then, and the control
// shows it.
struct guarded {
  double mean;
  double own_error;
  double own_freedom;
  double pooled_error;
  double pooled_freedom;

  bool usable() const { return own_freedom > 0; }

  double times_quantile(double probability) const {
    return std::max(own_error * student_quantile(probability, own_freedom),
                    pooled_error * student_quantile(probability, pooled_freedom));
  }

  double tail(double distance) const {
    const auto one = [&](double error, double freedom) {
      if (error > 0) return student_upper_tail(distance / error, freedom);
      return distance > 0 ? 0.0 : 1.0;
    };
    return std::max(one(own_error, own_freedom), one(pooled_error, pooled_freedom));
  }

  double half_width(double confidence) const {
    if (!usable()) return std::numeric_limits<double>::infinity();
    return times_quantile(1 - (1 - confidence) / 2);
  }

  double p_value(double band) const {
    if (!usable()) return 1;
    return std::min(1.0, 2 * tail(std::abs(mean) - band));
  }
};

}  // namespace

judgement judge(const round_effects& effects, const rule& rule, double alpha) {
  const estimate head = trimmed_mean(effects.head, rule.trim);
  const estimate control = trimmed_mean(effects.control, rule.trim);

  // With equal spread in the three arms, log(head) - mean(log(base), log(control)) has 1.5 times the variance
  // of one arm, log(control) - log(base) twice; the two are uncorrelated, so their degrees of freedom add up.
  constexpr double head_arms = 1.5;
  constexpr double control_arms = 2;
  const double one_arm = (head.standard_error * head.standard_error / head_arms +
                          control.standard_error * control.standard_error / control_arms) /
                         2;
  const double pooled_freedom = head.degrees_of_freedom + control.degrees_of_freedom;
  const guarded h{head.mean, head.standard_error, head.degrees_of_freedom, std::sqrt(one_arm * head_arms),
                  pooled_freedom};
  const guarded c{control.mean, control.standard_error, control.degrees_of_freedom,
                  std::sqrt(one_arm * control_arms), pooled_freedom};

  const double band = std::log1p(rule.band);
  judgement result;
  result.head = h.mean;
  result.head_half_width = h.half_width(rule.confidence);
  result.control = c.mean;
  result.control_half_width = c.half_width(rule.confidence);
  result.control_error = c.own_error;
  result.p_value = h.p_value(band);
  result.control_p_value = c.p_value(band);
  if (h.usable()) {
    result.smallest_effect =
        std::expm1(band + h.times_quantile(1 - alpha / 2) + h.times_quantile(rule.power));
  }
  return result;
}

ratio_estimate to_ratio(double estimate, double half_width) {
  return {std::exp(estimate), std::exp(estimate - half_width), std::exp(estimate + half_width)};
}

}  // namespace deft::stats
