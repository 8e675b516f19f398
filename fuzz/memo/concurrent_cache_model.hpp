// What deft::concurrent_cache must do for one thread, as a std::map of what is in it, and a driver that
// applies the same operations to both. Unit tests, corpus replay and the fuzzer share it.
//
// The listener tells which entries left, so the model is exact for every policy: what it holds is found,
// nothing else is.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory_resource>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

#include "fuzz/memo/operations_applied.hpp"
#include "fuzz/op_source.hpp"

namespace deft_fuzz {

/// How a key is made of a number and read again.
template <typename K>
struct memo_key {
  static K make(int n) { return static_cast<K>(n); }

  static int read(const K& key) { return static_cast<int>(key); }
};

template <>
struct memo_key<std::string> {
  static std::string make(int n) { return "a key too long for the string itself: " + std::to_string(n); }

  static int read(const std::string& key) { return std::atoi(key.c_str() + 38); }
};

template <>
struct memo_key<std::tuple<std::uint32_t, std::string>> {
  static std::tuple<std::uint32_t, std::string> make(int n) { return {n % 3, std::to_string(n)}; }

  static int read(const std::tuple<std::uint32_t, std::string>& key) { return std::stoi(std::get<1>(key)); }
};

/// How a value is made of a key and a version; a version is never used twice.
template <typename V>
struct memo_value {
  static V make(int key, int version) { return V(key, version); }

  static int version(const V& value) { return value.serial; }

  static int key(const V& value) { return value.key; }
};

template <>
struct memo_value<std::uint64_t> {
  static std::uint64_t make(int key, int version) {
    return static_cast<std::uint64_t>(version) << 32U | static_cast<std::uint32_t>(key);
  }

  static int version(std::uint64_t value) { return static_cast<int>(value >> 32U); }

  static int key(std::uint64_t value) { return static_cast<int>(static_cast<std::uint32_t>(value)); }
};

template <>
struct memo_value<std::string> {
  static std::string make(int key, int version) {
    return std::to_string(version) + " is the version, and the key is " + std::to_string(key);
  }

  static int version(const std::string& value) { return std::atoi(value.c_str()); }

  static int key(const std::string& value) { return std::atoi(value.c_str() + value.rfind(' ')); }
};

/// Applies operations read from `in` to a cache and to the model. The first bytes choose the options.
template <typename K, typename V, typename Policy>
class concurrent_cache_driver {
  using cache_type = deft::concurrent_cache<K, V, Policy>;
  using seconds = std::chrono::seconds;
  using time_point = std::chrono::steady_clock::time_point;
  using values = memo_value<V>;
  static constexpr bool copyable = std::is_copy_constructible_v<V>;
  static constexpr bool bounded = !std::is_same_v<Policy, deft::policy::unbounded>;

 public:
  explicit concurrent_cache_driver(op_source& in)
      : in_(in), keys_(1 + in.below(64)), choices_(in.byte()), cache_(options()) {}

  void run() {
    for (; !in_.empty(); ++operations_applied) {
      change();
      compare();
    }
  }

 private:
  struct entry {
    int version = 0;
    std::size_t weight = 1;
    time_point expires = time_point::max();
    time_point idle_until = time_point::max();
  };

  struct refused {};

  bool weighs() const { return (choices_ & 1) != 0; }

  bool has_ttl() const { return (choices_ & 2) != 0; }

  bool has_idle() const { return (choices_ & 4) != 0; }

  // Half seconds, so that no time is up at the very moment that the clock shows.
  static constexpr auto half = std::chrono::milliseconds(500);
  static constexpr auto ttl = seconds(20) + half;
  static constexpr auto idle = seconds(7) + half;

  deft::memo_options options() {
    deft::memo_options made;
    max_size_ = size();
    made.max_size = max_size_;
    if (weighs()) made.weigher = [](const V& value) { return weight_of(values::version(value)); };
    if (has_ttl()) made.ttl = ttl;
    if (has_idle()) made.idle = idle;
    made.flight = (choices_ & 8) != 0 ? deft::flight::duplicate : deft::flight::single;
    made.shards = (choices_ & 16) != 0 ? 1 : 0;
    made.clock = [this] { return now_; };
    made.listener = [this](const K& key, const V& value, deft::removal_cause cause) {
      left(key, value, cause);
    };
    return made;
  }

  std::size_t size() {
    const int n = in_.below(48);
    return n == 47 ? deft::unbounded : static_cast<std::size_t>(n);
  }

  static std::size_t weight_of(int version) { return 1 + static_cast<std::size_t>(version % 5); }

  // Each entry that leaves was there, and leaves once.
  void left(const K& key, const V& value, deft::removal_cause cause) {
    const int number = memo_key<K>::read(key);
    DEFT_FUZZ_CHECK(values::key(value) == number);
    const int version = values::version(value);
    ++told_[static_cast<std::size_t>(cause)];
    if (replacing_ != nullptr && replaced_key_ == number && replacing_->version == version) {
      DEFT_FUZZ_CHECK(cause == deft::removal_cause::replaced || cause == deft::removal_cause::expired ||
                      cause == deft::removal_cause::size);
      replacing_ = nullptr;
      return;
    }
    const auto found = there_.find(number);
    DEFT_FUZZ_CHECK(found != there_.end() && found->second.version == version);
    switch (cause) {
      case deft::removal_cause::replaced:
        DEFT_FUZZ_CHECK(false);
        break;
      case deft::removal_cause::size:
        DEFT_FUZZ_CHECK(bounded && max_size_ != deft::unbounded);
        break;
      case deft::removal_cause::expired:
        DEFT_FUZZ_CHECK(is_over(found->second));
        break;
      case deft::removal_cause::discarded:
      case deft::removal_cause::cleared:
        DEFT_FUZZ_CHECK(cause == expected_);
        break;
    }
    there_.erase(found);
  }

  bool is_over(const entry& e) const { return e.expires <= now_ || e.idle_until <= now_; }

  entry* fresh(int key) {
    const auto found = there_.find(key);
    return found == there_.end() || is_over(found->second) ? nullptr : &found->second;
  }

  int next_key() { return in_.below(keys_); }

  entry made(int version, std::chrono::nanoseconds lives) const {
    entry e;
    e.version = version;
    if (weighs()) e.weight = weight_of(version);
    if (has_ttl()) lives = std::min<std::chrono::nanoseconds>(lives, ttl);
    if (lives != deft::never) e.expires = now_ + std::chrono::duration_cast<time_point::duration>(lives);
    if (has_idle()) e.idle_until = now_ + idle;
    return e;
  }

  bool fits(const entry& e) const {
    return (!bounded || (max_size_ > 0 && (!weighs() || e.weight <= max_size_))) && e.expires > now_;
  }

  void hit(entry& e) {
    ++hits_;
    if (has_idle()) e.idle_until = now_ + idle;
  }

  void expect_value(const V& value, int key, int version) {
    DEFT_FUZZ_CHECK(values::key(value) == key);
    DEFT_FUZZ_CHECK(values::version(value) == version);
  }

  void change() {
    switch (in_.below(16)) {
      case 0:
      case 1:
      case 2:
        put(deft::never);
        break;
      case 3:
        put(in_.below(8) * seconds(3) + (in_.below(4) == 0 ? -half : half));
        break;
      case 4:
      case 5:
        look();
        break;
      case 6:
      case 7:
      case 8:
        compute(false);
        break;
      case 9:
        compute(true);
        break;
      case 10:
        now_ += seconds(in_.below(10));
        break;
      case 11: {
        const int key = next_key();
        const bool there = there_.contains(key);
        expected_ = deft::removal_cause::discarded;
        DEFT_FUZZ_CHECK(cache_.invalidate(memo_key<K>::make(key)) == there);
        DEFT_FUZZ_CHECK(!there_.contains(key));
        break;
      }
      case 12:
        invalidate_some();
        break;
      case 13:
        if (in_.below(8) == 0) clear();
        break;
      case 14:
        if (in_.below(4) == 0) {
          max_size_ = size();
          cache_.resize(max_size_);
        }
        break;
      default: {
        const std::size_t before = there_.size();
        DEFT_FUZZ_CHECK(cache_.remove_expired() == before - there_.size());
        for (const auto& [key, e] : there_) DEFT_FUZZ_CHECK(!is_over(e));
      }
    }
  }

  void put(std::chrono::nanoseconds lives) {
    const int key = next_key();
    const int version = ++version_;
    const entry e = made(version, lives);
    const auto old = there_.find(key);
    entry before;
    if (old != there_.end()) {
      before = old->second;
      replacing_ = &before;
      replaced_key_ = key;
      there_.erase(old);
    }
    const bool stays = fits(e);
    if (stays) there_[key] = e;
    const auto result = cache_.put(memo_key<K>::make(key), values::make(key, version), lives);
    DEFT_FUZZ_CHECK(replacing_ == nullptr);  // the listener was told of the old one
    DEFT_FUZZ_CHECK(static_cast<bool>(result));
    expect_value(*result, key, version);
    keep(result, key, version);
  }

  void look() {
    const int key = next_key();
    entry* const e = fresh(key);
    if constexpr (copyable) {
      if (in_.below(2) == 0) {
        const auto found = cache_.get(memo_key<K>::make(key));
        DEFT_FUZZ_CHECK(found.has_value() == (e != nullptr));
        if (found) expect_value(*found, key, e->version);
        e != nullptr ? hit(*e) : static_cast<void>(++misses_);
        return;
      }
    }
    const auto found = cache_.pin(memo_key<K>::make(key));
    DEFT_FUZZ_CHECK(static_cast<bool>(found) == (e != nullptr));
    if (found) expect_value(*found, key, e->version);
    if (found) keep(found, key, e->version);
    e != nullptr ? hit(*e) : static_cast<void>(++misses_);
  }

  void compute(bool fails) {
    const int key = next_key();
    entry* const there = fresh(key);
    const int expected = there != nullptr ? there->version : version_ + 1;
    there != nullptr ? hit(*there) : static_cast<void>(++misses_);
    bool ran = false;
    entry before;
    const auto f = [&] {
      DEFT_FUZZ_CHECK(!ran);
      ran = true;
      if (fails) throw refused{};
      const int version = ++version_;
      const entry e = made(version, deft::never);
      // One whose time was up may still be in the way.
      if (const auto old = there_.find(key); old != there_.end()) {
        before = old->second;
        replacing_ = &before;
        replaced_key_ = key;
        there_.erase(old);
      }
      if (fits(e)) {
        there_[key] = e;
      } else if (replacing_ != nullptr) {
        there_[key] = before;
        replacing_ = nullptr;
      }
      return values::make(key, version);
    };
    try {
      if constexpr (copyable) {
        if (in_.below(2) == 0) {
          expect_value(cache_.get_or_compute(memo_key<K>::make(key), f), key, expected);
        } else {
          expect_value(*cache_.pin_or_compute(memo_key<K>::make(key), f), key, expected);
        }
      } else {
        expect_value(*cache_.pin_or_compute(memo_key<K>::make(key), f), key, expected);
      }
    } catch (const refused&) {
      ++failures_;
      DEFT_FUZZ_CHECK(fails);
    }
    DEFT_FUZZ_CHECK(ran == (there == nullptr));
    DEFT_FUZZ_CHECK(replacing_ == nullptr);
  }

  void invalidate_some() {
    const int divisor = 1 + in_.below(7);
    const std::size_t before = there_.size();
    expected_ = deft::removal_cause::discarded;
    const std::size_t gone = cache_.invalidate_if([divisor](const K& key, const V& value) {
      return memo_key<K>::read(key) == values::key(value) && values::key(value) % divisor == 0;
    });
    DEFT_FUZZ_CHECK(gone == before - there_.size());
    for (const auto& [key, e] : there_) DEFT_FUZZ_CHECK(key % divisor != 0);
  }

  void clear() {
    expected_ = deft::removal_cause::cleared;
    cache_.clear();
    DEFT_FUZZ_CHECK(there_.empty());
    hits_ = misses_ = failures_ = 0;
    for (auto& count : told_) count = 0;
  }

  // Some values are held for a while, whatever becomes of their entries.
  void keep(const deft::handle<V>& value, int key, int version) {
    if (in_.below(4) != 0) return;
    held_.push_back({value, key, version});
    if (held_.size() <= 6) return;
    expect_value(*held_.front().value, held_.front().key, held_.front().version);
    held_.pop_front();
  }

  void compare() {
    const deft::cache_info info = cache_.info();
    DEFT_FUZZ_CHECK(info.size == there_.size());
    DEFT_FUZZ_CHECK(cache_.size() == there_.size());
    DEFT_FUZZ_CHECK(info.hits == hits_);
    DEFT_FUZZ_CHECK(info.misses == misses_);
    DEFT_FUZZ_CHECK(info.load_failures == failures_);
    DEFT_FUZZ_CHECK(info.evictions == told_[static_cast<std::size_t>(deft::removal_cause::size)]);
    DEFT_FUZZ_CHECK(info.expirations == told_[static_cast<std::size_t>(deft::removal_cause::expired)]);
    std::size_t weight = 0;
    for (const auto& [key, e] : there_) weight += e.weight;
    DEFT_FUZZ_CHECK(info.weight == weight);
    if (bounded) DEFT_FUZZ_CHECK(weight <= max_size_);
    DEFT_FUZZ_CHECK(info.listener_failures == 0);
  }

  struct held {
    deft::handle<V> value;
    int key;
    int version;
  };

  op_source& in_;
  int keys_;
  int choices_;
  time_point now_{std::chrono::hours(1)};
  std::size_t max_size_ = 0;
  int version_ = 0;
  std::map<int, entry> there_;
  const entry* replacing_ = nullptr;
  int replaced_key_ = 0;
  deft::removal_cause expected_ = deft::removal_cause::size;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t told_[5] = {};
  std::deque<held> held_;
  cache_type cache_;
};

}  // namespace deft_fuzz
