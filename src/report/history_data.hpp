#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "history/series.hpp"
#include "report/data_columns.hpp"
#include "report/report.hpp"

namespace deft::report {

/// What a page shows of a history: every run once, in the order of time, and the series that refer to them.
class history_data {
 public:
  explicit history_data(std::span<const history::series> all);

  /// Time and commit of each run; null where there is no history.
  json runs() const;

  /// How one benchmark developed: its runs and their times, and from which of them on it took another time.
  /// null where the history does not have it.
  json of(const std::string& benchmark, measure::method method) const;

 private:
  struct run_place {
    std::string commit;
    std::size_t number = 0;
  };

  std::span<const history::series> all_;
  std::map<std::pair<std::string, std::string>, run_place> runs_;  ///< By time and id.
};

}  // namespace deft::report
