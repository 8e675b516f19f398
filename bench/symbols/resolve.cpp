// Naming and folding a million samples of this program, as `deft profile` does for a command: what a sample
// costs once its code was met, and what meeting it costs.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "symbols/annotate.hpp"
#include "symbols/fold.hpp"
#include "symbols/stack_resolver.hpp"
#include "tests/symbols/own_stack.hpp"

namespace {

namespace symbols = deft::symbols;

constexpr std::size_t batch = 10'000;
constexpr std::size_t all_samples = 1'000'000;

using visitor = void (*)(void*);

// Stacks of about thirty frames by way of four functions, as `path` says.
template <int Which>
[[gnu::noinline]] void descend(std::uint64_t path, int depth, visitor visit, void* state);

void next(std::uint64_t path, int depth, visitor visit, void* state) {
  if (depth == 0) return visit(state);
  switch (path & 3) {
    case 0:
      return descend<0>(path >> 2, depth - 1, visit, state);
    case 1:
      return descend<1>(path >> 2, depth - 1, visit, state);
    case 2:
      return descend<2>(path >> 2, depth - 1, visit, state);
    default:
      return descend<3>(path >> 2, depth - 1, visit, state);
  }
}

template <int Which>
void descend(std::uint64_t path, int depth, visitor visit, void* state) {
  std::array<std::uint64_t, 8 * (Which + 1)> room{};
  benchmark::DoNotOptimize(room.data());
  next(path, depth, visit, state);
  benchmark::ClobberMemory();
}

void take_copy(void* sample) {
  *static_cast<symbols::stack_sample*>(sample) = symbols::testing::sample_own_stack(32 << 10);
}

void take_addresses(void* sample) {
  *static_cast<symbols::stack_sample*>(sample) = symbols::testing::addresses_of_own_stack();
}

symbols::recording record(visitor take, std::size_t count, int different_callers) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> callers(static_cast<std::size_t>(different_callers));
  for (std::uint64_t& each : callers) each = random();
  symbols::recording recorded;
  recorded.samples.resize(count);
  for (symbols::stack_sample& sample : recorded.samples) {
    next(callers[random() % callers.size()], 24, take, &sample);
    // A timer interrupts anywhere: the leaves differ where the callers do not.
    if (!sample.addresses.empty()) sample.addresses[0] -= random() % 64;
  }
  return recorded;
}

void resolve_and_fold(benchmark::State& state, const symbols::recording& recorded) {
  const symbols::recording mappings = symbols::testing::own_mappings();
  for (auto _ : state) {
    symbols::stack_resolver resolver;
    symbols::stack_folder folder({.kind = symbols::profile_kind::cpu, .period_ns = 1, .by_thread = true});
    symbols::leaf_counts leaves;
    resolver.begin();
    benchmark::DoNotOptimize(resolver.resolve_part(mappings));
    for (std::size_t done = 0; done < all_samples; done += recorded.samples.size()) {
      const std::vector<symbols::resolved_sample> samples = resolver.resolve_part(recorded);
      folder.add(samples);
      leaves.add(samples);
    }
    benchmark::DoNotOptimize(folder.finish(resolver.frames()));
  }
  state.counters["ns/sample"] = benchmark::Counter(
      all_samples / 1e9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  std::size_t frames = 0;
  symbols::stack_resolver resolver;
  resolver.begin();
  benchmark::DoNotOptimize(resolver.resolve_part(mappings));
  const std::vector<symbols::resolved_sample> samples = resolver.resolve_part(recorded);
  std::size_t rooted = 0;
  for (const symbols::resolved_sample& sample : samples) {
    frames += sample.frames.size();
    rooted += sample.rooted ? 1 : 0;
  }
  state.counters["frames"] = static_cast<double>(frames) / static_cast<double>(samples.size());
  state.counters["rooted"] = static_cast<double>(rooted) / static_cast<double>(samples.size());
}

void addresses(benchmark::State& state) {
  resolve_and_fold(state, record(take_addresses, batch, static_cast<int>(state.range(0))));
}

BENCHMARK(addresses)->Name("symbols/addresses/1e6")->Arg(100)->Arg(5000)->Unit(benchmark::kMillisecond);

void copies(benchmark::State& state) {
  resolve_and_fold(state, record(take_copy, batch, static_cast<int>(state.range(0))));
}

BENCHMARK(copies)->Name("symbols/stack_copies/1e6")->Arg(100)->Arg(5000)->Unit(benchmark::kMillisecond);

// The first sample of a program: its symbols and the list of its compilation units.
void first_sample(benchmark::State& state) {
  symbols::recording recorded = record(take_addresses, 1, 1);
  const symbols::recording mappings = symbols::testing::own_mappings();
  recorded.mappings = mappings.mappings;
  for (auto _ : state) benchmark::DoNotOptimize(symbols::stack_resolver().resolve(recorded));
}

BENCHMARK(first_sample)->Name("symbols/first_sample")->Unit(benchmark::kMillisecond);

}  // namespace
