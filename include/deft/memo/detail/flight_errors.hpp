/// @file
/// detail::flight_errors: exceptions that on_error::cache_for remembers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory_resource>
#include <mutex>
#include <new>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/key_traits.hpp"

namespace deft::detail {

/// The exceptions of the keys of one stripe, at most `limit`, oldest first. Keys are compared and destroyed
/// with no lock held, whatever their type: these are rare.
///
/// `Mutex` is the stripe's; it is not held when a function is called.
template <typename K, typename Sync>
class flight_errors {
 public:
  using traits = key_traits<K>;
  using key_view = typename traits::view;
  using mutex = typename Sync::shard_mutex;
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::uint32_t limit = 64;

  DEFT_TAGGED flight_errors() noexcept = default;
  flight_errors(const flight_errors&) = delete;
  flight_errors& operator=(const flight_errors&) = delete;

  DEFT_TAGGED ~flight_errors() { let_go(first_); }

  /// The exception of `key`, if its time is not up at `now`. @throws What comparing keys throws.
  [[nodiscard]] DEFT_TAGGED std::exception_ptr find(mutex& lock, key_view key, std::uint64_t hash,
                                                    time_point now) {
    std::exception_ptr found;
    for_each_equal(lock, key, hash, [&](const entry& remembered) {
      if (remembered.until > now) found = remembered.error;
      return !found;
    });
    return found;
  }

  /// Remembers `error` until `until`, unless `stale` says by now that the key was invalidated meanwhile.
  /// @throws std::bad_alloc, what copying the key throws.
  DEFT_TAGGED void store(mutex& lock, std::pmr::memory_resource* resource, key_view key, std::uint64_t hash,
                         std::exception_ptr error, time_point until,
                         const typename Sync::template atomic<bool>& stale) {
    entry* const added = make(resource, key);
    added->hash = hash;
    added->error = std::move(error);
    added->until = until;
    entry* gone = added;
    {
      const std::lock_guard hold(lock);
      if (!stale.load(std::memory_order_relaxed)) {
        gone = size_ == limit ? unlink(&first_) : nullptr;
        added->ticket = ++tickets_;
        *last_ = added;
        last_ = &added->next;
        ++size_;
      }
    }
    let_go(gone);
  }

  /// Forgets the exceptions of `key`. @throws What comparing keys throws.
  DEFT_TAGGED void erase(mutex& lock, key_view key, std::uint64_t hash) {
    for_each_equal(lock, key, hash, [](const entry&) { return true; });
  }

  /// Forgets all.
  DEFT_TAGGED void clear(mutex& lock) noexcept {
    entry* all = nullptr;
    {
      const std::lock_guard hold(lock);
      all = std::exchange(first_, nullptr);
      last_ = &first_;
      size_ = 0;
    }
    let_go(all);
  }

 private:
  struct entry {
    DEFT_TAGGED entry(std::pmr::memory_resource* from, key_view view)
        : resource(from), key(traits::make(view)) {}

    std::pmr::memory_resource* resource;
    K key;
    std::exception_ptr error;
    time_point until;
    std::uint64_t hash = 0;
    std::uint64_t ticket = 0;  // Rises along the list.
    entry* next = nullptr;
    typename Sync::template atomic<std::uint32_t> references{1};  // The list's, and of those who compare.
  };

  /// A reference to an entry, while its key is compared.
  class hold_entry {
   public:
    DEFT_TAGGED explicit hold_entry(entry* held) noexcept : held_(held) {
      if (held_ != nullptr) held_->references.fetch_add(1, std::memory_order_relaxed);
    }

    hold_entry(const hold_entry&) = delete;
    hold_entry& operator=(const hold_entry&) = delete;

    DEFT_TAGGED ~hold_entry() {
      if (held_ != nullptr) release(held_);
    }

    [[nodiscard]] DEFT_TAGGED const entry* get() const noexcept { return held_; }

   private:
    entry* held_;
  };

  DEFT_TAGGED static entry* make(std::pmr::memory_resource* resource, key_view key) {
    // Frees the memory if copying the key throws.
    struct memory {
      std::pmr::memory_resource* from;
      void* bytes = from->allocate(sizeof(entry), alignof(entry));

      DEFT_TAGGED ~memory() {
        if (bytes != nullptr) from->deallocate(bytes, sizeof(entry), alignof(entry));
      }
    } block{resource};

    auto* const made = new (block.bytes) entry(resource, key);
    block.bytes = nullptr;
    return made;
  }

  DEFT_TAGGED static void release(entry* e) noexcept {
    if (e->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::pmr::memory_resource* const resource = e->resource;
    e->~entry();
    resource->deallocate(e, sizeof(entry), alignof(entry));
  }

  DEFT_TAGGED static void let_go(entry* list) noexcept {
    while (list != nullptr) release(std::exchange(list, list->next));
  }

  /// Takes the entry at `link` out of the list, and ends a list of itself with it.
  DEFT_TAGGED entry* unlink(entry** link) noexcept {
    entry* const gone = *link;
    *link = gone->next;
    if (last_ == &gone->next) last_ = link;
    gone->next = nullptr;
    --size_;
    return gone;
  }

  /// Calls visit(entry) for the entries of `key`, and takes out those for which it says true.
  template <typename Visit>
  DEFT_TAGGED void for_each_equal(mutex& lock, key_view key, std::uint64_t hash, Visit visit) {
    for (std::uint64_t seen = 0;;) {
      const hold_entry candidate = after(lock, seen, hash);
      if (candidate.get() == nullptr) return;
      seen = candidate.get()->ticket;
      if (traits::equal(candidate.get()->key, key) && visit(*candidate.get())) remove(lock, seen);
    }
  }

  /// The oldest of this hash after `ticket`.
  DEFT_TAGGED hold_entry after(mutex& lock, std::uint64_t ticket, std::uint64_t hash) noexcept {
    const std::lock_guard hold(lock);
    entry* at = first_;
    while (at != nullptr && (at->ticket <= ticket || at->hash != hash)) at = at->next;
    return hold_entry(at);
  }

  DEFT_TAGGED void remove(mutex& lock, std::uint64_t ticket) noexcept {
    entry* gone = nullptr;
    {
      const std::lock_guard hold(lock);
      entry** link = &first_;
      while (*link != nullptr && (*link)->ticket != ticket) link = &(*link)->next;
      if (*link != nullptr) gone = unlink(link);
    }
    let_go(gone);
  }

  entry* first_ = nullptr;
  entry** last_ = &first_;
  std::uint64_t tickets_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace deft::detail
