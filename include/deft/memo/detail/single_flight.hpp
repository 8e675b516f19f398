/// @file
/// detail::single_flight: computes what a cache has not, once for all who want it at the same time.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/flight_errors.hpp"
#include "deft/memo/detail/flight_record.hpp"
#include "deft/memo/detail/key_traits.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/detail/wait_graph.hpp"
#include "deft/memo/errors.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/options.hpp"

namespace deft::detail {

/// The flights of one cache: who computes which key, and who waits for it.
///
/// The first call that misses a key leads its flight: it looks into the cache once more, runs the function,
/// stores the value and then ends the flight; others who miss the key meanwhile sleep until then. So between
/// a value's being wanted and its being found in the cache there is always a flight to join, and the function
/// runs once. No lock is held while anything of the user's runs: the function, comparing and copying keys of
/// the user's types, destructors.
///
/// The leader's record lies on its stack. Nothing is allocated unless somebody waits (for keys that are not
/// trusted: unless a function runs). Records hang in lists, a few per hash, each under a lock of its own.
///
/// In flight::duplicate mode nobody joins; the records are there so that cancel() finds them.
///
/// `Core` is what holds the values (cache_core); run() needs of it
///   handle<V> find(key_view, hash);                              a hit counts itself
///   handle<V> store(key_view, hash, V&&, Core::store_request);   with .replace and .cancelled
///   void count_miss(); void count_load_failure();                throw nothing in a thread that has a state
template <typename K, typename V, typename Sync>
class single_flight {
 public:
  using traits = key_traits<K>;
  using key_view = typename traits::view;

  DEFT_TAGGED explicit single_flight(const memo_options& options)
      : resource_(options.resource),
        clock_(options.clock),
        on_error_(options.on_error),
        joins_(options.flight == deft::flight::single) {}

  single_flight(const single_flight&) = delete;
  single_flight& operator=(const single_flight&) = delete;

  /// @pre No call of run() is under way.
  DEFT_TAGGED ~single_flight() {
    for (stripe& s : stripes_) {
      const std::lock_guard lock(s.mutex);
      DEFT_PRECONDITION(s.flights.empty(), "a cache is destroyed while it computes a value");
    }
  }

  /// The value of `key`, which `core` was just found not to have: from another call's flight, or from `f`,
  /// which is called as f(), f(key_view) or f(const K&). The object that `key` refers to must not change
  /// meanwhile.
  ///
  /// @throws What f, the user's types and allocation throw, recursive_memo_error.
  template <typename Core, typename F>
  DEFT_TAGGED handle<V> run(Core& core, key_view key, std::uint64_t hash, F&& f) {
    thread_state<Sync>& self = Sync::this_thread();
    miss_counter<Core> miss(core);
    handle<V> result;
    for (;;) {
      record own{.owner = &self, .key = key, .hash = hash, .joinable = joins_};
      if constexpr (!traits::trusted) own.landing = make_landing(own);
      const landing_reference<K, V, Sync> joined = join_or_lead(own);
      if (!joined) {
        lead(core, own, f, miss, result);
        return result;
      }
      wait(self, *joined);
      if (joined->error) std::rethrow_exception(joined->error);
      result = joined->result;
      if (result) return result;
      // retry_each, or the leader's thread was cancelled.
    }
  }

  /// What `f` returns, called as run() calls it.
  template <typename F>
  DEFT_TAGGED static V compute(F& f, key_view key) {
    if constexpr (std::invocable<F&>) {
      return static_cast<V>(f());
    } else if constexpr (std::convertible_to<key_view, const K&> && std::invocable<F&, const K&>) {
      return static_cast<V>(f(static_cast<const K&>(key)));
    } else if constexpr (std::invocable<F&, key_view>) {
      return static_cast<V>(f(key));
    } else {
      return static_cast<V>(f(traits::make(key)));
    }
  }

  /// To be called before `key` is taken out of the core: what is being computed for it goes to those who
  /// wait, but not into the cache, and is not waited for from now on. Forgets the key's exception.
  /// @throws What copying or comparing keys of the user's types throws, std::bad_alloc.
  DEFT_TAGGED void cancel(key_view key, std::uint64_t hash) {
    // Always under the lock: a flight that is not seen here begins after it, and its function sees whatever
    // the caller has changed before. A look without the lock could be done before that change is visible.
    stripe& s = stripe_of(hash);
    canceller visitor;
    for_each_equal(s, key, hash, visitor);
    if (remembers_errors()) s.errors.erase(s.mutex, key, hash);
  }

  /// The same before `key` is put into the core, for a fraction of the price. A flight that begins meanwhile
  /// finds what was put, and does not replace it.
  /// @throws As cancel().
  DEFT_TAGGED void cancel_before_put(key_view key, std::uint64_t hash) {
    if (!stripe_of(hash).flights.empty() || remembers_errors()) [[unlikely]]
      cancel(key, hash);
  }

  /// The same for all keys: to be called before the core is cleared.
  DEFT_TAGGED void cancel_all() noexcept {
    for (stripe& s : stripes_) {
      {
        const std::lock_guard lock(s.mutex);
        for (record* r = s.flights.first(); r != nullptr; r = r->next)
          r->stale.store(true, std::memory_order_relaxed);
      }
      if (remembers_errors()) s.errors.clear(s.mutex);
    }
  }

  /// For fork(), together with Sync::wait_graph(): before it, and after it in the parent.
  /// @{
  DEFT_TAGGED void lock_all() noexcept {
    for (stripe& s : stripes_) s.mutex.lock();
  }

  DEFT_TAGGED void unlock_all() noexcept {
    for (stripe& s : stripes_) s.mutex.unlock();
  }

  /// @}

  /// After it in the child, before unlock_all(): the flights of other threads are gone with them. Those of
  /// this thread have lost those who waited; what these held is not freed.
  DEFT_TAGGED void after_fork_in_child() noexcept {
    const thread_state<Sync>* const self = &Sync::this_thread();
    for (stripe& s : stripes_) {
      for (record* r = s.flights.first(); r != nullptr; r = r->next) {
        if (r->owner != self) {
          s.flights.remove(*r);
        } else if (r->awaited) {
          // The locks in the landing may have been held by threads that are gone.
          r->awaited = false;
          r->joinable = false;
        }
      }
    }
  }

 private:
  using record = flight_record<K, V, Sync>;
  using landing = flight_landing<K, V, Sync>;

  struct alignas(64) stripe {
    typename Sync::shard_mutex mutex;
    flight_list<K, V, Sync> flights;
    flight_errors<K, Sync> errors;
  };

  static constexpr std::size_t stripe_count = 16;

  /// Counts a call that did not hit as one miss, whatever becomes of it.
  template <typename Core>
  class miss_counter {
   public:
    DEFT_TAGGED explicit miss_counter(Core& core) noexcept : core_(&core) {}

    miss_counter(const miss_counter&) = delete;
    miss_counter& operator=(const miss_counter&) = delete;

    DEFT_TAGGED ~miss_counter() { count(); }

    DEFT_TAGGED void count() noexcept {
      if (core_ != nullptr) std::exchange(core_, nullptr)->count_miss();
    }

    DEFT_TAGGED void it_was_a_hit() noexcept { core_ = nullptr; }

   private:
    Core* core_;
  };

  /// What a call does that looks for a flight to join.
  struct joiner {
    /// Outside of the lock, before the first visit: what visit() may need.
    DEFT_TAGGED void prepare() {
      if constexpr (traits::trusted) spare = self.make_landing(own);
    }

    /// Whether the search is over.
    DEFT_TAGGED bool visit(record& other) noexcept {
      if (other.owner == own.owner) return recursive = true;
      if (!other.joinable || other.stale.load(std::memory_order_relaxed)) return false;
      if (!other.landing) {
        spare->owner = other.owner;
        other.landing = std::move(spare);
      }
      other.awaited = true;
      joined = other.landing;
      return true;
    }

    /// Nobody computes the key.
    DEFT_TAGGED void at_end(stripe& s) noexcept { s.flights.append(own); }

    single_flight& self;
    record& own;
    landing_reference<K, V, Sync> spare = {};
    landing_reference<K, V, Sync> joined = {};
    bool recursive = false;
  };

  struct canceller {
    DEFT_TAGGED void prepare() const noexcept {}

    DEFT_TAGGED bool visit(record& other) const noexcept {
      other.stale.store(true, std::memory_order_relaxed);
      return false;
    }

    DEFT_TAGGED void at_end(stripe&) const noexcept {}
  };

  /// Ends a flight with what came of it: `result` as it is then, or `error`.
  class retirement {
   public:
    DEFT_TAGGED retirement(stripe& s, record& own, const handle<V>& result) noexcept
        : stripe_(s), own_(own), result_(result) {}

    retirement(const retirement&) = delete;
    retirement& operator=(const retirement&) = delete;

    DEFT_TAGGED ~retirement() {
      bool awaited = false;
      {
        const std::lock_guard lock(stripe_.mutex);
        stripe_.flights.remove(own_);
        awaited = own_.awaited;
      }
      // Nobody finds the record any more: it is the leader's alone.
      if (!awaited) return;
      landing& outcome = *own_.landing;
      end_has_come(static_cast<awaited_end<Sync>&>(outcome));
      outcome.result = result_;
      outcome.error = std::move(error);
      const std::lock_guard lock(outcome.mutex);
      outcome.ended = true;
      outcome.changed.notify_all();
    }

    std::exception_ptr error;

   private:
    stripe& stripe_;
    record& own_;
    const handle<V>& result_;
  };

  [[nodiscard]] DEFT_TAGGED stripe& stripe_of(std::uint64_t hash) noexcept {
    return stripes_[(hash >> 32) % stripe_count];
  }

  [[nodiscard]] DEFT_TAGGED bool remembers_errors() const noexcept {
    return on_error_.what == on_error_mode::kind::cache_for;
  }

  [[nodiscard]] DEFT_TAGGED landing_reference<K, V, Sync> make_landing(const record& own) const {
    auto made = landing_reference<K, V, Sync>::make(resource_, own.key);
    made->owner = own.owner;
    return made;
  }

  /// The landing of a flight that computes the same key; or none, then `own` is a flight now.
  /// @throws recursive_memo_error, what copying and comparing keys of the user's types throws,
  /// std::bad_alloc.
  DEFT_TAGGED landing_reference<K, V, Sync> join_or_lead(record& own) {
    stripe& s = stripe_of(own.hash);
    if (!joins_) {
      const std::lock_guard lock(s.mutex);
      s.flights.append(own);
      return {};
    }
    joiner visitor{*this, own};
    for_each_equal(s, own.key, own.hash, visitor);
    if (visitor.recursive) throw_recursive_memo();
    return std::move(visitor.joined);
  }

  /// Calls visitor.visit(record) under the lock for the flights of `key`, oldest first, until it says true;
  /// if it never does, visitor.at_end(stripe), under the same lock.
  template <typename Visitor>
  DEFT_TAGGED void for_each_equal(stripe& s, key_view key, std::uint64_t hash, Visitor& visitor)
    requires(traits::trusted)
  {
    {
      const std::lock_guard lock(s.mutex);
      if (s.flights.after(0, hash) == nullptr) return visitor.at_end(s);
    }
    visitor.prepare();
    const K copy = traits::make(key);
    const std::lock_guard lock(s.mutex);
    for (record* r = s.flights.after(0, hash); r != nullptr; r = s.flights.after(r->ticket, hash)) {
      if (traits::equal(copy, r->key) && visitor.visit(*r)) return;
    }
    visitor.at_end(s);
  }

  template <typename Visitor>
  DEFT_TAGGED void for_each_equal(stripe& s, key_view key, std::uint64_t hash, Visitor& visitor) {
    visitor.prepare();
    for (std::uint64_t seen = 0;;) {
      landing_reference<K, V, Sync> candidate;
      {
        const std::lock_guard lock(s.mutex);
        record* const next = s.flights.after(seen, hash);
        if (next == nullptr) return visitor.at_end(s);
        seen = next->ticket;
        candidate = next->landing;
      }
      if (!traits::equal(candidate->key.value, key)) continue;
      const std::lock_guard lock(s.mutex);
      if (record* const same = s.flights.at(seen); same != nullptr && visitor.visit(*same)) return;
    }
  }

  DEFT_TAGGED static void wait(thread_state<Sync>& self, landing& outcome) {
    const wait_edge<Sync> edge(self, outcome);
    std::unique_lock lock(outcome.mutex);
    while (!outcome.ended) outcome.changed.wait(lock);
  }

  template <typename Core, typename F>
  DEFT_TAGGED void lead(Core& core, record& own, F& f, miss_counter<Core>& miss, handle<V>& result) {
    stripe& s = stripe_of(own.hash);
    retirement end(s, own, result);
    bool computing = false;
#if defined(__cpp_exceptions)
    try {
#endif
      // It may have been stored after the caller looked and before this flight could be seen.
      if (joins_) result = core.find(own.key, own.hash);
      if (result) {
        miss.it_was_a_hit();
        return;
      }
      if (remembers_errors()) {
        const std::exception_ptr known = s.errors.find(s.mutex, own.key, own.hash, now());
        if (known) std::rethrow_exception(known);
      }
      miss.count();
      computing = true;
      V value = compute(f, own.key);
      computing = false;
      typename Core::store_request request;
      request.replace = false;
      request.cancelled = &own.stale;
      result = core.store(own.key, own.hash, std::move(value), request);
#if defined(__cpp_exceptions)
    } catch (const recursive_memo_error&) {
      if (computing) core.count_load_failure();
      share(end);
      throw;
    } catch (...) {
      share(end);
      if (computing) {
        core.count_load_failure();
        if (remembers_errors()) remember(s, own);
      }
      throw;
    }
#endif
  }

  /// Gives the exception that is being handled to those who wait. It is none of the language's where a thread
  /// is cancelled: then they try by themselves.
  DEFT_TAGGED void share(retirement& end) const noexcept {
    if (on_error_.what != on_error_mode::kind::retry_each) end.error = std::current_exception();
  }

  /// Remembers the exception that is being handled, if there is the memory for it.
  DEFT_TAGGED void remember(stripe& s, const record& own) noexcept {
#if defined(__cpp_exceptions)
    const std::exception_ptr error = std::current_exception();
    if (!error || on_error_.time <= std::chrono::nanoseconds::zero()) return;
    try {
      const auto start = now();
      const auto left = flight_errors<K, Sync>::time_point::max() - start;
      const auto until =
          on_error_.time < left ? start + on_error_.time : flight_errors<K, Sync>::time_point::max();
      s.errors.store(s.mutex, resource_, own.key, own.hash, error, until, own.stale);
    } catch (...) {
      // The next call computes again.
    }
#endif
  }

  [[nodiscard]] DEFT_TAGGED std::chrono::steady_clock::time_point now() const {
    return clock_ ? clock_() : std::chrono::steady_clock::now();
  }

  std::pmr::memory_resource* resource_;
  memo_clock clock_;
  on_error_mode on_error_;
  bool joins_;
  stripe stripes_[stripe_count];
};

}  // namespace deft::detail
