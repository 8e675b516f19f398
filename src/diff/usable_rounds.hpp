#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "diff/explanation.hpp"
#include "diff/profile_rounds.hpp"

namespace deft::diff {

/// Samples by round of something: a function, a call path. First base's rounds, then head's.
using round_counts = std::vector<std::uint64_t>;

/// A stack, root first, with the rounds that can be used.
struct counted_stack {
  std::vector<std::uint32_t> frames;
  round_counts counts;
};

/// What of `profile_rounds` can be computed with.
struct usable_rounds {
  std::string unavailable;
  std::size_t rounds = 0;
  std::vector<double> base_ns;  ///< An iteration, by round: finite and positive.
  std::vector<double> head_ns;
  round_counts samples;  ///< Of the stacks below, by round: none of them 0.
  std::vector<counted_stack> stacks;
  std::vector<std::string> notes;  ///< What was left out.

  /// With three rounds, the interval of an unchanged function is wider than most functions.
  bool enough_to_test() const noexcept { return rounds >= least_rounds_to_test; }
};

/// Pairs processes by round. Leaves out rounds in which a process has no samples or no time, and stacks that
/// name frames which do not exist or whose counts are not one a round. With no round left it says why there
/// is nothing.
usable_rounds usable(const profile_rounds& rounds);

}  // namespace deft::diff
