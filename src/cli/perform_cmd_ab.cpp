#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/contenders.hpp"
#include "cli/delivery.hpp"
#include "cli/perform.hpp"
#include "cli/profile_summary.hpp"
#include "cli/progress.hpp"
#include "measure/round_runner.hpp"
#include "report/escape.hpp"
#include "support/interrupt.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;
using support::result;

// A round of short commands is filled up to this, so that its starting and stopping does not outweigh it.
constexpr double round_seconds = 0.1;
constexpr double most_repetitions = 10;

measure::program program_of(const std::vector<std::string>& words, const cmd_ab_command& wish,
                            const environment& own) {
  measure::program p = program_at(words.front(), wish.common, own);
  p.arguments.assign(words.begin() + 1, words.end());
  p.command = measure::command_settings{wish.ignore_exit, wish.show_output};
  return p;
}

std::string name_of(const cmd_ab_command& wish) {
  if (!wish.name.empty()) return wish.name;
  const std::string base = fs::path(wish.base.front()).filename().string();
  const std::string head = fs::path(wish.head.front()).filename().string();
  return base == head ? base : base + " to " + head;
}

/// How the runs that do not count went.
struct trial {
  double cpu_seconds = 0;   ///< Of the shortest.
  double wall_seconds = 0;  ///< Likewise.
  double busy = 0;          ///< Processors used on average, in the run that had most of them.
};

result<trial> try_out(measure::round_runner& runner, const measure::program& p, const cmd_ab_command& wish,
                      progress& watch) {
  measure::process_settings settings;
  settings.time_limit =
      std::chrono::milliseconds(static_cast<std::int64_t>(wish.common.time_limit_seconds * 1000));
  trial seen;
  for (unsigned i = 0; i < wish.warm_ups; ++i) {
    watch.update(p.path, i, wish.warm_ups);
    if (support::interrupted()) return error{error_kind::interrupted, "stopped by the user"};
    const auto run = runner.run(p, p.path, measure::method::alternating, settings);
    if (!run) return run.error();
    const double cpu = run->front().cpu_ns * 1e-9;
    const double wall = run->front().real_ns * 1e-9;
    seen.cpu_seconds = i == 0 ? cpu : std::min(seen.cpu_seconds, cpu);
    seen.wall_seconds = i == 0 ? wall : std::min(seen.wall_seconds, wall);
    if (wall > 0) seen.busy = std::max(seen.busy, cpu / wall);
  }
  return seen;
}

/// One processor's time is the better measure, if it is what the command spends: it does not wait for most of
/// the time, and does not use several at once. Where three others want the processor, a command that never
/// waits still has a quarter of it.
bool keeps_one_processor_busy(const trial& t) {
  return t.busy >= 0.25 && t.busy <= 1.1;
}

}  // namespace

exit_code perform(const cmd_ab_command& wish) {
  if (const auto writable = check_outputs(wish.common); !writable) return refuse(writable.error());
  const measure::program base = program_of(wish.base, wish, wish.base_variables);
  const measure::program head = program_of(wish.head, wish, wish.head_variables);
  measure_options options = wish.common;
  progress watch(options.quiet);

  auto runner = measure::round_runner::make(options.seed);
  if (!runner) return refuse(runner.error());
  std::vector<trial> trials;
  watch.begin("trying the commands");
  for (const auto& [side, p] : {std::pair("base", &base), std::pair("head", &head)}) {
    auto tried = try_out(*runner, *p, wish, watch);
    watch.clear();
    if (!tried) {
      if (tried.error().kind == error_kind::interrupted) return refuse(tried.error());
      const std::string called = report::clipped(shell_words(p == &base ? wish.base : wish.head), 200);
      const bool by_code = tried.error().message.starts_with("exit code ");
      return refuse({tried.error().kind, std::string(side) + ", " + called + ": " + tried.error().message +
                                             (by_code ? "; --ignore-exit measures it all the same" : "")});
    }
    trials.push_back(*tried);
  }

  if (options.mode == comparison_mode::automatic) {
    const bool both = std::all_of(trials.begin(), trials.end(), keeps_one_processor_busy);
    options.mode = both ? comparison_mode::same_core : comparison_mode::alternate;
    watch.say(both ? "both commands keep one processor busy: comparing CPU time, at once on one core"
                   : "a command waits or uses several processors: comparing wall time, one after another");
  }
  const double typical = options.mode == comparison_mode::same_core
                             ? std::max(trials[0].cpu_seconds, trials[1].cpu_seconds)
                             : std::max(trials[0].wall_seconds, trials[1].wall_seconds);
  if (options.repetitions == 0) {
    const double wanted = round_seconds / std::max(typical, 1e-6);
    options.repetitions = static_cast<std::uint32_t>(std::clamp(std::round(wanted), 1.0, most_repetitions));
  }
  options.min_time_seconds = typical;  // What the session takes as the cost of one of them.

  lineup all;
  all.contenders.push_back({base, head});
  all.paths.push_back(base.path);
  const std::string name = name_of(wish);
  all.benchmarks.push_back({name, name, 0, presence::both});
  stats::rule rule;
  rule.band = wish.band;
  auto file = produce(all, options, rule, store::run_kind::comparison, watch);
  if (!file) return refuse(file.error());
  const auto arm_of = [](const std::vector<std::string>& words, const std::string& label) {
    const std::string called = shell_words(words);
    return store::arm{label.empty() ? called : label, called, {}};
  };
  file->base = arm_of(wish.base, wish.base_label);
  file->head = arm_of(wish.head, wish.head_label);
  return deliver_comparison(*file, options, wish.gate ? &wish.rules : nullptr);
}

}  // namespace deft::cli
