#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::symbols {

/// A sample whose stack has names.
struct resolved_sample {
  std::uint64_t time_ns = 0;
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  bool rooted = false;                ///< The stack was followed to the thread's root.
  std::vector<std::uint32_t> frames;  ///< Root first, into `stack_resolver::frames()`; never empty.
};

/// Unwinds stack copies by call frame information and names the frames. Reads each program and library once,
/// however many recordings it resolves; those files must not change meanwhile. Works on x86-64 and AArch64.
class stack_resolver {
 public:
  stack_resolver();
  stack_resolver(stack_resolver&&) noexcept;
  stack_resolver& operator=(stack_resolver&&) noexcept;
  ~stack_resolver();

  /// In the order of `from.samples`.
  std::vector<resolved_sample> resolve(const recording& from);

  /// All frames met so far, each once.
  const std::vector<frame>& frames() const noexcept;

  /// Offset in the file `path` of the first byte of the function with this linker name; 0 where there is
  /// none.
  std::uint64_t function_file_offset(const std::string& path, const std::string& symbol);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::symbols
