#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "history/entry.hpp"
#include "stats/change_points.hpp"

namespace deft::history {

/// What is looked at as it develops.
enum class quantity {
  time,   ///< Per iteration, of head or of the program of a `deft run`.
  ratio,  ///< head / base: for comparisons with one base that stays.
};

/// One run's word on one benchmark.
struct observation {
  std::string time;
  std::string run;     ///< Its id.
  std::string commit;  ///< Or empty.
  double value = 0;    ///< Nanoseconds or a ratio; 0: not measured.
  bool failed = false;
};

/// From `index` on the values lie elsewhere.
struct change {
  std::size_t index = 0;  ///< Into `series::observations`.
  double before = 0;      ///< Median of the values since the change before.
  double after = 0;       ///< Median until the next one.
  double p_value = 1;
  bool blessed = false;
};

/// A benchmark on a runner, by a method: times of two methods are not compared.
struct series {
  std::string runner;
  std::string benchmark;
  measure::method method = measure::method::same_core;
  std::vector<observation> observations;  ///< By time.
  std::vector<change> changes;
};

/// A blessing counts for changes up to this many runs behind it: a change is placed that exactly, and not
/// better.
inline constexpr std::size_t blessing_reach = 2;

/// The series in these runs of one runner, given in the order of time, by benchmark and method.
std::vector<series> series_of(std::span<const entry> runs, std::span<const entry> blessings, quantity what,
                              const stats::change_point_rule& rule = {});

}  // namespace deft::history
