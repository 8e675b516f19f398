#include "stats/decide.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <utility>

#include "stats/judge.hpp"
#include "stats/paired.hpp"
#include "stats/robust.hpp"

namespace deft::stats {

namespace {

// A benchmark's rounds, judged: the first ones, which select, and the fresh ones, which confirm.
struct evidence {
  std::uint32_t screened =
      0;  ///< Rounds that were tried, usable or not, so that a plan always comes to an end.
  std::uint32_t confirmed = 0;
  std::uint32_t fresh_wanted = 0;  ///< Rounds that a confirmation takes.
  std::size_t usable = 0;          ///< Of the set of rounds that the decision rests on.
  judgement screening;
  judgement confirmation;
  bool suspected = false;    ///< The first rounds, with Holm over the run, put it beyond the band.
  bool significant = false;  ///< The fresh rounds do, with Holm over the suspects.
};

bool control_moved(const judgement& judged, double alpha) {
  return judged.control_p_value <= alpha;
}

std::vector<evidence> examine(std::span<const measure::comparison> run, const rule& rule) {
  const double alpha = 1 - rule.confidence;
  std::vector<evidence> result(run.size());
  std::vector<double> p_values(run.size());
  const double level = alpha / static_cast<double>(std::max<std::size_t>(run.size(), 1));
  for (std::size_t i = 0; i < run.size(); ++i) {
    evidence& e = result[i];
    for (const measure::round& round : run[i].rounds) ++(round.confirmation ? e.confirmed : e.screened);
    e.fresh_wanted = rule.confirmation_rounds;
    if (rule.effect > 0) e.fresh_wanted = std::max(e.fresh_wanted, e.screened);
    const round_effects first = effects(run[i].rounds, run[i].method, false);
    e.screening = judge(first, rule, level);
    e.usable = first.head.size();
    p_values[i] = e.screening.p_value;
  }
  const std::vector<bool> beyond = holm(p_values, alpha);

  std::vector<std::size_t> suspects;
  std::vector<double> fresh_p_values;
  for (std::size_t i = 0; i < run.size(); ++i) {
    evidence& e = result[i];
    // Rounds that confirm are only measured after a suspicion, which they must not be able to take back.
    e.suspected = e.confirmed > 0 || (beyond[i] && !control_moved(e.screening, alpha));
    if (!e.suspected) continue;
    if (e.confirmed >= e.fresh_wanted) {
      const round_effects fresh = effects(run[i].rounds, run[i].method, true);
      e.confirmation = judge(fresh, rule, level);
      e.usable = fresh.head.size();
    }
    suspects.push_back(i);
    fresh_p_values.push_back(e.confirmation.p_value);
  }

  const std::vector<bool> again = holm(fresh_p_values, alpha);
  for (std::size_t k = 0; k < suspects.size(); ++k) {
    evidence& e = result[suspects[k]];
    e.significant = again[k] && !control_moved(e.confirmation, alpha) &&
                    std::signbit(e.confirmation.head) == std::signbit(e.screening.head);
  }
  return result;
}

// The judgement that counts: that of the fresh rounds, which were not used to select, where there are enough.
const judgement& final_judgement(const evidence& e) {
  return e.confirmed >= e.fresh_wanted ? e.confirmation : e.screening;
}

bool within_margin(const judgement& judged, const rule& rule) {
  const double margin = std::log1p(rule.equivalence_margin);
  return std::abs(judged.head) + judged.head_half_width <= margin;
}

std::string percent(double log_ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f %%", 100 * std::expm1(log_ratio));
  return text;
}

std::string percent_of(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g %%", 100 * fraction);
  return text;
}

std::string interval(double estimate, double half_width) {
  return percent(estimate - half_width) + " to " + percent(estimate + half_width);
}

struct conclusion {
  stats::verdict verdict;
  std::string reason;
};

conclusion conclude(const evidence& e, const rule& rule) {
  const double alpha = 1 - rule.confidence;
  const judgement& judged = final_judgement(e);
  const std::string seen = interval(judged.head, judged.head_half_width);
  const std::string band = "the tolerated " + percent_of(rule.band);

  if (e.usable < 2) return {verdict::inconclusive, "fewer than two complete rounds"};
  if (e.significant) {
    const bool slower = judged.head > 0;
    return {slower ? verdict::regressed : verdict::improved, percent(judged.head) + " (" + seen +
                                                                 "), beyond " + band + " and confirmed by " +
                                                                 std::to_string(e.usable) + " fresh rounds"};
  }
  if (control_moved(judged, alpha)) {
    return {verdict::inconclusive, "base differs from itself by " + percent(judged.control) +
                                       " in this run (" +
                                       interval(judged.control, judged.control_half_width) + ")"};
  }
  if (e.suspected && e.confirmed < e.fresh_wanted) {
    return {verdict::inconclusive, "suspected (" + seen + "), but the run ended before it was confirmed"};
  }
  const std::string prefix =
      e.suspected ? "suspected at first (" + percent(e.screening.head) + "), not confirmed: " : "";
  const std::string short_of = judged.smallest_effect > rule.effect && rule.effect > 0
                                   ? "; the " + percent_of(rule.effect) + " asked for were not reached"
                                   : "";
  if (within_margin(judged, rule)) {
    return {verdict::equivalent,
            prefix + seen + ", within " + percent_of(rule.equivalence_margin) + short_of};
  }
  return {verdict::inconclusive,
          prefix + seen + "; this run would have seen " + percent_of(judged.smallest_effect) + short_of};
}

/// Whether rounds are wanted for what they tell about the noise, whatever they tell about head.
bool sees_too_little(const evidence& e, const rule& rule) {
  return rule.effect > 0 && e.screened < rule.most_effect_rounds &&
         (e.usable < 2 || e.screening.smallest_effect > rule.effect);
}

}  // namespace

std::vector<step> plan(std::span<const measure::comparison> run, const rule& rule) {
  const std::vector<evidence> evidence_of = examine(run, rule);
  std::vector<step> steps(run.size());
  for (std::size_t i = 0; i < run.size(); ++i) {
    const evidence& e = evidence_of[i];
    if (e.screened < rule.first_rounds && e.confirmed == 0) {
      steps[i] = {rule.first_rounds - e.screened, false};
    } else if (e.confirmed == 0 && sees_too_little(e, rule)) {
      steps[i] = {std::min(rule.more_rounds, rule.most_effect_rounds - e.screened), false};
    } else if (e.suspected) {
      steps[i] = {e.fresh_wanted - std::min(e.confirmed, e.fresh_wanted), true};
    } else if (rule.effect == 0 && e.screened < rule.most_rounds && !within_margin(e.screening, rule)) {
      steps[i] = {std::min(rule.more_rounds, rule.most_rounds - e.screened), false};
    }
  }
  return steps;
}

std::vector<decision> decide(std::span<const measure::comparison> run, const rule& rule) {
  std::vector<decision> decisions;
  for (const evidence& e : examine(run, rule)) {
    const judgement& judged = final_judgement(e);
    conclusion end = conclude(e, rule);
    decision d;
    d.verdict = end.verdict;
    d.reason = std::move(end.reason);
    if (e.usable > 0) {
      d.head = to_ratio(judged.head, judged.head_half_width);
      d.control = to_ratio(judged.control, judged.control_half_width);
      d.smallest_effect = judged.smallest_effect;
      d.p_value = judged.p_value;
      d.confirmed = e.significant;
    }
    decisions.push_back(std::move(d));
  }
  return decisions;
}

decision decide_missing() {
  decision d;
  d.verdict = verdict::missing;
  d.reason = "in base, not in head";
  return d;
}

decision decide_added() {
  decision d;
  d.verdict = verdict::added;
  d.reason = "in head, not in base";
  return d;
}

decision decide_failed(std::string reason) {
  decision d;
  d.verdict = verdict::failed;
  d.reason = std::move(reason);
  return d;
}

double control_spread(std::span<const measure::comparison> run, const rule& rule) {
  std::vector<double> errors;
  for (const measure::comparison& benchmark : run) {
    const round_effects first = effects(benchmark.rounds, benchmark.method, false);
    const estimate control = trimmed_mean(first.control, rule.trim);
    if (control.degrees_of_freedom > 0) errors.push_back(control.standard_error);
  }
  return median(std::move(errors));
}

time_estimate summarise(std::span<const measure::process_run> processes, measure::method method,
                        const rule& rule) {
  std::vector<double> logs;
  for (const measure::process_run& process : processes) {
    std::vector<double> times;
    for (const measure::repetition& repetition : process) {
      const double time = time_of(repetition, method);
      if (std::isfinite(time) && time > 0) times.push_back(time);
    }
    if (!times.empty()) logs.push_back(std::log(median(std::move(times))));
  }
  if (logs.empty()) return {};
  const estimate centre = trimmed_mean(logs, rule.trim);
  double half_width = std::numeric_limits<double>::infinity();
  if (centre.degrees_of_freedom > 0) {
    half_width =
        centre.standard_error * student_quantile(1 - (1 - rule.confidence) / 2, centre.degrees_of_freedom);
  }
  const ratio_estimate ns = to_ratio(centre.mean, half_width);
  return {ns.ratio, ns.low, ns.high};
}

}  // namespace deft::stats
