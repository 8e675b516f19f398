#pragma once

#include <cstdint>

#include "deft/measure/detail/suite.hpp"

namespace deft::measure::wire {

/// Clocks of the calling thread: from begin() to end(). Reading them takes some microseconds, outside of what
/// is timed.
class meter {
 public:
  meter() noexcept;
  meter(const meter&) = delete;
  meter& operator=(const meter&) = delete;
  ~meter();

  void begin() noexcept;

  /// All but `iterations`.
  detail::batch end() const noexcept;

 private:
  struct switches {
    std::uint64_t voluntary = 0;
    std::uint64_t involuntary = 0;
  };

  static switches read_switches() noexcept;
  std::uint64_t read_waiting_ns() const noexcept;

  int statistics_;  // /proc/thread-self/schedstat, or -1
  switches switches_{};
  std::uint64_t waiting_ns_ = 0;
  std::uint64_t cpu_ns_ = 0;
  std::uint64_t wall_ns_ = 0;
};

}  // namespace deft::measure::wire
