// One benchmark of several functions that call each other, one of which does more of the same work if told
// to: DEFT_SLOWDOWN="mix=1.2" makes `mix` do 20 % more. What deft explain has to find is then known: mix, and
// what called it. DEFT_MORE_MIX does the same when the program is built, as a change of the source would.
//
// Shares of an iteration, about: mix 30 %, order 25 %, hash_part 20 %, copy_words 17 %, tally 6 %.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

// tools/validate-explanations links the parts in another order.
#ifndef DEFT_PARTS
#define DEFT_PARTS 3
#endif

#ifndef DEFT_MORE_MIX
#define DEFT_MORE_MIX 1.0
#endif

namespace inner {

struct work {
  std::size_t mix_steps;
  std::vector<std::uint64_t> values;
  std::vector<std::uint64_t> sorted;
  std::vector<std::uint64_t> copy;
  std::map<std::uint64_t, std::uint64_t> counts;
};

std::uint64_t digest(work& w);
std::uint64_t arrange(work& w);

}  // namespace inner

#if DEFT_PARTS & 1
namespace inner {

[[gnu::noinline]] std::uint64_t mix(std::uint64_t value, std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i) {
    value ^= value >> 31;
    value *= 0x9e3779b97f4a7c15U;
    value ^= i;
  }
  return value;
}

[[gnu::noinline]] std::uint64_t hash_part(const work& w) {
  std::uint64_t hash = 1469598103934665603U;
  for (std::size_t round = 0; round < 3; ++round) {
    for (const std::uint64_t value : w.values) hash = (hash ^ value) * 1099511628211U;
  }
  return hash;
}

[[gnu::noinline]] std::uint64_t digest(work& w) {
  const std::uint64_t hash = hash_part(w);
  return hash ^ mix(hash, w.mix_steps);
}

}  // namespace inner
#endif

#if DEFT_PARTS & 2
namespace inner {

[[gnu::noinline]] void copy_words(work& w) {
  for (std::size_t round = 0; round < 6; ++round) {
    for (std::size_t i = 0; i < w.values.size(); ++i) w.copy[i] = w.copy[i] / 3 + w.values[i];
    benchmark::ClobberMemory();
  }
}

[[gnu::noinline]] void order(work& w) {
  std::copy(w.values.begin(), w.values.begin() + 512, w.sorted.begin());
  std::make_heap(w.sorted.begin(), w.sorted.end());
  std::sort_heap(w.sorted.begin(), w.sorted.end());
}

[[gnu::noinline]] std::uint64_t tally(work& w) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 256; ++i) sum += ++w.counts[w.values[i] % 256];
  return sum;
}

[[gnu::noinline]] std::uint64_t arrange(work& w) {
  copy_words(w);
  order(w);
  return tally(w);
}

}  // namespace inner

namespace {

double mix_scale() {
  const char* variable = std::getenv("DEFT_SLOWDOWN");
  const std::string_view text = variable != nullptr ? variable : "";
  return text.starts_with("mix=") ? std::strtod(variable + 4, nullptr) : DEFT_MORE_MIX;
}

void inner_work(benchmark::State& state) {
  constexpr double usual_steps = 7000;
  inner::work w{static_cast<std::size_t>(usual_steps * mix_scale()), {}, {}, {}, {}};
  std::uint64_t value = 88172645463325252U;
  for (int i = 0; i < 2048; ++i) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    w.values.push_back(value);
  }
  w.sorted.resize(512);
  w.copy.resize(w.values.size());
  for (auto _ : state) benchmark::DoNotOptimize(inner::digest(w) + inner::arrange(w));
}

BENCHMARK(inner_work);

void other_work(benchmark::State& state) {
  std::uint64_t value = 1;
  for (auto _ : state) benchmark::DoNotOptimize(value = value * 6364136223846793005U + 1442695040888963407U);
}

BENCHMARK(other_work);

}  // namespace

BENCHMARK_MAIN();
#endif
