#include "stats/work.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace deft::stats {

namespace {

// Counts are whole numbers divided by a number of iterations: this is for the division only.
constexpr double rounding = 1e-6;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string change_of(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f %%", 100 * (ratio - 1));
  return text;
}

}  // namespace

std::optional<double> instruction_ratio(const work_counts& base, const work_counts& head) {
  if (!base.instructions || !head.instructions) return std::nullopt;
  if (*base.instructions > 0) return *head.instructions / *base.instructions;
  return *head.instructions > 0 ? std::numeric_limits<double>::infinity() : 1.0;
}

std::optional<double> allocations_more(const work_counts& base, const work_counts& head) {
  if (!base.allocations || !head.allocations) return std::nullopt;
  const double more = *head.allocations - *base.allocations;
  return std::abs(more) <= rounding ? 0.0 : more;
}

work_change compare_work(const work_counts& base, const work_counts& head) {
  const auto ratio = instruction_ratio(base, head);
  const auto more = allocations_more(base, head);
  if (ratio && *ratio > 1 + same_instructions) return work_change::more;
  if (ratio && *ratio < 1 - same_instructions) return work_change::less;
  if (more && *more > 0) return work_change::more;
  if (more && *more < 0) return work_change::less;
  return ratio ? work_change::same : work_change::unknown;
}

std::string classify_work(verdict timed, work_change counted) {
  if (counted == work_change::unknown) return {};
  const std::string work = counted == work_change::same   ? "same work"
                           : counted == work_change::more ? "more work"
                                                          : "less work";
  switch (timed) {
    case verdict::regressed:
      return work + ", slower";
    case verdict::improved:
      return work + ", faster";
    case verdict::equivalent:
      return counted == work_change::same ? "" : work + ", same time";
    case verdict::inconclusive:
      return counted == work_change::same ? "" : work + ", time not known";
    case verdict::missing:
    case verdict::added:
    case verdict::failed:
      break;
  }
  return {};
}

std::string describe_instructions(const work_counts& base, const work_counts& head) {
  const auto ratio = instruction_ratio(base, head);
  if (!ratio) return {};
  if (std::isfinite(*ratio)) return "instructions " + change_of(*ratio);
  return "instructions " + number(*base.instructions) + " to " + number(*head.instructions);
}

std::string describe_allocations(const work_counts& base, const work_counts& head) {
  const auto more = allocations_more(base, head);
  if (!more) return {};
  return "allocations " + number(*base.allocations) + (*more != 0 ? " to " + number(*head.allocations) : "");
}

std::string describe_work(const work_counts& base, const work_counts& head) {
  const std::string instructions = describe_instructions(base, head);
  const std::string allocations = describe_allocations(base, head);
  return instructions + (instructions.empty() || allocations.empty() ? "" : ", ") + allocations;
}

decision with_work(decision timed, const work_counts& base, const work_counts& head) {
  const std::string said = classify_work(timed.verdict, compare_work(base, head));
  if (said.empty()) return timed;
  timed.reason += (timed.reason.empty() ? "" : "; ") + said + " (" + describe_work(base, head) + ")";
  return timed;
}

}  // namespace deft::stats
