/// @file
/// Who waits for whom: so that nobody waits for itself.
///
/// thread -> what it waits for -> the thread that will end that -> ... A thread waits for one thing at a
/// time, so from each thread goes one path. All of it is read and written under Sync::wait_graph(), one mutex
/// for the process, because the path may lead through several caches. Only who is about to sleep takes it,
/// and who wakes sleepers.
#pragma once

#include <mutex>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/sync.hpp"
#include "deft/memo/errors.hpp"

namespace deft::detail {

/// What threads wait for. It outlives their waiting.
template <typename Sync>
struct awaited_end {
  thread_state<Sync>* owner = nullptr;  // Null once it has come: then the thread may wait for other things.
};

/// To be called when the end has come, before those who wait are woken: a thread that was not woken yet must
/// not look as if it waited for what the owner does next.
template <typename Sync>
DEFT_TAGGED void end_has_come(awaited_end<Sync>& what) noexcept {
  const std::lock_guard lock(Sync::wait_graph());
  what.owner = nullptr;
}

/// While it lives, a thread waits for something.
template <typename Sync>
class wait_edge {
 public:
  /// @throws recursive_memo_error: the owner of `what` waits for `waiter`.
  DEFT_TAGGED wait_edge(thread_state<Sync>& waiter, const awaited_end<Sync>& what) : waiter_(waiter) {
    if (!add(what)) throw_recursive_memo();
  }

  wait_edge(const wait_edge&) = delete;
  wait_edge& operator=(const wait_edge&) = delete;

  DEFT_TAGGED ~wait_edge() {
    const std::lock_guard lock(Sync::wait_graph());
    waiter_.waiting_for = nullptr;
  }

 private:
  DEFT_TAGGED bool add(const awaited_end<Sync>& what) noexcept {
    const std::lock_guard lock(Sync::wait_graph());
    // Ends, because no edge was ever added that closes a circle.
    for (const awaited_end<Sync>* at = &what; at != nullptr && at->owner != nullptr;) {
      if (at->owner == &waiter_) return false;
      at = static_cast<const awaited_end<Sync>*>(at->owner->waiting_for);
    }
    waiter_.waiting_for = &what;
    return true;
  }

  thread_state<Sync>& waiter_;
};

}  // namespace deft::detail
