#pragma once

#include <string>
#include <vector>

namespace deft::profile {

/// One thing that a profile may want of this machine.
struct machine_finding {
  std::string what;  ///< "CPU profiles with perf_event"
  bool available = false;
  std::string reason;  ///< Why not, or a limit that applies ("without kernel frames").
  std::string help;    ///< The one line that would help, to be typed or given; empty where nothing would.
};

/// What this machine can measure, found by trying it. Takes less than a second, changes nothing.
std::vector<machine_finding> examine_machine();

}  // namespace deft::profile
