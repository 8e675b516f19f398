#pragma once

#include <chrono>
#include <string>

namespace deft::store {

/// "2026-11-22T07:30:00Z": UTC, ISO 8601, whole seconds.
std::string to_utc(std::chrono::system_clock::time_point time);

/// The present in the same form.
std::string utc_now();

}  // namespace deft::store
