// One benchmark for each thing that goes wrong in practice, and the unusual ones that must work.
// DEFT_TEST_HIDE=name leaves a benchmark out: what a program looks like from which one was removed.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string_view>
#include <thread>

#include <benchmark/benchmark.h>
#include <unistd.h>

#ifdef DEFT_TEST_WORKER  // The same program once more, as one that deft drives.
#include "deft/measure/google_benchmark.hpp"
#endif

namespace {

void work(benchmark::State& state) {
  for (auto _ : state) {
    std::uint64_t value = 1;
    for (int i = 0; i < 500; ++i) benchmark::DoNotOptimize(value = value * 31 + 7);
  }
}

void segfault(benchmark::State& state) {
  for (auto _ : state) std::raise(SIGSEGV);
}

void abort_with_words(benchmark::State& state) {
  for (auto _ : state) {
    std::fputs("the table is corrupt\n", stderr);
    std::abort();
  }
}

void exit_3(benchmark::State& state) {
  for (auto _ : state) ::_exit(3);
}

void exit_0(benchmark::State& state) {
  for (auto _ : state) ::_exit(0);
}

/// Who waits for the hang finds the file that DEFT_TEST_HANGING names.
void announce_hang() {
  if (const char* file = std::getenv("DEFT_TEST_HANGING")) std::ofstream(file).flush();
}

void hang(benchmark::State& state) {
  for (auto _ : state) {
    announce_hang();
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
}

/// Starts a process of its own and hangs: both have to go.
void hang_with_child(benchmark::State& state) {
  for (auto _ : state) {
    if (::fork() == 0) {
      for (;;) ::pause();
    }
    announce_hang();
    for (;;) ::pause();
  }
}

void error(benchmark::State& state) {
  state.SkipWithError("no input file");
  for (auto _ : state) {
  }
}

void garbage(benchmark::State& state) {
  for (auto _ : state) std::puts("{\"benchmarks\": [}} \x01\xff");
}

void not_finite(benchmark::State& state) {
  work(state);
  state.counters["nan"] = std::numeric_limits<double>::quiet_NaN();
  state.counters["infinite"] = -std::numeric_limits<double>::infinity();
}

void manual(benchmark::State& state) {
  for (auto _ : state) state.SetIterationTime(1e-5);
}

void add(const char* name, void (*function)(benchmark::State&)) {
  const char* hidden = std::getenv("DEFT_TEST_HIDE");
  if (hidden == nullptr || std::string_view(hidden) != name) benchmark::RegisterBenchmark(name, function);
}

}  // namespace

int main(int argc, char** argv) {
  add("good", work);
  add("segfault", segfault);
  add("abort", abort_with_words);
  add("exit_3", exit_3);
  add("exit_0", exit_0);
  add("hang", hang);
  add("hang_with_child", hang_with_child);
  add("error", error);
  add("garbage", garbage);
  add("not_finite", not_finite);
  add("work<int, (x)>/^a|b$/[0]+{1}*?.\\", work);
  add("work<int", work);  // Found by a filter that is not anchored.
  benchmark::RegisterBenchmark("threads", work)->Threads(2);
  benchmark::RegisterBenchmark("wall", work)->UseRealTime();
  benchmark::RegisterBenchmark("process", work)->MeasureProcessCPUTime();
  benchmark::RegisterBenchmark("manual", manual)->UseManualTime();
  benchmark::RegisterBenchmark("aggregates", work)->Repetitions(3)->ReportAggregatesOnly();
  benchmark::RegisterBenchmark("milliseconds", work)->Unit(benchmark::kMillisecond);
#ifdef DEFT_TEST_WORKER
  return deft::measure::google_benchmark_main(argc, argv);
#else
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
#endif
}
