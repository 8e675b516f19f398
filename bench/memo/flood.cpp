// Whether somebody who chooses keys can make a cache slow: 100'000 keys whose hashes differ in 17 of 64 bits
// only, under the seed 0, beside as many random ones. With the seed of the process both take the same time.
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/core/hash.hpp"
#include "deft/memo/concurrent_cache.hpp"

#include "bench/support/keys.hpp"

namespace {

/// y, such that y ^ (y >> shift) is x.
auto unshifted(std::uint64_t x, unsigned shift) -> std::uint64_t {
  std::uint64_t y = x;
  for (unsigned known = shift; known < 64; known += shift) y = x ^ (y >> shift);
  return y;
}

/// The inverse of an odd factor modulo 2^64, by Newton's iteration.
auto inverse(std::uint64_t factor) -> std::uint64_t {
  std::uint64_t x = factor;
  for (int i = 0; i < 6; ++i) x *= 2 - factor * x;
  return x;
}

/// The key with that hash under the seed 0.
auto key_of_hash(std::uint64_t hash) -> std::uint64_t {
  std::uint64_t x = unshifted(hash, 31) * inverse(0x94d049bb133111ebU);
  x = unshifted(x, 27) * inverse(0xbf58476d1ce4e5b9U);
  return unshifted(x, 30) ^ 0x9e3779b97f4a7c15U;
}

constexpr std::size_t count = 100'000;

/// `place`: where the hashes differ; the bits below and above it are the same.
auto colliding_keys(unsigned place) -> std::vector<std::uint64_t> {
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t hash = (i << place) ^ 0x5a5a5a5a00000000U;
    keys.push_back(key_of_hash(hash));
    if (deft::hash_integer(keys.back(), 0) != hash) return {};
  }
  return keys;
}

auto random_keys() -> std::vector<std::uint64_t> {
  deft_bench::split_mix random(1);
  std::vector<std::uint64_t> keys(count);
  for (std::uint64_t& key : keys) key = random();
  return keys;
}

void fill_and_read(benchmark::State& state, const std::vector<std::uint64_t>& keys) {
  if (keys.empty()) return state.SkipWithError("the keys do not have the hashes that were wanted");
  for (auto _ : state) {
    deft::concurrent_cache<std::uint64_t, std::uint64_t> cache({.max_size = 2 * count});
    std::uint64_t sum = 0;
    for (const std::uint64_t key : keys) cache.put(key, key);
    for (const std::uint64_t key : keys) sum += cache.get(key).value_or(0);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * count));
}

void same_low_bits(benchmark::State& state) {
  fill_and_read(state, colliding_keys(47));
}

void same_high_bits(benchmark::State& state) {
  fill_and_read(state, colliding_keys(0));
}

void random(benchmark::State& state) {
  fill_and_read(state, random_keys());
}

// `deft` is what the others are compared with: how many times as long do they take?
BENCHMARK(random)->Name("cache/flood/u64/8/1e5/1/deft");
BENCHMARK(same_low_bits)->Name("cache/flood/u64/8/1e5/1/same_low_bits");
BENCHMARK(same_high_bits)->Name("cache/flood/u64/8/1e5/1/same_high_bits");

}  // namespace
