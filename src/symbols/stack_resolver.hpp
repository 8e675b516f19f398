#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::symbols {

class loaded_module;

/// A sample whose stack has names.
struct resolved_sample {
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  sample_cause cause = sample_cause::cpu;
  std::uint64_t weight = 1;  ///< Periods.
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
  bool rooted = false;                ///< The stack was followed to the thread's root.
  std::vector<std::uint32_t> frames;  ///< Root first, into `stack_resolver::frames()`; never empty.
  std::uint32_t leaf_module = 0;  ///< Of the interrupted instruction, for `module()`; 0: none, or the kernel.
  std::uint64_t leaf_address = 0;  ///< Link-time.
};

struct resolver_options {
  std::string debug_path;                         ///< Where debug files lie: see `module_file::open`.
  std::string kernel_symbols = "/proc/kallsyms";  ///< The kernel's functions.
};

/// Names the frames of stacks; unwinds stack copies by call frame information. Reads each program and library
/// once, when it is first met, however many recordings it resolves. Works on x86-64 and AArch64.
///
/// From root to leaf a stack consists of, for each physical frame, its function and what is inlined there,
/// then the `deft::profile::scope`s that were open in it (module "[scope]"), outer ones first; at last the
/// kernel's functions (module "[kernel]"). A scope stands behind all functions inlined into its frame's
/// function, because the stack does not tell which of them opened it. A stack consists of the kernel's
/// functions alone while its process is being replaced by another program.
class stack_resolver {
 public:
  explicit stack_resolver(resolver_options options = {});
  stack_resolver(stack_resolver&&) noexcept;
  stack_resolver& operator=(stack_resolver&&) noexcept;
  ~stack_resolver();

  /// A whole recording. The result is in the order of `from.samples`.
  std::vector<resolved_sample> resolve(const recording& from);

  /// A new recording starts: process numbers are used again.
  void begin();

  /// The next part of a recording that is too long to be kept. Parts come in order of time.
  std::vector<resolved_sample> resolve_part(const recording& part);

  /// All frames met so far, each once.
  const std::vector<frame>& frames() const noexcept;

  /// What `resolved_sample::leaf_module` means.
  loaded_module& module(std::uint32_t number);

  /// Offset in the file `path` of the first byte of the function with this linker name; 0 where there is
  /// none.
  std::uint64_t function_file_offset(const std::string& path, const std::string& symbol);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::symbols
