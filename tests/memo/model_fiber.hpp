/// @file
/// A fiber of the model scheduler, and how one says which of them comes next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ucontext.h>

#include "tests/memo/model_scheduler.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define DEFT_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DEFT_TEST_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define DEFT_TEST_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define DEFT_TEST_TSAN 1
#endif
#if defined(DEFT_TEST_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(DEFT_TEST_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace deft_test {

inline constexpr std::size_t stack_bytes = std::size_t{1} << 18;
inline constexpr std::size_t most_fibers = scheduling::most_fibers;
inline constexpr std::size_t most_buffered = 8;
inline constexpr std::uint8_t drain_mark = 0x80;  // a decision: one store of that fiber reaches the others

// Ends a run that failed outside of fibers.
struct run_failed {};

struct buffered_store {
  void* address;
  std::uint64_t bits;
  unsigned size;
};

struct fiber {
  enum class state { idle, ready, blocked, finished };

  ucontext_t context{};
  void* stack = nullptr;
  state is = state::idle;
  bool yielded = false;  // until somebody writes
  bool timed = false;    // blocked, but may go on
  bool woken = false;
  const void* blocked_on = nullptr;
  const char* blocked_what = "";
  std::vector<buffered_store> stores;
  std::array<unsigned char, 2 * sizeof(void*)>
      exceptions{};  // __cxa_eh_globals, which swapcontext leaves alone
  void* fake_stack = nullptr;
  void* tsan = nullptr;
};

/// Who comes next, where more than one could.
class chooser {
 public:
  virtual ~chooser() = default;
  /// A new run begins.
  virtual void begin() = 0;
  /// @returns     An index into `candidates`; the running fiber, if it could go on, is the first.
  virtual std::size_t choose(const std::vector<int>& candidates, bool current_first) = 0;

  /// A fiber one store of which reaches the others before anything else, or scheduling::no_fiber.
  virtual int drain(const std::vector<fiber>&) { return scheduling::no_fiber; }
};

}  // namespace deft_test
