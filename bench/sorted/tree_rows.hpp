/// @file
/// The rows of sorted_set, sorted_list and sorted_map, for any container with the interface of the standard's
/// or of pb_ds'. What only deft can do at once, its peers do by the means that they have.
///
/// | row               | what is timed, per item                                                         |
/// |-------------------|---------------------------------------------------------------------------------|
/// | find_hit, _miss   | find, one independent of the other                                              |
/// | find_dependent    | find, where the result of one decides which key comes next                      |
/// | find_many         | iterators to 1024 keys; peers: find in a loop                                   |
/// | lower_bound       | of keys of which every second one is there                                      |
/// | nth, rank         | the element at a random position, the position of a key                         |
/// | insert            | random keys into an empty container one by one, which is then destroyed         |
/// | insert_sequential, insert_reverse, insert_zipf, insert_clustered | the same in other orders         |
/// | insert_many       | as many random keys as there are; peers: insert of a range                      |
/// | build             | a container of a range in random order, which is then destroyed                 |
/// | erase             | of keys in random order until none is left                                      |
/// | mix               | erase of one key and insertion of another, two items                            |
/// | iterate, chunks   | the sum of all keys, by iterators and by chunks; peers: by iterators            |
/// | scan_100          | lower_bound of a random key and the sum of up to 100 from there, one item       |
/// | merge             | of two halves whose keys mix                                                    |
/// | copy              | a copy, which is then destroyed                                                 |
///
/// The peers `sort` do build and insert_many with sorted keys and the hint that belongs to them: what who
/// knows Abseil's trees would write. Containers that are searched, read, copied or erased were filled one by
/// one in random order: a tree made at once is denser than one in use.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/sorted/items.hpp"
#include "bench/support/counting_allocator.hpp"
#include "bench/support/keys.hpp"

namespace deft_bench {

enum class asked { present, absent, both };

/// How many different keys are asked for: at 1e6 and above so many that what they need is not kept in a cache
/// that the container does not fit into.
inline auto needle_count(std::size_t size) -> std::size_t {
  return size < 1'000'000 ? query_count : std::size_t{1} << 20U;
}

/// Keys in random order; `batch` more repeat the first.
template <typename Key>
auto needles(data_set data, asked which) -> const std::vector<Key>& {
  static std::map<std::pair<data_set, asked>, std::vector<Key>> made;
  std::vector<Key>& all = made[{data, which}];
  if (!all.empty()) return all;
  const std::vector<Key>& keys = sorted_keys<Key>(data.size, data.spelt);
  split_mix random(data.size + 4);
  const std::size_t count = needle_count(data.size);
  all.reserve(count + batch);
  for (std::size_t i = 0; i < count; ++i) {
    const bool there = which == asked::present || (which == asked::both && random() % 2 == 0);
    all.push_back(there ? keys[random() % data.size] : key_at<Key>(random(), data.spelt));
  }
  for (std::size_t i = 0; i < batch; ++i) all.push_back(all[i]);
  return all;
}

/// Something to add up or to depend on.
inline auto bits_of(std::uint64_t key) -> std::uint64_t {
  return key;
}

inline auto bits_of(std::int32_t key) -> std::uint64_t {
  return static_cast<std::uint32_t>(key);
}

inline auto bits_of(double key) -> std::uint64_t {
  return std::bit_cast<std::uint64_t>(key);
}

inline auto bits_of(const std::string& key) -> std::uint64_t {
  return static_cast<unsigned char>(key.back());
}

template <typename K, typename V>
auto bits_of(const std::pair<K, V>& item) -> std::uint64_t {
  return bits_of(item.first) + item.second;
}

template <typename Key>
auto key_in(const Key& item) -> const Key& {
  return item;
}

template <typename K, typename V>
auto key_in(const std::pair<K, V>& item) -> const K& {
  return item.first;
}

// --- what peers call differently, or have not

template <typename Container>
concept has_merge = requires(Container a, Container b) { a.merge(b); };

template <typename Container>
concept has_positions = requires(const Container c) { c.order_of_key(key_in(*c.begin())); } ||
                        requires(const Container c) { c.nth(std::size_t{}); };

/// Ours must not take the way of peers unnoticed.
template <typename Container>
concept of_deft = requires(const Container c) { c.memory_bytes(); };

template <typename Container, typename Item>
[[gnu::noinline]] void insert_each(Container& c, std::span<const Item> from) {
  for (const Item& item : from) c.insert(item);
}

template <typename Container, typename Item>
[[gnu::noinline]] void insert_all(Container& c, std::span<const Item> from) {
  if constexpr (requires { c.insert_many(from); }) {
    c.insert_many(from);
  } else if constexpr (requires { c.insert(from.begin(), from.end()); }) {
    static_assert(!of_deft<Container>);
    c.insert(from.begin(), from.end());
  } else {
    for (const Item& item : from) c.insert(item);
  }
}

/// One by one, but for arrays, which come out the same.
template <typename Container, typename Item>
void fill(Container& c, std::span<const Item> from) {
  if constexpr (requires { c.capacity(); }) {
    insert_all(c, from);
  } else {
    insert_each(c, from);
  }
}

/// What is written where the container cannot do it.
template <typename Container, typename Item>
[[gnu::noinline]] void insert_sorted(Container& c, std::span<const Item> from) {
  std::vector<Item> sorted(from.begin(), from.end());
  std::sort(sorted.begin(), sorted.end(), [](const Item& a, const Item& b) { return key_in(a) < key_in(b); });
  auto hint = c.begin();
  for (const Item& item : sorted) {
    // The right place where keys come in runs or the container is empty, else insert searches.
    hint = c.insert(hint, item);
    ++hint;
  }
}

template <typename Container, typename Key>
auto position_of(const Container& c, const Key& x) -> std::size_t {
  if constexpr (requires { c.rank(x); }) {
    return c.rank(x);
  } else if constexpr (requires { c.order_of_key(x); }) {
    return c.order_of_key(x);
  } else {
    return static_cast<std::size_t>(c.lower_bound(x) - c.begin());
  }
}

template <typename Container>
auto place_at(const Container& c, std::size_t i) {
  if constexpr (requires { c.find_by_order(i); }) {
    return c.find_by_order(i);
  } else {
    return c.nth(i);
  }
}

template <typename Container>
[[gnu::noinline]] auto sum_of(const Container& c) -> std::uint64_t {
  std::uint64_t sum = 0;
  for (const auto& item : c) sum += bits_of(item);
  return sum;
}

template <typename Container>
[[gnu::noinline]] auto sum_of_chunks(const Container& c) -> std::uint64_t {
  if constexpr (requires { c.chunks(); }) {
    std::uint64_t sum = 0;
    for (const auto& chunk : c.chunks()) {
      if constexpr (requires { chunk.keys; }) {
        for (const auto& key : chunk.keys) sum += bits_of(key);
        for (const auto& value : chunk.values) sum += value;
      } else {
        for (const auto& key : chunk) sum += bits_of(key);
      }
    }
    return sum;
  } else {
    static_assert(!of_deft<Container>);
    return sum_of(c);
  }
}

/// A container filled from sorted_keys() that readers share. Large ones are kept until another is asked for:
/// all of them together would not fit.
template <typename Container, typename Item>
auto filled(data_set data) -> const Container& {
  static std::map<data_set, std::unique_ptr<Container>> made;
  static data_set large{};
  std::unique_ptr<Container>& container = made[data];
  if (container != nullptr) return *container;
  if (data.size * sizeof(Item) > 8'000'000) {
    if (large.size != 0) made[large].reset();
    large = data;
  }
  container = std::make_unique<Container>();
  fill(*container, batches<Item>::of_all(data).next());
  return *container;
}

/// Heap bytes per element after random insertions, over several small containers.
template <typename Container, typename Item>
auto bytes_per_element(data_set data) -> double {
  static std::map<data_set, double> known;
  double& bytes = known[data];
  if (bytes != 0) return bytes;
  auto& from = batches<Item>::of_any(data);
  double elements = 0;
  const std::size_t count = std::max<std::size_t>(1, 1000 / data.size);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t before = counted_bytes;
    Container container;
    insert_each(container, from.next());
    bytes += static_cast<double>(counted_bytes - before);
    elements += static_cast<double>(container.size());
  }
  return bytes /= elements;
}

template <typename Container, typename Item, typename Counting>
class tree_rows {
  using key = key_of<Item>;

 public:
  // --- lookups

  static void find_hit(benchmark::State& state, data_set data) {
    look_up(state, data, asked::present, found_by_find());
  }

  static void find_miss(benchmark::State& state, data_set data) {
    look_up(state, data, asked::absent, found_by_find());
  }

  static void lower_bound(benchmark::State& state, data_set data) {
    look_up(state, data, asked::both,
            [](const Container& c, const key& x) { return c.lower_bound(x) != c.end(); });
  }

  static void rank(benchmark::State& state, data_set data) {
    look_up(state, data, asked::both, [](const Container& c, const key& x) { return position_of(c, x); });
  }

  static void find_dependent(benchmark::State& state, data_set data) {
    const auto& all = needles<key>(data, asked::present);
    const Container& container = filled<Container, Item>(data);
    const std::size_t mask = needle_count(data.size) - 1;
    static std::size_t at = 0;
    std::size_t found = 0;
    for (auto _ : state) {
      at &= mask;
      for (std::size_t i = 0; i < batch; ++i, ++at) {
        const auto it = container.find(all[(at & mask) + (found & 1U)]);
        found = it != container.end() ? bits_of(*it) : 0;
      }
      benchmark::DoNotOptimize(found);
    }
    set_items(state, batch);
  }

  static void find_many(benchmark::State& state, data_set data) {
    const auto& all = needles<key>(data, asked::present);
    const Container& container = filled<Container, Item>(data);
    std::vector<typename Container::const_iterator> out(batch, container.end());
    static std::size_t at = 0;
    for (auto _ : state) {
      if (at + batch > needle_count(data.size)) at = 0;
      const auto some = std::span(all).subspan(at, batch);
      if constexpr (requires { container.find_many(some, std::span(out)); }) {
        container.find_many(some, std::span(out));
      } else {
        static_assert(!of_deft<Container>);
        for (std::size_t i = 0; i < batch; ++i) out[i] = container.find(some[i]);
      }
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
      at += batch;
    }
    set_items(state, batch);
  }

  static void nth(benchmark::State& state, data_set data) {
    const Container& container = filled<Container, Item>(data);
    split_mix random(data.size);
    std::vector<std::uint32_t> positions(needle_count(data.size));
    for (auto& position : positions) position = static_cast<std::uint32_t>(random() % container.size());
    std::size_t at = 0;
    for (auto _ : state) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < batch; ++i) sum += bits_of(*place_at(container, positions[at + i]));
      benchmark::DoNotOptimize(sum);
      at = (at + batch) % positions.size();
    }
    set_items(state, batch);
  }

  // --- walks

  static void iterate(benchmark::State& state, data_set data) {
    const Container& container = filled<Container, Item>(data);
    for (auto _ : state) benchmark::DoNotOptimize(sum_of(container));
    set_items(state, container.size());
  }

  static void chunks(benchmark::State& state, data_set data) {
    const Container& container = filled<Container, Item>(data);
    for (auto _ : state) benchmark::DoNotOptimize(sum_of_chunks(container));
    set_items(state, container.size());
  }

  static void scan_100(benchmark::State& state, data_set data) {
    look_up(state, data, asked::both, [](const Container& c, const key& x) {
      std::uint64_t sum = 0;
      auto it = c.lower_bound(x);
      for (int i = 0; i < 100 && it != c.end(); ++i, ++it) sum += bits_of(*it);
      return sum;
    });
  }

  // --- insertions

  static void insert(benchmark::State& state, data_set data) {
    insert_in(state, data, arrangement::any);
    state.counters["counted_bytes_per_element"] = bytes_per_element<Counting, Item>(data);
  }

  static void insert_sequential(benchmark::State& state, data_set data) {
    insert_in(state, data, arrangement::ascending);
  }

  static void insert_reverse(benchmark::State& state, data_set data) {
    insert_in(state, data, arrangement::descending);
  }

  static void insert_zipf(benchmark::State& state, data_set data) {
    insert_in(state, data, arrangement::zipf);
  }

  static void insert_clustered(benchmark::State& state, data_set data) {
    insert_in(state, data, arrangement::clustered);
  }

  static void insert_many(benchmark::State& state, data_set data) {
    insert_by(state, data, insert_all<Container, Item>);
  }

  static void insert_many_sorted(benchmark::State& state, data_set data) {
    insert_by(state, data, insert_sorted<Container, Item>);
  }

  static void build(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    for (auto _ : state) {
      const auto some = from.next();
      Container container(some.begin(), some.end());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

  static void build_sorted(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_any(data);
    for (auto _ : state) {
      Container container;
      insert_sorted(container, from.next());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

  // --- other changes

  static void erase(benchmark::State& state, data_set data) {
    auto& from = batches<Item>::of_all(data);
    std::vector<Container> some(copies(data));
    for (auto _ : state) {
      state.PauseTiming();
      for (Container& container : some) fill(container, from.next());
      state.ResumeTiming();
      for (Container& container : some) erase_each(container, from.next());
      benchmark::ClobberMemory();
    }
    set_items(state, data.size * some.size());
  }

  /// The keys stand in a ring: those of one part of it are there. What the container is like does not change.
  static void mix(benchmark::State& state, data_set data) {
    struct place {
      std::vector<Item> ring;
      Container container;
      std::size_t at = 0;
    };

    static std::map<data_set, place> places;
    auto there = places.find(data);
    if (there == places.end()) {
      if (data.size * sizeof(Item) > 8'000'000) places.clear();
      there = places.try_emplace(data).first;
      const std::size_t length = std::max<std::size_t>(2 * data.size, std::size_t{1} << 17U);
      const auto& from = sorted_keys<key>(length, data.spelt);
      there->second.ring = items_of<Item>(from);
      split_mix random(data.size + 5);
      shuffle(std::span(there->second.ring), random);
      insert_each(there->second.container, std::span<const Item>(there->second.ring).first(data.size));
    }
    place& in = there->second;
    for (auto _ : state) {
      std::size_t ahead = (in.at + data.size) % in.ring.size();
      for (std::size_t i = 0; i < batch; ++i) {
        in.container.erase(key_in(in.ring[in.at]));
        in.container.insert(in.ring[ahead]);
        if (++in.at == in.ring.size()) in.at = 0;
        if (++ahead == in.ring.size()) ahead = 0;
      }
      benchmark::ClobberMemory();
    }
    set_items(state, 2 * batch);
  }

  static void merge(benchmark::State& state, data_set data) {
    const auto& halves = halves_of(data);
    std::vector<std::pair<Container, Container>> some;
    for (auto _ : state) {
      state.PauseTiming();
      some.assign(copies(data), halves);
      state.ResumeTiming();
      for (auto& [a, b] : some) {
        if constexpr (requires { a.merge(std::move(b)); }) {
          a.merge(std::move(b));
        } else {
          static_assert(!of_deft<Container>);
          for (const auto& item : b) a.insert(item);
        }
      }
      benchmark::ClobberMemory();
    }
    set_items(state, data.size * copies(data));
  }

  static void copy(benchmark::State& state, data_set data) {
    const Container& original = filled<Container, Item>(data);
    for (auto _ : state) {
      Container container(original);
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

 private:
  struct found_by_find {
    auto operator()(const Container& c, const key& x) const -> std::size_t {
      return c.find(x) != c.end() ? 1 : 0;
    }
  };

  // Stopping the clock costs as much as changing a small container.
  static auto copies(data_set data) -> std::size_t { return std::max<std::size_t>(1, 8192 / data.size); }

  [[gnu::noinline]] static void erase_each(Container& c, std::span<const Item> of) {
    for (const Item& item : of) c.erase(key_in(item));
  }

  static auto halves_of(data_set data) -> const std::pair<Container, Container>& {
    static std::map<data_set, std::pair<Container, Container>> made;
    const auto there = made.find(data);
    if (there != made.end()) return there->second;
    if (data.size * sizeof(Item) > 8'000'000) made.clear();
    const auto from = batches<Item>::of_all(data).next();
    auto& halves = made[data];
    fill(halves.first, from.first(data.size / 2));
    fill(halves.second, from.subspan(data.size / 2));
    return halves;
  }

  /// Goes on with the keys where the last run stopped.
  template <typename Lookup>
  [[gnu::noinline]] static void look_up(benchmark::State& state, data_set data, asked which, Lookup lookup) {
    const auto& all = needles<key>(data, which);
    const Container& container = filled<Container, Item>(data);
    constexpr std::size_t once = batch / 8;
    static std::size_t at = 0;
    for (auto _ : state) {
      if (at + once > needle_count(data.size)) at = 0;
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < once; ++i) sum += lookup(container, all[at + i]);
      benchmark::DoNotOptimize(sum);
      at += once;
    }
    set_items(state, once);
  }

  static void insert_in(benchmark::State& state, data_set data, arrangement order) {
    auto& from = batches<Item>::of(data, order);
    for (auto _ : state) {
      Container container;
      insert_each(container, from.next());
      benchmark::DoNotOptimize(container.size());
    }
    set_items(state, data.size);
  }

  template <typename Insert>
  static void insert_by(benchmark::State& state, data_set data, Insert insert) {
    const Container& original = filled<Container, Item>(data);
    auto& from = batches<Item>::of_any(data);
    std::vector<Container> some;
    for (auto _ : state) {
      state.PauseTiming();
      some.assign(copies(data), original);
      state.ResumeTiming();
      for (Container& container : some) insert(container, from.next());
      benchmark::ClobberMemory();
    }
    set_items(state, data.size * some.size());
  }
};

/// Which rows: `basic` for keys that differ from others in little but their size; `sorted` is build and
/// insert_many of sorted keys.
enum class row_set { all, basic, sorted };

/// Registers the rows of one peer: `<container>/<operation>/<keys>/<size>/<peer>`. `Counting` is the
/// container with counting_allocator. One by one into an array is for up to `most_inserted` elements.
template <typename Container, typename Item, typename Counting, row_set Rows = row_set::all>
void register_tree_rows(const std::string& name, const char* peer, std::size_t most,
                        std::size_t most_inserted = std::size_t{1} << 32U) {
  using rows = tree_rows<Container, Item, Counting>;
  using key = key_of<Item>;

  struct operation {
    const char* name;
    void (*run)(benchmark::State&, data_set);
    std::size_t largest;
  };

  std::vector<operation> operations;
  const auto add = [&](std::initializer_list<operation> more) { operations.insert(operations.end(), more); };
  if constexpr (Rows == row_set::sorted) {
    add({{"build", rows::build_sorted, most}, {"insert_many", rows::insert_many_sorted, most}});
  } else {
    add({{"find_hit", rows::find_hit, most},
         {"find_miss", rows::find_miss, most},
         {"find_dependent", rows::find_dependent, most},
         {"find_many", rows::find_many, most},
         {"lower_bound", rows::lower_bound, most},
         {"iterate", rows::iterate, most},
         {"scan_100", rows::scan_100, most},
         {"insert", rows::insert, most_inserted},
         {"insert_sequential", rows::insert_sequential, most_inserted},
         {"insert_many", rows::insert_many, most},
         {"erase", rows::erase, most_inserted},
         {"mix", rows::mix, most_inserted}});
  }
  if constexpr (Rows == row_set::all) {
    add({{"insert_reverse", rows::insert_reverse, most_inserted},
         {"insert_zipf", rows::insert_zipf, most_inserted},
         {"insert_clustered", rows::insert_clustered, most_inserted},
         {"chunks", rows::chunks, most},
         {"build", rows::build, most},
         {"copy", rows::copy, most},
         {"merge", rows::merge, has_merge<Container> ? most : most_inserted}});
    if constexpr (has_positions<Container>) add({{"nth", rows::nth, most}, {"rank", rows::rank, most}});
  }
  std::vector<spelling> spellings{spelling::digits};
  if (std::is_same_v<key, std::string>) spellings = {spelling::digits, spelling::url, spelling::word};
  std::vector<size_step> steps{{10, "1e1"}};
  steps.insert(steps.end(), sizes.begin(), sizes.end());
  for (const spelling spelt : spellings) {
    for (const operation& operation : operations) {
      for (const size_step& step : steps) {
        if (step.size > std::min(most, operation.largest)) continue;
        const std::string row_name =
            name + "/" + operation.name + "/" + key_name<key>(spelt) + "/" + step.name + "/" + peer;
        benchmark::RegisterBenchmark(row_name.c_str(), operation.run, data_set{step.size, spelt});
      }
    }
  }
}

}  // namespace deft_bench
