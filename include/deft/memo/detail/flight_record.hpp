/// @file
/// What others may know of a value that is being computed: flight_record, on its leader's stack, and
/// flight_landing, where those who wait find the outcome.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory_resource>
#include <new>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/key_traits.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/detail/wait_graph.hpp"
#include "deft/memo/handle.hpp"

namespace deft::detail {

/// Where those who wait for a flight sleep, and find what came of it. Shared by them and the leader.
template <typename K, typename V, typename Sync>
struct flight_landing : awaited_end<Sync> {
  using traits = key_traits<K>;

  struct no_key {
    DEFT_TAGGED explicit no_key(typename traits::view) noexcept {}
  };

  struct own_key {
    DEFT_TAGGED explicit own_key(typename traits::view key) : value(traits::make(key)) {}

    K value;
  };

  DEFT_TAGGED flight_landing(std::pmr::memory_resource* from, typename traits::view view)
      : resource(from), key(view) {}

  std::pmr::memory_resource* resource;
  typename Sync::template atomic<std::uint32_t> references{1};
  typename Sync::mutex mutex;
  typename Sync::condition_variable changed;
  bool ended =
      false;  // Under the mutex. What follows is written once, before, and if it is empty: try again.
  handle<V> result;
  std::exception_ptr error;
  // Comparing keys of the user's types runs their code, with no lock held: the leader's may be gone
  // meanwhile.
  [[no_unique_address]] std::conditional_t<traits::trusted, no_key, own_key> key;
};

/// A reference to a landing, or none. The last one destroys it, and with it what the user's types brought
/// along: never let go of one under a lock.
template <typename K, typename V, typename Sync>
class landing_reference {
 public:
  using landing = flight_landing<K, V, Sync>;

  DEFT_TAGGED landing_reference() noexcept = default;

  /// @throws std::bad_alloc, and what copying the key throws if it is of a user's type.
  DEFT_TAGGED static landing_reference make(std::pmr::memory_resource* resource,
                                            typename key_traits<K>::view key) {
    // Frees the memory if the constructor throws.
    struct memory {
      std::pmr::memory_resource* from;
      void* bytes = from->allocate(sizeof(landing), alignof(landing));

      DEFT_TAGGED ~memory() {
        if (bytes != nullptr) from->deallocate(bytes, sizeof(landing), alignof(landing));
      }
    } block{resource};

    landing_reference made;
    made.landing_ = new (block.bytes) landing(resource, key);
    block.bytes = nullptr;
    return made;
  }

  DEFT_TAGGED landing_reference(const landing_reference& other) noexcept : landing_(other.landing_) {
    if (landing_ != nullptr) landing_->references.fetch_add(1, std::memory_order_relaxed);
  }

  DEFT_TAGGED landing_reference(landing_reference&& other) noexcept
      : landing_(std::exchange(other.landing_, nullptr)) {}

  DEFT_TAGGED landing_reference& operator=(landing_reference other) noexcept {
    std::swap(landing_, other.landing_);
    return *this;
  }

  DEFT_TAGGED ~landing_reference() {
    if (landing_ == nullptr || landing_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::pmr::memory_resource* const resource = landing_->resource;
    landing_->~landing();
    resource->deallocate(landing_, sizeof(landing), alignof(landing));
  }

  [[nodiscard]] DEFT_TAGGED explicit operator bool() const noexcept { return landing_ != nullptr; }

  [[nodiscard]] DEFT_TAGGED landing& operator*() const noexcept { return *landing_; }

  [[nodiscard]] DEFT_TAGGED landing* operator->() const noexcept { return landing_; }

 private:
  landing* landing_ = nullptr;
};

/// A value that is being computed: lives while its leader is in single_flight::run. All but `stale` is for
/// whoever holds the lock of the list it is in.
template <typename K, typename V, typename Sync>
struct flight_record {
  thread_state<Sync>* owner;
  typename key_traits<K>::view key;  // The leader's caller's. Others look at it only where keys are trusted.
  std::uint64_t hash;
  bool joinable;         // Others may wait for it.
  bool awaited = false;  // Others do.
  // The key was put, invalidated or cleared: whoever comes now needs a new flight, and the value is not
  // stored.
  typename Sync::template atomic<bool> stale{false};
  // Made by the first who waits; keys that are not trusted lie in it, so there the leader makes it.
  landing_reference<K, V, Sync> landing = {};
  std::uint64_t ticket = 0;  // Rises along the list.
  flight_record* previous = nullptr;
  flight_record* next = nullptr;
};

/// The records of one stripe, oldest first.
template <typename K, typename V, typename Sync>
class flight_list {
 public:
  using record = flight_record<K, V, Sync>;

  DEFT_TAGGED void append(record& added) noexcept {
    added.ticket = ++tickets_;
    added.previous = last_;
    set_next(last_, &added);
    last_ = &added;
  }

  DEFT_TAGGED void remove(record& gone) noexcept {
    set_next(gone.previous, gone.next);
    (gone.next != nullptr ? gone.next->previous : last_) = gone.previous;
  }

  /// May be asked without the lock: what is just being appended may be missed then.
  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return first() == nullptr; }

  [[nodiscard]] DEFT_TAGGED record* first() const noexcept { return first_.load(std::memory_order_relaxed); }

  /// The oldest of this hash after `ticket`.
  [[nodiscard]] DEFT_TAGGED record* after(std::uint64_t ticket, std::uint64_t hash) const noexcept {
    record* at = first();
    while (at != nullptr && (at->ticket <= ticket || at->hash != hash)) at = at->next;
    return at;
  }

  [[nodiscard]] DEFT_TAGGED record* at(std::uint64_t ticket) const noexcept {
    record* found = first();
    while (found != nullptr && found->ticket != ticket) found = found->next;
    return found;
  }

 private:
  DEFT_TAGGED void set_next(record* before, record* next) noexcept {
    if (before != nullptr) {
      before->next = next;
    } else {
      first_.store(next, std::memory_order_relaxed);
    }
  }

  typename Sync::template atomic<record*> first_{nullptr};
  record* last_ = nullptr;
  std::uint64_t tickets_ = 0;
};

}  // namespace deft::detail
