#include "report/history_data.hpp"

#include <algorithm>

#include "report/escape.hpp"

namespace deft::report {
namespace {

std::size_t first_shown(const history::series& s) {
  return s.observations.size() - std::min(s.observations.size(), most_runs_shown);
}

}  // namespace

history_data::history_data(std::span<const history::series> all) : all_(all) {
  for (const history::series& s : all) {
    for (const history::observation& o : std::span(s.observations).subspan(first_shown(s)))
      runs_[{o.time, o.run}].commit = o.commit;
  }
  std::size_t number = 0;
  for (auto& [key, run] : runs_) run.number = number++;
}

json history_data::runs() const {
  if (all_.empty()) return nullptr;
  json out = json::array();
  for (const auto& [key, run] : runs_) out.push_back({plain(key.first), plain(run.commit)});
  return out;
}

json history_data::of(const std::string& benchmark, measure::method method) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const history::series& s) {
    return s.benchmark == benchmark && s.method == method;
  });
  if (found == all_.end()) return nullptr;
  const std::size_t first = first_shown(*found);
  json runs = json::array();
  json times = json::array();
  for (const history::observation& o : std::span(found->observations).subspan(first)) {
    runs.push_back(runs_.at({o.time, o.run}).number);
    times.push_back(o.value > 0 && !o.failed ? number(o.value) : json(nullptr));
  }
  json changes = json::array();
  for (const history::change& c : found->changes) {
    if (c.index > first)
      changes.push_back({c.index - first, number(c.before), number(c.after), c.blessed ? 1 : 0});
  }
  return {{"runner", plain(found->runner)}, {"runs", runs}, {"ns", times}, {"changes", changes}};
}

}  // namespace deft::report
