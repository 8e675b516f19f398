#include "tests/symbols/own_stack.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include <execinfo.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

namespace deft::symbols::testing {
namespace {

struct map_line {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;
  bool executable = false;
  std::string path;
};

std::vector<map_line> read_maps() {
  std::vector<map_line> lines;
  std::ifstream maps("/proc/self/maps");
  for (std::string text; std::getline(maps, text);) {
    map_line line;
    std::istringstream in(text);
    std::string permissions;
    std::string device;
    std::string inode;
    char dash = 0;
    in >> std::hex >> line.start >> dash >> line.end >> permissions >> line.offset >> device >> inode;
    in >> std::ws;
    std::getline(in, line.path);
    line.executable = permissions.size() > 2 && permissions[2] == 'x';
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

recording own_mappings() {
  recording result;
  for (const map_line& line : read_maps()) {
    if (!line.executable) continue;
    mapping_event event;
    event.pid = static_cast<std::uint32_t>(::getpid());
    event.start = line.start;
    event.size_bytes = line.end - line.start;
    event.file_offset = line.offset;
    event.path = line.path;
    result.mappings.push_back(event);
  }
  return result;
}

stack_sample sample_own_stack(std::size_t stack_bytes) {
  ucontext_t context;
  ::getcontext(&context);
  stack_sample sample;
  sample.pid = static_cast<std::uint32_t>(::getpid());
  sample.tid = static_cast<std::uint32_t>(::syscall(SYS_gettid));
  sample.time_ns = 1;
  sample.has_registers = true;
  std::uint64_t stack_pointer = 0;
#if defined(__x86_64__)
  constexpr int from_context[17] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                    REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  for (std::size_t i = 0; i < 17; ++i) {
    sample.registers[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[from_context[i]]);
  }
  stack_pointer = sample.registers[7];
#elif defined(__aarch64__)
  for (std::size_t i = 0; i < 31; ++i) sample.registers[i] = context.uc_mcontext.regs[i];
  sample.registers[31] = stack_pointer = context.uc_mcontext.sp;
  sample.registers[32] = context.uc_mcontext.pc;
#endif
  std::uint64_t end = stack_pointer;
  for (const map_line& line : read_maps()) {
    if (stack_pointer >= line.start && stack_pointer < line.end) end = line.end;
  }
  sample.stack.resize(std::min<std::size_t>(stack_bytes, end - stack_pointer));
  // Through the kernel: sanitizers forbid reading other frames' redzones directly.
  const iovec local{sample.stack.data(), sample.stack.size()};
  const iovec remote{reinterpret_cast<void*>(stack_pointer), sample.stack.size()};
  const ssize_t copied = ::process_vm_readv(::getpid(), &local, 1, &remote, 1, 0);
  sample.stack.resize(copied < 0 ? 0 : static_cast<std::size_t>(copied));
  return sample;
}

stack_sample addresses_of_own_stack() {
  std::array<void*, 256> found{};
  const int count = ::backtrace(found.data(), static_cast<int>(found.size()));
  stack_sample sample;
  sample.pid = static_cast<std::uint32_t>(::getpid());
  sample.tid = static_cast<std::uint32_t>(::syscall(SYS_gettid));
  sample.time_ns = 1;
  sample.addresses_rooted = true;
  for (int i = 0; i < count; ++i) sample.addresses.push_back(reinterpret_cast<std::uint64_t>(found[i]));
  return sample;
}

}  // namespace deft::symbols::testing
