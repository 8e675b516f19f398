#pragma once

#include <cstdint>

namespace deft::measure {

/// What else happened on the machine during a run.
struct noise {
  double load_average_before = 0;
  double load_average_after = 0;
  double steal_fraction = 0;               ///< Taken by the hypervisor, of all processor time.
  double other_busy_fraction = 0;          ///< Used by neither us nor our children, of all processor time.
  std::uint64_t involuntary_switches = 0;  ///< Of the children that were waited for.
};

/// Reads the machine's counters when constructed and again when asked. Where the system does not show them
/// (some containers), the figures are 0.
class noise_monitor {
 public:
  noise_monitor();

  /// What happened since construction.
  noise so_far() const;

 private:
  struct counters {
    double all_ticks = 0;
    double busy_ticks = 0;  ///< Without steal.
    double steal_ticks = 0;
    double own_ticks = 0;
    std::uint64_t involuntary_switches = 0;
    double load_average = 0;
  };

  static counters read();

  counters before_;
};

}  // namespace deft::measure
