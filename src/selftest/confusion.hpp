#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "stats/verdict.hpp"

namespace deft::selftest {

/// What was called what, where the truth is known.
class confusion {
 public:
  /// One benchmark of a run that was made slower by `percent`.
  void add(int percent, stats::verdict called);

  /// A whole run in which nothing but what was made slower should be called changed.
  void add_run(bool false_alarm);

  std::uint64_t count(int percent, stats::verdict called) const;
  std::uint64_t trials(int percent) const;

  /// Regressed or improved, of what was not changed.
  std::uint64_t false_alarms() const;

  /// What contradicts the promises: false alarms for 1 % of what was not changed at most, in 5 % of the runs
  /// at most, and 95 % of all slowdowns of 5 % and more found. Only what chance does not explain (5 %)
  /// counts. Empty: nothing does.
  std::string broken_promise() const;

  /// The table, the rates with their 95 % bounds, for a person.
  std::string to_text() const;

 private:
  static constexpr std::size_t verdict_count = 7;
  std::map<int, std::array<std::uint64_t, verdict_count>> counts_;
  std::uint64_t runs_ = 0;
  std::uint64_t red_runs_ = 0;
};

}  // namespace deft::selftest
