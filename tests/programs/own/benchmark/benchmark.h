// What of Google Benchmark's names seeded_slowdown.cpp uses, made of deft::measure: with this folder first
// among those searched, it becomes a program of deft's own benchmarks, with the very same code to measure.
#pragma once

#include "deft/measure/worker.hpp"

namespace benchmark {

using State = deft::measure::state;

template <class T>
void DoNotOptimize(T&& value) {
  deft::measure::do_not_optimize(value);
}

}  // namespace benchmark

#define BENCHMARK(name) DEFT_BENCHMARK(name) static_assert(true)
#define BENCHMARK_MAIN() DEFT_MEASURE_MAIN() static_assert(true)
