// Schemas of the tests of record_vector: one with every kind of column, and small ones.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "deft/record/bounded.hpp"

namespace deft_test {

enum class direction : std::uint8_t { buy, sell, cross };

struct point {
  float x;
  float y;
  bool operator==(const point&) const = default;
  auto operator<=>(const point&) const = default;
};

/// Every kind of column, and every kind of optional.
struct everything {
  std::int64_t id;
  deft::bounded<int, -5, 300> level;
  bool flag;
  double price;
  std::optional<std::int32_t> count;
  std::string name;
  deft::bounded_enum<direction, direction::cross> way;
  std::optional<bool> answer;
  std::optional<std::string> note;
  std::array<std::int16_t, 3> triple;
  std::chrono::sys_time<std::chrono::nanoseconds> when;
  std::optional<deft::bounded<int, 10, 20>> grade;
  point where;
  direction plain_side;

  bool operator==(const everything&) const = default;
};

/// What can be told apart by `serial`, and ordered by other fields.
struct trade {
  std::int64_t serial;
  deft::bounded<int, 0, 19> venue;
  std::optional<std::int32_t> condition;
  bool buy;
  double price;

  bool operator==(const trade&) const = default;
};

struct person {
  std::string name;
  int age;

  bool operator==(const person&) const = default;
};

inline everything make_everything(int i) {
  everything e{};
  e.id = i * 1000003LL;
  e.level = i % 306 - 5;
  e.flag = i % 3 == 0;
  e.price = i * 0.25;
  if (i % 4 != 0) e.count = i * 7;
  e.name = "row number " + std::to_string(i) + (i % 5 == 0 ? " with a longer tail of characters" : "");
  e.way = static_cast<direction>(i % 3);
  if (i % 2 == 0) e.answer = i % 4 == 0;
  if (i % 3 != 1) e.note = std::string(static_cast<std::size_t>(i % 23), static_cast<char>('a' + i % 26));
  e.triple = {static_cast<std::int16_t>(i), static_cast<std::int16_t>(-i), 7};
  e.when = std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(i * 13LL));
  if (i % 7 != 2) e.grade = 10 + i % 11;
  e.where = {static_cast<float>(i), static_cast<float>(-i)};
  e.plain_side = static_cast<direction>((i + 1) % 3);
  return e;
}

}  // namespace deft_test
