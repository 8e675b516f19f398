#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace deft::store {

/// "2026-11-22T07:30:00Z": UTC, ISO 8601, whole seconds.
std::string to_utc(std::chrono::system_clock::time_point time);

/// The inverse; empty for a text of any other form, and for a time that does not exist.
std::optional<std::chrono::system_clock::time_point> from_utc(std::string_view text);

/// The present in the same form.
std::string utc_now();

}  // namespace deft::store
