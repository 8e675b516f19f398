#include "store/utc.hpp"

#include <array>
#include <cstdio>

namespace deft::store {

std::string to_utc(std::chrono::system_clock::time_point time) {
  // The calendar of <chrono> knows no time zone, so TZ and the locale cannot get in here.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{seconds - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string utc_now() {
  return to_utc(std::chrono::system_clock::now());
}

}  // namespace deft::store
