#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace deft::symbols {

/// An executable part of a file mapped into a process, or the end of all earlier ones (exec).
struct mapping_event {
  enum class kind : std::uint8_t { map, fork, exec };

  kind what = kind::map;
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t parent_pid = 0;  ///< Of a fork.
  std::uint64_t start = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t file_offset = 0;
  std::string path;  ///< "[vdso]", "//anon" and the like for what is no file.
};

/// The most registers that unwinding looks at, numbered as DWARF does: x86-64 has 17 (16 is the return
/// address), AArch64 33 (31 is sp, 32 the program counter).
inline constexpr std::size_t max_registers = 33;

/// One interrupted thread: its user registers and the lowest part of its stack.
struct stack_sample {
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  bool in_kernel = false;      ///< The interrupted instruction was the kernel's, on behalf of the thread.
  bool has_registers = false;  ///< False: nothing below can be used.
  std::array<std::uint64_t, max_registers> registers{};
  std::vector<std::uint8_t> stack;  ///< Bytes from the stack pointer upwards.
};

/// A function of the measured program was entered: what exact timing marks are made of.
struct entry_mark {
  std::uint64_t time_ns = 0;
  std::uint32_t tid = 0;
  std::uint32_t function = 0;  ///< Which one: the collector's numbering.
};

/// Everything a collector saw, in order of time.
struct recording {
  std::vector<mapping_event> mappings;
  std::vector<stack_sample> samples;
  std::vector<entry_mark> marks;
  std::uint64_t lost = 0;  ///< Samples that the kernel, or a bound of ours, gave up.
};

}  // namespace deft::symbols
