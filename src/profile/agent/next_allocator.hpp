#pragma once

#include <atomic>
#include <cstddef>

// The allocator that a preloaded library's malloc and its like pass on to: that of the program's libraries,
// or the C library's.

// The C library's own, by names that nobody replaces.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace deft::profile::agent {

/// The next allocator's functions.
struct allocator {
  void* (*malloc)(std::size_t) = &__libc_malloc;
  void* (*calloc)(std::size_t, std::size_t) = &__libc_calloc;
  void* (*realloc)(void*, std::size_t) = &__libc_realloc;
  void (*free)(void*) = &__libc_free;
  void* (*aligned_alloc)(std::size_t, std::size_t) = &__libc_memalign;
  void* (*memalign)(std::size_t, std::size_t) = &__libc_memalign;
  int (*posix_memalign)(void**, std::size_t, std::size_t) = nullptr;
  void* (*valloc)(std::size_t) = nullptr;
  void* (*pvalloc)(std::size_t) = nullptr;
  std::size_t (*usable_size)(void*) = nullptr;
};

/// Looks for them where that was not done yet. Other libraries' constructors, which may run before ours,
/// allocate already: from the same allocator as everybody later, or it would be given back to the wrong one.
const allocator& find_next_allocator() noexcept;

namespace detail {
extern constinit std::atomic<const allocator*> next_allocator;
}

[[gnu::always_inline]] inline const allocator& next() noexcept {
  const allocator* const known = detail::next_allocator.load(std::memory_order_acquire);
  return known != nullptr ? *known : find_next_allocator();
}

}  // namespace deft::profile::agent
