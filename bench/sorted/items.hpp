/// @file
/// What the containers of keys, or of keys and values, are filled with: items in batches, each in an order of
/// its own.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/support/keys.hpp"
#include "bench/support/zipf.hpp"

namespace deft_bench {

using mapped = std::uint64_t;

/// What a row works on.
struct data_set {
  std::size_t size;
  spelling spelt;

  auto operator<=>(const data_set&) const = default;
};

template <typename Item>
struct item_traits {
  using key = Item;

  static auto of(const key& k, std::size_t /*i*/) -> Item { return k; }
};

template <typename Key>
struct item_traits<std::pair<Key, mapped>> {
  using key = Key;

  static auto of(const key& k, std::size_t i) -> std::pair<Key, mapped> { return {k, i}; }
};

template <typename Item>
using key_of = typename item_traits<Item>::key;

template <typename Item>
auto items_of(const std::vector<key_of<Item>>& keys) -> std::vector<Item> {
  std::vector<Item> all;
  all.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) all.push_back(item_traits<Item>::of(keys[i], i));
  return all;
}

template <typename Item>
void shuffle(std::span<Item> items, split_mix& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

/// In which order items come. `any`: random keys. `all`: the keys of sorted_keys(), which queries() ask for,
/// shuffled. `zipf`: by Zipf's law over `size` random keys, the frequent ones again and again. `clustered`:
/// 64 keys between two neighbours, then 64 elsewhere.
enum class arrangement { any, all, ascending, descending, zipf, clustered };

/// Batches of `size` items, that differ: of one small batch again and again a branch predictor learns the
/// whole order.
template <typename Item>
class batches {
  using key = key_of<Item>;

 public:
  auto next() -> std::span<const Item> {
    const std::size_t start = at_;
    at_ = at_ + size_ == all_.size() ? 0 : at_ + size_;
    return std::span(all_).subspan(start, size_);
  }

  static auto of(data_set data, arrangement order) -> batches& {
    static std::map<std::pair<data_set, arrangement>, batches> made;
    const auto there = made.find({data, order});
    if (there != made.end()) return there->second;
    return made.emplace(std::pair(data, order), batches(data, order)).first->second;
  }

  static auto of_any(data_set data) -> batches& { return of(data, arrangement::any); }

  static auto of_all(data_set data) -> batches& { return of(data, arrangement::all); }

 private:
  batches(data_set data, arrangement order) : size_(data.size) {
    const std::size_t count = std::max<std::size_t>(1, query_count / data.size);
    if (order == arrangement::all) {
      all_ = shuffled(data, count);
      return;
    }
    split_mix random(data.size + 3);
    const zipf ranks(data.size, 0.99);
    std::uint64_t near = 0;
    std::vector<key> keys;
    keys.reserve(count * data.size);
    for (std::size_t i = 0; i < count * data.size; ++i) {
      std::uint64_t place = random();
      if (order == arrangement::zipf) place = split_mix(ranks(random) + i / data.size * data.size)();
      if (order == arrangement::clustered) {
        if (i % 64 == 0) near = place;
        place = near + place % (~std::uint64_t{0} / data.size);
      }
      keys.push_back(key_at<key>(place, data.spelt));
    }
    const auto length = static_cast<std::ptrdiff_t>(data.size);
    for (auto at = keys.begin(); at != keys.end(); at += length) {
      if (order == arrangement::ascending) std::sort(at, at + length);
      if (order == arrangement::descending) std::sort(at, at + length, std::greater<>());
    }
    all_ = items_of<Item>(keys);
  }

  static auto shuffled(data_set data, std::size_t count) -> std::vector<Item> {
    split_mix random(data.size + 2);
    const auto each = items_of<Item>(sorted_keys<key>(data.size, data.spelt));
    std::vector<Item> all;
    all.reserve(count * data.size);
    for (std::size_t i = 0; i < count; ++i) {
      all.insert(all.end(), each.begin(), each.end());
      shuffle(std::span(all).last(data.size), random);
    }
    return all;
  }

  std::size_t size_;
  std::size_t at_ = 0;
  std::vector<Item> all_;
};

inline void set_items(benchmark::State& state, std::size_t per_iteration) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(per_iteration));
}

}  // namespace deft_bench
