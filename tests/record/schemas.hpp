// The schemas that records are tested with: five of practice, with their domains declared, and one of every
// kind of field.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "deft/record/bounded.hpp"
#include "deft/record/fixed_string.hpp"

namespace deft_test {

enum class ship_instruction { deliver_in_person, collect, none, take_back };
enum class ship_mode { air, rail, road, sea, post, courier, own };
enum class side : char { buy, sell };
enum class answer : bool { no, yes };

using days = deft::bounded<std::int32_t, 0, 2556>;

/// TPC-H's lineitem without its comment.
struct lineitem {
  std::int64_t orderkey;
  std::int32_t partkey;
  std::int32_t suppkey;
  deft::bounded<std::int32_t, 1, 7> linenumber;
  deft::bounded<std::int32_t, 1, 50> quantity;
  deft::bounded<std::int32_t, 0, 10494950> extendedprice;  // cents
  deft::bounded<std::int32_t, 0, 10> discount;
  deft::bounded<std::int32_t, 0, 8> tax;
  deft::bounded<std::int8_t, 0, 2> returnflag;
  bool linestatus;
  days shipdate;
  days commitdate;
  days receiptdate;
  deft::bounded_enum<ship_instruction, ship_instruction::take_back> instr;
  deft::bounded_enum<ship_mode, ship_mode::own> mode;
};

struct market_tick {
  bool is_trade;
  std::int64_t ts_ns;
  deft::bounded<std::int32_t, 0, 19> exch;
  double price;
  std::uint32_t size;
  bool buy;
  deft::bounded<std::uint32_t, 0, 16383> symbol;
  std::optional<deft::bounded<std::int32_t, 0, 63>> cond;
  bool odd_lot;
  bool iso;
  std::uint32_t seq;
  bool late;
};

struct log_event {
  deft::bounded<std::int32_t, 0, 5> level;
  std::int64_t ts_us;
  std::uint16_t thread;
  std::optional<deft::bounded<std::int32_t, 100, 599>> http_status;
  bool sampled;
  std::uint64_t trace_id;
  std::optional<std::uint32_t> duration_us;
  deft::bounded<std::uint16_t, 0, 4095> file_id;
  deft::bounded<std::int32_t, 0, 65535> line;
  bool redacted;
  std::uint32_t msg_off;
  std::uint16_t msg_len;
};

struct particle {
  deft::bounded<std::uint8_t, 0, 31> species;
  double x, y, z;
  bool alive;
  float vx, vy, vz;
  deft::bounded<std::int8_t, -3, 3> charge;
  float mass;
  bool tracked;
  deft::bounded<std::int32_t, 0, 1048575> cell;
  std::uint32_t id;
};

struct web_session {
  std::uint64_t sid;
  std::optional<std::uint32_t> user;
  bool bot;
  std::uint32_t start;
  deft::bounded<std::int32_t, 0, 86400> last_delta;
  std::uint32_t ip;
  deft::bounded<std::uint16_t, 0, 249> country;
  deft::bounded<std::int32_t, 0, 3> device;
  deft::bounded<std::int32_t, 0, 15> browser;
  deft::bounded<std::int32_t, 0, 7> os;
  bool logged_in;
  std::optional<bool> consent;
  deft::bounded<std::int32_t, 0, 4095> pages;
  std::optional<deft::bounded<std::int32_t, 0, 999999>> cart_cents;
  deft::bounded<std::int32_t, 0, 99> bucket;
  bool https;
};

struct tick {
  std::int64_t ts;
  deft::bounded<int, 0, 19> venue;
  std::optional<std::int32_t> cond;
  bool buy;
  double price;

  friend bool operator==(const tick&, const tick&) = default;
};

struct quote {
  double bid;
  deft::bounded<int, -5, 5> skew;
  std::optional<bool> firm;

  friend bool operator==(const quote&, const quote&) = default;
};

struct every_kind {
  bool b;
  char c;
  std::int8_t i8;
  std::uint16_t u16;
  std::int32_t i32;
  std::uint64_t u64;
  float f32;
  double f64;
  side plain_enum;
  answer bool_enum;
  deft::bounded<std::int64_t, -1000000000000, 1000000000000> wide;
  deft::bounded<std::uint64_t, 0, UINT64_MAX> widest;
  deft::bounded<int, 7, 7> only;
  deft::bounded_enum<ship_mode, ship_mode::own> mode;
  std::optional<double> maybe_f64;
  std::optional<bool> maybe_b;
  std::optional<deft::bounded<int, 100, 599>> maybe_status;
  std::array<std::int32_t, 3> numbers;
  std::array<bool, 5> flags;
  std::array<deft::bounded<int, 0, 9>, 20> digits;
  std::optional<std::array<std::uint16_t, 2>> maybe_pair;
  quote nested;
  std::optional<quote> maybe_nested;
  std::array<quote, 2> nested_each;
  std::chrono::sys_time<std::chrono::nanoseconds> at;
  std::chrono::milliseconds took;
  deft::fixed_string<6> code;

  friend bool operator==(const every_kind&, const every_kind&) = default;
};

}  // namespace deft_test
