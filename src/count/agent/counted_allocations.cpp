// libdeft_agent_allocation_counts.so: how often and how much a program allocates while its benchmark's clock
// runs, and how much it holds at once. All of its threads count.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <malloc.h>

#include "count/agent/counter.hpp"
#include "profile/agent/next_allocator.hpp"

#define DEFT_INTERPOSED extern "C" [[gnu::visibility("default")]]

namespace deft::count::agent {
namespace {

using profile::agent::next;

constinit std::atomic<bool> counting{false};
constinit std::atomic<std::uint64_t> allocations{0};
constinit std::atomic<std::uint64_t> allocated_bytes{0};
constinit std::atomic<std::uint64_t> all_allocations{0};
constinit std::atomic<std::uint64_t> live_bytes{0};
constinit std::atomic<std::uint64_t> peak_bytes{0};

// What the allocator set aside, which may be more than was asked for: freeing gives back the same.
std::uint64_t size_of(void* memory) noexcept {
  const auto usable_size = next().usable_size;
  return memory != nullptr && usable_size != nullptr ? usable_size(memory) : 0;
}

void raise_peak() noexcept {
  const std::uint64_t live = live_bytes.load(std::memory_order_relaxed);
  std::uint64_t peak = peak_bytes.load(std::memory_order_relaxed);
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live, std::memory_order_relaxed)) {
  }
}

void note_allocation(void* memory, std::size_t asked_bytes) noexcept {
  if (memory == nullptr) return;
  all_allocations.fetch_add(1, std::memory_order_relaxed);
  live_bytes.fetch_add(size_of(memory), std::memory_order_relaxed);
  if (!counting.load(std::memory_order_relaxed)) return;
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_bytes.fetch_add(asked_bytes, std::memory_order_relaxed);
  raise_peak();
}

void* noted(void* memory, std::size_t asked_bytes) noexcept {
  note_allocation(memory, asked_bytes);
  return memory;
}

}  // namespace

void prepare_counting() noexcept {}

void begin_run(std::uint64_t) noexcept {
  peak_bytes.store(0, std::memory_order_relaxed);
}

void start_counting() noexcept {
  raise_peak();
  counting.store(true, std::memory_order_seq_cst);
}

void stop_counting() noexcept {
  counting.store(false, std::memory_order_seq_cst);
}

void add_counts(run_record& all, timed_run& run) noexcept {
  run.allocations += allocations.exchange(0);
  run.allocated_bytes += allocated_bytes.exchange(0);
  run.peak_bytes = peak_bytes.load();
  all.all_allocations = all_allocations.load();
}

}  // namespace deft::count::agent

namespace agent = deft::count::agent;
using deft::profile::agent::next;

DEFT_INTERPOSED void* malloc(std::size_t size) noexcept {
  return agent::noted(next().malloc(size), size);
}

DEFT_INTERPOSED void* calloc(std::size_t count, std::size_t size) noexcept {
  return agent::noted(next().calloc(count, size), count * size);
}

DEFT_INTERPOSED void free(void* memory) noexcept {
  agent::live_bytes.fetch_sub(agent::size_of(memory), std::memory_order_relaxed);
  next().free(memory);
}

// A block that grows or moves counts as a new one of its new size; one that is given back so does not.
DEFT_INTERPOSED void* realloc(void* memory, std::size_t size) noexcept {
  const std::uint64_t before = agent::size_of(memory);
  void* const moved = next().realloc(memory, size);
  if (moved != nullptr || (memory != nullptr && size == 0))
    agent::live_bytes.fetch_sub(before, std::memory_order_relaxed);
  return agent::noted(moved, size);
}

DEFT_INTERPOSED void* reallocarray(void* memory, std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(memory, bytes);
}

DEFT_INTERPOSED void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return agent::noted(next().aligned_alloc(alignment, size), size);
}

DEFT_INTERPOSED void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return agent::noted(next().memalign(alignment, size), size);
}

DEFT_INTERPOSED int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  const auto allocate = next().posix_memalign;
  const int problem = allocate != nullptr ? allocate(memory, alignment, size) : ENOMEM;
  if (problem == 0) agent::note_allocation(*memory, size);
  return problem;
}

DEFT_INTERPOSED void* valloc(std::size_t size) noexcept {
  const auto allocate = next().valloc;
  return allocate != nullptr ? agent::noted(allocate(size), size) : nullptr;
}

DEFT_INTERPOSED void* pvalloc(std::size_t size) noexcept {
  const auto allocate = next().pvalloc;
  return allocate != nullptr ? agent::noted(allocate(size), size) : nullptr;
}
