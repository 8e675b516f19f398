// The rows of deft's caches. `deft` is the one that is had without naming a policy, and the one that
// tools/peers compares the others with; in the rows `memoized` it is a memoized function.
#include <cstdint>
#include <string>
#include <type_traits>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/memoize.hpp"
#include "deft/memo/policy.hpp"

#include "bench/memo/rows.hpp"

namespace {

using namespace deft_bench;

template <typename K, typename V, typename Policy = deft::policy::s3_fifo>
class concurrent {
 public:
  static constexpr bool computes = false;

  explicit concurrent(std::size_t capacity) : cache_({.max_size = capacity}) {}

  auto read(const K& key, std::uint64_t& sum) -> bool {
    if constexpr (std::is_same_v<V, std::uint64_t>) {
      const auto found = cache_.get(key);
      if (!found) return false;
      sum += *found;
    } else {
      const auto found = cache_.pin(key);
      if (!found) return false;
      sum += value_word(*found);
    }
    return true;
  }

  void put(const K& key, const V& value) { cache_.put(key, value); }

  auto size() const -> std::size_t { return cache_.size(); }

 private:
  deft::concurrent_cache<K, V, Policy> cache_;
};

template <typename Policy>
struct with {
  template <typename K, typename V>
  using cache = concurrent<K, V, Policy>;
};

auto compute(std::uint64_t key) -> std::uint64_t {
  return function_of(key);
}

/// A memoized function as it is written: `memoize(f)`, or with the size alone.
template <typename Policy>
class memoized_function {
 public:
  static constexpr bool computes = true;

  explicit memoized_function(std::size_t capacity) : call_(make(capacity)) {}

  auto read(std::uint64_t key, std::uint64_t& sum) -> bool {
    sum += call_(key);
    return true;
  }

 private:
  static auto make(std::size_t capacity) {
    constexpr std::size_t default_fits = 100;
    return capacity == default_fits ? deft::memoize<Policy>(compute)
                                    : deft::memoize<Policy>(compute, {.max_size = capacity});
  }

  decltype(make(0)) call_;
};

template <typename Policy>
void register_memoize(const char* peer) {
  using all = rows<memoized_function<Policy>, std::uint64_t, std::uint64_t>;
  register_rows<std::uint64_t, std::uint64_t>(peer, {{"memoized", all::memoized}}, 0, 1'000'000);
}

auto register_all() -> bool {
  register_cache<with<deft::policy::s3_fifo>::cache>("deft", "deft_concurrent_cache");
  register_cache<with<deft::policy::clock>::cache>("deft_clock");
  register_cache<with<deft::policy::lru>::cache>("deft_lru");
  register_cache<with<deft::policy::fifo>::cache>("deft_fifo");
  register_cache<with<deft::policy::sieve>::cache>("deft_sieve");
  register_cache<with<deft::policy::tiny_lfu>::cache>("deft_tiny_lfu");
  register_memoize<deft::policy::lru>("deft");  // without a policy named: the row of a newcomer
  register_memoize<deft::policy::clock>("deft_memoize_clock");
  register_memoize<deft::policy::s3_fifo>("deft_memoize_s3_fifo");
  return true;
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
