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
  /// Of the file as it was then, in hexadecimal; empty where unknown. Tells a file that was replaced since.
  std::string build_id;
};

/// The most registers that unwinding looks at, numbered as DWARF does: x86-64 has 17 (16 is the return
/// address), AArch64 33 (31 is sp, 32 the program counter).
inline constexpr std::size_t max_registers = 33;

/// What a thread was doing when it was sampled, or why it was.
enum class sample_cause : std::uint8_t {
  cpu,         ///< It used processor time.
  running,     ///< Wall clock: it was on a processor or ready for one.
  waiting,     ///< Wall clock: it was blocked in the kernel.
  allocation,  ///< It allocated memory.
};

/// A `deft::profile::scope` that was open in a frame: shown as a frame of its own below it.
struct open_scope {
  std::uint32_t frame = 0;         ///< Into `stack_sample::addresses`: whose activation holds it.
  std::uint64_t name_address = 0;  ///< Of the name in the sampled process.
};

/// One interrupted thread. Collectors outside of the process copy registers and the lowest part of the stack;
/// those inside unwind at once and leave addresses.
struct stack_sample {
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  sample_cause cause = sample_cause::cpu;
  std::uint64_t weight = 1;   ///< Periods that it stands for: a timer may expire more than once.
  std::uint64_t bytes = 0;    ///< Of an allocation: what it stands for.
  std::uint64_t objects = 0;  ///< Likewise.
  std::vector<std::uint64_t> kernel_addresses;  ///< Innermost first; empty where they may not be seen.
  /// Unwound already, innermost first: an instruction, then return addresses. Empty in stack copies.
  std::vector<std::uint64_t> addresses;
  bool addresses_rooted = false;   ///< They reach the thread's root.
  std::vector<open_scope> scopes;  ///< Of `addresses`; outer ones of a frame before inner ones.
  bool in_kernel = false;          ///< The interrupted instruction was the kernel's, on behalf of the thread.
  bool has_registers = false;      ///< False: nothing below can be used.
  std::array<std::uint64_t, max_registers> registers{};
  std::vector<std::uint8_t> stack;  ///< Bytes from the stack pointer upwards.
};

/// A function of the measured program was entered: what exact timing marks are made of.
struct entry_mark {
  std::uint64_t time_ns = 0;
  std::uint32_t tid = 0;
  std::uint32_t function = 0;  ///< Which one: the collector's numbering.
};

/// A thread (or with tid == pid a process) got its name.
struct thread_name_event {
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  std::string name;
};

/// Everything a collector saw, in order of time.
struct recording {
  std::vector<thread_name_event> thread_names;
  std::vector<mapping_event> mappings;
  std::vector<stack_sample> samples;
  std::vector<entry_mark> marks;
  std::uint64_t lost = 0;  ///< Samples that the kernel, or a bound of ours, gave up.
};

}  // namespace deft::symbols
