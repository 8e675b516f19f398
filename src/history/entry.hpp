#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "measure/observation.hpp"
#include "stats/verdict.hpp"
#include "store/result_file.hpp"

namespace deft::history {

/// What a run said about one benchmark.
struct point {
  std::string benchmark;
  measure::method method = measure::method::same_core;
  double ns = 0;       ///< Per iteration: of head, or of the program of a `deft run`. 0: not measured.
  double base_ns = 0;  ///< Of a comparison.
  std::optional<stats::verdict> verdict;  ///< Of a comparison; of a `deft run`: `failed`, or none.
  stats::ratio_estimate ratio;            ///< head / base.
};

/// One result file, without its raw data and profiles.
struct run {
  std::string time;    ///< UTC, ISO 8601: when the run began.
  std::string runner;  ///< Whose times may be compared with one another: see is_runner_name.
  store::run_kind kind = store::run_kind::single;
  std::string commit;  ///< Of head, or of the program of a `deft run`; empty: not known.
  std::string base_commit;
  std::string note;
  std::string deft_version;
  std::string cpu_model;
  std::uint32_t logical_cpus = 0;
  std::string kernel;
  std::string operating_system;
  std::vector<point> points;
};

/// Somebody accepts how fast a benchmark is: changes up to and including that run are no news.
struct blessing {
  std::string time;
  std::string runner;
  std::string benchmark;
  std::string until_time;  ///< Of the run.
  std::string until_run;   ///< Its id.
};

/// What a history consists of. The same content has the same id, wherever it comes from.
struct entry {
  std::string id;  ///< 16 hexadecimal digits.
  std::variant<run, blessing> what;
};

/// Order of time; of the same second, of the ids.
bool earlier(const entry& a, const entry& b);

const std::string& time_of(const entry& e);
const std::string& runner_of(const entry& e);

/// Lower-case letters, digits, ".", "_" and "-", a letter or digit first, at most 64: part of a file's name
/// everywhere.
bool is_runner_name(std::string_view text);

/// A name for machines like this one: model and number of processors. Host names would not do: a hosted
/// runner has a new one each day.
std::string default_runner(const store::machine& machine);

/// What of a result file goes into the history. `commit`, where not empty, goes before what the file says.
entry from_result(const store::result_file& file, const std::string& runner, const std::string& commit);

}  // namespace deft::history
