// What handing a table over costs: nothing per row. Beside it what it costs to copy the columns, which is
// what a library does that cannot share them.
#include "deft/interop/arrow.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/interop/column_view.hpp"
#include "deft/interop/dlpack.hpp"
#include "deft/record/record_vector.hpp"

namespace {

struct row {
  std::int64_t ts;
  double price;
  std::uint32_t size;
  deft::bounded<int, 0, 19> venue;
  std::optional<std::int32_t> condition;
  bool buy;
};

deft::shared_table<row> make_table(std::size_t size) {
  deft::record_vector<row> table;
  table.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto n = static_cast<std::int32_t>(i);
    table.push_back({n, n * 0.5, static_cast<std::uint32_t>(i), n % 20,
                     n % 3 == 0 ? std::optional(n) : std::nullopt, n % 2 == 0});
  }
  return std::move(table).share();
}

void export_array(benchmark::State& state, std::size_t rows) {
  const auto table = make_table(rows);
  for (auto _ : state) {
    ArrowArray array;
    deft::export_arrow(table, &array);
    benchmark::DoNotOptimize(array.buffers);
    array.release(&array);
  }
}

void export_array_and_type(benchmark::State& state, std::size_t rows) {
  const auto table = make_table(rows);
  for (auto _ : state) {
    ArrowArray array;
    ArrowSchema schema;
    deft::export_arrow(table, &array, &schema);
    benchmark::DoNotOptimize(array.buffers);
    array.release(&array);
    schema.release(&schema);
  }
}

void export_tensor(benchmark::State& state, std::size_t rows) {
  const auto table = make_table(rows);
  for (auto _ : state) {
    auto* const tensor = deft::export_dlpack(deft::column_view<&row::price>(table));
    benchmark::DoNotOptimize(tensor->array.data);
    tensor->deleter(tensor);
  }
}

void import_array(benchmark::State& state, std::size_t rows) {
  const auto table = make_table(rows);
  for (auto _ : state) {
    deft::arrow_pair pair = deft::export_arrow(table);
    const deft::arrow_batch batch = deft::import_arrow(pair.array.get(), pair.schema.get());
    benchmark::DoNotOptimize(batch.column(1).values<double>().data());
  }
}

void copy_columns(benchmark::State& state, std::size_t rows) {
  const auto table = make_table(rows);
  const auto copy = [](const auto& column) {
    return std::vector<typename std::remove_cvref_t<decltype(column)>::value_type>(column.begin(),
                                                                                   column.end());
  };
  for (auto _ : state) {
    const auto ts = copy(table.column<&row::ts>());
    const auto price = copy(table.column<&row::price>());
    const auto size = copy(table.column<&row::size>());
    const auto venue = copy(table.column<&row::venue>());
    const auto condition = copy(table.column<&row::condition>());
    benchmark::DoNotOptimize(ts.data());
    benchmark::DoNotOptimize(price.data());
    benchmark::DoNotOptimize(size.data());
    benchmark::DoNotOptimize(venue.data());
    benchmark::DoNotOptimize(condition.data());
  }
}

[[maybe_unused]] const bool registered = [] {
  const auto add = [](const char* what, const char* peer, void (*run)(benchmark::State&, std::size_t)) {
    for (const std::size_t rows : {std::size_t{1000}, std::size_t{1000000}}) {
      const std::string name =
          "arrow/" + std::string(what) + "/row/" + (rows == 1000 ? "1e3" : "1e6") + "/" + peer;
      benchmark::RegisterBenchmark(name.c_str(), run, rows);
    }
  };
  add("export", "deft", export_array);
  add("export", "copy", copy_columns);
  add("export_with_type", "deft", export_array_and_type);
  add("export_dlpack", "deft", export_tensor);
  add("import_checked", "deft", import_array);
  return true;
}();

}  // namespace
