#pragma once

#include <optional>
#include <span>

#include "measure/observation.hpp"

namespace deft::measure {

/// One batch of each arm, measured within a few milliseconds; times per iteration.
struct batch_block {
  repetition base;
  repetition head;
  repetition control;
};

/// What many blocks say, in one repetition of each arm: base's is the median of its times; head and control
/// stand to it as the median over the blocks of their ratio to the batches beside them. So the statistics,
/// which pair repetitions, get a ratio that a disturbance of some blocks did not move. Blocks with a
/// processor time that is not positive do not count; empty if there are no others.
std::optional<batch_block> combine(std::span<const batch_block> blocks);

/// The geometric mean of two batches of one arm.
repetition mean_of(const repetition& a, const repetition& b);

}  // namespace deft::measure
