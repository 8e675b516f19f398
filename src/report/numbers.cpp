#include "report/numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace deft::report {
namespace {

// std::to_chars knows no locale: the same bytes on every machine.
std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), end.ptr};
}

std::string three_digits(double value) {
  const double size = std::abs(value);
  return fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

std::string scientific(double value) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 2);
  return {buffer.data(), end.ptr};
}

std::string percent(double fraction) {
  const double value = std::abs(fraction) * 100;
  if (!(value < 1e6)) return scientific(value) + " %";
  return fixed(value, value < 99.95 ? 1 : 0) + " %";
}

}  // namespace

std::string time_per_iteration(double ns) {
  if (!std::isfinite(ns) || ns <= 0) return no_number;

  struct unit {
    double ns;
    const char* name;
  };

  constexpr std::array<unit, 4> units = {{{1e9, " s"}, {1e6, " ms"}, {1e3, " µs"}, {1, " ns"}}};
  for (const unit& u : units) {
    // 999.6 ns would be shown as "1000 ns"; it is 1.00 µs.
    if (ns >= u.ns * 0.9995)
      return ns / u.ns < 1e6 ? three_digits(ns / u.ns) + u.name : scientific(ns / u.ns) + u.name;
  }
  return ns >= 0.01 ? fixed(ns, 3) + " ns" : scientific(ns) + " ns";
}

std::string bytes(double size) {
  if (!std::isfinite(size) || size <= 0) return no_number;

  struct unit {
    double bytes;
    const char* name;
  };

  constexpr std::array<unit, 4> units = {
      {{0x1p40, " TiB"}, {0x1p30, " GiB"}, {0x1p20, " MiB"}, {0x1p10, " KiB"}}};
  for (const unit& u : units) {
    if (size < u.bytes * 0.9995) continue;
    return (size / u.bytes < 1e6 ? three_digits(size / u.bytes) : scientific(size / u.bytes)) + u.name;
  }
  return fixed(size, 0) + " B";
}

std::string count(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string percent_share(double fraction) {
  return percent(fraction);
}

std::string ratio(double value) {
  if (!std::isfinite(value) || value <= 0) return no_number;
  if (value >= 1e6 || value < 1e-3) return scientific(value);
  return fixed(value, value < 9.9995 ? 3 : value < 99.95 ? 1 : 0);
}

std::string interval(const stats::ratio_estimate& estimate) {
  if (ratio(estimate.low) == no_number || ratio(estimate.high) == no_number) return no_number;
  return ratio(estimate.low) + " to " + ratio(estimate.high);
}

std::string percent_change(double value) {
  if (!std::isfinite(value) || value <= 0) return no_number;
  return percent(value - 1);
}

std::string plus_minus(double effect) {
  if (!std::isfinite(effect) || effect <= 0) return no_number;
  return "±" + percent(effect);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return no_number;
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

double rounded(double value, int digits) {
  if (!std::isfinite(value) || value == 0) return value;
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific, digits - 1);
  double out = 0;
  std::from_chars(buffer.data(), end.ptr, out);
  return out;
}

}  // namespace deft::report
