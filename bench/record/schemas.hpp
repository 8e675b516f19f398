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
};

static_assert(sizeof(plain_tick) == 72);

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
