#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "profile/perf_events.hpp"
#include "support/result.hpp"
#include "symbols/recording.hpp"

namespace deft::profile {

/// The functions to be marked in a file that was just mapped: number and offset in the file. Called while the
/// program runs: it must answer quickly.
struct marked_function {
  std::uint32_t function = 0;
  std::uint64_t file_offset = 0;
};

using mark_finder = std::function<std::vector<marked_function>(const std::string& path)>;

struct perf_settings {
  clock_settings clock;
  mark_finder find_marks;  ///< Empty: nothing is marked.
  /// Takes what was seen part by part, in order of time, on a thread of the sampler's; where it is empty,
  /// everything is kept, and the oldest samples given up beyond 256 MiB.
  std::function<void(symbols::recording)> on_part;
};

/// Samples one program: attached to a held child, collecting in a thread of its own until `finish()`.
class perf_sampler {
 public:
  /// Error kind `unavailable` where perf_event or memory for its rings is refused.
  static support::result<perf_sampler> attach(pid_t held_child, perf_settings settings);

  perf_sampler(perf_sampler&&) noexcept;
  perf_sampler& operator=(perf_sampler&&) noexcept;
  ~perf_sampler();

  void pause();   ///< Samples nothing until `resume()`.
  void resume();  ///< Also what `exec` does at the start.

  struct outcome {
    symbols::recording recording;  ///< What `on_part` did not get.
    bool sees_kernel = false;
    bool throttled = false;  ///< The kernel stopped the clock, or suppressed marks, that came too often.
    bool marks_set = false;  ///< All that were asked for.
  };

  /// Call when the child has ended.
  outcome finish();

 private:
  struct state;
  explicit perf_sampler(std::unique_ptr<state> prepared);
  std::unique_ptr<state> state_;
};

}  // namespace deft::profile
