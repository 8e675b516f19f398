#pragma once

#include <cstdint>
#include <string>

#include "stats/verdict.hpp"

namespace deft::report {

/// What stands where a number is not known, not finite or makes no sense (a time of 0).
inline constexpr const char* no_number = "–";

/// "1.23 µs": three significant digits and a unit that fits.
std::string time_per_iteration(double ns);

/// "1.23 MiB".
std::string bytes(double size);

/// "12,345".
std::string count(std::uint64_t n);

/// "23.4 %" of 0.234.
std::string percent_share(double fraction);

/// "1.052"; "12.3" and so on for large ratios.
std::string ratio(double value);

/// "1.041 to 1.063".
std::string interval(const stats::ratio_estimate& estimate);

/// The size of a change, "5.2 %", of a ratio above or below 1.
std::string percent_change(double ratio);

/// "±1.5 %" of a relative effect 0.015.
std::string plus_minus(double effect);

/// "3 min 12 s", "12 s".
std::string duration(double seconds);

/// Keeps `digits` significant digits: shorter data, and no digits shown that nobody measured.
double rounded(double value, int digits);

}  // namespace deft::report
