/// @file
/// The rows of flat_set and flat_map, written once: what a container of unique keys is asked for, on items
/// that are keys or pairs of a key and a value. Every peer does the same work on the same items; what an
/// operation starts from is built outside the timing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include "bench/sorted/items.hpp"
#include "bench/support/keys.hpp"

namespace deft_bench {

inline auto heap_bytes() -> double {
  const auto use = mallinfo2();
  return static_cast<double>(use.uordblks) + static_cast<double>(use.hblkhd);
}

/// A container of sorted_keys() that readers share, and what it cost. Kept until another is asked for: all of
/// them at 1e7 would not fit.
template <typename Container, typename Item>
struct shared_container {
  data_set data{};
  std::unique_ptr<Container> container;
  double bytes_per_element = 0;

  static auto of(data_set data) -> const shared_container& {
    static shared_container shared;
    if (shared.container != nullptr && shared.data == data) return shared;
    shared.container.reset();
    const auto from = batches<Item>::of_all(data).next();
    const double before = heap_bytes();
    shared.container = std::make_unique<Container>(from.begin(), from.end());
    shared.bytes_per_element = (heap_bytes() - before) / static_cast<double>(shared.container->size());
    shared.data = data;
    return shared;
  }
};

template <typename Container, typename Item>
class flat_rows {
  using key = key_of<Item>;
  using shared = shared_container<Container, Item>;

 public:
  static void find_hit(benchmark::State& state, data_set data) { look_up(state, data, 0, 2, finds()); }

  static void find_miss(benchmark::State& state, data_set data) { look_up(state, data, 1, 2, finds()); }

  static void lower_bound(benchmark::State& state, data_set data) {
    look_up(state, data, 0, 1, [](const Container& c, const key& x) { return c.lower_bound(x) != c.end(); });
  }

  static void iterate(benchmark::State& state, data_set data) {
    const Container& container = *shared::of(data).container;
    for (auto _ : state) {
      std::uint64_t sum = 0;
      for (const auto& item : container) sum += weight(item);
      benchmark::DoNotOptimize(sum);
    }
    set_items(state, container.size());
  }

  /// One by one.
  static void insert_random(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    for (auto _ : state) {
      Container container;
      fill(container, from.next());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
    static std::map<data_set, double> bytes;
    double& each = bytes[data];
    if (each == 0) {
      const double before = heap_bytes();
      Container container;
      fill(container, from.next());
      each = (heap_bytes() - before) / static_cast<double>(container.size());
    }
    state.counters["bytes_per_element"] = each;
  }

  static void build(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    for (auto _ : state) {
      const auto one = from.next();
      Container container(one.begin(), one.end());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

  static void insert_range_empty(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    for (auto _ : state) {
      Container container;
      insert_all(container, from.next());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

  /// As many as there are already.
  static void insert_range(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    change_copies(state, data, data.size, [&from](Container& c) { insert_all(c, from.next()); });
  }

  /// Half of the elements, one by one.
  static void erase_random(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_all(data);
    const std::size_t count = data.size / 2;
    change_copies(state, data, count, [&from, count](Container& c) {
      for (const Item& item : from.next().first(count)) c.erase(key_in(item));
    });
  }

 private:
  static auto key_in(const Item& item) -> const key& {
    if constexpr (std::is_same_v<Item, key>) {
      return item;
    } else {
      return item.first;
    }
  }

  static auto weight(const key& k) -> std::uint64_t {
    if constexpr (std::is_same_v<key, std::string>) {
      return k.size();
    } else {
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(k));
    }
  }

  template <typename K, typename V>
  static auto weight(const std::pair<K, V>& item) -> std::uint64_t {
    return weight(item.first) + item.second;
  }

  struct finds {
    auto operator()(const Container& c, const key& x) const -> bool { return c.find(x) != c.end(); }
  };

  // Compiled once each: many peers times many rows are compiled here.
  [[gnu::noinline]] static void fill(Container& c, std::span<const Item> from) {
    for (const Item& item : from) c.insert(item);
  }

  [[gnu::noinline]] static void insert_all(Container& c, std::span<const Item> from) {
    c.insert(from.begin(), from.end());
  }

  /// Keys that are there lie at even places of the queries; too many for a branch predictor to remember.
  template <typename Lookup>
  [[gnu::noinline]] static void look_up(benchmark::State& state, data_set data, std::size_t first,
                                        std::size_t step, Lookup lookup) {
    const auto& needles = queries<key>(data.size, data.spelt);
    const shared& in = shared::of(data);
    const Container& container = *in.container;
    std::size_t at = first;
    for (auto _ : state) {
      std::size_t found = 0;
      for (std::size_t i = 0; i < batch; ++i) {
        found += lookup(container, needles[at]) ? 1 : 0;
        at = (at + step) % query_count;
      }
      benchmark::DoNotOptimize(found);
    }
    set_items(state, batch);
    state.counters["bytes_per_element"] = in.bytes_per_element;
  }

  /// Several small copies at a time: stopping the clock costs as much as changing a small one.
  template <typename Change>
  static void change_copies(benchmark::State& state, data_set data, std::size_t per_copy, Change change) {
    const Container& original = *shared::of(data).container;
    const std::size_t count = std::max<std::size_t>(1, 8192 / data.size);
    std::vector<Container> copies;
    for (auto _ : state) {
      state.PauseTiming();
      copies.clear();
      copies.reserve(count);
      for (std::size_t i = 0; i < count; ++i) copies.emplace_back(original);
      state.ResumeTiming();
      for (Container& copy : copies) change(copy);
      benchmark::DoNotOptimize(copies.data());
      benchmark::ClobberMemory();
    }
    set_items(state, per_copy * count);
  }
};

/// Registers the rows of one peer: `<container>/<operation>/<keys>/<size>/<peer>`. Every row is compiled for
/// every peer and key, so `build` is left out for keys that differ from others in their size alone.
template <typename Container, typename Item>
void register_flat_rows(const std::string& name, const char* peer) {
  using rows = flat_rows<Container, Item>;
  using key = key_of<Item>;
  using row = void (*)(benchmark::State&, data_set);

  struct operation {
    const char* name;
    row run;
    std::size_t largest;
  };

  constexpr bool strings = std::is_same_v<key, std::string>;
  row build = nullptr;
  if constexpr (strings || std::is_same_v<key, std::uint64_t>) build = rows::build;
  constexpr std::size_t most = strings ? 1'000'000 : 10'000'000;
  // Where one by one, an array is the wrong container for more: each insertion moves half of it.
  const operation operations[] = {{"find_hit", rows::find_hit, most},
                                  {"find_miss", rows::find_miss, most},
                                  {"lower_bound", rows::lower_bound, most},
                                  {"iterate", rows::iterate, most},
                                  {"build", build, build != nullptr ? most : 0},
                                  {"insert_range_empty", rows::insert_range_empty, most},
                                  {"insert_range", rows::insert_range, most},
                                  {"insert_random", rows::insert_random, 100'000},
                                  {"erase_random", rows::erase_random, 100'000}};
  std::vector<spelling> spellings{spelling::digits};
  if (strings) spellings = {spelling::digits, spelling::url, spelling::word};
  for (const spelling spelt : spellings) {
    for (const operation& operation : operations) {
      for (const size_step& step : sizes) {
        if (step.size > operation.largest) continue;
        const std::string row_name =
            name + "/" + operation.name + "/" + key_name<key>(spelt) + "/" + step.name + "/" + peer;
        benchmark::RegisterBenchmark(row_name.c_str(), operation.run, data_set{step.size, spelt});
      }
    }
  }
}

}  // namespace deft_bench
