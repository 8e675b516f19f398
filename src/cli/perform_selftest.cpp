#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "cli/contenders.hpp"
#include "cli/measuring.hpp"
#include "cli/perform.hpp"
#include "cli/progress.hpp"
#include "measure/random_source.hpp"
#include "selftest/confusion.hpp"
#include "selftest/load.hpp"
#include "selftest/seeded_benchmarks.hpp"
#include "stats/rule.hpp"
#include "support/process.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;
using support::result;

constexpr int effects[] = {0, 2, 5, 10};

struct trial {
  int percent = 0;
  std::size_t benchmark = 0;  ///< The one that is made slower.
};

std::vector<trial> schedule(const selftest_command& wish, measure::random_source& random) {
  std::vector<trial> trials;
  for (std::uint32_t run = 0; run < wish.runs; ++run) {
    for (const int percent : effects) trials.push_back({percent, run});
  }
  // Machines change over the minutes; the kinds of runs take turns.
  random.shuffle(std::span(trials));
  return trials;
}

std::string scale_of(int percent) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", 1 + percent / 100.0);
  return text;
}

/// One comparison of this program with itself, added to `seen`; the wall time it took.
result<double> try_once(const std::string& self, const selftest_command& wish, const trial& t,
                        std::uint64_t seed, selftest::confusion& seen) {
  ab_command ab;
  const stats::sampling usual;
  ab.common.repetitions = usual.repetitions;
  ab.common.min_time_seconds = usual.min_time_seconds;
  ab.common.seed = seed;
  ab.common.arguments = {selftest::benchmarks_word};
  ab.common.quiet = true;
  std::optional<support::child> load;
  if (wish.hostile) {
    support::spawn_options options;
    options.argv = {self, selftest::load_word, std::to_string(seed)};
    auto started = support::spawn(options);
    if (!started) return started.error();
    load.emplace(*std::move(started));
  }
  auto listed = line_up(ab, self, self);
  if (!listed) return listed.error();
  const std::string slowed = listed->benchmarks[t.benchmark % listed->benchmarks.size()].name;
  if (t.percent > 0) {
    ab.head_variables = {{selftest::slowdown_variable, slowed + "=" + scale_of(t.percent)}};
    listed = line_up(ab, self, self);
    if (!listed) return listed.error();
  }
  const auto begin = std::chrono::steady_clock::now();
  progress silent(true);
  const auto file = measure_all(*listed, ab.common, {}, store::run_kind::comparison, silent);
  if (!file) return file.error();
  if (file->interrupted) return error{error_kind::interrupted, "stopped by the user"};
  bool alarm = false;
  for (const store::benchmark& b : file->benchmarks) {
    if (!b.failure.empty()) return error{error_kind::benchmark_failed, b.name + ": " + b.failure};
    const int truth = b.name == slowed ? t.percent : 0;
    const stats::verdict called = b.decision->verdict;
    seen.add(truth, called);
    const bool changed = called == stats::verdict::regressed || called == stats::verdict::improved;
    alarm = alarm || (changed && truth == 0) || (called == stats::verdict::improved);
  }
  seen.add_run(alarm);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() /
         static_cast<double>(file->benchmarks.size());
}

}  // namespace

exit_code perform(const selftest_command& wish) {
  std::error_code failure;
  const std::string self = fs::read_symlink("/proc/self/exe", failure).string();
  if (failure) return refuse({error_kind::unavailable, "/proc/self/exe: " + failure.message()});
  measure::random_source random(wish.seed);
  const std::vector<trial> trials = schedule(wish, random);
  selftest::confusion seen;
  double seconds = 0;
  progress watch(wish.quiet);
  watch.begin(wish.hostile ? "comparing known programs, under load" : "comparing known programs");
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const std::string what =
        trials[i].percent == 0 ? "unchanged" : std::to_string(trials[i].percent) + " % slower";
    watch.update(what, i, trials.size());
    const auto took = try_once(self, wish, trials[i], random.below(std::uint64_t{1} << 62), seen);
    if (!took) {
      watch.clear();
      return refuse(took.error());
    }
    seconds += *took;
  }
  watch.clear();
  std::fputs(seen.to_text().c_str(), stdout);
  std::printf("%zu runs of 5 benchmarks, %.1f s for each benchmark, seed %llu%s\n", trials.size(),
              seconds / static_cast<double>(trials.size()), static_cast<unsigned long long>(wish.seed),
              wish.hostile ? ", under load" : "");
  const std::string broken = seen.broken_promise();
  std::printf("%s\n", broken.empty() ? "passed" : ("failed: " + broken).c_str());
  return broken.empty() ? exit_code::ok : exit_code::regression;
}

}  // namespace deft::cli
