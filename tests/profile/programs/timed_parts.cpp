// Benchmarks whose timed part is known by the functions it calls.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include <benchmark/benchmark.h>

namespace {

void spin(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  std::uint64_t value = 1;
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 100; ++i) benchmark::DoNotOptimize(value = value * 31 + 7);
  }
}

volatile int last_called;

// Each writes a number of its own behind the call: else they would be folded into one, or end in a jump.
#define SPINNING_FUNCTION(name, number)                                 \
  __attribute__((noinline)) void name(std::chrono::microseconds time) { \
    spin(time);                                                         \
    last_called = number;                                               \
  }

SPINNING_FUNCTION(set_up, 1)
SPINNING_FUNCTION(tear_down, 2)
SPINNING_FUNCTION(timed_work, 3)
SPINNING_FUNCTION(paused_work, 4)

void set_up_and_tear_down(benchmark::State& state) {
  set_up(std::chrono::milliseconds(80));
  for (auto _ : state) timed_work(std::chrono::microseconds(50));
  tear_down(std::chrono::milliseconds(150));
}

BENCHMARK(set_up_and_tear_down);

void pauses(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    paused_work(std::chrono::milliseconds(3));
    state.ResumeTiming();
    timed_work(std::chrono::milliseconds(3));
  }
}

BENCHMARK(pauses);

void threads(benchmark::State& state) {
  for (auto _ : state) timed_work(std::chrono::microseconds(50));
}

BENCHMARK(threads)->Threads(2)->UseRealTime();

void own_clock(benchmark::State& state) {
  for (auto _ : state) {
    timed_work(std::chrono::microseconds(500));
    state.SetIterationTime(500e-6);
  }
}

BENCHMARK(own_clock)->UseManualTime();

void idle(benchmark::State& state) {
  for (auto _ : state) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

BENCHMARK(idle)->Iterations(5);

void reports_error(benchmark::State& state) {
  state.SkipWithError("no input file");
  for (auto _ : state) {
  }
}

BENCHMARK(reports_error);

void crashes(benchmark::State& state) {
  for (auto _ : state) std::abort();
}

BENCHMARK(crashes);

void hangs(benchmark::State& state) {
  for (auto _ : state) std::this_thread::sleep_for(std::chrono::hours(1));
}

BENCHMARK(hangs);

}  // namespace

BENCHMARK_MAIN();
