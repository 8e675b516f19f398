// record_vector beside what people write by hand: a vector of structs, a vector of tuples, and a vector per
// field. All hold the same rows and give the same answers; what is built before an operation is built outside
// the timing.
#include "deft/record/record_vector.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/record/fields.hpp"

#include "bench/record/schemas.hpp"
#include "bench/support/keys.hpp"

namespace {

using deft_bench::batch;
using deft_bench::lineitem;
using deft_bench::order;
using deft_bench::plain_lineitem;
using deft_bench::size_step;
using deft_bench::sizes;
using deft_bench::split_mix;

using packed_lineitem =
    deft::bit_packed<&lineitem::linenumber, &lineitem::quantity, &lineitem::extendedprice,
                     &lineitem::discount, &lineitem::tax, &lineitem::returnflag, &lineitem::shipdate,
                     &lineitem::commitdate, &lineitem::receiptdate, &lineitem::instruction, &lineitem::mode>;

// --- lineitem: the peers
// -------------------------------------------------------------------------------------

struct deft_lineitems {
  deft::record_vector<lineitem> rows;

  explicit deft_lineitems(std::size_t size) { fill(size); }

  void fill(std::size_t size) {
    split_mix random(size);
    rows.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(deft_bench::make_lineitem(deft_bench::next_lineitem(i, random)));
    }
  }

  auto sum_partkeys() const {
    std::int64_t sum = 0;
    for (const std::int32_t key : rows.column<&lineitem::partkey>()) sum += key;
    return sum;
  }

  auto sum_quantities() const {
    std::uint64_t sum = 0;
    for (const std::uint8_t quantity : rows.column<&lineitem::quantity>()) sum += quantity;
    return sum;
  }

  auto sum_shipdates() const {
    std::uint64_t sum = 0;
    for (const std::uint16_t date : rows.column<&lineitem::shipdate>()) sum += date;
    return sum;
  }

  auto count_status() const { return rows.column<&lineitem::linestatus>().count(); }

  /// TPC-H's sixth query, without branches.
  auto revenue() const {
    const auto ship = rows.column<&lineitem::shipdate>();
    const auto discount = rows.column<&lineitem::discount>();
    const auto quantity = rows.column<&lineitem::quantity>();
    const auto price = rows.column<&lineitem::extendedprice>();
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < ship.size(); ++i) {
      const bool wanted =
          static_cast<bool>(static_cast<int>(ship[i] >= 730) & static_cast<int>(ship[i] < 1095) &
                            static_cast<int>(discount[i] >= 5) & static_cast<int>(discount[i] <= 7) &
                            static_cast<int>(quantity[i] < 24));
      sum += static_cast<std::int64_t>(price[i]) * discount[i] * static_cast<int>(wanted);
    }
    return sum;
  }

  auto one_field(std::size_t i) const { return static_cast<std::int64_t>(rows[i].get<&lineitem::partkey>()); }

  auto all_fields(std::size_t i) const {
    const lineitem row(rows[i]);
    return row.orderkey + row.partkey + row.suppkey + row.linenumber + row.quantity + row.extendedprice +
           row.discount + row.tax + row.returnflag + static_cast<int>(row.linestatus) + row.shipdate +
           row.commitdate + row.receiptdate + row.instruction + row.mode;
  }
};

/// The columns that narrow domains have, in as many bits as they need.
struct packed_lineitems {
  deft::record_vector<lineitem, packed_lineitem> rows;

  explicit packed_lineitems(std::size_t size) {
    split_mix random(size);
    rows.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(deft_bench::make_lineitem(deft_bench::next_lineitem(i, random)));
    }
  }

  template <auto Member>
  auto sum_of() const {
    std::uint64_t sum = 0;
    rows.column<Member>().for_each_block([&](const auto block) {
      std::uint32_t part = 0;
      for (const auto value : block) part += value;
      sum += part;
    });
    return sum;
  }

  auto sum_quantities() const { return sum_of<&lineitem::quantity>(); }

  auto sum_shipdates() const { return sum_of<&lineitem::shipdate>(); }
};

/// A struct or a tuple: `Get` reads one of its fields.
template <typename Row, typename Get>
struct rows_in_a_vector {
  std::vector<Row> rows;

  explicit rows_in_a_vector(std::size_t size) {
    split_mix random(size);
    rows.reserve(size);
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(Get::make(deft_bench::make_plain_lineitem(deft_bench::next_lineitem(i, random))));
    }
  }

  auto sum_partkeys() const {
    std::int64_t sum = 0;
    for (const Row& row : rows) sum += Get::partkey(row);
    return sum;
  }

  auto sum_quantities() const {
    double sum = 0;
    for (const Row& row : rows) sum += Get::quantity(row);
    return sum;
  }

  auto sum_shipdates() const {
    std::uint64_t sum = 0;
    for (const Row& row : rows) sum += static_cast<std::uint32_t>(Get::shipdate(row));
    return sum;
  }

  auto count_status() const {
    std::size_t count = 0;
    for (const Row& row : rows) count += Get::linestatus(row) ? 1 : 0;
    return count;
  }

  auto revenue() const {
    double sum = 0;
    for (const Row& row : rows) {
      const bool wanted = static_cast<bool>(
          static_cast<int>(Get::shipdate(row) >= 730) & static_cast<int>(Get::shipdate(row) < 1095) &
          static_cast<int>(Get::discount(row) >= 0.05) & static_cast<int>(Get::discount(row) <= 0.07) &
          static_cast<int>(Get::quantity(row) < 24));
      sum += wanted ? Get::price(row) * Get::discount(row) : 0.0;
    }
    return sum;
  }

  auto one_field(std::size_t i) const { return static_cast<std::int64_t>(Get::partkey(rows[i])); }

  auto all_fields(std::size_t i) const { return Get::all(rows[i]); }
};

struct get_of_struct {
  static auto make(const plain_lineitem& row) { return row; }

  static auto partkey(const plain_lineitem& row) { return row.partkey; }

  static auto quantity(const plain_lineitem& row) { return row.quantity; }

  static auto shipdate(const plain_lineitem& row) { return row.shipdate; }

  static auto linestatus(const plain_lineitem& row) { return row.linestatus; }

  static auto discount(const plain_lineitem& row) { return row.discount; }

  static auto price(const plain_lineitem& row) { return row.extendedprice; }

  static auto all(const plain_lineitem& row) {
    return static_cast<double>(row.orderkey + row.partkey + row.suppkey + row.linenumber) + row.quantity +
           row.extendedprice + row.discount + row.tax +
           (row.returnflag + static_cast<int>(row.linestatus) + row.shipdate + row.commitdate +
            row.receiptdate + row.instruction + row.mode);
  }
};

using tuple_lineitem = deft::fields_of<plain_lineitem>;

struct get_of_tuple {
  static auto make(const plain_lineitem& row) { return deft::as_tuple(row); }

  static auto partkey(const tuple_lineitem& row) { return std::get<1>(row); }

  static auto quantity(const tuple_lineitem& row) { return std::get<4>(row); }

  static auto shipdate(const tuple_lineitem& row) { return std::get<10>(row); }

  static auto linestatus(const tuple_lineitem& row) { return std::get<9>(row); }

  static auto discount(const tuple_lineitem& row) { return std::get<6>(row); }

  static auto price(const tuple_lineitem& row) { return std::get<5>(row); }

  static auto all(const tuple_lineitem& row) {
    return std::apply([](const auto&... field) { return (static_cast<double>(field) + ...); }, row);
  }
};

/// A std::vector per field, with the types of a plain struct: what is written where scans are slow.
struct vector_per_field {
  std::vector<std::int64_t> orderkey;
  std::vector<std::int32_t> partkey, suppkey, linenumber;
  std::vector<double> quantity, extendedprice, discount, tax;
  std::vector<char> returnflag;
  std::vector<bool> linestatus;
  std::vector<std::int32_t> shipdate, commitdate, receiptdate, instruction, mode;

  explicit vector_per_field(std::size_t size) {
    split_mix random(size);
    for (std::size_t i = 0; i < size; ++i) {
      const plain_lineitem row = deft_bench::make_plain_lineitem(deft_bench::next_lineitem(i, random));
      orderkey.push_back(row.orderkey);
      partkey.push_back(row.partkey);
      suppkey.push_back(row.suppkey);
      linenumber.push_back(row.linenumber);
      quantity.push_back(row.quantity);
      extendedprice.push_back(row.extendedprice);
      discount.push_back(row.discount);
      tax.push_back(row.tax);
      returnflag.push_back(row.returnflag);
      linestatus.push_back(row.linestatus);
      shipdate.push_back(row.shipdate);
      commitdate.push_back(row.commitdate);
      receiptdate.push_back(row.receiptdate);
      instruction.push_back(row.instruction);
      mode.push_back(row.mode);
    }
  }

  auto sum_partkeys() const { return std::accumulate(partkey.begin(), partkey.end(), std::int64_t{0}); }

  auto sum_quantities() const { return std::accumulate(quantity.begin(), quantity.end(), 0.0); }

  auto sum_shipdates() const {
    std::uint64_t sum = 0;
    for (const std::int32_t date : shipdate) sum += static_cast<std::uint32_t>(date);
    return sum;
  }

  auto count_status() const { return std::count(linestatus.begin(), linestatus.end(), true); }

  auto revenue() const {
    double sum = 0;
    for (std::size_t i = 0; i < shipdate.size(); ++i) {
      const bool wanted =
          static_cast<bool>(static_cast<int>(shipdate[i] >= 730) & static_cast<int>(shipdate[i] < 1095) &
                            static_cast<int>(discount[i] >= 0.05) & static_cast<int>(discount[i] <= 0.07) &
                            static_cast<int>(quantity[i] < 24));
      sum += wanted ? extendedprice[i] * discount[i] : 0.0;
    }
    return sum;
  }

  auto one_field(std::size_t i) const { return static_cast<std::int64_t>(partkey[i]); }

  auto all_fields(std::size_t i) const {
    return static_cast<double>(orderkey[i] + partkey[i] + suppkey[i] + linenumber[i]) + quantity[i] +
           extendedprice[i] + discount[i] + tax[i] +
           (returnflag[i] + static_cast<int>(linestatus[i]) + shipdate[i] + commitdate[i] + receiptdate[i] +
            instruction[i] + mode[i]);
  }
};

// --- lineitem: the operations
// --------------------------------------------------------------------------------

template <typename Table>
auto table_of(std::size_t size) -> const Table& {
  static std::map<std::size_t, std::unique_ptr<Table>> tables;
  auto& table = tables[size];
  if (table == nullptr) table = std::make_unique<Table>(size);
  return *table;
}

#define DEFT_BENCH_SCAN(name)                                                      \
  template <typename Table>                                                        \
  void name(benchmark::State& state, std::size_t size) {                           \
    const Table& table = table_of<Table>(size);                                    \
    for (auto _ : state) benchmark::DoNotOptimize(table.name());                   \
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size)); \
  }
DEFT_BENCH_SCAN(sum_partkeys)
DEFT_BENCH_SCAN(sum_quantities)
DEFT_BENCH_SCAN(sum_shipdates)
DEFT_BENCH_SCAN(count_status)
DEFT_BENCH_SCAN(revenue)
#undef DEFT_BENCH_SCAN

template <typename Table, typename Read>
void read_at_random(benchmark::State& state, std::size_t size, Read read) {
  const Table& table = table_of<Table>(size);
  split_mix random(1);
  for (auto _ : state) {
    for (std::size_t n = 0; n < batch; ++n) benchmark::DoNotOptimize(read(table, random() % size));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

template <typename Table>
void one_field(benchmark::State& state, std::size_t size) {
  read_at_random<Table>(state, size, [](const Table& table, std::size_t i) { return table.one_field(i); });
}

template <typename Table>
void all_fields(benchmark::State& state, std::size_t size) {
  read_at_random<Table>(state, size, [](const Table& table, std::size_t i) { return table.all_fields(i); });
}

// --- orders: appending and sorting
// ---------------------------------------------------------------------------

auto orders(std::size_t size) -> const std::vector<order>& {
  static std::map<std::size_t, std::vector<order>> all;
  std::vector<order>& rows = all[size];
  split_mix random(size);
  while (rows.size() < size) rows.push_back(deft_bench::make_order(rows.size(), random));
  return rows;
}

struct deft_orders {
  deft::record_vector<order> rows;

  void append(const order& row) { rows.push_back(row); }

  void sort() { std::ranges::sort(rows, {}, deft::project<&order::price>); }

  void stable_sort() { rows.sort_by<&order::price>(); }
};

struct vector_of_orders {
  std::vector<order> rows;

  void append(const order& row) { rows.push_back(row); }

  void sort() { std::ranges::sort(rows, {}, &order::price); }

  void stable_sort() { std::ranges::stable_sort(rows, {}, &order::price); }
};

using tuple_order = deft::fields_of<order>;

struct tuple_orders {
  std::vector<tuple_order> rows;

  void append(const order& row) { rows.push_back(deft::as_tuple(row)); }

  static auto price(const tuple_order& row) { return std::get<1>(row); }

  void sort() { std::ranges::sort(rows, {}, price); }

  void stable_sort() { std::ranges::stable_sort(rows, {}, price); }
};

struct orders_per_field {
  std::vector<std::int64_t> time;
  std::vector<double> price, amount;
  std::vector<std::int32_t> client, venue;
  std::vector<std::uint32_t> symbol, flags;
  std::vector<std::int64_t> id;

  void append(const order& row) {
    time.push_back(row.time);
    price.push_back(row.price);
    amount.push_back(row.amount);
    client.push_back(row.client);
    venue.push_back(row.venue);
    symbol.push_back(row.symbol);
    flags.push_back(row.flags);
    id.push_back(row.id);
  }

  // As it is written by hand: positions, sorted by the column, then each column in that order.
  void stable_sort() {
    std::vector<std::uint32_t> positions(price.size());
    std::iota(positions.begin(), positions.end(), 0U);
    std::stable_sort(positions.begin(), positions.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return price[a] < price[b]; });
    const auto permute = [&](auto& column) {
      auto sorted = column;
      for (std::size_t i = 0; i < positions.size(); ++i) sorted[i] = column[positions[i]];
      column = std::move(sorted);
    };
    permute(time);
    permute(price);
    permute(amount);
    permute(client);
    permute(venue);
    permute(symbol);
    permute(flags);
    permute(id);
  }
};

template <typename Table>
void append(benchmark::State& state, std::size_t size) {
  const auto& rows = orders(size);
  for (auto _ : state) {
    Table table;
    for (const order& row : rows) table.append(row);
    benchmark::DoNotOptimize(&table);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

template <typename Table, typename Sort>
void sort_with(benchmark::State& state, std::size_t size, Sort sort) {
  Table unsorted;
  for (const order& row : orders(size)) unsorted.append(row);
  for (auto _ : state) {
    state.PauseTiming();
    Table table = unsorted;
    state.ResumeTiming();
    sort(table);
    benchmark::DoNotOptimize(&table);
    benchmark::ClobberMemory();
    state.PauseTiming();
    table = Table();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

template <typename Table>
void sort(benchmark::State& state, std::size_t size) {
  sort_with<Table>(state, size, [](Table& table) { table.sort(); });
}

template <typename Table>
void stable_sort(benchmark::State& state, std::size_t size) {
  sort_with<Table>(state, size, [](Table& table) { table.stable_sort(); });
}

// --- ticks: appending what columns hold in fewer bytes
// ---------------------------------------------------------

template <typename Tick>
auto ticks(std::size_t size) -> const std::vector<Tick>& {
  static std::map<std::size_t, std::vector<Tick>> all;
  std::vector<Tick>& rows = all[size];
  split_mix random(size);
  while (rows.size() < size) rows.push_back(deft_bench::make_tick<Tick>(rows.size(), random));
  return rows;
}

struct deft_ticks {
  using source = deft_bench::tick;
  deft::record_vector<source> rows;

  void append(const source& row) { rows.push_back(row); }
};

struct vector_of_ticks {
  using source = deft_bench::plain_tick;
  std::vector<source> rows;

  void append(const source& row) { rows.push_back(row); }
};

struct tuple_ticks {
  using source = deft_bench::plain_tick;
  std::vector<deft::fields_of<source>> rows;

  void append(const source& row) { rows.push_back(deft::as_tuple(row)); }
};

struct ticks_per_field {
  using source = deft_bench::plain_tick;
  std::vector<std::int64_t> time, sequence;
  std::vector<std::int32_t> exchange;
  std::vector<double> price;
  std::vector<std::uint32_t> size, symbol;
  std::vector<std::optional<std::int32_t>> condition;
  std::vector<bool> is_trade, buy, odd_lot, iso, late;

  void append(const source& row) {
    is_trade.push_back(row.is_trade);
    time.push_back(row.time);
    exchange.push_back(row.exchange);
    price.push_back(row.price);
    size.push_back(row.size);
    buy.push_back(row.buy);
    symbol.push_back(row.symbol);
    condition.push_back(row.condition);
    odd_lot.push_back(row.odd_lot);
    iso.push_back(row.iso);
    sequence.push_back(row.sequence);
    late.push_back(row.late);
  }
};

template <typename Table>
void append_tick(benchmark::State& state, std::size_t size) {
  const auto& rows = ticks<typename Table::source>(size);
  for (auto _ : state) {
    Table table;
    for (const auto& row : rows) table.append(row);
    benchmark::DoNotOptimize(&table);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

// --- names
// ---------------------------------------------------------------------------------------------------

template <typename Table>
void register_lineitems(const std::string& peer) {
  for (const size_step& step : sizes) {
    const auto add = [&](const std::string& operation, void (*run)(benchmark::State&, std::size_t)) {
      const std::string name = "record_vector/" + operation + "/lineitem/" + step.name + "/" + peer;
      benchmark::RegisterBenchmark(name.c_str(), run, step.size);
    };
    if (step.size < 1000) continue;
    add("sum_8_bit", sum_quantities<Table>);
    add("sum_16_bit", sum_shipdates<Table>);
    if constexpr (requires(const Table& table) { table.revenue(); }) {
      add("sum_32_bit", sum_partkeys<Table>);
      add("count_bool", count_status<Table>);
      add("q6", revenue<Table>);
      add("random_field", one_field<Table>);
      add("random_row", all_fields<Table>);
    }
  }
}

template <typename Table>
void register_orders(const std::string& peer) {
  for (const size_step& step : sizes) {
    const auto add = [&](const std::string& operation, void (*run)(benchmark::State&, std::size_t)) {
      const std::string name = "record_vector/" + operation + "/order/" + step.name + "/" + peer;
      benchmark::RegisterBenchmark(name.c_str(), run, step.size);
    };
    if (step.size > 1'000'000) continue;
    add("append", append<Table>);
    add("stable_sort", stable_sort<Table>);
    if constexpr (requires(Table& table) { table.sort(); }) add("sort", sort<Table>);
  }
}

template <typename Table>
void register_ticks(const std::string& peer) {
  for (const size_step& step : sizes) {
    if (step.size > 1'000'000) continue;
    const std::string name = std::string("record_vector/append/tick/") + step.name + "/" + peer;
    benchmark::RegisterBenchmark(name.c_str(), append_tick<Table>, step.size);
  }
}

auto register_all() -> bool {
  register_lineitems<deft_lineitems>("deft");
  register_lineitems<packed_lineitems>("deft_bit_packed");
  register_lineitems<rows_in_a_vector<plain_lineitem, get_of_struct>>("vector_of_structs");
  register_lineitems<rows_in_a_vector<tuple_lineitem, get_of_tuple>>("vector_of_tuples");
  register_lineitems<vector_per_field>("vector_per_field");
  register_orders<deft_orders>("deft");
  register_orders<vector_of_orders>("vector_of_structs");
  register_orders<tuple_orders>("vector_of_tuples");
  register_orders<orders_per_field>("vector_per_field");
  register_ticks<deft_ticks>("deft");
  register_ticks<vector_of_ticks>("vector_of_structs");
  register_ticks<tuple_ticks>("vector_of_tuples");
  register_ticks<ticks_per_field>("vector_per_field");
  return true;
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
