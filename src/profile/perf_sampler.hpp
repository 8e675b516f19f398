#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

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

/// Samples one program: attached to a held child, collecting in a thread of its own until `finish()`.
class perf_sampler {
 public:
  /// Error kind `unavailable` where perf_event or memory for its rings is refused.
  static support::result<perf_sampler> attach(pid_t held_child, unsigned frequency_hz,
                                              mark_finder find_marks);

  perf_sampler(perf_sampler&&) noexcept;
  perf_sampler& operator=(perf_sampler&&) noexcept;
  ~perf_sampler();

  struct outcome {
    symbols::recording recording;
    bool marks_set = false;        ///< All that were asked for.
    bool marks_throttled = false;  ///< The kernel suppressed some of those that came too often.
  };

  /// Call when the child has ended.
  outcome finish();

 private:
  struct state;
  explicit perf_sampler(std::unique_ptr<state> prepared);
  std::unique_ptr<state> state_;
};

}  // namespace deft::profile
