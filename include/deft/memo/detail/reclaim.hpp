/// @file
/// When memory that readers without locks may still look at can be freed: epochs (Fraser, "Practical
/// lock-freedom", 2004), with the reader's fence moved to the reclaimer where the system can interrupt the
/// other threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/sync.hpp"

namespace deft::detail {

/// While one lives, nothing that its thread could reach when it began is freed. They nest.
template <typename Sync>
class read_guard {
 public:
  DEFT_TAGGED explicit read_guard(thread_state<Sync>& thread) noexcept
      : thread_(thread), outermost_(thread.reading.load(std::memory_order_relaxed) == 0) {
    if (outermost_) {
      thread.reading.store(Sync::epoch().load(std::memory_order_acquire), std::memory_order_release);
      Sync::reader_fence();
    }
  }

  read_guard(const read_guard&) = delete;
  read_guard& operator=(const read_guard&) = delete;

  DEFT_TAGGED ~read_guard() {
    if (outermost_) thread_.reading.store(0, std::memory_order_release);
  }

 private:
  thread_state<Sync>& thread_;
  bool outermost_;
};

/// The same for a thread from Sync::light_thread() that is outside of any guard.
template <typename Sync>
class light_guard {
 public:
  [[gnu::always_inline]] DEFT_TAGGED explicit light_guard(thread_state<Sync>& thread) noexcept
      : thread_(thread) {
    thread.reading.store(Sync::epoch().load(std::memory_order_acquire), std::memory_order_release);
    Sync::light_fence();
  }

  light_guard(const light_guard&) = delete;
  light_guard& operator=(const light_guard&) = delete;

  [[gnu::always_inline]] DEFT_TAGGED ~light_guard() { thread_.reading.store(0, std::memory_order_release); }

 private:
  thread_state<Sync>& thread_;
};

/// The base of what is freed once no reader can have it any more.
struct retired {
  retired* next_retired = nullptr;
  void (*free)(retired*) noexcept = nullptr;
};

/// A list of such, unlinked already.
class retired_list {
 public:
  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return first_ == nullptr; }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  DEFT_TAGGED void add(retired* object) noexcept {
    object->next_retired = first_;
    first_ = object;
    ++size_;
  }

  DEFT_TAGGED void add(retired_list& others) noexcept {
    while (retired* const object = others.take()) add(object);
  }

  DEFT_TAGGED retired* take() noexcept {
    retired* const object = first_;
    if (object != nullptr) {
      first_ = object->next_retired;
      --size_;
    }
    return object;
  }

  DEFT_TAGGED void free_all() noexcept {
    while (retired* const object = take()) object->free(object);
  }

 private:
  retired* first_ = nullptr;
  std::size_t size_ = 0;
};

/// One cache's memory on its way out. With one thread everything is freed at once; with several, when so many
/// objects wait that asking what the others read pays, and all that read at that time have gone on.
template <typename Sync>
class reclaimer {
 public:
  static constexpr std::size_t batch = 32;

  DEFT_TAGGED reclaimer() noexcept = default;
  reclaimer(const reclaimer&) = delete;
  reclaimer& operator=(const reclaimer&) = delete;

  /// @pre Nobody reads.
  DEFT_TAGGED ~reclaimer() {
    waiting_.free_all();
    pending_.free_all();
  }

  /// Frees the objects, now or later. Call it without locks: freeing runs the user's destructors.
  DEFT_TAGGED void retire(retired_list& objects, const thread_state<Sync>& thread) noexcept {
    if (objects.empty()) return;
    if (thread.reading.load(std::memory_order_relaxed) == 0 && Sync::alone()) {
      objects.free_all();
      if (any_left_.load(std::memory_order_relaxed)) collect(thread);
      return;
    }
    bool full = false;
    {
      const std::lock_guard lock(mutex_);
      any_left_.store(true, std::memory_order_relaxed);
      since_attempt_ += objects.size();
      pending_.add(objects);
      full = since_attempt_ >= batch;
      if (full) since_attempt_ = 0;
    }
    if (full) collect(thread);
  }

  // For a fork.
  DEFT_TAGGED void lock() noexcept {
    collecting_.lock();
    mutex_.lock();
  }

  DEFT_TAGGED void unlock() noexcept {
    mutex_.unlock();
    collecting_.unlock();
  }

  /// Frees what can be freed.
  DEFT_TAGGED void collect(const thread_state<Sync>& thread) noexcept {
    if (thread.reading.load(std::memory_order_relaxed) != 0) return;  // Its own reading is in the way.
    retired_list freed;
    // One at a time: another one's move to waiting_ would be later than this one's look at the readers.
    std::unique_lock attempt(collecting_, std::try_to_lock);
    if (!attempt.owns_lock()) return;
    // What is pending may become freeable in the same call.
    for (int round = 0; round < 3; ++round) {
      Sync::reclaimer_fence();
      const std::uint64_t oldest = oldest_reader();
      const std::lock_guard lock(mutex_);
      if (!waiting_.empty()) {
        if (oldest <= waiting_since_) break;
        freed.add(waiting_);
      }
      if (pending_.empty()) {
        any_left_.store(false, std::memory_order_relaxed);
        break;
      }
      waiting_.add(pending_);
      waiting_since_ = Sync::epoch().fetch_add(1, std::memory_order_acq_rel);
    }
    attempt.unlock();
    freed.free_all();
  }

 private:
  [[nodiscard]] DEFT_TAGGED static std::uint64_t oldest_reader() noexcept {
    std::uint64_t oldest = UINT64_MAX;
    for (const thread_state<Sync>* other = Sync::threads(); other != nullptr; other = other->next) {
      const std::uint64_t since = other->reading.load(std::memory_order_acquire);
      if (since != 0 && since < oldest) oldest = since;
    }
    return oldest;
  }

  typename Sync::shard_mutex collecting_;
  typename Sync::shard_mutex mutex_;
  typename Sync::template atomic<bool> any_left_{false};
  retired_list pending_;
  retired_list waiting_;  // Unlinked before the epoch went on from waiting_since_.
  std::uint64_t waiting_since_ = 0;
  std::size_t since_attempt_ = 0;
};

}  // namespace deft::detail
