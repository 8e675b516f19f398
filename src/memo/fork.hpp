#pragma once

namespace deft::detail {

/// What threads.cpp does when the process forks; registry.cpp calls it, between the caches.
void lock_threads_before_fork() noexcept;
void unlock_threads_after_fork(bool child) noexcept;

}  // namespace deft::detail
