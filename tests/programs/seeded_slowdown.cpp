// Five benchmarks whose work is scaled by the environment: DEFT_SLOWDOWN="search=1.05,hash=1.1" makes
// `search` do 5 % and `hash` 10 % more of the same work. The code is the same file, so its layout is the
// same, too: a known slowdown, and nothing but it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#ifdef DEFT_TEST_WORKER  // The same program once more, as one that deft drives.
#include "deft/measure/google_benchmark.hpp"
#endif

// tools/validate-verdicts compiles the benchmarks one by one, so that there is something to link in another
// order.
#ifndef DEFT_PARTS
#define DEFT_PARTS 63
#endif

namespace {

constexpr std::size_t usual_work = 2000;

std::size_t work_of(std::string_view kernel) {
  const char* variable = std::getenv("DEFT_SLOWDOWN");
  std::string_view rest = variable != nullptr ? variable : "";
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || entry.substr(0, equals) != kernel) continue;
    const double scale = std::strtod(std::string(entry.substr(equals + 1)).c_str(), nullptr);
    return static_cast<std::size_t>(static_cast<double>(usual_work) * scale + 0.5);
  }
  return usual_work;
}

std::uint64_t next_random(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

std::vector<std::uint64_t> random_values(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint64_t> values(count);
  for (auto& value : values) value = next_random(seed);
  return values;
}

#if DEFT_PARTS & 1
/// Branches that the processor cannot foresee.
void search(benchmark::State& state) {
  const std::size_t work = work_of("search");
  auto sorted = random_values(1 << 14, 1);
  const auto needles = random_values(2 * usual_work, 2);
  std::sort(sorted.begin(), sorted.end());
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < work; ++i) {
      std::size_t low = 0;
      std::size_t high = sorted.size();
      while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (sorted[middle] < needles[i % needles.size()]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      sum += low;
    }
    benchmark::DoNotOptimize(sum);
  }
}

BENCHMARK(search);
#endif

#if DEFT_PARTS & 2
/// Allocations and strings too long to be stored in place.
void map(benchmark::State& state) {
  const std::size_t work = work_of("map") / 4;
  const auto keys = random_values(usual_work, 3);
  for (auto _ : state) {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < work; ++i) ++counts["a key of some length " + std::to_string(keys[i] % 512)];
    benchmark::DoNotOptimize(counts.size());
  }
}

BENCHMARK(map);
#endif

#if DEFT_PARTS & 4
/// A chain in which each step waits for the one before.
void hash(benchmark::State& state) {
  const std::size_t work = work_of("hash") * 4;
  for (auto _ : state) {
    std::uint64_t value = 1469598103934665603U;
    for (std::size_t i = 0; i < work; ++i) value = (value ^ i) * 1099511628211U;
    benchmark::DoNotOptimize(value);
  }
}

BENCHMARK(hash);
#endif

#if DEFT_PARTS & 8
/// Reads in a straight line.
void sum(benchmark::State& state) {
  const std::size_t work = work_of("sum") * 8;
  const auto values = random_values(3 * usual_work * 8, 4);
  for (auto _ : state) {
    benchmark::DoNotOptimize(std::accumulate(
        values.begin(), values.begin() + static_cast<std::ptrdiff_t>(work), std::uint64_t{0}));
  }
}

BENCHMARK(sum);
#endif

#if DEFT_PARTS & 16
/// Moves data about.
void sort(benchmark::State& state) {
  const std::size_t work = work_of("sort") / 2;
  const auto values = random_values(2 * usual_work, 5);
  std::vector<std::uint64_t> copy(work);
  for (auto _ : state) {
    std::copy_n(values.begin(), work, copy.begin());
    std::sort(copy.begin(), copy.end());
    benchmark::DoNotOptimize(copy.data());
  }
}

BENCHMARK(sort);
#endif

}  // namespace

#if DEFT_PARTS & 32
#ifdef DEFT_TEST_WORKER
DEFT_BENCHMARK_MAIN()
#else
BENCHMARK_MAIN();
#endif
#endif
