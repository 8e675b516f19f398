// The policies as their papers tell them, with lists and maps, to compare the ones of deft with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "deft/core/hash.hpp"
#include "deft/memo/detail/eviction/frequency_sketch.hpp"
#include "deft/memo/detail/eviction/ghost_queue.hpp"
#include "deft/memo/policy.hpp"

namespace deft_test {

using key_list = std::list<std::uint64_t>;

/// access() and erase() as simple_cache has them. A policy says what happens on hit(), admit() and evict().
template <typename Policy>
class model;

/// The front of a list is the newest.
template <>
class model<deft::policy::fifo> {
 public:
  bool hit(std::uint64_t key) const { return std::ranges::find(queue_, key) != queue_.end(); }

  void admit(std::uint64_t key) { queue_.push_front(key); }

  std::uint64_t evict() {
    const std::uint64_t key = queue_.back();
    queue_.pop_back();
    return key;
  }

  void erase(std::uint64_t key) { queue_.remove(key); }

 private:
  key_list queue_;
};

template <>
class model<deft::policy::lru> {
 public:
  bool hit(std::uint64_t key) {
    const auto at = std::ranges::find(queue_, key);
    if (at == queue_.end()) return false;
    queue_.splice(queue_.begin(), queue_, at);
    return true;
  }

  void admit(std::uint64_t key) { queue_.push_front(key); }

  std::uint64_t evict() {
    const std::uint64_t key = queue_.back();
    queue_.pop_back();
    return key;
  }

  void erase(std::uint64_t key) { queue_.remove(key); }

 private:
  key_list queue_;
};

/// Places in a circle. Those that erase() emptied are filled first, the last one first.
template <>
class model<deft::policy::clock> {
 public:
  bool hit(std::uint64_t key) {
    for (auto& place : circle_) {
      if (!place || place->first != key) continue;
      place->second = true;
      return true;
    }
    return false;
  }

  void admit(std::uint64_t key) {
    if (empty_.empty()) {
      circle_.emplace_back(std::pair(key, false));
    } else {
      circle_[empty_.back()] = std::pair(key, false);
      empty_.pop_back();
    }
  }

  std::uint64_t evict() {
    for (;; hand_ = (hand_ + 1) % circle_.size()) {
      auto& place = circle_[hand_];
      if (!place || std::exchange(place->second, false)) continue;
      const std::uint64_t key = place->first;
      place.reset();
      empty_.push_back(hand_);
      hand_ = (hand_ + 1) % circle_.size();
      return key;
    }
  }

  void erase(std::uint64_t key) {
    for (std::size_t i = 0; i < circle_.size(); ++i) {
      if (!circle_[i] || circle_[i]->first != key) continue;
      circle_[i].reset();
      empty_.push_back(i);
    }
  }

 private:
  std::vector<std::optional<std::pair<std::uint64_t, bool>>> circle_;  // key, reference bit
  std::vector<std::size_t> empty_;
  std::size_t hand_ = 0;
};

/// Algorithm 1 of the paper: head is the newest, the hand moves from tail to head.
template <>
class model<deft::policy::sieve> {
 public:
  bool hit(std::uint64_t key) {
    const auto at = find(key);
    if (at == queue_.end()) return false;
    at->visited = true;
    return true;
  }

  void admit(std::uint64_t key) { queue_.push_front({key, false}); }

  std::uint64_t evict() {
    auto at = hand_ ? *hand_ : std::prev(queue_.end());
    while (at->visited) {
      at->visited = false;
      at = at == queue_.begin() ? std::prev(queue_.end()) : std::prev(at);
    }
    const std::uint64_t key = at->key;
    remove_with_hand(at, true);
    return key;
  }

  void erase(std::uint64_t key) {
    if (const auto at = find(key); at != queue_.end()) remove_with_hand(at, hand_ == at);
  }

 private:
  struct entry {
    std::uint64_t key;
    bool visited;
  };

  using position = std::list<entry>::iterator;

  position find(std::uint64_t key) { return std::ranges::find(queue_, key, &entry::key); }

  void remove_with_hand(position at, bool hand_is_there) {
    if (hand_is_there) hand_ = at == queue_.begin() ? std::nullopt : std::optional(std::prev(at));
    queue_.erase(at);
  }

  std::list<entry> queue_;
  std::optional<position> hand_;
};

/// A ghost queue that forgets and confuses nothing.
class exact_ghosts {
 public:
  bool take(std::uint64_t hash) {
    const auto at = where_.find(hash);
    if (at == where_.end()) return false;
    queue_.erase(at->second);
    where_.erase(at);
    return true;
  }

  void insert(std::uint64_t hash, std::size_t limit) {
    if (limit == 0) return;
    while (queue_.size() >= limit) {
      where_.erase(queue_.back());
      queue_.pop_back();
    }
    queue_.push_front(hash);
    where_[hash] = queue_.begin();
  }

  std::size_t size() const { return queue_.size(); }

 private:
  key_list queue_;
  std::unordered_map<std::uint64_t, key_list::iterator> where_;
};

inline std::uint64_t test_hash(std::uint64_t key) {
  return deft::hash_value(key, 1);
}

/// Remembers ghosts with deft's queue, so that each eviction is the same; that queue is compared by itself.
template <>
class model<deft::policy::s3_fifo> {
 public:
  explicit model(std::size_t max_size) {
    ghosts_.reserve(max_size);
    ghosts_.resize(max_size);
  }

  bool hit(std::uint64_t key) {
    for (auto* const queue : {&small_, &main_}) {
      for (entry& e : *queue) {
        if (e.key != key) continue;
        e.uses = std::min(e.uses + 1, 3);
        return true;
      }
    }
    return false;
  }

  void prepare(std::uint64_t key) { had_ghost_ = ghosts_.take(test_hash(key)); }

  void admit(std::uint64_t key) { (had_ghost_ ? main_ : small_).push_front({key, 0}); }

  std::uint64_t evict() {
    const std::size_t entries = small_.size() + main_.size();
    const std::size_t small_share = std::max<std::size_t>(entries / 10, 1);
    for (;;) {
      if (small_.size() >= small_share || main_.empty()) {
        const entry oldest = small_.back();
        small_.pop_back();
        if (oldest.uses < 2) {
          ghosts_.insert(test_hash(oldest.key), entries - small_share);
          return oldest.key;
        }
        main_.push_front({oldest.key, 0});
      } else {
        const entry oldest = main_.back();
        main_.pop_back();
        if (oldest.uses == 0) return oldest.key;
        main_.push_front({oldest.key, oldest.uses - 1});
      }
    }
  }

  void erase(std::uint64_t key) {
    for (auto* const queue : {&small_, &main_}) {
      std::erase_if(*queue, [key](const entry& e) { return e.key == key; });
    }
  }

 private:
  struct entry {
    std::uint64_t key;
    int uses;
  };

  std::list<entry> small_;
  std::list<entry> main_;
  deft::detail::ghost_queue ghosts_{std::pmr::get_default_resource()};
  bool had_ghost_ = false;
};

/// Counts with deft's sketch, which is compared by itself.
template <>
class model<deft::policy::tiny_lfu> {
 public:
  explicit model(std::size_t max_size) {
    seen_.reserve(max_size);
    seen_.resize(max_size);
  }

  bool hit(std::uint64_t key) {
    for (auto* const queue : {&window_, &probation_, &protected_}) {
      const auto at = std::ranges::find(*queue, key);
      if (at == queue->end()) continue;
      seen_.add(test_hash(key));
      if (queue != &probation_) {
        queue->splice(queue->begin(), *queue, at);
      } else {
        protected_.splice(protected_.begin(), probation_, at);
        while (protected_.size() > (protected_.size() + probation_.size()) * 4 / 5) {
          probation_.splice(probation_.begin(), protected_, std::prev(protected_.end()));
        }
      }
      return true;
    }
    return false;
  }

  void admit(std::uint64_t key) {
    seen_.add(test_hash(key));
    window_.push_front(key);
    while (window_.size() > window_share()) leave_window();
  }

  std::uint64_t evict() {
    key_list* const main = !probation_.empty() ? &probation_ : &protected_;
    if (!window_.empty() && (main->empty() || window_.size() >= window_share())) {
      if (main->empty() || seen_.count(test_hash(window_.back())) <= seen_.count(test_hash(main->back()))) {
        return take_oldest(window_);
      }
      const std::uint64_t victim = take_oldest(*main);
      leave_window();
      return victim;
    }
    return take_oldest(*main);
  }

  void erase(std::uint64_t key) {
    for (auto* const queue : {&window_, &probation_, &protected_}) queue->remove(key);
  }

 private:
  std::size_t window_share() const {
    return std::max<std::size_t>(1, (window_.size() + probation_.size() + protected_.size()) / 100);
  }

  void leave_window() { probation_.splice(probation_.begin(), window_, std::prev(window_.end())); }

  static std::uint64_t take_oldest(key_list& queue) {
    const std::uint64_t key = queue.back();
    queue.pop_back();
    return key;
  }

  key_list window_;
  key_list probation_;
  key_list protected_;
  deft::detail::frequency_sketch seen_{std::pmr::get_default_resource()};
};

/// A model as a cache.
template <typename Policy>
class model_cache {
 public:
  explicit model_cache(std::size_t max_size) : policy_(make(max_size)), max_size_(max_size) {}

  bool access(std::uint64_t key) {
    if (policy_.hit(key)) return true;
    if constexpr (requires { policy_.prepare(key); }) policy_.prepare(key);
    while (size_ >= max_size_) evict();
    policy_.admit(key);
    ++size_;
    return false;
  }

  void evict() {
    evicted.push_back(policy_.evict());
    --size_;
  }

  void erased(std::uint64_t key) {
    policy_.erase(key);
    --size_;
  }

  std::vector<std::uint64_t> evicted;

 private:
  static model<Policy> make([[maybe_unused]] std::size_t max_size) {
    if constexpr (std::is_constructible_v<model<Policy>, std::size_t>) {
      return model<Policy>(max_size);
    } else {
      return {};
    }
  }

  model<Policy> policy_;
  std::size_t max_size_;
  std::size_t size_ = 0;
};

}  // namespace deft_test
