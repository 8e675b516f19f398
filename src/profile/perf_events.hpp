#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "profile/refusal.hpp"

namespace deft::profile {

/// A file descriptor that is closed with its owner.
class descriptor {
 public:
  descriptor() = default;

  explicit descriptor(int value) : value_(value) {}

  descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}

  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }

  ~descriptor();

  int get() const noexcept { return value_; }

  explicit operator bool() const noexcept { return value_ >= 0; }

 private:
  int value_ = -1;
};

/// What a sample copies.
struct clock_settings {
  unsigned frequency_hz = 199;
  std::uint32_t stack_bytes = 16 * 1024;  ///< The lowest bytes of the thread's stack.
};

struct sampling_clock {
  descriptor event;          ///< Empty, with errno set, where it is refused.
  bool sees_kernel = false;  ///< Samples the kernel's work for the program, with the kernel's call chain.
};

/// Opens a clock that samples the task `pid` and all that it starts, while it runs on `cpu`; it starts with
/// the task's next exec. Samples kernel code as well where that is allowed.
sampling_clock open_sampling_clock(pid_t pid, int cpu, const clock_settings& settings);

/// Opens a breakpoint that leaves a record whenever the task `pid`, or one it starts later, enters the
/// function at `address` on `cpu`. The records go to the ring of `output`. Empty where the machine has no
/// free breakpoint register.
descriptor open_entry_mark(pid_t pid, int cpu, std::uint64_t address, const descriptor& output);

/// The number that records of this event carry.
std::uint64_t identifier_of(const descriptor& event);

/// Empty where this process may sample.
std::optional<refusal> perf_event_refusal();

/// "available", or why not and what would help.
std::string perf_event_state();

/// Whether samples may look into the kernel.
bool perf_event_sees_kernel();

/// What errno of a refused perf_event_open means, for a person.
refusal refusal_of(int error_number);

/// Both in one sentence.
std::string explain_refusal(int error_number);

/// 0 where this machine counts processor cycles for us, else the errno of the refusal.
int hardware_counter_error();

/// The kernel's upper limit for sampling frequencies.
unsigned highest_frequency_hz();

/// The processors that are switched on.
std::vector<int> online_cpus();

}  // namespace deft::profile
