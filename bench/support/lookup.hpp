/// @file
/// Lookup benchmarks over any container: independent queries, whose latencies overlap, and dependent ones,
/// where the result of one decides which comes next.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/support/keys.hpp"

namespace deft_bench {

/// `lookup(needle)` returns something that depends on what was found.
template <typename Key, typename Lookup>
void run_independent(benchmark::State& state, const std::vector<Key>& needles, Lookup lookup) {
  std::size_t start = 0;
  for (auto _ : state) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < batch; ++i) sum += lookup(needles[start + i]);
    benchmark::DoNotOptimize(sum);
    start = (start + batch) % query_count;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

template <typename Key, typename Lookup>
void run_dependent(benchmark::State& state, const std::vector<Key>& needles, Lookup lookup) {
  std::size_t start = 0;
  std::size_t found = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < batch; ++i) found = lookup(needles[start + i + (found & 1U)]);
    benchmark::DoNotOptimize(found);
    start = (start + batch) % query_count;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

/// Registers `<operation>/{independent,dependent}/<key>/<size>/<peer>` for one size. `make(size)` gives the
/// lookup, when the benchmark runs and not before.
template <typename Key, typename Make>
void register_lookup(const std::string& operation, const size_step& step, const std::string& peer, Make make,
                     spelling spelt = spelling::digits) {
  const std::string suffix = std::string("/") + key_name<Key>(spelt) + "/" + step.name + "/" + peer;
  benchmark::RegisterBenchmark((operation + "/independent" + suffix).c_str(), [=](benchmark::State& state) {
    run_independent<Key>(state, queries<Key>(step.size, spelt), make(step.size));
  });
  benchmark::RegisterBenchmark((operation + "/dependent" + suffix).c_str(), [=](benchmark::State& state) {
    run_dependent<Key>(state, queries<Key>(step.size, spelt), make(step.size));
  });
}

}  // namespace deft_bench
