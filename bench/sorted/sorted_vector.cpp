// sorted_vector beside the sequences with duplicates that people would use instead: Boost's flat_multiset,
// std::multiset, Abseil's btree_multiset, and a plain std::vector with the standard's binary searches. All do
// the same work on the same keys; what is built before an operation is built outside the timing.
#include "deft/sorted/sorted_vector.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/container/btree_set.h>
#include <benchmark/benchmark.h>
#include <boost/container/flat_set.hpp>

#include "bench/support/keys.hpp"

namespace {

using deft_bench::batch;
using deft_bench::size_step;
using deft_bench::sizes;

/// std::vector with the interface of a multiset, as it is written by hand.
template <typename Key>
struct searched_vector {
  std::vector<Key> keys;

  auto begin() const { return keys.begin(); }

  auto end() const { return keys.end(); }

  auto size() const { return keys.size(); }

  auto lower_bound(const Key& x) const { return std::lower_bound(keys.begin(), keys.end(), x); }

  auto find(const Key& x) const {
    const auto it = lower_bound(x);
    return it != keys.end() && !(x < *it) ? it : keys.end();
  }

  void insert(const Key& x) { keys.insert(std::upper_bound(keys.begin(), keys.end(), x), x); }

  template <typename It>
  void insert(It first, It last) {
    const auto old = static_cast<std::ptrdiff_t>(keys.size());
    keys.insert(keys.end(), first, last);
    std::stable_sort(keys.begin() + old, keys.end());
    std::inplace_merge(keys.begin(), keys.begin() + old, keys.end());
  }

  template <typename It>
  void erase(It it) {
    keys.erase(it);
  }
};

/// Keys in random order, the same for every peer.
template <typename Key>
auto shuffled_keys(std::size_t size) -> const std::vector<Key>& {
  static std::map<std::size_t, std::vector<Key>> sets;
  std::vector<Key>& keys = sets[size];
  if (keys.empty()) {
    keys = deft_bench::sorted_keys<Key>(size);
    deft_bench::split_mix random(size + 2);
    for (std::size_t i = size; i > 1; --i) std::swap(keys[i - 1], keys[random() % i]);
  }
  return keys;
}

template <typename Sequence, typename Key>
auto sequence_of(std::size_t size) -> const Sequence& {
  static std::map<std::size_t, Sequence> sequences;
  Sequence& sequence = sequences[size];
  if (sequence.size() == 0) {
    const auto& keys = deft_bench::sorted_keys<Key>(size);
    sequence.insert(keys.begin(), keys.end());
  }
  return sequence;
}

template <typename Key, typename Lookup>
void run_lookups(benchmark::State& state, std::size_t size, Lookup lookup) {
  // Every second query is a key that is there; too many different ones for a branch predictor to remember.
  const auto& needles = deft_bench::queries<Key>(size);
  std::size_t start = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < batch; ++i) {
      benchmark::DoNotOptimize(lookup(needles[start]));
      start = (start + 2) % deft_bench::query_count;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}

template <typename Sequence, typename Key>
void find_hit(benchmark::State& state, std::size_t size) {
  const Sequence& sequence = sequence_of<Sequence, Key>(size);
  run_lookups<Key>(state, size, [&](const Key& x) { return sequence.find(x) != sequence.end(); });
}

template <typename Sequence, typename Key>
void lower_bound(benchmark::State& state, std::size_t size) {
  const Sequence& sequence = sequence_of<Sequence, Key>(size);
  run_lookups<Key>(state, size,
                   [&](const Key& x) { return &*sequence.lower_bound(x); });  // there: never the end
}

template <typename Sequence, typename Key>
void iterate(benchmark::State& state, std::size_t size) {
  const Sequence& sequence = sequence_of<Sequence, Key>(size);
  for (auto _ : state) {
    Key sum{};
    for (const Key& x : sequence) sum += x;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

template <typename Sequence, typename Key>
void fill(benchmark::State& state, const std::vector<Key>& keys) {
  for (auto _ : state) {
    Sequence sequence;
    for (const Key& x : keys) sequence.insert(x);
    benchmark::DoNotOptimize(sequence.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(keys.size()));
}

template <typename Sequence, typename Key>
void insert_random(benchmark::State& state, std::size_t size) {
  fill<Sequence>(state, shuffled_keys<Key>(size));
}

template <typename Sequence, typename Key>
void insert_ascending(benchmark::State& state, std::size_t size) {
  fill<Sequence>(state, deft_bench::sorted_keys<Key>(size));
}

/// A batch of an eighth of the size, unsorted, into a sequence of that size.
template <typename Sequence, typename Key>
void update(benchmark::State& state, std::size_t size) {
  const auto& keys = shuffled_keys<Key>(size);
  const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(size / 8);
  for (auto _ : state) {
    state.PauseTiming();
    Sequence sequence = sequence_of<Sequence, Key>(size);
    state.ResumeTiming();
    sequence.insert(keys.begin(), middle);
    benchmark::DoNotOptimize(sequence.size());
    state.PauseTiming();
    sequence = Sequence();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size / 8));
}

/// Half of the elements, one by one, in random order.
template <typename Sequence, typename Key>
void erase(benchmark::State& state, std::size_t size) {
  const auto& keys = shuffled_keys<Key>(size);
  for (auto _ : state) {
    state.PauseTiming();
    Sequence sequence = sequence_of<Sequence, Key>(size);
    state.ResumeTiming();
    for (std::size_t i = 0; i < size / 2; ++i) sequence.erase(sequence.find(keys[i]));
    benchmark::DoNotOptimize(sequence.size());
    state.PauseTiming();
    sequence = Sequence();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(size / 2));
}

template <typename Sequence, typename Key>
void register_peer(const char* peer, std::size_t largest) {
  constexpr bool main_key = std::is_same_v<Key, std::uint64_t>;
  for (const size_step& step : sizes) {
    if (step.size > largest || (!main_key && step.size != 1'000 && step.size != 100'000)) continue;
    const auto add = [&](const std::string& operation, void (*run)(benchmark::State&, std::size_t)) {
      const std::string name =
          "sorted_vector/" + operation + "/" + deft_bench::key_name<Key>() + "/" + step.name + "/" + peer;
      benchmark::RegisterBenchmark(name.c_str(), run, step.size);
    };
    // All operations on one key type; on the others those whose cost depends most on it. Every one of these
    // is compiled for every peer.
    add("find_hit", find_hit<Sequence, Key>);
    if (step.size <= 1'000'000) add("update", update<Sequence, Key>);
    // A contiguous sequence is the wrong one for more: each insertion moves half of it.
    if (step.size <= (main_key ? 100'000U : 1'000U)) add("insert_random", insert_random<Sequence, Key>);
    if constexpr (main_key) {
      add("lower_bound", lower_bound<Sequence, Key>);
      add("iterate", iterate<Sequence, Key>);
      if (step.size <= 1'000'000) add("insert_ascending", insert_ascending<Sequence, Key>);
      if (step.size <= 100'000) add("erase", erase<Sequence, Key>);
    }
  }
}

template <typename Key>
auto register_key() -> bool {
  register_peer<deft::sorted_vector<Key>, Key>("deft", 10'000'000);
  register_peer<searched_vector<Key>, Key>("std_vector", 10'000'000);
  register_peer<boost::container::flat_multiset<Key>, Key>("boost_flat_multiset", 10'000'000);
  register_peer<absl::btree_multiset<Key>, Key>("absl_btree_multiset", 10'000'000);
  register_peer<std::multiset<Key>, Key>("std_multiset", 1'000'000);  // 48 bytes an element
  return true;
}

[[maybe_unused]] const bool registered = register_key<std::uint64_t>() && register_key<std::int32_t>() &&
                                         register_key<double>() && register_key<std::string>();

}  // namespace
