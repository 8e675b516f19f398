// deft::lru_cache against a std::list, over keys, values and hashes of all kinds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo/lru_cache.hpp"

#include "tests/support_types/elements.hpp"

namespace {

enum class color : std::uint8_t {};

struct alignas(32) wide {
  int number;
  bool operator==(const wide&) const = default;
};

struct wide_hash {
  std::size_t operator()(const wide& w) const { return static_cast<std::size_t>(w.number % 7); }
};

template <typename K>
K key_of(int i) {
  if constexpr (std::is_same_v<K, std::string>) {
    return std::string(i % 3 == 0 ? "a prefix that makes it longer than itself " : "") + std::to_string(i);
  } else if constexpr (std::is_same_v<K, std::pair<int, std::string>>) {
    return {i % 5, std::to_string(i)};
  } else if constexpr (std::is_same_v<K, wide>) {
    return {i};
  } else if constexpr (std::is_same_v<K, double>) {
    return i / 8.0;
  } else {
    return static_cast<K>(i);
  }
}

template <typename K, typename V, typename Hash>
struct kinds {
  using key = K;
  using value = V;
  using cache = deft::lru_cache<K, V, Hash>;
};

template <typename Kinds>
class LruCacheModel : public testing::Test {};

using all_kinds =
    testing::Types<kinds<std::uint64_t, std::uint64_t, deft::hash<std::uint64_t>>,
                   kinds<int, std::string, std::hash<int>>, kinds<color, char, deft::hash<color>>,
                   kinds<double, int, deft::hash<double>>, kinds<std::string, int, deft::hash<std::string>>,
                   kinds<std::string, std::vector<int>, std::hash<std::string>>,
                   kinds<std::pair<int, std::string>, int, deft::hash<std::pair<int, std::string>>>,
                   kinds<wide, int, wide_hash>>;
TYPED_TEST_SUITE(LruCacheModel, all_kinds);

template <typename V>
V value_of(int i) {
  if constexpr (std::is_same_v<V, std::string>) {
    return std::string(static_cast<std::size_t>(i % 40), 'x') + std::to_string(i);
  } else if constexpr (std::is_same_v<V, std::vector<int>>) {
    return std::vector<int>(static_cast<std::size_t>(i % 5), i);
  } else {
    return static_cast<V>(i);
  }
}

/// The front is the most recently used.
template <typename K, typename V>
struct list_cache {
  std::list<std::pair<K, V>> entries;
  std::size_t max_size;

  V* find(const K& key) {
    const auto at = peek(key);
    if (at == entries.end()) return nullptr;
    entries.splice(entries.begin(), entries, at);
    return &at->second;
  }

  auto peek(const K& key) {
    return std::ranges::find_if(entries, [&](const auto& e) { return e.first == key; });
  }

  void put(const K& key, const V& value) {
    if (V* const found = find(key)) {
      *found = value;
    } else {
      entries.emplace_front(key, value);
      resize(max_size);
    }
  }

  bool invalidate(const K& key) {
    return entries.remove_if([&](const auto& e) { return e.first == key; }) != 0;
  }

  void resize(std::size_t n) {
    max_size = n;
    while (entries.size() > max_size) entries.pop_back();
  }
};

TYPED_TEST(LruCacheModel, DoesWhatAListDoes) {
  using K = typename TypeParam::key;
  using V = typename TypeParam::value;
  for (const std::size_t max_size : {0, 1, 2, 7, 33, 150}) {
    typename TypeParam::cache cache{max_size};
    list_cache<K, V> model{{}, max_size};
    std::mt19937 random(static_cast<unsigned>(max_size));
    for (int i = 0; i < 3'000; ++i) {
      const K key = key_of<K>(static_cast<int>(random() % 200));
      const V value = value_of<V>(i % 100);
      switch (random() % 16) {
        case 0: {
          const std::size_t n = random() % (2 * max_size + 1);
          cache.resize(n);
          model.resize(n);
          break;
        }
        case 1:
          ASSERT_EQ(cache.invalidate(key), model.invalidate(key));
          break;
        case 2:
          if (random() % 20 == 0) {
            cache.clear();
            model.entries.clear();
          }
          break;
        case 3: {
          const auto* const found = cache.peek(key);
          const auto expected = model.peek(key);
          ASSERT_EQ(found != nullptr, expected != model.entries.end());
          if (found != nullptr) {
            ASSERT_EQ(*found, expected->second);
          }
          break;
        }
        case 4:
        case 5:
        case 6:
          ASSERT_EQ(cache.get_or_compute(key, [&] { return value; }),
                    model.find(key) != nullptr ? *model.find(key) : value);
          if (model.find(key) == nullptr) model.put(key, value);
          break;
        case 7:
        case 8:
        case 9:
        case 10: {
          const V* const stored = cache.put(key, value);
          ASSERT_EQ(stored != nullptr, model.max_size != 0);
          model.put(key, value);
          break;
        }
        default: {
          const V* const found = cache.find(key);
          const V* const expected = model.find(key);
          ASSERT_EQ(found != nullptr, expected != nullptr);
          if (found != nullptr) {
            ASSERT_EQ(*found, *expected);
          }
        }
      }
      ASSERT_EQ(cache.size(), model.entries.size());
      ASSERT_TRUE(std::ranges::equal(
          cache, model.entries,
          [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }))
          << "operation " << i << ", size " << max_size;
    }
    auto copy = cache;
    EXPECT_TRUE(std::ranges::equal(copy, cache));
  }
}

}  // namespace
