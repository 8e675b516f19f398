/// @file
/// How a cache tells its listener of the entries that left: outside of locks, in the order of the removals.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>
#include <new>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/options.hpp"

namespace deft::detail {

/// Notices are queued under the shard's lock, which orders them, and delivered by whoever comes out of a
/// lock, one at a time. Memory for them is had beforehand, so that a removal never fails half-way.
template <typename Entries, typename Sync>
class notifier {
 public:
  using entry = typename Entries::entry;

  struct notice {
    DEFT_TAGGED notice(const entry& e, removal_cause why) noexcept : what(e), cause(why) {}

    typename Entries::held what;
    removal_cause cause;
    notice* next = nullptr;
  };

  /// Room for notices, had before a lock is taken; gives back what was not used.
  class room {
   public:
    DEFT_TAGGED explicit room(notifier& owner) noexcept : owner_(owner) {}

    room(const room&) = delete;
    room& operator=(const room&) = delete;

    DEFT_TAGGED ~room() {
      while (void* const memory = take())
        owner_.resource_->deallocate(memory, sizeof(notice), alignof(notice));
    }

    /// Room for `n` in all. @throws What the resource throws.
    DEFT_TAGGED void reserve(std::size_t n) {
      if (!owner_.listener_) return;
      while (count_ < n) {
        static_assert(sizeof(notice) >= sizeof(void*));
        first_ = new (owner_.resource_->allocate(sizeof(notice), alignof(notice))) link{first_};
        ++count_;
      }
    }

    [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return count_; }

    DEFT_TAGGED void* take() noexcept {
      if (first_ == nullptr) return nullptr;
      link* const memory = first_;
      first_ = memory->next;
      --count_;
      return memory;
    }

   private:
    struct link {
      link* next;
    };

    notifier& owner_;
    link* first_ = nullptr;
    std::size_t count_ = 0;
  };

  DEFT_TAGGED notifier(const removal_listener& listener, std::pmr::memory_resource* resource)
      : listener_(listener), resource_(resource) {}

  notifier(const notifier&) = delete;
  notifier& operator=(const notifier&) = delete;

  DEFT_TAGGED ~notifier() {
    while (first_ != nullptr) destroy(std::exchange(first_, first_->next));
  }

  [[nodiscard]] DEFT_TAGGED bool active() const noexcept { return static_cast<bool>(listener_); }

  /// Queues a notice of an entry that leaves. Under the shard's lock.
  DEFT_TAGGED void add(const entry& e, removal_cause cause, room& from) noexcept {
    if (active()) add(prepare(e, cause, from));
  }

  /// The same in two steps, for a change that may still fail: then cancel() it.
  [[nodiscard]] DEFT_TAGGED notice* prepare(const entry& e, removal_cause cause, room& from) noexcept {
    return new (from.take()) notice(e, cause);
  }

  DEFT_TAGGED void cancel(notice* prepared) noexcept { destroy(prepared); }

  DEFT_TAGGED void add(notice* prepared) noexcept {
    const std::lock_guard lock(mutex_);
    if (last_ != nullptr) {
      last_->next = prepared;
    } else {
      first_ = prepared;
    }
    last_ = prepared;
    any_.store(true, std::memory_order_relaxed);
  }

  /// Delivers what is queued, unless another thread, or the listener itself, is about it. Outside of locks.
  DEFT_TAGGED void deliver() noexcept {
    if (!active() || !any_.load(std::memory_order_relaxed)) return;
    for (;;) {
      notice* now = nullptr;
      {
        const std::lock_guard lock(mutex_);
        if (delivering_ || first_ == nullptr) return;
        delivering_ = true;
        now = std::exchange(first_, nullptr);
        last_ = nullptr;
        any_.store(false, std::memory_order_relaxed);
      }
      while (now != nullptr) {
        notice* const done = now;
        now = now->next;
        tell(*done);
        destroy(done);
      }
      const std::lock_guard lock(mutex_);
      delivering_ = false;
    }
  }

  // For a fork. In the child nobody else delivers any more.
  DEFT_TAGGED void lock() noexcept { mutex_.lock(); }

  DEFT_TAGGED void unlock(bool child) noexcept {
    if (child) delivering_ = false;
    mutex_.unlock();
  }

  [[nodiscard]] DEFT_TAGGED std::uint64_t failures() const noexcept {
    return failures_.load(std::memory_order_relaxed);
  }

 private:
  DEFT_TAGGED void tell(const notice& n) noexcept {
#if defined(__cpp_exceptions)
    try {
#endif
      n.what.show([&](const auto& key, const auto& value) {
        listener_(std::addressof(key), std::addressof(value), n.cause);
      });
#if defined(__cpp_exceptions)
    } catch (...) {
      failures_.fetch_add(1, std::memory_order_relaxed);
    }
#endif
  }

  DEFT_TAGGED void destroy(notice* n) noexcept {
    n->~notice();
    resource_->deallocate(n, sizeof(notice), alignof(notice));
  }

  removal_listener listener_;
  std::pmr::memory_resource* resource_;
  typename Sync::shard_mutex mutex_;
  typename Sync::template atomic<bool> any_{false};
  typename Sync::template atomic<std::uint64_t> failures_{0};
  bool delivering_ = false;
  notice* first_ = nullptr;
  notice* last_ = nullptr;
};

}  // namespace deft::detail
