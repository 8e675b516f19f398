// A schema with a field of every type that Arrow's interface has a place for.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "deft/record/bounded.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft_test {

enum class side : std::uint8_t { buy, sell, cross };

struct place {
  float x;
  std::int32_t y;
  bool known;

  bool operator==(const place&) const = default;
};

struct exported {
  std::int8_t i8;
  std::uint8_t u8;
  std::int16_t i16;
  std::uint16_t u16;
  std::int32_t i32;
  std::uint32_t u32;
  std::int64_t i64;
  std::uint64_t u64;
  float f32;
  double f64;
  bool flag;
  deft::bounded<int, -5, 300> level;
  deft::bounded_enum<side, side::cross> way;
  side plain_side;
  std::string name;
  deft::fixed_string<6> symbol;
  std::chrono::sys_seconds at_s;
  std::chrono::sys_time<std::chrono::milliseconds> at_ms;
  std::chrono::sys_time<std::chrono::microseconds> at_us;
  std::chrono::sys_time<std::chrono::nanoseconds> at_ns;
  std::chrono::sys_days day;
  std::chrono::microseconds took;
  std::array<std::int16_t, 3> triple;
  std::array<bool, 2> flags;
  place where;
  std::optional<std::int32_t> maybe_i32;
  std::optional<double> maybe_f64;
  std::optional<bool> maybe_flag;
  std::optional<std::string> maybe_name;
  std::optional<deft::bounded<int, 0, 19>> maybe_venue;
  std::optional<deft::bounded_enum<side, side::cross>> maybe_way;
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> maybe_at;
  std::optional<place> maybe_where;

  bool operator==(const exported&) const = default;
};

inline exported make_exported(int i) {
  using namespace std::chrono;
  exported e{};
  e.i8 = static_cast<std::int8_t>(i % 251 - 125);
  e.u8 = static_cast<std::uint8_t>(i % 256);
  e.i16 = static_cast<std::int16_t>(i * 31 % 65521 - 32760);
  e.u16 = static_cast<std::uint16_t>(i * 37 % 65521);
  e.i32 = i * -1001;
  e.u32 = 4000000000U + static_cast<std::uint32_t>(i);
  e.i64 = i * -100000000003LL;
  e.u64 = 18000000000000000000ULL + static_cast<std::uint64_t>(i);
  e.f32 = static_cast<float>(i) * 0.5F;
  e.f64 = i * 0.25;
  e.flag = i % 3 == 0;
  e.level = i % 306 - 5;
  e.way = static_cast<side>(i % 3);
  e.plain_side = static_cast<side>((i + 1) % 3);
  e.name = "row " + std::to_string(i) + (i % 5 == 0 ? " with a longer tail of characters" : "");
  e.symbol = std::string_view("ABCDEF").substr(0, static_cast<std::size_t>(i % 7));
  e.at_s = sys_seconds(seconds(i * 86461LL));
  e.at_ms = sys_time<milliseconds>(milliseconds(i * 86461001LL));
  e.at_us = sys_time<microseconds>(microseconds(i * 86461000003LL));
  e.at_ns = sys_time<nanoseconds>(nanoseconds(i * 86461000000007LL));
  e.day = sys_days(days(i));
  e.took = microseconds(i * 1003LL);
  e.triple = {static_cast<std::int16_t>(i), static_cast<std::int16_t>(-i), 7};
  e.flags = {i % 2 == 0, i % 5 == 0};
  e.where = {static_cast<float>(i) * 2, -i, i % 4 == 0};
  if (i % 4 != 0) e.maybe_i32 = i * 7;
  if (i % 5 != 1) e.maybe_f64 = i * 0.125;
  if (i % 2 == 0) e.maybe_flag = i % 4 == 0;
  if (i % 3 != 1)
    e.maybe_name = std::string(static_cast<std::size_t>(i % 23), static_cast<char>('a' + i % 26));
  if (i % 7 != 2) e.maybe_venue = i % 20;
  if (i % 7 != 3) e.maybe_way = static_cast<side>(i % 3);
  if (i % 6 != 5) e.maybe_at = sys_time<nanoseconds>(nanoseconds(i * 13LL));
  if (i % 3 != 2) e.maybe_where = place{static_cast<float>(-i), i, i % 2 == 0};
  return e;
}

}  // namespace deft_test
