#pragma once

#include <iostream>
#include <string>

#include "profile/profiler.hpp"

namespace deft::profile::testing {

/// Whether this machine lets the tests sample. Where it does not (containers, hosted CI), says so; the caller
/// then asserts the refusal that users get instead.
inline bool perf_permitted() {
  static const std::string state = perf_event_state();
  if (state == "available") return true;
  std::cout << "[   NOTE   ] nothing is sampled here: " << state << '\n';
  return false;
}

}  // namespace deft::profile::testing
