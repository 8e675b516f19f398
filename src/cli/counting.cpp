#include "cli/counting.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "count/counter.hpp"
#include "stats/work.hpp"

namespace deft::cli {
namespace {

/// Fills the counts of one benchmark.
support::result<void> count_one(const count::counter& counter, const lineup& all,
                                const listed_benchmark& listed, store::benchmark& into, bool single) {
  const measure::contender& c = all.contenders[listed.contender];
  unsigned runs = 0;
  const auto take = [&](const measure::program& p,
                        std::optional<stats::work_counts>& counts) -> support::result<void> {
    if (p.own_benchmarks) {
      counts.emplace().why_not = "its benchmarks are deft::measure's own, which are not counted yet";
      return {};
    }
    const auto seen = counter.count(p, listed.name, runs);
    if (!seen) return seen.error();
    if (single && !seen->failure.empty()) into.failure = seen->failure;
    runs = seen->runs;
    counts = stats::per_iteration(*seen);
    return {};
  };
  const bool only_in_head = listed.where == presence::head_only;
  if (auto done = take(c.base, only_in_head ? into.head_counts : into.base_counts); !done) return done;
  if (listed.where != presence::both || !c.head) return {};
  return take(*c.head, into.head_counts);
}

}  // namespace

support::result<void> take_counts(store::result_file& file, const lineup& all, const measure_options& options,
                                  progress& watch) {
  const count::counter counter(
      std::chrono::milliseconds(static_cast<std::int64_t>(options.time_limit_seconds * 1000)));
  watch.begin("counting");
  for (std::size_t i = 0; i < all.benchmarks.size(); ++i) {
    store::benchmark& b = file.benchmarks[i];
    watch.update(all.benchmarks[i].name, i, all.benchmarks.size());
    if (!b.failure.empty()) continue;
    const auto done = count_one(counter, all, all.benchmarks[i], b, file.kind == store::run_kind::single);
    if (!done && done.error().kind == support::error_kind::interrupted) {
      file.interrupted = true;
      break;
    }
    if (!done) {
      watch.clear();
      return done;
    }
    if (b.decision && b.base_counts && b.head_counts)
      b.decision = stats::with_work(*std::move(b.decision), *b.base_counts, *b.head_counts);
  }
  watch.clear();
  return {};
}

}  // namespace deft::cli
