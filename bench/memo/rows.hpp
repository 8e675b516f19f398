/// @file
/// The rows of the comparison, for any cache behind the adapter of peers.hpp:
///
/// | row       | what is asked                                                        | capacity       |
/// |-----------|----------------------------------------------------------------------|----------------|
/// | hit       | reads by Zipf's law over `size` keys, all of them there              | twice the size |
/// | mix       | the same over 2 * `size` keys, every tenth one a put, nothing filled | the size       |
/// | miss      | keys that were never seen: a read in vain, a put, an eviction        | the size       |
/// | memoized  | reads by Zipf's law over `size` keys; what is missing is computed    | the size       |
/// | bytes     | counts what an entry takes beyond key and value, in malloc's chunks  | the size       |
///
/// Benchmarks are called `cache/<row>/<key>/<value bytes>/<size>/<threads>/<peer>`; those beside the small
/// standard set `all_cache/...`.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include "bench/memo/peers.hpp"
#include "bench/memo/workloads.hpp"

namespace deft_bench {

/// Asks with one key of the sequence after the other: `one(key, i, sum)`. With several threads each has its
/// own part of the sequence, and the time is that of a clock and not of processors.
template <typename K, typename One>
void ask(benchmark::State& state, const std::vector<K>& sequence, unsigned threads, One one) {
  const std::size_t mask = sequence.size() - 1;
  if (threads == 1) {
    std::size_t start = 0;
    for (auto _ : state) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < batch; ++i) one(sequence[start + i], start + i, sum);
      benchmark::DoNotOptimize(sum);
      start = (start + batch) & mask;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
    return;
  }
  constexpr std::size_t share = std::size_t{1} << 16U;

  struct alignas(64) place {
    std::size_t start;
  };

  std::vector<place> places(threads);
  for (unsigned t = 0; t < threads; ++t) places[t].start = sequence.size() / threads / batch * batch * t;
  crew workers(threads, [&](unsigned t) {
    std::uint64_t sum = 0;
    for (std::size_t done = 0; done < share; ++done) {
      const std::size_t i = (places[t].start + done) & mask;
      one(sequence[i], i, sum);
    }
    benchmark::DoNotOptimize(sum);
    places[t].start += share;
  });
  std::chrono::steady_clock::duration elapsed{0};
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    workers.once();
    elapsed += std::chrono::steady_clock::now() - begin;
  }
  const double items = static_cast<double>(state.iterations()) * static_cast<double>(share) * threads;
  state.counters["items_per_second"] = items / std::chrono::duration<double>(elapsed).count();
}

template <typename Cache, typename K, typename V>
struct rows {
  static auto value_of(const K& key) -> V { return make_value<V>(function_of(key)); }

  static auto read_or_put(Cache& cache, const K& key, std::uint64_t& sum) -> bool {
    if (cache.read(key, sum)) return true;
    if constexpr (!Cache::computes) cache.put(key, value_of(key));
    return false;
  }

  static void hit(benchmark::State& state, std::size_t size, unsigned threads) {
    static std::map<std::size_t, std::unique_ptr<Cache>> caches;
    std::unique_ptr<Cache>& cache = caches[size];
    const std::vector<K>& sequence = zipf_sequence<K>(size);
    if (cache == nullptr) {
      cache = std::make_unique<Cache>(2 * size);
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < size; ++i) read_or_put(*cache, cache_key<K>(i), sum);
      bool all = true;
      for (const K& key : sequence) all = cache->read(key, sum) && all;
      if (!all) return state.SkipWithError("a key is missing");
    }
    ask(state, sequence, threads,
        [&](const K& key, std::size_t, std::uint64_t& sum) { cache->read(key, sum); });
  }

  static void mix(benchmark::State& state, std::size_t size, unsigned threads) {
    static std::map<std::size_t, std::unique_ptr<Cache>> caches;
    std::unique_ptr<Cache>& cache = caches[size];
    const std::vector<K>& sequence = zipf_sequence<K>(2 * size);
    const auto one = [&](const K& key, std::size_t i, std::uint64_t& sum) {
      if (i % 10 == 9) {
        cache->put(key, value_of(key));
      } else {
        cache->read(key, sum);
      }
    };
    if (cache == nullptr) {
      cache = std::make_unique<Cache>(size);
      std::uint64_t sum = 0;
      for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < sequence.size(); ++i) one(sequence[i], i + round, sum);
      }
    }
    ask(state, sequence, threads, one);
  }

  static void miss(benchmark::State& state, std::size_t size, unsigned threads) {
    static std::map<std::size_t, std::unique_ptr<Cache>> caches;
    std::unique_ptr<Cache>& cache = caches[size];
    const std::vector<K>& sequence = different_keys<K>(size);
    if (cache == nullptr) {
      cache = std::make_unique<Cache>(size);
      std::uint64_t sum = 0;
      // The last of them: the benchmark begins with the first.
      for (std::size_t i = sequence.size() - 2 * size; i < sequence.size(); ++i)
        read_or_put(*cache, sequence[i], sum);
    }
    ask(state, sequence, threads,
        [&](const K& key, std::size_t, std::uint64_t& sum) { read_or_put(*cache, key, sum); });
  }

  static void memoized(benchmark::State& state, std::size_t size, unsigned threads) {
    static std::map<std::size_t, std::unique_ptr<Cache>> caches;
    std::unique_ptr<Cache>& cache = caches[size];
    const std::vector<K>& sequence = zipf_sequence<K>(size);
    if (cache == nullptr) {
      cache = std::make_unique<Cache>(size);
      std::uint64_t sum = 0;
      for (const K& key : sequence) read_or_put(*cache, key, sum);
    }
    ask(state, sequence, threads,
        [&](const K& key, std::size_t, std::uint64_t& sum) { read_or_put(*cache, key, sum); });
  }

  static void bytes(benchmark::State& state, std::size_t size, unsigned) {
    const auto in_use = [] {
      const auto info = mallinfo2();
      return static_cast<double>(info.uordblks + info.hblkhd);
    };
    std::vector<K> keys;
    for (std::size_t i = 0; i < size; ++i) keys.push_back(cache_key<K>(i));
    for (auto _ : state) {
      const double before = in_use();
      auto cache = std::make_unique<Cache>(size);
      std::uint64_t sum = 0;
      for (const K& key : keys) read_or_put(*cache, key, sum);
      const double payload = (std::is_same_v<K, std::string> ? 32.0 : 8.0) + static_cast<double>(sizeof(V));
      state.counters["bytes"] = (in_use() - before) / static_cast<double>(cache->size()) - payload;
      state.counters["kept"] = static_cast<double>(cache->size());
    }
  }
};

struct row {
  const char* name;
  void (*run)(benchmark::State&, std::size_t, unsigned);
};

/// Whether a row belongs to the standard set, which takes less than a minute.
inline auto is_standard(const std::string& name, bool plain, std::size_t size, unsigned threads) -> bool {
  if (name == "hit" && !plain) return size == 1'000 && threads == 1;
  if (!plain) return false;
  if (name == "hit") return threads == 1 || (threads == 2 && size == 100'000);
  if (name == "bytes" || name == "mix") return size == 100'000 && threads == 1;
  return size <= 100'000 && threads == 1;  // miss, memoized
}

template <typename K, typename V>
void register_rows(const char* peer, const std::vector<row>& wanted, std::size_t least, std::size_t most) {
  constexpr bool plain = std::is_same_v<K, std::uint64_t> && sizeof(V) == 8;
  static constexpr std::array<size_step, 4> steps{
      {{100, "1e2"}, {1'000, "1e3"}, {100'000, "1e5"}, {1'000'000, "1e6"}}};
  for (const row& one : wanted) {
    const std::string name = one.name;
    for (const size_step& step : steps) {
      // The default size of a memoized function holds 100 keys, and its row only makes sense there and at
      // 1e5.
      const bool fits = name == "memoized" ? step.size == 100 || step.size == 100'000 : step.size >= 1'000;
      if (!fits || step.size < least || step.size > most) continue;
      if (step.size * sizeof(V) > 200'000'000) continue;
      for (const unsigned threads : {1U, 2U, 4U, 8U}) {
        if (threads > 1 && name == "bytes") continue;
        const std::string path =
            std::string(is_standard(name, plain, step.size, threads) ? "" : "all_") + "cache/" + name + "/" +
            (std::is_same_v<K, std::string> ? "string32" : "u64") + "/" + std::to_string(sizeof(V)) + "/" +
            step.name + "/" + std::to_string(threads) + "/" + peer;
        benchmark::RegisterBenchmark(path.c_str(), one.run, step.size, threads);
      }
    }
  }
}

/// All rows of a cache for the keys and values that are measured. Its row `memoized` may have another name.
template <template <typename, typename> typename Cache, bool Strings = true>
void register_cache(const char* peer, const char* memoized_as = nullptr) {
  const auto add = [=]<typename K, typename V>(K, V) {
    using all = rows<Cache<K, V>, K, V>;
    register_rows<K, V>(peer,
                        {{"hit", all::hit}, {"mix", all::mix}, {"miss", all::miss}, {"bytes", all::bytes}}, 0,
                        1'000'000);
    if constexpr (std::is_same_v<K, std::uint64_t> && sizeof(V) == 8) {
      register_rows<K, V>(memoized_as != nullptr ? memoized_as : peer, {{"memoized", all::memoized}}, 0,
                          1'000'000);
    }
  };
  add(std::uint64_t{}, std::uint64_t{});
  add(std::uint64_t{}, block<1024>{});
  if constexpr (Strings) {
    add(std::string{}, std::uint64_t{});
    add(std::string{}, block<1024>{});
  }
}

}  // namespace deft_bench
