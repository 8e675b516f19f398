/// @file
/// deft::memo_options: what a cache or a memoized function may be told; deft::cache_info: what it tells.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory_resource>
#include <string>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/entry_function.hpp"

namespace deft {

/// `max_size` without a bound, as functools.cache.
inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

/// A time to live without an end.
inline constexpr std::chrono::nanoseconds never = std::chrono::nanoseconds::max();

/// What happens when a value is wanted that another thread is just computing.
enum class flight : unsigned char {
  single,     ///< Wait for it: the function runs once per key.
  duplicate,  ///< Compute it, too. The first one that is stored wins, and all get that.
};

/// What becomes of an exception of the function; see deft::on_error.
struct on_error_mode {
  enum class kind : unsigned char { share, retry_each, cache_for };
  kind what = kind::share;
  std::chrono::nanoseconds time{0};  ///< Of cache_for.
};

namespace on_error {

/// All who wait for the value get the same exception; the next call tries again.
inline constexpr on_error_mode share{};

/// Who computed gets it; those who waited try by themselves, one after another.
inline constexpr on_error_mode retry_each{on_error_mode::kind::retry_each, std::chrono::nanoseconds{0}};

/// As share; and calls within `time` get that exception, too, without running the function.
/// @returns     The mode.
/// @complexity  O(1). @concurrency Safe.
[[nodiscard]] DEFT_TAGGED constexpr on_error_mode cache_for(std::chrono::nanoseconds time) noexcept {
  return {on_error_mode::kind::cache_for, time};
}

}  // namespace on_error

/// Why an entry left a cache.
enum class removal_cause : unsigned char {
  replaced,   ///< put() stored another value.
  size,       ///< Evicted: there was no room.
  expired,    ///< Its time was up.
  discarded,  ///< invalidate(), invalidate_if().
  cleared,    ///< clear(), cache_clear().
};

/// The weight of an entry, from a callable `std::size_t(const Value&)` or `std::size_t(const Key&, const
/// Value&)`. It is called once per entry, when that is stored, outside of locks.
using weigher = detail::entry_function<std::size_t>;

/// How long an entry lives from when it is stored, from a callable `std::chrono::nanoseconds(const Value&)`
/// or
/// `...(const Key&, const Value&)`.
using expiry = detail::entry_function<std::chrono::nanoseconds>;

/// Told of each entry that leaves, a callable `void(const Value&, deft::removal_cause)` or
/// `void(const Key&, const Value&, deft::removal_cause)`.
///
/// Runs in the thread whose call removed the entry, after that has let go of all locks; one at a time for
/// each cache, in the order of the removals (so it may also tell of another thread's). It may call the cache.
/// What it throws is counted in cache_info::listener_failures and goes no further.
using removal_listener = detail::entry_function<void, removal_cause>;

/// Tells the time. Never goes back; is called by several threads at once.
using memo_clock = std::function<std::chrono::steady_clock::time_point()>;

/// What a cache or a memoized function may be told; leave out what you like:
/// `deft::memoize(f, {.max_size = 1024, .ttl = 5s})`.
struct memo_options {
  /// Entries at most, or their weight with a weigher. 0: nothing is ever stored. `deft::unbounded`: no bound.
  std::size_t max_size = 128;
  /// An entry is not returned when it is older than this. Zero or less: never returned. Resolution: 10 ms or
  /// better.
  std::chrono::nanoseconds ttl = never;
  /// An entry is not returned when it was not asked for for longer than this.
  std::chrono::nanoseconds idle = never;
  deft::flight flight = deft::flight::single;
  on_error_mode on_error = on_error::share;
  /// The share of hits (0 to 1) for which the function runs again, to find functions that are not pure: what
  /// differs is counted in cache_info::impure, and the cache goes on with the old value. Needs results with
  /// ==.
  double verify = 0;
  deft::weigher weigher = {};
  memo_clock clock = {};  ///< std::chrono::steady_clock's, read cheaply, unless set.
  removal_listener listener = {};
  /// Under which the cache is listed by deft::named_caches(); empty: not listed.
  std::string name = {};

  /// Each entry's time to live is shortened by a random share of up to this (0 to 1), so that what was stored
  /// together does not expire together.
  double jitter = 0;
  /// Instead of `ttl` for each entry; the shorter of both counts.
  deft::expiry expiry = {};
  /// For results that are empty (`!result.has_value()`) instead of `ttl`; zero: they are not stored.
  std::chrono::nanoseconds negative_ttl = never;
  /// Shards, at most; 0: as many as suit the policy and max_size. 1: the policy's order is exact.
  std::size_t shards = 0;
  /// For everything that a cache allocates. Must outlive the cache and its handles.
  std::pmr::memory_resource* resource = std::pmr::get_default_resource();
};

/// What a cache has seen since it was made or cleared, and what it holds.
struct cache_info {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;             ///< Also those that waited for another thread's computation.
  std::size_t max_size = 0;             ///< deft::unbounded: no bound.
  std::size_t size = 0;                 ///< Entries.
  std::size_t weight = 0;               ///< The entries' weight; their number where there is no weigher.
  std::uint64_t load_failures = 0;      ///< Computations that threw.
  std::uint64_t evictions = 0;          ///< For lack of room.
  std::uint64_t expirations = 0;        ///< Removed because their time was up.
  std::uint64_t impure = 0;             ///< memo_options::verify: results that differed.
  std::uint64_t listener_failures = 0;  ///< Exceptions of the listener.
};

/// What a memoized function was made with: functools' cache_parameters().
struct cache_parameters_info {
  std::size_t max_size = 0;
  bool typed = true;  ///< Arguments are converted to the parameters' types first, so that types never differ.
};

}  // namespace deft
