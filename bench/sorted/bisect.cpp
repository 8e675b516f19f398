// bisect_left and bisect_left_many over a sorted vector, beside what people would use instead. std and deft
// return a position; the sets of Boost and Abseil return an iterator, whose key is read, and own a copy of
// the keys.
#include "deft/sorted/bisect.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <absl/container/btree_set.h>
#include <benchmark/benchmark.h>
#include <boost/container/flat_set.hpp>

#include "bench/support/keys.hpp"
#include "bench/support/lookup.hpp"

namespace {

using deft_bench::size_step;

using deft_bench::spelling;

/// One per vector of keys, kept as they are.
template <typename Set, typename Keys, typename Fill>
auto set_of(const Keys& keys, Fill fill) -> const Set& {
  static std::map<const Keys*, Set> sets;
  Set& set = sets[&keys];
  if (set.empty()) fill(set);
  return set;
}

auto read(std::uint64_t key) -> std::size_t {
  return key;
}

auto read(std::int32_t key) -> std::size_t {
  return static_cast<std::size_t>(key);
}

auto read(double key) -> std::size_t {
  return static_cast<std::size_t>(key > 9e18);
}

auto read(const std::string& key) -> std::size_t {
  return static_cast<unsigned char>(key.back());
}

template <typename Set>
auto lookup_in(const Set& set) {
  return [&set](const auto& needle) {
    const auto found = set.lower_bound(needle);
    return found == set.end() ? std::size_t{0} : read(*found);
  };
}

template <typename Key>
void register_single(const size_step& step, spelling spelt = spelling::digits) {
  using deft_bench::register_lookup;
  using deft_bench::sorted_keys;
  const auto add = [&](const char* peer, auto make) {
    register_lookup<Key>(
        "bisect_left", step, peer, [=](std::size_t size) { return make(sorted_keys<Key>(size, spelt)); },
        spelt);
  };
  add("deft", [](const std::vector<Key>& keys) {
    return [&keys](const Key& needle) { return deft::bisect_left(keys, needle); };
  });
  add("std", [](const std::vector<Key>& keys) {
    return [&keys](const Key& needle) {
      return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), needle) - keys.begin());
    };
  });
  add("boost", [](const std::vector<Key>& keys) {
    using set = boost::container::flat_set<Key>;
    return lookup_in(set_of<set>(keys, [&keys](set& empty) {
      empty.reserve(keys.size());
      empty.insert(boost::container::ordered_unique_range, keys.begin(), keys.end());
    }));
  });
  add("absl", [](const std::vector<Key>& keys) {
    using set = absl::btree_set<Key>;
    return lookup_in(set_of<set>(keys, [&keys](set& empty) { empty.insert(keys.begin(), keys.end()); }));
  });
}

template <typename Key, typename Search>
void register_many(const size_step& step, const std::string& peer, Search search) {
  const std::string name =
      std::string("bisect_left_many/") + deft_bench::key_name<Key>() + "/" + step.name + "/" + peer;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const auto& keys = deft_bench::sorted_keys<Key>(step.size);
    const std::span<const Key> needles = deft_bench::queries<Key>(step.size);
    std::vector<std::size_t> out(deft_bench::batch);
    std::size_t start = 0;
    for (auto _ : state) {
      search(keys, needles.subspan(start, deft_bench::batch), std::span(out));
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
      start = (start + deft_bench::batch) % deft_bench::query_count;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(deft_bench::batch));
  });
}

/// Descending order: a comparator that no kernel knows.
void register_descending(const size_step& step) {
  static std::map<std::size_t, std::vector<std::uint64_t>> sets;
  const auto keys_of = [](std::size_t size) -> const std::vector<std::uint64_t>& {
    std::vector<std::uint64_t>& keys = sets[size];
    if (keys.empty()) {
      const auto& ascending = deft_bench::sorted_keys<std::uint64_t>(size);
      keys.assign(ascending.rbegin(), ascending.rend());
    }
    return keys;
  };
  deft_bench::register_lookup<std::uint64_t>("bisect_left_greater", step, "deft", [=](std::size_t size) {
    return [&keys = keys_of(size)](std::uint64_t needle) {
      return deft::bisect_left(keys, needle, std::greater<>{});
    };
  });
  deft_bench::register_lookup<std::uint64_t>("bisect_left_greater", step, "std", [=](std::size_t size) {
    return [&keys = keys_of(size)](std::uint64_t needle) {
      return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), needle, std::greater<>{}) -
                                      keys.begin());
    };
  });
}

template <typename Key>
void register_key() {
  for (const size_step& step : deft_bench::sizes) register_single<Key>(step);
  for (const size_step& step : deft_bench::sizes) {
    register_many<Key>(step, "deft", [](const auto& keys, auto needles, auto out) {
      deft::bisect_left_many(keys, needles, out);
    });
    register_many<Key>(step, "std", [](const auto& keys, auto needles, auto out) {
      for (std::size_t i = 0; i < needles.size(); ++i) {
        out[i] =
            static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), needles[i]) - keys.begin());
      }
    });
  }
}

const bool registered = [] {
  register_key<std::uint64_t>();
  register_key<std::int32_t>();
  register_key<double>();
  register_key<std::string>();
  for (const size_step& step : deft_bench::sizes) {
    register_descending(step);
    if (step.size > 1'000'000) continue;
    register_single<std::string>(step, spelling::url);
    register_single<std::string>(step, spelling::word);
  }
  return true;
}();

}  // namespace
