#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "diff/profile_rounds.hpp"
#include "measure/random_source.hpp"
#include "profile/profiler.hpp"

namespace deft::profile {

/// One benchmark of two programs, to be profiled in turns.
struct turns_request {
  benchmark_profile_request base;
  benchmark_profile_request head;
  std::uint32_t rounds = 12;
  std::optional<std::chrono::steady_clock::time_point> deadline;  ///< No round begins that would end later.
  std::function<void(std::uint32_t round)> before_round;          ///< May be empty.
};

struct turns_outcome {
  diff::profile_rounds rounds;            ///< Also after an interrupt: what was seen until then.
  std::optional<support::error> failure;  ///< Of the last round that failed, where no round could be kept.
  bool interrupted = false;
};

/// Runs a process of base and one of head in each round, in random order and each with an environment of
/// random size, and keeps what the profiler saw. A round whose processes did not both end well, or were not
/// both seen by the same collector as those before, is left out as a whole, which the note tells. Gives up
/// where as many rounds as that failed, or the first three did.
turns_outcome profile_in_turns(benchmark_profiler& profiler, const turns_request& request,
                               measure::random_source& random);

}  // namespace deft::profile
