#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deft::symbols {

/// A function as a person reads it. Equal frames are stored once in a profile.
struct frame {
  std::string function;    ///< Demangled; "[lib.so+0x12f]" where no name is known.
  std::string module;      ///< File name of the program or library, "[kernel]" or "[vdso]".
  std::string file;        ///< Source file of the function, base name only, empty where unknown.
  std::uint32_t line = 0;  ///< Line of the function's definition; 0 where unknown.
  bool inlined = false;

  friend bool operator==(const frame&, const frame&) = default;
};

/// Indices into `stack_profile::frames`, root first, and how many samples had exactly this stack.
struct folded_stack {
  std::vector<std::uint32_t> frames;
  std::uint64_t count = 0;
};

/// What a sampling profiler saw, symbolised and folded. The order of frames and stacks is a function of the
/// content only.
struct stack_profile {
  std::string collector;    ///< "perf_event cpu-clock + user stack copies", or empty.
  std::string unavailable;  ///< Why there is no profile; empty where there is one.
  std::string note;         ///< How the timed part was told from the rest, and where that is an estimate.
  std::uint32_t frequency_hz = 0;
  std::uint64_t samples = 0;    ///< In the timed part of the benchmark: the sum of the counts below.
  std::uint64_t discarded = 0;  ///< Outside of it: start-up, set-up, calibration.
  std::uint64_t lost = 0;       ///< Reported lost by the kernel.
  std::uint64_t unrooted = 0;   ///< Of `samples`, those whose stack does not reach the thread's root.
  std::vector<frame> frames;
  std::vector<folded_stack> stacks;
};

}  // namespace deft::symbols
