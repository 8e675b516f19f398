/// @file
/// Schemas of the benchmarks of records: each with declared domains, and as people write it, with the types
/// at hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "deft/record/bounded.hpp"

#include "bench/support/keys.hpp"

namespace deft_bench {

/// TPC-H's lineitem without its comment: money in cents, dates in days.
struct lineitem {
  std::int64_t orderkey;
  std::int32_t partkey;
  std::int32_t suppkey;
  deft::bounded<int, 1, 7> linenumber;
  deft::bounded<int, 1, 50> quantity;
  deft::bounded<int, 0, 10'494'950> extendedprice;
  deft::bounded<int, 0, 10> discount;
  deft::bounded<int, 0, 8> tax;
  deft::bounded<int, 0, 2> returnflag;
  bool linestatus;
  deft::bounded<int, 0, 2556> shipdate;
  deft::bounded<int, 0, 2556> commitdate;
  deft::bounded<int, 0, 2556> receiptdate;
  deft::bounded<int, 0, 3> instruction;
  deft::bounded<int, 0, 6> mode;
};

struct plain_lineitem {
  std::int64_t orderkey;
  std::int32_t partkey;
  std::int32_t suppkey;
  std::int32_t linenumber;
  double quantity;
  double extendedprice;
  double discount;
  double tax;
  char returnflag;
  bool linestatus;
  std::int32_t shipdate;
  std::int32_t commitdate;
  std::int32_t receiptdate;
  std::int32_t instruction;
  std::int32_t mode;

  friend auto operator==(const plain_lineitem&, const plain_lineitem&) -> bool = default;
};

static_assert(sizeof(plain_lineitem) == 80);

/// A tick of a market: bools, a nullable condition.
struct tick {
  bool is_trade;
  std::int64_t time;
  deft::bounded<int, 0, 19> exchange;
  double price;
  std::uint32_t size;
  bool buy;
  deft::bounded<int, 0, 16'383> symbol;
  std::optional<deft::bounded<int, 0, 63>> condition;
  bool odd_lot;
  bool iso;
  std::uint32_t sequence;
  bool late;
};

struct plain_tick {
  bool is_trade;
  std::int64_t time;
  std::int32_t exchange;
  double price;
  std::uint32_t size;
  bool buy;
  std::uint32_t symbol;
  std::optional<std::int32_t> condition;
  bool odd_lot;
  bool iso;
  std::int64_t sequence;
  bool late;

  friend auto operator==(const plain_tick&, const plain_tick&) -> bool = default;
};

static_assert(sizeof(plain_tick) == 72);

/// A line of a log.
struct log_event {
  deft::bounded<int, 0, 5> level;
  std::int64_t time;
  std::uint16_t thread;
  std::optional<deft::bounded<int, 100, 599>> http_status;
  bool sampled;
  std::uint64_t trace;
  std::optional<std::uint32_t> duration;
  deft::bounded<int, 0, 4095> file;
  deft::bounded<int, 0, 65'535> line;
  bool redacted;
  std::uint32_t offset;
  std::uint16_t length;
};

struct plain_log_event {
  std::int32_t level;
  std::int64_t time;
  std::int32_t thread;
  std::optional<std::int32_t> http_status;
  bool sampled;
  std::uint64_t trace;
  std::optional<std::uint32_t> duration;
  std::int32_t file;
  std::int32_t line;
  bool redacted;
  std::uint32_t offset;
  std::uint16_t length;

  friend auto operator==(const plain_log_event&, const plain_log_event&) -> bool = default;
};

/// A particle of a simulation: seven floating-point numbers.
struct particle {
  deft::bounded<int, 0, 31> species;
  double x, y, z;
  bool alive;
  float vx, vy, vz;
  deft::bounded<int, -3, 3> charge;
  float mass;
  bool tracked;
  deft::bounded<int, 0, 1'048'575> cell;
  std::uint32_t id;
};

struct plain_particle {
  std::int32_t species;
  double x, y, z;
  bool alive;
  float vx, vy, vz;
  std::int32_t charge;
  float mass;
  bool tracked;
  std::int32_t cell;
  std::uint32_t id;

  friend auto operator==(const plain_particle&, const plain_particle&) -> bool = default;
};

static_assert(sizeof(plain_particle) == 72);

/// What a visitor of a shop does.
struct web_session {
  std::uint64_t id;
  std::optional<std::uint32_t> user;
  bool bot;
  std::uint32_t start;
  deft::bounded<int, 0, 86'400> last_delta;
  std::uint32_t ip;
  deft::bounded<int, 0, 249> country;
  deft::bounded<int, 0, 3> device;
  deft::bounded<int, 0, 15> browser;
  deft::bounded<int, 0, 7> system;
  bool logged_in;
  std::optional<bool> consent;
  deft::bounded<int, 0, 4095> pages;
  std::optional<deft::bounded<int, 0, 999'999>> cart_cents;
  deft::bounded<int, 0, 99> bucket;
  bool https;
};

struct plain_web_session {
  std::uint64_t id;
  std::optional<std::uint32_t> user;
  bool bot;
  std::int64_t start;
  std::int32_t last_delta;
  std::uint32_t ip;
  std::int32_t country;
  std::int32_t device;
  std::int32_t browser;
  std::int32_t system;
  bool logged_in;
  std::optional<bool> consent;
  std::int32_t pages;
  std::optional<std::int32_t> cart_cents;
  std::int32_t bucket;
  bool https;

  friend auto operator==(const plain_web_session&, const plain_web_session&) -> bool = default;
};

template <typename Event>
auto make_log_event(std::size_t i, split_mix& random) -> Event {
  const std::uint64_t a = random();
  const std::uint64_t b = random();
  Event event{};
  event.level = static_cast<int>(a % 6);
  event.time = static_cast<std::int64_t>(i) * 1000;
  event.thread = static_cast<std::uint16_t>(a >> 3U & 63U);
  if ((a & 512U) == 0) event.http_status = 100 + static_cast<int>((a >> 10U) % 500);
  event.sampled = (a & 1024U) != 0;
  event.trace = b;
  if ((a & 2048U) == 0) event.duration = static_cast<std::uint32_t>(a >> 20U);
  event.file = static_cast<int>(a >> 40U & 4095U);
  event.line = static_cast<int>(a >> 30U & 0xffffU);
  event.redacted = (a & 4096U) != 0;
  event.offset = static_cast<std::uint32_t>(64 * i);
  event.length = static_cast<std::uint16_t>(a >> 50U & 255U);
  return event;
}

template <typename Particle>
auto make_particle(std::size_t i, split_mix& random) -> Particle {
  const std::uint64_t a = random();
  const std::uint64_t b = random();
  Particle particle{};
  particle.species = static_cast<int>(a & 31U);
  particle.x = static_cast<double>(a >> 20U) / 1024;
  particle.y = static_cast<double>(b >> 20U) / 1024;
  particle.z = static_cast<double>(a ^ b) / 1024;
  particle.alive = (a & 32U) != 0;
  particle.vx = static_cast<float>(a >> 40U) - 1000;
  particle.vy = static_cast<float>(b >> 40U) - 1000;
  particle.vz = static_cast<float>(b >> 30U & 0xffffU) - 1000;
  particle.charge = static_cast<int>((a >> 6U) % 7) - 3;
  particle.mass = static_cast<float>(b & 1023U);
  particle.tracked = (a & 1024U) != 0;
  particle.cell = static_cast<int>(b >> 12U & 0xfffffU);
  particle.id = static_cast<std::uint32_t>(i);
  return particle;
}

template <typename Session>
auto make_web_session(std::size_t i, split_mix& random) -> Session {
  const std::uint64_t a = random();
  const std::uint64_t b = random();
  Session session{};
  session.id = b;
  if ((a & 3U) != 0) session.user = static_cast<std::uint32_t>(a >> 32U);
  session.bot = (a & 28U) == 0;
  session.start = static_cast<std::uint32_t>(i);
  session.last_delta = static_cast<int>((a >> 8U) % 86'401);
  session.ip = static_cast<std::uint32_t>(b >> 16U);
  session.country = static_cast<int>((b >> 8U) % 250);
  session.device = static_cast<int>(a >> 5U & 3U);
  session.browser = static_cast<int>(a >> 7U & 15U);
  session.system = static_cast<int>(a >> 11U & 7U);
  session.logged_in = (a & 0x4000U) != 0;
  if ((a & 0x8000U) != 0) session.consent = (a & 0x1'0000U) != 0;
  session.pages = static_cast<int>(a >> 17U & 4095U);
  if ((a & 0x6000'0000U) == 0) session.cart_cents = static_cast<int>((b >> 3U) % 1'000'000);
  session.bucket = static_cast<int>((b >> 40U) % 100);
  session.https = (b & 7U) != 0;
  return session;
}

template <typename Tick>
auto make_tick(std::size_t i, split_mix& random) -> Tick {
  const std::uint64_t bits = random();
  Tick tick{};
  tick.is_trade = (bits & 1U) != 0;
  tick.time = static_cast<std::int64_t>(i) * 1000;
  tick.exchange = static_cast<int>((bits >> 1U) % 20);
  tick.price = static_cast<double>(bits >> 40U) / 64;
  tick.size = static_cast<std::uint32_t>(bits >> 8U) % 1000;
  tick.buy = (bits & 2U) != 0;
  tick.symbol = static_cast<std::uint32_t>(bits >> 16U) % 16'384;
  if ((bits & 12U) == 0) tick.condition = static_cast<int>((bits >> 30U) % 64);
  tick.odd_lot = (bits & 16U) != 0;
  tick.iso = (bits & 32U) != 0;
  tick.sequence = static_cast<std::uint32_t>(i);
  tick.late = (bits & 64U) != 0;
  return tick;
}

/// Eight fields of 48 bytes, the same in both: what appending and sorting are measured with.
struct order {
  std::int64_t time;
  double price;
  double amount;
  std::int32_t client;
  std::int32_t venue;
  std::uint32_t symbol;
  std::uint32_t flags;
  std::int64_t id;
};

static_assert(sizeof(order) == 48);

inline auto make_order(std::size_t i, split_mix& random) -> order {
  const std::uint64_t bits = random();
  return {static_cast<std::int64_t>(i) * 1000,    static_cast<double>(bits >> 40U) / 64,
          static_cast<double>(i % 1000),          static_cast<std::int32_t>(bits & 0xffffU),
          static_cast<std::int32_t>(bits >> 60U), static_cast<std::uint32_t>(bits >> 16U) & 0x3fffU,
          static_cast<std::uint32_t>(i & 7U),     static_cast<std::int64_t>(i)};
}

/// The `i`th row of a table of lineitems, in whole numbers.
struct lineitem_numbers {
  std::int64_t orderkey;
  int partkey, suppkey, linenumber, quantity, extendedprice, discount, tax, returnflag;
  bool linestatus;
  int shipdate, commitdate, receiptdate, instruction, mode;
};

inline auto next_lineitem(std::size_t i, split_mix& random) -> lineitem_numbers {
  const std::uint64_t a = random();
  const std::uint64_t b = random();
  const auto of = [](std::uint64_t bits, unsigned shift, int below) {
    return static_cast<int>((bits >> shift) % static_cast<std::uint64_t>(below));
  };
  const int ship = of(a, 0, 2500);
  return {.orderkey = static_cast<std::int64_t>(i / 4),
          .partkey = of(a, 12, 200'000),
          .suppkey = of(a, 20, 10'000),
          .linenumber = 1 + static_cast<int>(i % 7),
          .quantity = 1 + of(b, 0, 50),
          .extendedprice = 90'000 + of(b, 8, 10'000'000),
          .discount = of(b, 16, 11),
          .tax = of(b, 24, 9),
          .returnflag = of(b, 28, 3),
          .linestatus = of(b, 32, 2) == 0,
          .shipdate = ship,
          .commitdate = ship + 20,
          .receiptdate = ship + 30,
          .instruction = of(b, 40, 4),
          .mode = of(b, 44, 7)};
}

inline auto make_lineitem(const lineitem_numbers& n) -> lineitem {
  return {n.orderkey,      n.partkey,    n.suppkey,     n.linenumber,  n.quantity,
          n.extendedprice, n.discount,   n.tax,         n.returnflag,  n.linestatus,
          n.shipdate,      n.commitdate, n.receiptdate, n.instruction, n.mode};
}

inline auto make_plain_lineitem(const lineitem_numbers& n) -> plain_lineitem {
  return {n.orderkey,
          n.partkey,
          n.suppkey,
          n.linenumber,
          static_cast<double>(n.quantity),
          n.extendedprice / 100.0,
          n.discount / 100.0,
          n.tax / 100.0,
          static_cast<char>('A' + n.returnflag),
          n.linestatus,
          n.shipdate,
          n.commitdate,
          n.receiptdate,
          n.instruction,
          n.mode};
}

}  // namespace deft_bench
