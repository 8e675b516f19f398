// One shard that is as simple as can be: a map from keys to slots around an eviction.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "deft/core/hash.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/eviction/all.hpp"

namespace deft_test {

/// Keys are numbers. Freed slots are used again, the last one first.
template <typename Policy>
class simple_cache {
 public:
  using eviction = deft::detail::eviction<Policy>;
  using entry_slot = deft::detail::entry_slot;
  using hash_function = std::uint64_t (*)(std::uint64_t);

  explicit simple_cache(std::size_t max_size,
                        std::pmr::memory_resource* resource = std::pmr::get_default_resource())
      : order(resource), max_size_(max_size) {
    grow(max_size);
  }

  /// Has room for few slots at first, and grows.
  static simple_cache growing(std::size_t max_size) {
    simple_cache cache(4);
    cache.max_size_ = max_size;
    return cache;
  }

  /// @returns Whether it was a hit. Stores the key if not.
  bool access(std::uint64_t key) {
    if (const auto found = slots_.find(key); found != slots_.end()) {
      touch(found->second);
      return true;
    }
    const int prepared = order.prepare(hash_(key));
    while (slots_.size() >= max_size_) evict();
    store(key, prepared);
    return false;
  }

  void evict() {
    const entry_slot victim = order.evict(*this);
    evicted.push_back(keys_[victim]);
    leave(victim);
  }

  bool erase(std::uint64_t key) {
    const auto found = slots_.find(key);
    if (found == slots_.end()) return false;
    order.erase(*this, found->second);
    leave(found->second);
    return true;
  }

  void store(std::uint64_t key, int prepared) {
    entry_slot s = 0;
    if (free_.empty()) {
      s = static_cast<entry_slot>(keys_.size());
      if (keys_.size() == reserved_) grow(std::min(2 * reserved_, max_size_));
      keys_.push_back(key);
      marks_.push_back(0);
    } else {
      s = free_.back();
      free_.pop_back();
      keys_[s] = key;
    }
    slots_.emplace(key, s);
    order.insert(*this, s, hash_(key), prepared);
  }

  /// A cache with the same entries in the same order, as after a resize.
  simple_cache rebuilt(std::size_t max_size) const {
    simple_cache copy(max_size);
    copy.hash_ = hash_;
    order.for_each_in_order([&](entry_slot s, int prepared) {
      copy.store(keys_[s], prepared);
      if constexpr (eviction::mark_limit != 0) copy.set_mark(copy.slots_.at(keys_[s]), marks_[s]);
    });
    return copy;
  }

  std::size_t size() const { return slots_.size(); }

  void hash_by(hash_function function) { hash_ = function; }

  // What an eviction asks its shard:
  unsigned mark(entry_slot s) const { return marks_[s]; }

  void set_mark(entry_slot s, unsigned mark) { marks_[s] = static_cast<std::uint8_t>(mark); }

  std::uint64_t hash(entry_slot s) const { return hash_(keys_[s]); }

  eviction order;
  std::vector<std::uint64_t> evicted;

 private:
  void grow(std::size_t slots) {
    order.reserve(slots);
    reserved_ = slots;
  }

  void touch(entry_slot s) {
    if constexpr (eviction::ordered_by_hits) {
      if (marks_[s] != 1) order.hit(*this, s);
    } else if (marks_[s] < eviction::mark_limit) {
      ++marks_[s];
    }
  }

  void leave(entry_slot s) {
    slots_.erase(keys_[s]);
    free_.push_back(s);
  }

  hash_function hash_ = [](std::uint64_t key) { return deft::hash_value(key, 1); };
  std::size_t max_size_;
  std::size_t reserved_ = 0;
  std::unordered_map<std::uint64_t, entry_slot> slots_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint8_t> marks_;
  std::vector<entry_slot> free_;
};

}  // namespace deft_test
