/// @file
/// Rows of the view benchmarks: `view/<operation>/<element>/<size>/<peer>`. Every peer's kernel is a function
/// that is not inlined, over the same arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#if defined(__clang__)
#define DEFT_BENCH_NOINLINE [[gnu::noinline]]
#else
#define DEFT_BENCH_NOINLINE [[gnu::noinline, gnu::noipa]]
#endif

namespace deft_bench {

struct view_size {
  const char* name;
  std::size_t size;
};

/// In the first cache, and in memory.
inline constexpr view_size view_sizes[] = {{"4e3", 4096}, {"4e6", 1 << 22}};

template <typename T>
inline constexpr const char* element_name = std::is_same_v<T, double> ? "f64" : "u32";

template <typename T>
struct view_arrays {
  std::vector<T> a;
  std::vector<T> b;
  std::vector<T> equal_to_a;
  std::vector<T> out;
  std::vector<std::uint32_t> indices;
};

/// Made when a benchmark runs first, and kept.
template <typename T>
view_arrays<T>& arrays_of(std::size_t size) {
  static std::map<std::size_t, view_arrays<T>> made;
  view_arrays<T>& arrays = made[size];
  if (!arrays.a.empty()) return arrays;
  std::uint32_t next = 1;
  for (std::size_t i = 0; i < size; ++i) {
    next = next * 1664525 + 1013904223;
    arrays.a.push_back(static_cast<T>(next >> 8));
    arrays.b.push_back(static_cast<T>(next >> 16));
    arrays.indices.push_back((next >> 4) % static_cast<std::uint32_t>(size));
  }
  arrays.equal_to_a = arrays.a;
  arrays.out.resize(size);
  return arrays;
}

/// `run(arrays)` is one pass over `items(size)` elements; what it returns is used.
template <typename T, typename Run>
void register_view_row(const std::string& operation, const std::string& peer, Run run,
                       std::size_t divisor = 1) {
  for (const view_size& step : view_sizes) {
    const std::string name = "view/" + operation + "/" + element_name<T> + "/" + step.name + "/" + peer;
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
      view_arrays<T>& arrays = arrays_of<T>(step.size);
      for (auto _ : state) {
        auto result = run(arrays);
        benchmark::DoNotOptimize(result);
        benchmark::ClobberMemory();
      }
      state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(step.size / divisor));
    });
  }
}

}  // namespace deft_bench
