#include "report/explanations.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "report/numbers.hpp"
#include "report/short_name.hpp"

namespace deft::report {

diff::explanation explanation_of(const store::benchmark& /*benchmark*/, const store::result_file& /*file*/) {
  diff::explanation none;
  none.unavailable = "No profiles of base and head were taken in turns.";
  return none;
}

explanations explain_all(const store::result_file& /*file*/) {
  return {};
}

std::string signed_time(double ns) {
  if (!std::isfinite(ns)) return no_number;
  if (ns == 0) return "0 ns";
  return (ns > 0 ? "+" : "−") + time_per_iteration(std::abs(ns));
}

culprit culprit_of(const diff::explanation& why, stats::verdict v) {
  const bool slower = v == stats::verdict::regressed;
  if (!why.unavailable.empty() || (!slower && v != stats::verdict::improved)) return {};
  const std::vector<std::uint32_t>& order = slower ? why.slower : why.faster;
  if (order.empty()) return {};
  const diff::compared_function& first = why.functions.at(order.front());
  culprit out;
  out.before = slower ? "made slower by " : "made faster by ";
  out.function = short_name(first.frame.function);
  out.after =
      " (" + signed_time(first.self.delta_ns()) + " of " + time_per_iteration(why.whole.base_ns) + ")";
  const std::size_t others = order.size() - 1;
  if (others > 0) {
    double sum = 0;
    for (std::size_t i = 1; i < order.size(); ++i) sum += why.functions.at(order[i]).self.delta_ns();
    out.after +=
        " and " + std::to_string(others) + (others == 1 ? " other (" : " others (") + signed_time(sum) + ")";
  }
  return out;
}

}  // namespace deft::report
