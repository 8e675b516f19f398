// libdeft_agent_allocations.so: where a program allocates memory. Preloaded before the C library, and before
// another allocator that the program brings as a library. A library of its own: a CPU profile is not to pay
// for it.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "profile/agent/next_allocator.hpp"
#include "profile/agent/poisson_sampling.hpp"
#include "profile/agent/preload_session.hpp"

#define DEFT_INTERPOSED extern "C" [[gnu::visibility("default")]]

namespace deft::profile::agent {
namespace {

constinit recorder records;
constinit double mean_bytes = 0;
constinit std::atomic<bool> collecting{false};

struct thread_state {
  poisson_sampling sampling;
  bool inside = false;  // what we allocate ourselves is not the program's
};

[[gnu::tls_model("initial-exec")]] constinit thread_local thread_state this_thread;

/// The registers as they are here: a stack can be walked from any point of a function.
[[gnu::always_inline]] inline frame_registers registers_here() {
  frame_registers registers;
  std::uint64_t instruction = 0;
  std::uint64_t preserved[7] = {};
  asm volatile(
      "lea 0(%%rip), %0\n\t"
      "movq %%rbx, 0(%1)\n\t"
      "movq %%rbp, 8(%1)\n\t"
      "movq %%rsp, 16(%1)\n\t"
      "movq %%r12, 24(%1)\n\t"
      "movq %%r13, 32(%1)\n\t"
      "movq %%r14, 40(%1)\n\t"
      "movq %%r15, 48(%1)"
      : "=&r"(instruction)
      : "r"(preserved)
      : "memory");
  constexpr unsigned numbers[7] = {3, base_pointer, stack_pointer, 12, 13, 14, 15};
  for (unsigned i = 0; i < 7; ++i) registers.set(numbers[i], preserved[i]);
  registers.set(return_address, instruction);
  return registers;
}

// Of an allocation that has a point.
[[gnu::noinline]] void sample(std::uint64_t size_bytes) {
  thread_state& state = this_thread;
  if (state.inside || !collecting.load(std::memory_order_relaxed)) return;
  if (records.ring().header().closed.load(std::memory_order_relaxed) != 0) {
    collecting.store(false, std::memory_order_relaxed);
    return;
  }
  state.inside = true;
  const int error_number = errno;
  const std::uint64_t now_ns = monotonic_ns();
  if (!state.sampling.seeded()) {
    state.sampling.seed(now_ns ^ static_cast<std::uint64_t>(::syscall(SYS_gettid)) << 32);
  }
  if (state.sampling.confirm(size_bytes, mean_bytes)) {
    sample_reason reason;
    reason.time_ns = now_ns;
    reason.cause = 3;  // symbols::sample_cause::allocation
    state.sampling.weigh(size_bytes, mean_bytes, reason.objects, reason.bytes);
    records.write_sample(registers_here(), reason);
  }
  errno = error_number;
  state.inside = false;
}

/// To be called before each allocation; one of nothing counts as one byte, or nobody would see a million of
/// them. Sizes that no memory has are left to the allocator to refuse.
[[gnu::always_inline]] inline void count(std::size_t size_bytes) {
  if (size_bytes > PTRDIFF_MAX) return;
  const std::uint64_t counted = size_bytes | (size_bytes == 0 ? 1U : 0U);
  if (this_thread.sampling.passes(counted)) sample(counted);
}

[[gnu::constructor]] void begin() {
  next();
  if (!join_session(records)) return;
  const std::uint64_t interval = records.ring().header().allocation_interval_bytes;
  if (interval == 0) return;
  mean_bytes = static_cast<double>(interval);
  ::pthread_atfork(nullptr, nullptr, [] { records.note_fork(); });
  collecting.store(true, std::memory_order_release);
}

}  // namespace
}  // namespace deft::profile::agent

namespace agent = deft::profile::agent;

DEFT_INTERPOSED void* malloc(std::size_t size) noexcept {
  agent::count(size);
  return agent::next().malloc(size);
}

DEFT_INTERPOSED void* calloc(std::size_t count, std::size_t size) noexcept {
  std::size_t bytes = 0;
  if (!__builtin_mul_overflow(count, size, &bytes)) agent::count(bytes);
  return agent::next().calloc(count, size);
}

// A block that grows or moves counts as a new one of its new size; one that is given back so does not.
DEFT_INTERPOSED void* realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr || size != 0) agent::count(size);
  return agent::next().realloc(memory, size);
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
  agent::count(size);
  return agent::next().aligned_alloc(alignment, size);
}

DEFT_INTERPOSED void* memalign(std::size_t alignment, std::size_t size) noexcept {
  agent::count(size);
  return agent::next().memalign(alignment, size);
}

DEFT_INTERPOSED int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  agent::count(size);
  const auto allocate = agent::next().posix_memalign;
  return allocate != nullptr ? allocate(memory, alignment, size) : ENOMEM;
}

DEFT_INTERPOSED void* valloc(std::size_t size) noexcept {
  agent::count(size);
  const auto allocate = agent::next().valloc;
  return allocate != nullptr ? allocate(size) : nullptr;
}

DEFT_INTERPOSED void* pvalloc(std::size_t size) noexcept {
  agent::count(size);
  const auto allocate = agent::next().pvalloc;
  return allocate != nullptr ? allocate(size) : nullptr;
}
