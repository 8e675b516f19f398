#include "store/utc.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace deft::store {
namespace {

/// `width` digits, or -1.
int number_at(std::string_view text, std::size_t at, std::size_t width) {
  int number = -1;
  const char* const end = text.data() + at + width;
  const auto [stop, problem] = std::from_chars(text.data() + at, end, number);
  return problem == std::errc{} && stop == end ? number : -1;
}

}  // namespace

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

std::optional<std::chrono::system_clock::time_point> from_utc(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text[19] != 'Z') {
    return {};
  }
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  const std::chrono::year_month_day date{std::chrono::year(number_at(text, 0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
  // Before 1970 no file was written, and after 2200 the clock's ns would overflow.
  if (!date.ok() || date.year() < std::chrono::year(1970) || date.year() > std::chrono::year(2200)) return {};
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::string utc_now() {
  return to_utc(std::chrono::system_clock::now());
}

}  // namespace deft::store
