#include "deft/memo/detail/ticks.hpp"

#include <time.h>

namespace deft::detail {

std::int64_t coarse_now() noexcept {
#if defined(CLOCK_MONOTONIC_COARSE)
  // A third of the price of the exact clock: the time of the kernel's last tick.
  static const bool fine_enough = [] {
    timespec resolution{};
    return clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) == 0 && resolution.tv_sec == 0 &&
           resolution.tv_nsec <= 10'000'000;
  }();
  if (fine_enough) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
  }
#endif
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace deft::detail
