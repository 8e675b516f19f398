// libdeft_agent_instruction_counts.so: tells valgrind's callgrind when to count, and to write down each run
// by itself.

#include <cstdio>

#include "count/agent/counter.hpp"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define DEFT_CALLGRIND(REQUEST) REQUEST
#else
#define DEFT_CALLGRIND(REQUEST) static_cast<void>(0)
#endif

namespace deft::count::agent {

void prepare_counting() noexcept {}

// What was counted until now is the run before, or nothing.
void begin_run(std::uint64_t index) noexcept {
  if (index == 0) {
    // Until here the program runs at several times the speed.
    DEFT_CALLGRIND(CALLGRIND_START_INSTRUMENTATION);
    return;
  }
  [[maybe_unused]] char name[32];
  std::snprintf(name, sizeof name, "deft run %u", static_cast<unsigned>(index - 1));
  DEFT_CALLGRIND(CALLGRIND_DUMP_STATS_AT(name));
}

void start_counting() noexcept {
  DEFT_CALLGRIND(CALLGRIND_TOGGLE_COLLECT);
}

void stop_counting() noexcept {
  DEFT_CALLGRIND(CALLGRIND_TOGGLE_COLLECT);
}

void add_counts(run_record&, timed_run&) noexcept {}

}  // namespace deft::count::agent
