#include "history/series.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "stats/robust.hpp"

namespace deft::history {
namespace {

double value_of(const point& p, quantity what) {
  if (what == quantity::time) return p.ns;
  return std::isfinite(p.ratio.high) ? p.ratio.ratio : 0;  // Without an upper end nothing is known.
}

void find_changes(series& s, const stats::change_point_rule& rule) {
  std::vector<std::size_t> places;
  std::vector<double> logs;  // A change is a factor, and so is noise.
  for (std::size_t i = 0; i < s.observations.size(); ++i) {
    if (!(s.observations[i].value > 0)) continue;
    places.push_back(i);
    logs.push_back(std::log(s.observations[i].value));
  }
  const auto found = stats::change_points(stats::without_spikes(logs), rule);
  const auto level = [&](std::size_t begin, std::size_t end) {
    return std::exp(stats::median({logs.begin() + static_cast<std::ptrdiff_t>(begin),
                                   logs.begin() + static_cast<std::ptrdiff_t>(end)}));
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : found[i - 1].index;
    const std::size_t end = i + 1 == found.size() ? logs.size() : found[i + 1].index;
    s.changes.push_back({places[found[i].index], level(begin, found[i].index), level(found[i].index, end),
                         found[i].p_value, false});
  }
}

void bless(series& s, const blessing& b) {
  if (b.benchmark != s.benchmark || b.runner != s.runner) return;
  const auto until = std::pair(b.until_time, b.until_run);
  const auto behind =
      std::find_if(s.observations.begin(), s.observations.end(),
                   [&until](const observation& o) { return std::pair(o.time, o.run) > until; });
  const auto covered = static_cast<std::size_t>(behind - s.observations.begin());
  if (covered == 0) return;
  for (change& c : s.changes) c.blessed = c.blessed || c.index < covered + blessing_reach;
}

}  // namespace

std::vector<series> series_of(std::span<const entry> runs, std::span<const entry> blessings, quantity what,
                              const stats::change_point_rule& rule) {
  std::map<std::pair<std::string, measure::method>, series> all;
  for (const entry& e : runs) {
    const run* r = std::get_if<run>(&e.what);
    if (r == nullptr) continue;
    for (const point& p : r->points) {
      const double value = value_of(p, what);
      const bool failed = p.verdict == stats::verdict::failed;
      if (!(value > 0) && !failed) continue;  // Missing, or not compared.
      series& s = all[{p.benchmark, p.method}];
      s.runner = r->runner;
      s.benchmark = p.benchmark;
      s.method = p.method;
      s.observations.push_back({r->time, e.id, r->commit, failed ? 0 : value, failed});
    }
  }
  std::vector<series> result;
  result.reserve(all.size());
  for (auto& [key, s] : all) {
    find_changes(s, rule);
    for (const entry& e : blessings) {
      if (const blessing* b = std::get_if<blessing>(&e.what)) bless(s, *b);
    }
    result.push_back(std::move(s));
  }
  return result;
}

}  // namespace deft::history
