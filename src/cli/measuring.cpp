#include "cli/measuring.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "cli/mode.hpp"
#include "measure/noise.hpp"
#include "stats/decide.hpp"

namespace deft::cli {
namespace {

using measure::subject;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::string count_of(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " benchmark" : " benchmarks");
}

/// A session over a line-up, and which of its subjects belongs to which benchmark.
class campaign {
 public:
  campaign(const lineup& all, measure::session session, comparison_mode mode)
      : all_(all), session_(std::move(session)) {
    for (const listed_benchmark& b : all.benchmarks) {
      if (b.where == presence::base_only) {
        subject_of_.push_back(std::nullopt);
        continue;
      }
      subject_of_.push_back(session_.subjects().size());
      session_.add(b.name, choose_mode(b.name, all.contenders[b.contender], mode).how, b.contender);
    }
  }

  const subject* subject_of(std::size_t benchmark) const {
    return subject_of_[benchmark] ? &session_.subjects()[*subject_of_[benchmark]] : nullptr;
  }

  /// Measures until the rule has enough. False if the user interrupted.
  bool run(const stats::rule& rule, progress& watch) {
    if (!measure_alone(rule, watch)) return false;
    for (bool first = true;; first = false) {
      std::vector<std::size_t> compared;
      std::vector<measure::comparison> data;
      for (std::size_t i = 0; i < all_.benchmarks.size(); ++i) {
        if (!is_compared(i) || !subject_of(i)->active()) continue;
        compared.push_back(i);
        data.push_back(comparison_of(i));
      }
      const std::vector<stats::step> steps = stats::plan(data, rule);
      std::vector<measure::request> requests;
      std::size_t suspicions = 0;
      for (std::size_t k = 0; k < steps.size(); ++k) {
        if (steps[k].done()) continue;
        requests.push_back({*subject_of_[compared[k]], steps[k].rounds, steps[k].confirmation});
        suspicions += steps[k].confirmation ? 1 : 0;
      }
      if (requests.empty()) return true;
      std::string phase = "comparing " + count_of(requests.size());
      if (!first) phase = "looking closer at " + count_of(requests.size());
      if (suspicions == requests.size()) phase = "confirming " + count_of(suspicions);
      if (!measure(requests, std::move(phase), watch)) return false;
    }
  }

  /// Those benchmarks that were compared and did not fail, and their decisions.
  void judge(const stats::rule& rule, store::result_file& file) const {
    std::vector<std::size_t> judged;
    std::vector<measure::comparison> data;
    for (std::size_t i = 0; i < all_.benchmarks.size(); ++i) {
      if (!is_compared(i) || !subject_of(i)->failure.empty()) continue;
      judged.push_back(i);
      data.push_back(comparison_of(i));
    }
    const std::vector<stats::decision> decisions = stats::decide(data, rule);
    for (std::size_t k = 0; k < judged.size(); ++k) {
      stats::decision& decided = file.benchmarks[judged[k]].decision.emplace(decisions[k]);
      if (subject_of(judged[k])->cut_short && decided.verdict == stats::verdict::inconclusive)
        decided.reason = "the time budget ended the run: " + decided.reason;
    }
    file.noise.control_spread = stats::control_spread(data, rule);
  }

 private:
  bool is_compared(std::size_t benchmark) const {
    const listed_benchmark& b = all_.benchmarks[benchmark];
    return b.where == presence::both && all_.contenders[b.contender].head.has_value();
  }

  measure::comparison comparison_of(std::size_t benchmark) const {
    const subject& s = *subject_of(benchmark);
    return {all_.benchmarks[benchmark].shown, s.method, s.rounds};
  }

  /// What has nothing to be compared with: all of `deft run`, and what is new in head.
  bool measure_alone(const stats::rule& rule, progress& watch) {
    std::vector<measure::request> requests;
    for (std::size_t i = 0; i < all_.benchmarks.size(); ++i) {
      if (subject_of_[i] && !is_compared(i)) requests.push_back({*subject_of_[i], rule.first_rounds, false});
    }
    return requests.empty() || measure(requests, "measuring " + count_of(requests.size()), watch);
  }

  bool measure(const std::vector<measure::request>& requests, std::string phase, progress& watch) {
    watch.begin(std::move(phase));
    const auto outcome =
        session_.measure(requests, [&](const subject& now, std::size_t done, std::size_t wanted) {
          watch.update(now.name, done, wanted);
        });
    watch.clear();
    return static_cast<bool>(outcome);
  }

  const lineup& all_;
  measure::session session_;
  std::vector<std::optional<std::size_t>> subject_of_;
};

double typical_ns(const std::vector<measure::round>& rounds, measure::process_run measure::round::* arm,
                  measure::method how, const stats::rule& rule) {
  std::vector<measure::process_run> processes;
  processes.reserve(rounds.size());
  for (const measure::round& r : rounds) processes.push_back(r.*arm);
  return stats::summarise(processes, how, rule).ns;
}

void fill(store::benchmark& b, const listed_benchmark& listed, const subject* s, store::run_kind kind,
          const stats::rule& rule) {
  b.name = listed.shown;
  const bool comparison = kind == store::run_kind::comparison;
  if (listed.where == presence::base_only) b.decision = stats::decide_missing();
  if (listed.where == presence::head_only) b.decision = stats::decide_added();
  if (s == nullptr) return;
  b.method = s->method;
  b.failure = s->failure;
  if (!comparison && s->cut_short && s->rounds.empty())
    b.failure = "not measured: the time budget was used up";
  if (listed.where == presence::head_only) {
    b.head_ns = typical_ns(s->rounds, &measure::round::base, s->method, rule);  // Alone in its session.
  } else {
    b.rounds = s->rounds;
    b.base_ns = typical_ns(s->rounds, &measure::round::base, s->method, rule);
    if (comparison) b.head_ns = typical_ns(s->rounds, &measure::round::head, s->method, rule);
  }
  if (!comparison || s->failure.empty()) return;
  b.decision = stats::decide_failed(s->failure);
  // A benchmark that the program chose to skip is no failure, but nothing is known about it either.
  if (s->skipped) b.decision->verdict = stats::verdict::inconclusive;
}

}  // namespace

support::result<store::result_file> measure_all(const lineup& all, const measure_options& options,
                                                stats::rule rule, store::run_kind kind, progress& watch) {
  if (options.rounds) rule.first_rounds = rule.most_rounds = rule.most_effect_rounds = *options.rounds;
  if (options.effect_percent) rule.effect = *options.effect_percent / 100;
  measure::session_settings settings;
  settings.process = {options.repetitions, options.min_time_seconds,
                      milliseconds(options.time_limit_seconds)};
  settings.budget = milliseconds(options.budget_seconds);
  settings.seed = options.seed;
  if (options.time_budget_seconds) settings.whole_budget = milliseconds(*options.time_budget_seconds);
  auto session = measure::session::make(all.contenders, settings);
  if (!session) return session.error();

  campaign work(all, *std::move(session), options.mode);
  const measure::noise_monitor monitor;
  store::result_file file;
  file.kind = kind;
  file.seed = options.seed;
  file.band = rule.band;
  file.confidence = rule.confidence;
  file.interrupted = !work.run(rule, watch);

  const measure::noise noise = monitor.so_far();
  file.noise.load_average_before = noise.load_average_before;
  file.noise.load_average_after = noise.load_average_after;
  file.noise.steal_fraction = noise.steal_fraction;
  file.noise.other_busy_fraction = noise.other_busy_fraction;
  file.noise.involuntary_switches = noise.involuntary_switches;
  file.benchmarks.resize(all.benchmarks.size());
  for (std::size_t i = 0; i < all.benchmarks.size(); ++i)
    fill(file.benchmarks[i], all.benchmarks[i], work.subject_of(i), kind, rule);
  work.judge(rule, file);
  for (const broken_program& program : all.broken) {
    store::benchmark b;
    b.name = program.path;
    b.failure = program.message;
    file.benchmarks.push_back(std::move(b));
  }
  return file;
}

}  // namespace deft::cli
