#include "profile/traced_thread.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

namespace deft::profile {
namespace {

// In the order of DWARF's numbers. Memory and registers of 32-bit programs have another size.
#if defined(__x86_64__) && !defined(__ILP32__)
std::array<std::uint64_t, 17> by_dwarf_number(const user_regs_struct& r) {
  return {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
          r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
}
#elif defined(__aarch64__)
std::array<std::uint64_t, 33> by_dwarf_number(const user_regs_struct& r) {
  std::array<std::uint64_t, 33> values{};
  std::copy(std::begin(r.regs), std::end(r.regs), values.begin());
  values[31] = r.sp;
  values[32] = r.pc;
  return values;
}
#endif

// signal(7), "Interruption of system calls and library functions by stop signals", and sockets with timeouts.
constexpr std::array fragile_calls{
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
#endif
    SYS_epoll_pwait,  SYS_epoll_pwait2,  SYS_semop,          SYS_semtimedop, SYS_rt_sigtimedwait,
    SYS_io_getevents, SYS_io_pgetevents, SYS_io_uring_enter, SYS_recvfrom,   SYS_recvmsg,
    SYS_recvmmsg,     SYS_sendto,        SYS_sendmsg,        SYS_sendmmsg,   SYS_accept,
    SYS_accept4,      SYS_connect};

}  // namespace

bool read_registers(pid_t tid, symbols::stack_sample& sample) {
#if (defined(__x86_64__) && !defined(__ILP32__)) || defined(__aarch64__)
  user_regs_struct registers{};
  iovec into{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0 || into.iov_len != sizeof registers)
    return false;
  const auto values = by_dwarf_number(registers);
  std::copy(values.begin(), values.end(), sample.registers.begin());
  sample.has_registers = true;
  return true;
#else
  static_cast<void>(tid);
  static_cast<void>(sample);
  return false;
#endif
}

void undo_interruption(pid_t tid) {
#if defined(__x86_64__) && !defined(__ILP32__)
  // The kernel's own number, which no program ever sees: "again, unless a handler was called meanwhile".
  constexpr long again_without_handler = 514;
  user_regs_struct registers{};
  iovec whole{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &whole) != 0 || whole.iov_len != sizeof registers) return;
  const auto call = static_cast<long>(registers.orig_rax);  // -1 outside of system calls
  // A closed descriptor may have been given to another file already.
  if (call < 0 || call == SYS_close || static_cast<long>(registers.rax) != -EINTR) return;
  registers.rax = static_cast<unsigned long long>(-again_without_handler);
  ::ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &whole);
#else
  static_cast<void>(tid);
#endif
}

std::vector<std::uint8_t> read_memory(pid_t pid, std::uint64_t address, std::size_t size_bytes) {
  static const std::uint64_t page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::vector<std::uint8_t> bytes(size_bytes);
  // Page by page: what is transferred in part is whole pieces.
  std::array<iovec, 64> pieces{};
  std::size_t count = 0;
  for (std::uint64_t at = address; at < address + size_bytes && count < pieces.size(); ++count) {
    const std::uint64_t end = std::min(address + size_bytes, (at / page_bytes + 1) * page_bytes);
    pieces[count] = {reinterpret_cast<void*>(at), end - at};  // NOLINT: an address of the other process
    at = end;
  }
  const iovec here{bytes.data(), bytes.size()};
  const ssize_t got = ::process_vm_readv(pid, &here, 1, pieces.data(), count, 0);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

bool fails_when_stopped(long system_call) noexcept {
  return std::find(fragile_calls.begin(), fragile_calls.end(), system_call) != fragile_calls.end();
}

}  // namespace deft::profile
