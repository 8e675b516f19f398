#include "stats/paired.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "stats/robust.hpp"

namespace deft::stats {

double time_of(const measure::repetition& repetition, measure::method method) noexcept {
  return measure::counts_cpu_time(method) ? repetition.cpu_ns : repetition.real_ns;
}

round_effects effects(std::span<const measure::round> rounds, measure::method method, bool confirmation) {
  round_effects result;
  std::vector<double> head;
  std::vector<double> control;
  for (const measure::round& round : rounds) {
    if (round.confirmation != confirmation) continue;
    head.clear();
    control.clear();
    const std::size_t pairs = std::min({round.base.size(), round.head.size(), round.control.size()});
    for (std::size_t i = 0; i < pairs; ++i) {
      // The logarithm of zero, of a negative number and of NaN is not finite, and neither is a sum with it.
      const double b = std::log(time_of(round.base[i], method));
      const double h = std::log(time_of(round.head[i], method));
      const double c = std::log(time_of(round.control[i], method));
      if (!std::isfinite(b + h + c)) continue;
      head.push_back(h - (b + c) / 2);
      control.push_back(c - b);
    }
    if (head.empty()) continue;
    result.head.push_back(median(head));
    result.control.push_back(median(control));
  }
  return result;
}

}  // namespace deft::stats
