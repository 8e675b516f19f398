// search_index over a sorted vector, beside std::lower_bound in the same vector: single searches, independent
// and dependent, and many at once. Layers are built when a benchmark runs first and kept; their size is a
// counter.
#include "deft/sorted/search_index.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/support/keys.hpp"
#include "bench/support/lookup.hpp"

namespace {

using deft_bench::size_step;
using deft_bench::sorted_keys;
using deft_bench::spelling;

template <typename Key>
auto index_of(std::size_t size, spelling spelt) -> const deft::search_index<Key>& {
  static std::map<std::pair<std::size_t, spelling>, deft::search_index<Key>> built;
  deft::search_index<Key>& index = built[{size, spelt}];
  if (index.empty()) index = deft::search_index<Key>(sorted_keys<Key>(size, spelt));
  return index;
}

template <typename Key>
auto std_lower_bound(const std::vector<Key>& keys, const Key& needle) -> std::size_t {
  return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), needle) - keys.begin());
}

template <typename Key>
void register_single(const size_step& step, spelling spelt) {
  deft_bench::register_lookup<Key>(
      "search_index/lower_bound", step, "deft",
      [=](std::size_t size) {
        return [&index = index_of<Key>(size, spelt)](const Key& needle) { return index.lower_bound(needle); };
      },
      spelt);
  deft_bench::register_lookup<Key>(
      "search_index/lower_bound", step, "std_lower_bound",
      [=](std::size_t size) {
        return [&keys = sorted_keys<Key>(size, spelt)](const Key& needle) {
          return std_lower_bound(keys, needle);
        };
      },
      spelt);
}

/// `make(state)` gives the search, when the benchmark runs and not before.
template <typename Key, typename Make>
void register_many(const size_step& step, spelling spelt, const std::string& peer, Make make) {
  const std::string name = std::string("search_index/lower_bound_many/") + deft_bench::key_name<Key>(spelt) +
                           "/" + step.name + "/" + peer;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const std::span<const Key> needles = deft_bench::queries<Key>(step.size, spelt);
    const auto search = make(state);
    std::vector<std::size_t> out(deft_bench::batch);
    std::size_t start = 0;
    for (auto _ : state) {
      search(needles.subspan(start, deft_bench::batch), std::span(out));
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
      start = (start + deft_bench::batch) % deft_bench::query_count;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(deft_bench::batch));
  });
}

template <typename Key>
void register_rows(const size_step& step, spelling spelt = spelling::digits) {
  register_single<Key>(step, spelt);
  register_many<Key>(step, spelt, "deft", [=](benchmark::State& state) {
    const auto& index = index_of<Key>(step.size, spelt);
    state.counters["bytes_per_element"] =
        static_cast<double>(index.memory_bytes()) / static_cast<double>(index.size());
    return [&index](auto needles, auto out) { index.lower_bound_many(needles, out); };
  });
  register_many<Key>(step, spelt, "std_lower_bound", [=](benchmark::State&) {
    return [&keys = sorted_keys<Key>(step.size, spelt)](auto needles, auto out) {
      for (std::size_t i = 0; i < needles.size(); ++i) out[i] = std_lower_bound(keys, needles[i]);
    };
  });
}

const bool registered = [] {
  for (const size_step& step : deft_bench::sizes) {
    register_rows<std::uint64_t>(step);
    register_rows<std::int32_t>(step);
    register_rows<double>(step);
    register_rows<std::string>(step);
    if (step.size > 1'000'000) continue;
    register_rows<std::string>(step, spelling::url);
    register_rows<std::string>(step, spelling::word);
  }
  return true;
}();

}  // namespace
