// A program that talks: a banner before everything, a farewell after it, and options of its own.

#include <cstdio>
#include <cstring>

#include <benchmark/benchmark.h>

namespace {

int steps = 100;

void work(benchmark::State& state) {
  for (auto _ : state) {
    for (int i = 0; i < steps; ++i) benchmark::DoNotOptimize(i);
  }
}

BENCHMARK(work);

}  // namespace

int main(int argc, char** argv) {
  std::puts("Welcome to the benchmarks of Example, version 3");
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--many-steps") == 0) {
      steps = 100'000;
      for (int k = i; k + 1 < argc; ++k) argv[k] = argv[k + 1];
      --argc;
      break;
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  std::puts("Good bye");
}
