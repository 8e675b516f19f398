// Benchmarks of which is known what they allocate and how many times the work of one another does. What
// differs between two builds is set by the environment: DEFT_MORE_ALLOCATIONS=1 allocates once more in each
// iteration, DEFT_MORE_INSTRUCTIONS=1 does the loop twice.

#include <cstdint>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value == '1';
}

void* allocate(std::size_t size) {
  void* memory = std::malloc(size);
  benchmark::DoNotOptimize(memory);
  return memory;
}

/// Three of 100 bytes each, one of them before the loop.
void allocates(benchmark::State& state) {
  void* const kept = allocate(100);
  const bool more = is_set("DEFT_MORE_ALLOCATIONS");
  for (auto _ : state) {
    void* const first = allocate(100);
    void* const second = allocate(100);
    void* const third = more ? allocate(100) : nullptr;
    std::free(third);
    std::free(second);
    std::free(first);
  }
  std::free(kept);
}

void spin(std::uint64_t steps) {
  std::uint64_t value = 1;
  for (std::uint64_t i = 0; i < steps; ++i) benchmark::DoNotOptimize(value = value * 31 + 7);
}

void loop(benchmark::State& state) {
  const std::vector<std::uint64_t> setup(100'000, 1);
  benchmark::DoNotOptimize(setup.data());
  const auto steps = static_cast<std::uint64_t>(state.range(0)) * (is_set("DEFT_MORE_INSTRUCTIONS") ? 2 : 1);
  for (auto _ : state) spin(steps);
}

/// What happens in a pause is not the benchmark's.
void pauses(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    void* const memory = allocate(1000);
    spin(5000);
    state.ResumeTiming();
    spin(1000);
    state.PauseTiming();
    std::free(memory);
    state.ResumeTiming();
  }
}

void by_hand(benchmark::State& state) {
  for (auto _ : state) {
    spin(1000);
    state.SetIterationTime(1e-6);
  }
}

/// An instruction that valgrind 3.19 does not know.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
[[gnu::target("avx512f")]] void wide_add(std::int64_t* values) {
  const __m512i loaded = _mm512_loadu_si512(values);
  _mm512_storeu_si512(values, _mm512_add_epi64(loaded, loaded));
}

void wide(benchmark::State& state) {
  std::int64_t values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (auto _ : state) {
    wide_add(values);
    benchmark::DoNotOptimize(values);
  }
}
#endif

BENCHMARK(allocates);
BENCHMARK(loop)->Arg(1000)->Arg(2000);
BENCHMARK(loop)->Name("loop_by_the_wall")->Arg(1000)->UseRealTime();
BENCHMARK(loop)->Name("loop_of_seven")->Arg(1000)->Iterations(7);
BENCHMARK(loop)->Name("loop_of_two_threads")->Arg(1000)->Threads(2);
BENCHMARK(loop)->Name("loop_of_a_process")->Arg(1000)->MeasureProcessCPUTime();
BENCHMARK(pauses);
BENCHMARK(by_hand)->UseManualTime();

}  // namespace

int main(int argc, char** argv) {
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
  // Not asked of cpuid, which valgrind answers as it likes: the kernel says what the processor has.
  if (is_set("DEFT_HAS_AVX512")) benchmark::RegisterBenchmark("wide", wide);
#endif
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
