#include "profile/agent/stack_memory.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace deft::profile::agent {
namespace {

constexpr std::uint64_t page_bytes = 4096;

std::atomic<bool> ask_by_copying{false};

// The kernel fetches the set before it looks at what to do with it, and does nothing for an operation that
// does not exist. No filter of system calls forbids this one.
bool readable_by_mask(std::uint64_t address) {
  constexpr long no_operation = ~0;
  return ::syscall(SYS_rt_sigprocmask, no_operation, address, nullptr, 8) == -1 && errno != EFAULT;
}

bool readable_by_copying(std::uint64_t address) {
  std::uint64_t word = 0;
  const iovec here{&word, sizeof word};
  const iovec there{reinterpret_cast<void*>(address), sizeof word};  // NOLINT: an address to be tried
  return ::syscall(SYS_process_vm_readv, ::getpid(), &here, 1L, &there, 1L, 0L) == sizeof word;
}

bool page_readable(std::uint64_t page) {
  return ask_by_copying.load(std::memory_order_relaxed) ? readable_by_copying(page) : readable_by_mask(page);
}

}  // namespace

void prepare_stack_memory() noexcept {
  // The first page is nobody's. Kernels that are none (sandboxes, emulators) may look at the operation first.
  ask_by_copying.store(readable_by_mask(16), std::memory_order_relaxed);
}

bool stack_memory::readable(std::uint64_t from, std::uint64_t to) noexcept {
  if (from >= from_ && to <= to_) return from <= to;
  if (from > to || to > ~page_bytes) return false;
  std::uint64_t page = from & ~(page_bytes - 1);
  if (from >= from_ && from < to_) page = to_;
  if (page != to_) from_ = to_ = page;
  for (; page < to; page += page_bytes) {
    if (!page_readable(page)) return false;
    to_ = page + page_bytes;
  }
  return true;
}

// Other people's stack: no checker of memory errors knows better than the kernel what may be read.
__attribute__((no_sanitize("address", "thread", "undefined"))) bool stack_memory::read(
    std::uint64_t address, std::uint64_t& word) noexcept {
  if (address > ~page_bytes || !readable(address, address + sizeof word)) return false;
  // Not memcpy, which checkers intercept; the stack's words are aligned, what a wrong rule finds may not be.
  using any_word [[gnu::aligned(1), gnu::may_alias]] = std::uint64_t;
  word = *reinterpret_cast<const volatile any_word*>(address);  // NOLINT: an address that was tried
  return true;
}

}  // namespace deft::profile::agent
