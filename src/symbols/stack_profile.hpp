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

/// Whose stacks they are, in profiles that tell threads apart.
struct profiled_thread {
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  std::string name;     ///< Of the thread; empty where unknown.
  std::string process;  ///< Name of its process' program.

  friend bool operator==(const profiled_thread&, const profiled_thread&) = default;
};

/// What the values of a profile are.
enum class profile_kind : std::uint8_t {
  cpu,         ///< ns of processor time.
  wall,        ///< ns of elapsed time, running or waiting.
  off_cpu,     ///< ns of elapsed time spent waiting.
  allocation,  ///< Bytes allocated.
};

/// Indices into `stack_profile::frames`, root first, and how many samples had exactly this stack.
struct folded_stack {
  std::vector<std::uint32_t> frames;
  std::uint64_t count = 0;   ///< Samples; of allocations the estimated number of objects.
  std::uint64_t value = 0;   ///< In the unit of the profile's kind; 0: count times the sampling period.
  std::uint32_t thread = 0;  ///< Into `stack_profile::threads`, where that is not empty.
};

/// What a sampling profiler saw, symbolised and folded. The order of frames and stacks is a function of the
/// content only.
struct stack_profile {
  profile_kind kind = profile_kind::cpu;
  std::string collector;    ///< "perf_event cpu-clock + user stack copies", or empty.
  std::string unavailable;  ///< Why there is no profile; empty where there is one.
  std::string note;         ///< How the timed part was told from the rest, and where that is an estimate.
  std::uint32_t frequency_hz = 0;
  std::uint64_t samples = 0;    ///< In the timed part of the benchmark: the sum of the counts below.
  std::uint64_t discarded = 0;  ///< Outside of it: start-up, set-up, calibration.
  std::uint64_t lost = 0;       ///< Reported lost by the kernel.
  std::uint64_t unrooted = 0;   ///< Of `samples`, those whose stack does not reach the thread's root.
  std::vector<profiled_thread> threads;  ///< Empty where threads are not told apart.
  std::vector<frame> frames;
  std::vector<folded_stack> stacks;
};

}  // namespace deft::symbols
