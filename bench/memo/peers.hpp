/// @file
/// The caches that are compared, behind one adapter each:
///
///   explicit Cache(std::size_t capacity)
///   bool read(const K&, std::uint64_t& sum)   on a hit adds value_word(value) to the sum
///   void put(const K&, const V&)
///   std::size_t size() const
///   static constexpr bool computes            a miss is computed and stored by read() itself
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <absl/container/flat_hash_map.h>
#if DEFT_BENCH_TBB
#define TBB_PREVIEW_CONCURRENT_LRU_CACHE 1
#include <tbb/concurrent_lru_cache.h>
#endif
#if DEFT_BENCH_ROCKSDB
#include <rocksdb/cache.h>
#endif

namespace deft_bench {

/// A value of that many bytes, made from a number.
template <std::size_t Bytes>
struct block {
  static_assert(Bytes % 8 == 0);
  std::array<std::uint64_t, Bytes / 8> words;
};

template <typename V>
auto make_value(std::uint64_t n) -> V {
  if constexpr (std::is_same_v<V, std::uint64_t>) {
    return n;
  } else {
    V value;
    value.words.fill(n);
    return value;
  }
}

/// What a reader wants of a value.
template <typename V>
auto value_word(const V& value) -> std::uint64_t {
  if constexpr (std::is_same_v<V, std::uint64_t>) {
    return value;
  } else {
    return value.words.back();
  }
}

/// What the caches cache.
inline auto function_of(std::uint64_t key) -> std::uint64_t {
  return key * 0x9e3779b97f4a7c15U;
}

inline auto function_of(const std::string& key) -> std::uint64_t {
  std::uint64_t word = 0;
  std::memcpy(&word, key.data(), key.size() < 8 ? key.size() : 8);
  return function_of(word);
}

/// The cache that everybody has written once.
template <typename K, typename V, typename Map>
class locked_list {
 public:
  static constexpr bool computes = false;

  explicit locked_list(std::size_t capacity) : capacity_(capacity) {}

  auto read(const K& key, std::uint64_t& sum) -> bool {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    entries_.splice(entries_.begin(), entries_, found->second);
    sum += value_word(found->second->second);
    return true;
  }

  void put(const K& key, const V& value) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found != places_.end()) {
      found->second->second = value;
      entries_.splice(entries_.begin(), entries_, found->second);
      return;
    }
    if (places_.size() == capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, value);
    places_.emplace(key, entries_.begin());
  }

  auto size() const -> std::size_t { return places_.size(); }

 private:
  std::mutex mutex_;
  std::size_t capacity_;
  std::list<std::pair<K, V>> entries_;
  Map places_;
};

template <typename K, typename V>
using list_place = typename std::list<std::pair<K, V>>::iterator;

template <typename K, typename V>
using mutex_list = locked_list<K, V, std::unordered_map<K, list_place<K, V>>>;

/// Sixteen of them, over a faster table.
template <typename K, typename V>
class sharded_list {
 public:
  static constexpr bool computes = false;
  static constexpr std::size_t shards = 16;

  explicit sharded_list(std::size_t capacity) {
    for (auto& shard : shards_) shard = std::make_unique<one>((capacity + shards - 1) / shards);
  }

  auto read(const K& key, std::uint64_t& sum) -> bool { return shard_of(key).read(key, sum); }

  void put(const K& key, const V& value) { shard_of(key).put(key, value); }

  auto size() const -> std::size_t {
    std::size_t size = 0;
    for (const auto& shard : shards_) size += shard->size();
    return size;
  }

 private:
  struct alignas(64) one : locked_list<K, V, absl::flat_hash_map<K, list_place<K, V>>> {
    using locked_list<K, V, absl::flat_hash_map<K, list_place<K, V>>>::locked_list;
  };

  auto shard_of(const K& key) -> one& { return *shards_[absl::Hash<K>()(key) >> 60U]; }

  std::array<std::unique_ptr<one>, shards> shards_;
};

/// The limit: no lock, no bound, no order. For hits only.
template <typename K, typename V>
class absl_unlocked {
 public:
  static constexpr bool computes = false;

  explicit absl_unlocked(std::size_t) {}

  auto read(const K& key, std::uint64_t& sum) -> bool {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    sum += value_word(found->second);
    return true;
  }

  void put(const K& key, const V& value) { map_.insert_or_assign(key, value); }

  auto size() const -> std::size_t { return map_.size(); }

 private:
  absl::flat_hash_map<K, V> map_;
};

#if DEFT_BENCH_TBB
/// oneTBB's keeps what is in use, and of the rest the `capacity` last used; it computes what is missing.
template <typename K, typename V>
class tbb_lru {
 public:
  static constexpr bool computes = true;

  explicit tbb_lru(std::size_t capacity) : cache_(&compute, capacity), capacity_(capacity) {}

  auto read(const K& key, std::uint64_t& sum) -> bool {
    sum += value_word(cache_[key].value());
    return true;
  }

  void put(const K& key, const V&) { static_cast<void>(cache_[key]); }

  auto size() const -> std::size_t { return capacity_; }

 private:
  static auto compute(K key) -> V { return make_value<V>(function_of(key)); }

  tbb::concurrent_lru_cache<K, V, V (*)(K)> cache_;
  std::size_t capacity_;
};
#endif

#if DEFT_BENCH_ROCKSDB
/// RocksDB's HyperClockCache. Its keys have 16 bytes; values of 8 bytes are the pointers themselves.
template <typename K, typename V>
class hyper_clock {
 public:
  static constexpr bool computes = false;

  explicit hyper_clock(std::size_t capacity)
      : cache_(rocksdb::HyperClockCacheOptions(capacity, 1, -1, false, nullptr,
                                               rocksdb::kDontChargeCacheMetadata)
                   .MakeSharedCache()) {}

  auto read(const K& key, std::uint64_t& sum) -> bool {
    const auto bytes = bytes_of(key);
    rocksdb::Cache::Handle* const handle = cache_->Lookup({bytes.data(), bytes.size()});
    if (handle == nullptr) return false;
    void* const value = cache_->Value(handle);
    if constexpr (in_place) {
      sum += reinterpret_cast<std::uint64_t>(value);
    } else {
      sum += value_word(*static_cast<const V*>(value));
    }
    cache_->Release(handle);
    return true;
  }

  void put(const K& key, const V& value) {
    const auto bytes = bytes_of(key);
    void* stored = nullptr;
    if constexpr (in_place) {
      stored = reinterpret_cast<void*>(value);
    } else {
      stored = new V(value);
    }
    static_cast<void>(
        cache_->Insert({bytes.data(), bytes.size()}, stored, 1, [](const rocksdb::Slice&, void* old) {
          if constexpr (!in_place) delete static_cast<V*>(old);
        }));
  }

  auto size() const -> std::size_t { return cache_->GetUsage(); }

 private:
  static constexpr bool in_place = std::is_same_v<V, std::uint64_t>;

  static auto bytes_of(std::uint64_t key) -> std::array<char, 16> {
    std::array<char, 16> bytes{};
    std::memcpy(bytes.data(), &key, sizeof key);
    return bytes;
  }

  std::shared_ptr<rocksdb::Cache> cache_;
};
#endif

}  // namespace deft_bench
