#include "cli/explaining.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "diff/explanation.hpp"
#include "measure/random_source.hpp"
#include "profile/turns.hpp"
#include "report/explanation_text.hpp"
#include "report/explanations.hpp"
#include "store/paired_profiles.hpp"

namespace deft::cli {
namespace {

profile::benchmark_profile_request request_for(const measure::program& p, const std::string& name,
                                               const turns_settings& settings) {
  profile::benchmark_profile_request request;
  request.program = measure::executable(p);
  request.benchmark = name;
  request.arguments = p.arguments;
  request.environment = p.environment;
  request.min_time_s = settings.how.profile_seconds;
  request.frequency_hz = 999;
  request.time_limit = std::chrono::milliseconds(
      static_cast<std::int64_t>((settings.time_limit_seconds + settings.how.profile_seconds) * 1000));
  return request;
}

diff::profile_rounds unavailable(std::string why) {
  diff::profile_rounds rounds;
  rounds.unavailable = std::move(why);
  return rounds;
}

std::string rounds_of(const diff::profile_rounds& rounds) {
  const std::size_t n = rounds.base.processes.size();
  return std::to_string(n) + (n == 1 ? " round of profiles" : " rounds of profiles");
}

// A run that was cut short must not take away what a whole one found.
bool is_no_loss(const std::optional<diff::profile_rounds>& before, const diff::profile_rounds& taken) {
  if (!before || !before->unavailable.empty()) return true;
  const std::size_t rounds = taken.base.processes.size();
  return taken.unavailable.empty() &&
         (rounds >= diff::least_rounds_to_test || rounds >= before->base.processes.size());
}

}  // namespace

std::vector<std::size_t> changed_benchmarks(const store::result_file& file) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < file.benchmarks.size(); ++i) {
    const std::optional<stats::decision>& decision = file.benchmarks[i].decision;
    if (decision &&
        (decision->verdict == stats::verdict::regressed || decision->verdict == stats::verdict::improved))
      changed.push_back(i);
  }
  const auto size = [&](std::size_t i) {
    return std::abs(std::log(file.benchmarks[i].decision->head.ratio));
  };
  std::stable_sort(changed.begin(), changed.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return changed;
}

std::vector<turns_failure> take_turns(store::result_file& file, std::span<const explained_benchmark> wanted,
                                      const turns_settings& settings, progress& watch) {
  std::vector<turns_failure> failures;
  if (wanted.empty()) return failures;
  profile::benchmark_profiler profiler;
  measure::random_source random(settings.seed);
  watch.begin("profiling base and head in turns");
  const std::size_t rounds = settings.how.rounds;
  for (std::size_t k = 0; k < wanted.size() && !file.interrupted; ++k) {
    const explained_benchmark& one = wanted[k];
    store::benchmark& b = file.benchmarks[one.index];
    if (one.base.own_benchmarks || one.head.own_benchmarks) {
      const std::string why = "its benchmarks are deft::measure's own, which are not profiled yet";
      store::set_paired(b, unavailable(why));
      failures.push_back({one.index, {support::error_kind::unavailable, b.name + ": " + why}});
      continue;
    }
    profile::turns_request request;
    request.base = request_for(one.base, one.name, settings);
    request.head = request_for(one.head, one.name, settings);
    request.rounds = settings.how.rounds;
    request.deadline = settings.deadline;
    request.before_round = [&](std::uint32_t round) {
      watch.update(b.name, k * rounds + round, wanted.size() * rounds);
    };
    profile::turns_outcome taken = profile::profile_in_turns(profiler, request, random);
    file.interrupted = file.interrupted || taken.interrupted;
    if (taken.failure) failures.push_back({one.index, *taken.failure});
    if (is_no_loss(b.paired, taken.rounds)) {
      store::set_paired(b, std::move(taken.rounds));
    } else {
      watch.say(b.name + ": " + rounds_of(taken.rounds) + " taken now, so the " + rounds_of(*b.paired) +
                " that were there stay" +
                (taken.rounds.unavailable.empty() ? "" : " (" + taken.rounds.unavailable + ")"));
    }
  }
  watch.clear();
  return failures;
}

void explain_changes(store::result_file& file, const lineup& all, const turns_settings& settings,
                     progress& watch) {
  std::vector<std::size_t> changed = changed_benchmarks(file);
  const std::size_t most = settings.how.most;
  if (changed.size() > most) {
    watch.say("explaining the " + std::to_string(most) + " of " + std::to_string(changed.size()) +
              " changed benchmarks that changed most (--most)");
    changed.resize(most);
  }
  std::vector<explained_benchmark> wanted;
  for (const std::size_t i : changed) {
    const listed_benchmark& listed = all.benchmarks[i];
    const measure::contender& both = all.contenders[listed.contender];
    wanted.push_back({i, listed.name, both.base, *both.head});
  }
  take_turns(file, wanted, settings, watch);
}

std::string explanation_text_of(const store::result_file& file, std::size_t index) {
  const store::benchmark& b = file.benchmarks[index];
  return b.paired ? report::explanation_text(b, report::explain(b, file)) : std::string();
}

}  // namespace deft::cli
