#include "tests/history/sample_history.hpp"

#include <chrono>

#include "store/utc.hpp"

namespace deft::tests {

std::string time_number(int number) {
  return store::to_utc(std::chrono::sys_days(std::chrono::year(2026) / 11 / 1) +
                       std::chrono::minutes(number));
}

history::entry run_number(int number, double ns, const std::string& runner) {
  history::run r;
  r.time = time_number(number);
  r.runner = runner;
  r.commit = "c" + std::to_string(number);
  r.points.push_back({"sort", measure::method::same_core, ns, 0, std::nullopt, {}});
  return history::with_id(std::move(r));
}

history::entry sample_comparison() {
  history::run r;
  r.time = "2026-11-22T07:30:00Z";
  r.runner = "a-box.2_x";
  r.kind = store::run_kind::comparison;
  r.commit = "0123abc";
  r.base_commit = "4567def";
  r.note = "a \"note\"";
  r.deft_version = "0.1.0";
  r.cpu_model = "Some CPU";
  r.logical_cpus = 2;
  r.kernel = "Linux 6.1";
  r.operating_system = "Debian";
  r.points.push_back({"find/\xC3\xA9",
                      measure::method::alternating,
                      12.5,
                      12.25,
                      stats::verdict::improved,
                      {0.98, 0.97, 0.99}});
  r.points.push_back({"gone", measure::method::same_core, 0, 7, stats::verdict::missing, {}});
  r.points.push_back({"unjudged", measure::method::same_core, 1e9, 7, std::nullopt, {}});
  return history::with_id(std::move(r));
}

history::entry blessing_until(const history::entry& run) {
  return history::with_id(history::blessing{"2026-11-23T00:00:00Z", history::runner_of(run), "sort",
                                            history::time_of(run), run.id});
}

}  // namespace deft::tests
